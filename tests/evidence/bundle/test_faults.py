"""Which acts of a scenario count as faults: what takes something away on purpose, and what gives it back."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from harness.backends.clocks import RealClock
from harness.driver import custodian, stagehand
from harness.evidence.account import read_account
from harness.evidence.survey import Glance, Line
from harness.run.engine import Request, Result, execute
from harness.run.sealing.faults import PARTIES, faults_of
from harness.run.sealing.sealing import seal
from harness.settings import Settings


@pytest.fixture(scope="module")
def performed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    settings = Settings(reports=str(tmp_path_factory.mktemp("faults")))
    return execute(Request(settings, ("EAR-063",)), RealClock())


def effects(result: Result, *acts: tuple[str, str]) -> list[str]:
    lines = [
        Line("acted", at, float(at), party=party, verb=verb, completion="ok") for at, (party, verb) in enumerate(acts)
    ]
    return [f"{one.verb}: {one.effect}" for one in faults_of(result, [Glance("x", None, [], lines)])]


def test_taking_away_and_giving_back_count_and_setting_up_does_not(performed: Result) -> None:
    acts = [
        ("stagehand", "sets up what watches over"),
        ("key custodian", "defines"),
        ("key custodian", "approves"),
        ("key custodian", "disables"),
        ("operator", "deletes"),
        ("operator", "cuts off a region of"),
        ("key custodian", "enables"),
    ]
    assert effects(performed, *acts) == [
        "disables: takes away",
        "cuts off a region of: takes away",
        "enables: gives back",
    ]


def test_the_parties_are_those_that_write_histories() -> None:
    assert {custodian.PARTY, stagehand.PARTY} == PARTIES


def test_a_run_lists_what_its_scenarios_broke(performed: Result) -> None:
    seal(performed, RealClock())
    faults = read_account(Path(performed.directory)).faults
    assert faults
    assert {one.party for one in faults} <= {*PARTIES, "operator"}
    assert all(one.simulated and one.restored for one in faults)


def test_what_was_part_of_a_fault_of_the_catalogue_is_known_by_that_and_not_by_its_verb(performed: Result) -> None:
    def line(at: int, verb: str, **arguments: object) -> Line:
        raw = msgspec.Raw(msgspec.json.encode(arguments))
        return Line("acted", at, float(at), party="key custodian", verb=verb, completion="ok", arguments=raw)

    lines = [
        line(0, "changes the credentials of", fault="F-15", undoing=False),
        line(1, "changes the credentials of", fault="F-15", undoing=True),
        line(2, "approves", fault="F-01", undoing=True),
        line(3, "withdraws", fault="F-16", undoing=True),
        line(4, "approves", name="a connection"),
    ]
    found = list(faults_of(performed, [Glance("x", None, [], lines)]))
    assert [(one.entry, one.effect) for one in found] == [
        (0, "takes away"),
        (1, "gives back"),
        (2, "gives back"),
        (3, "gives back"),
    ]
    assert [one.arguments["fault"] for one in found] == ["F-15", "F-15", "F-01", "F-16"]
