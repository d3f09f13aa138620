"""What counts as a kill, and what a proof says about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.backends.clocks import RealClock
from harness.errors import UsageError
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.mutants import MUTANTS, Break, Mutant
from harness.run.exit_codes import ExitCode
from harness.run.prove.command import Question, carry_out, chosen
from harness.run.prove.proof import Proof, document
from harness.settings import Settings

WRONG = """
@active
Feature: What nobody promised

  @req:EAR-055
  Scenario: Wrong even on the sound fake
    Given a project that uses the customer's key over private networking
    When the operator asks for a private endpoint in US_EAST_2
    Then the request is refused because the region is unknown
"""


@pytest.fixture
def extra(monkeypatch: pytest.MonkeyPatch) -> dict[str, Mutant]:
    """Room for mutants that last as long as a test."""
    registered = dict(MUTANTS)
    for place in ("harness.fake.mutants.registry.MUTANTS", "harness.run.prove.command.MUTANTS"):
        monkeypatch.setattr(place, registered)
    return registered


def proved(few: Path, *mutants: str) -> Proof:
    """Proof in this process, on a part of the suite."""
    settings = Settings(reports=str(few.parent / "reports"), features=str(few), workers=1)
    return carry_out(Question(settings, mutants), RealClock())[0]


def skips_waiting(b: Break) -> None:
    b.replace(Endpoints, "_await_approval", lambda self, endpoint: self._activate(endpoint))


def changes_nothing(_: Break) -> None:
    pass


def test_a_mutant_is_killed_by_the_scenarios_of_what_it_breaks(few: Path) -> None:
    """And the document says so in the agreed form; the sound fake raises no alarm."""
    proof = proved(few, "active-without-approval")
    told = document(proof)

    (mutant,) = told["mutants"]
    assert (mutant["id"], mutant["breaks"], mutant["killed"], mutant["named"]) == (
        "active-without-approval",
        ["EAR-055"],
        True,
        True,
    )
    assert all(one.startswith("private_endpoints/") for one in mutant["by"])
    assert told["score"] == 1.0
    assert told["sound"]["not_met"] == []
    assert proof.exit_code is ExitCode.FINE
    assert list(few.parent.glob("reports/*/prove.json"))


def test_a_kill_in_passing_is_not_a_named_one(few: Path, extra: dict[str, Mutant]) -> None:
    """A requirement whose scenarios notice nothing is not proved by those of others."""
    extra["astray"] = Mutant("astray", ("EAR-031",), "Endpoints skip the wait for approval.", skips_waiting)
    proof = proved(few, "astray")

    (kill,) = proof.kills
    assert (kill.killed, kill.named) == (True, False)
    assert proof.exit_code is ExitCode.NOT_MET


def test_a_scenario_that_fails_without_a_mutant_kills_none(tmp_path: Path) -> None:
    """Else the most broken suite would have the highest score."""
    (tmp_path / "wrong.feature").write_text(WRONG, encoding="utf-8")
    proof = proved(tmp_path, "active-without-approval", "recreated-only-once")
    told = document(proof)

    assert (told["score"], told["killed"], told["named"]) == (0.0, 0, 0)
    assert told["sound"]["not_met"] == ["wrong.feature::Wrong even on the sound fake"]
    assert (told["sound"]["scenarios"], told["sound"]["met"]) == (1, 0)
    assert proof.exit_code is ExitCode.NOT_MET


@pytest.mark.parametrize(
    ("survives", "code"), [("", ExitCode.NOT_MET), ("nothing shows the difference", ExitCode.FINE)]
)
def test_a_survivor_needs_a_reason(survives: str, code: ExitCode, few: Path, extra: dict[str, Mutant]) -> None:
    """It is shown to the whole suite before it counts as one."""
    extra["idle"] = Mutant("idle", ("EAR-031",), "Nothing is broken.", changes_nothing, survives)
    proof = proved(few, "idle")

    assert document(proof)["survivors"] == {"idle": survives or "no scenario notices it"}
    assert (proof.score, proof.exit_code) == (0.0, code)


def test_what_does_not_exist_cannot_be_proved(few: Path) -> None:
    """With the nearest name."""
    with pytest.raises(UsageError, match="recreated-only-once"):
        chosen(["recreated-only-one"])
    with pytest.raises(UsageError, match="no mutant breaks EAR-999"):
        chosen([], ["EAR-999"])
    with pytest.raises(UsageError, match="live"):
        carry_out(Question(Settings(profile="sandbox", backend="live", reports=str(few))), RealClock())
