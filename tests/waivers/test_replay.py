"""A replay applies the waivers that were recorded, as of when the run began, whatever the file says by then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.backends.clocks import VirtualClock
from harness.evidence.verify import Standing, completeness
from harness.run import document
from harness.run.engine import NOBODY
from harness.run.replay import Verification, open_run, replay, request_of
from tests.waivers.conftest import FAILING, Perform, waiver

YEARS_LATER = 2_000_000_000.0
"""When waivers of the runs have expired long since."""


def replayed(run: Path, few: Path) -> Verification:
    recorded = open_run(run)
    request = request_of(recorded, reports="again", features=str(few))
    return replay(recorded, request, VirtualClock(YEARS_LATER), NOBODY)


def altered(run: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    path = run / "result.json"
    result = json.loads(path.read_text(encoding="utf-8"))
    change(result)
    path.write_text(json.dumps(result), encoding="utf-8")
    return run


@pytest.mark.parametrize(
    "changes",
    [{}, {"scope": f'{{ profile = "fake", scenarios = ["{FAILING}"] }}'}, {"expires": "2027-01-14"}, {"approver": ""}],
)
def test_it_comes_out_equal_without_the_file_and_years_later(
    perform: Perform, few: Path, tmp_path: Path, changes: dict[str, str]
) -> None:
    run = perform(waiver(**changes), waiver(id='"W-2"', requirement='"EAR-061"', expires="2027-01-15T08:00:00.001Z"))
    (tmp_path / "waivers.toml").write_text("no TOML at all", encoding="utf-8")
    found = replayed(run.result.directory, few)
    assert (found.differences, found.troubles, int(found.exit_code)) == ((), (), 0)
    assert found.result.outcomes[0].outcome is run.result.outcomes[0].outcome
    before, now = document.document(run.result), document.document(found.result)
    assert before["waivers"] == now["waivers"]
    assert before["requirements"][0]["waiver"] == now["requirements"][0]["waiver"]


def test_a_replay_can_be_replayed(perform: Perform, few: Path) -> None:
    once = replayed(perform(waiver()).result.directory, few)
    document.write(once.result)
    twice = replayed(once.result.directory, few)
    assert twice.equal, (twice.differences, twice.troubles)


def _approve(result: dict[str, Any]) -> None:
    result["waivers"][0]["approver"] = "Jun Sato"


def _extend(result: dict[str, Any]) -> None:
    result["waivers"][0]["expires"] = "2027-12-31"


def _backdate(result: dict[str, Any]) -> None:
    result["waivers"][0]["instant"] = "2026-01-01T00:00:00.000Z"


def _drop(result: dict[str, Any]) -> None:
    result["waivers"] = []


def _lie(result: dict[str, Any]) -> None:
    result["waivers"][0] |= {"state": "in force", "use": "applied", "applied": True}


def _waive(result: dict[str, Any]) -> None:
    result["requirements"][0] |= {"outcome": "WAIVED", "waiver": "W-1"}
    result["requirements"][0]["scenarios"][0]["waiver"] = "W-1"


@pytest.mark.parametrize(
    ("changes", "alter"),
    [
        ({"approver": ""}, _approve),
        ({"expires": "2027-01-14"}, _extend),
        ({"expires": "2027-01-14"}, _backdate),
        ({"expires": "2027-01-14"}, _lie),
        ({"approver": ""}, _waive),
        ({}, _drop),
        ({}, _backdate),
    ],
)
def test_who_alters_recorded_waivers_is_found_out(
    perform: Perform, few: Path, changes: dict[str, str], alter: Callable[[dict[str, Any]], None]
) -> None:
    found = replayed(altered(perform(waiver(**changes)).result.directory, alter), few)
    assert not found.equal
    assert int(found.exit_code) == 6


@pytest.mark.parametrize(
    ("changes", "alter", "problem"),
    [
        ({"approver": ""}, _waive, "is waived for EAR-062 by W-1, which does not count for it"),
        ({"approver": ""}, _lie, "waiver W-1 is said to be in force, and it was not"),
        (
            {"expires": "2027-01-14"},
            _backdate,
            "is judged as of 2026-01-01T00:00:00.000Z, and the run began at 2027-01-15",
        ),
        ({}, _drop, "is waived for EAR-062 by W-1, which does not count for it"),
    ],
)
def test_the_verifier_needs_no_replay_to_notice(
    perform: Perform, changes: dict[str, str], alter: Callable[[dict[str, Any]], None], problem: str
) -> None:
    run = perform(waiver(**changes)).result.directory
    assert completeness(run).standing is Standing.VALID
    verdict = completeness(altered(run, alter))
    assert verdict.standing is Standing.INVALID
    assert any(problem in one for one in verdict.problems), verdict.problems


def test_waivers_that_mean_nothing_are_refused(perform: Perform) -> None:
    from harness.errors import UsageError

    def spoil(result: dict[str, Any]) -> None:
        result["waivers"][0]["expires"] = "soon"

    recorded = open_run(altered(perform(waiver()).result.directory, spoil))
    with pytest.raises(UsageError, match="mean nothing"):
        request_of(recorded, reports="again")
