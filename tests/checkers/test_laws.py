"""Invariants of every history, and the judging of whole histories."""

from __future__ import annotations

import pytest

from harness.checkers import CHECKERS, judge, rulings
from harness.checkers.laws.known import Known
from harness.checkers.laws.law import LAWS, law
from harness.checkers.laws.temporal import Always
from harness.checkers.laws.topics import seen
from harness.checkers.registry import checker
from harness.model.history import Claimed, History, Observed
from harness.model.verdict import Finding, Judgement, Outcome, verdict


def records(*statuses: str | None) -> History:
    """An endpoint seen with these statuses, one after the other; None means gone."""
    history = History()
    for at, status in enumerate(statuses):
        facts = {"present": status is not None, "status": status, "region": "US_EAST_2", "connection_name": "c"}
        history.append(float(at), Observed("auditor", "endpoint US_EAST_2 #1", facts))
    return history


@pytest.mark.parametrize(
    "statuses",
    [
        ("INITIATING", "PENDING_ACCEPTANCE", "ACTIVE", "PENDING_RECREATION", None),
        ("INITIATING", "FAILED", "DELETING", None),
        ("INITIATING", "ACTIVE"),
        ("ACTIVE", "DELETING", "FAILED"),
        ("ACTIVE", None),
    ],
)
def test_documented_moves_pass(statuses: tuple[str | None, ...]) -> None:
    """Also where looks were so far apart that steps in between were missed."""
    [ruling] = rulings(records(*statuses), ["status_moves_as_documented"])
    assert ruling.judgement is Judgement.HOLDS
    assert not ruling.vacuous


@pytest.mark.parametrize(
    "statuses",
    [
        ("DELETING", "ACTIVE"),
        ("ACTIVE", "PENDING_ACCEPTANCE"),
        ("PENDING_RECREATION", "ACTIVE"),
        (None, "ACTIVE"),
        ("FAILED", "ACTIVE"),
    ],
)
def test_undocumented_moves_are_broken(statuses: tuple[str | None, ...]) -> None:
    """A record never goes back."""
    [ruling] = rulings(records(*statuses), ["status_moves_as_documented"])
    assert ruling.judgement is Judgement.BROKEN
    assert len(ruling.findings) == 1


def test_a_record_keeps_its_region_and_names_its_connection() -> None:
    """Two laws of endpoint records."""
    history = records("PENDING_ACCEPTANCE")
    facts = {"present": True, "status": "PENDING_ACCEPTANCE", "region": "EUROPE_NORTH", "connection_name": None}
    history.append(5.0, Observed("auditor", "endpoint US_EAST_2 #1", facts))

    assert {finding.claim for finding in judge(history)} == {
        "endpoint US_EAST_2 #1 stays in its region",
        "endpoint US_EAST_2 #1 names its connection while it waits for approval",
    }


def test_a_returned_secret_is_broken() -> None:
    """Whatever the scenario was about."""
    history = History()
    history.append(0.0, Observed("auditor", "encryption", {"fields": ["clientID", "secret"]}))

    assert verdict(judge(history)) is Outcome.NOT_MET


def test_coverage_needs_a_population() -> None:
    """Regions without an endpoint are named; no region at all proves nothing."""

    def covers(whole: list[str], part: list[str]) -> Finding:
        history = History()
        history.append(0.0, Observed("auditor", "clusters", {"regions": whole}))
        history.append(0.0, Observed("auditor", "endpoints", {"active_regions": part}))
        arguments = {"whole": ["clusters", "regions"], "part": ["endpoints", "active_regions"]}
        history.append(0.0, Claimed("covers", "covered", 0, arguments))
        return judge(history)[0]

    assert covers(["A", "B"], ["A", "B", "C"]).judgement is Judgement.HOLDS
    assert covers(["A", "B"], ["A"]).observed == "missing: B"
    assert covers([], ["A"]).judgement is Judgement.UNDECIDED


def test_a_crashing_judge_never_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a checker nor a law that crashes leaves a history MET."""
    monkeypatch.setattr("harness.checkers.CHECKERS", dict(CHECKERS))

    def broken_judge(history: History, claim: Claimed) -> Finding:
        raise LookupError(claim.text, history.digest)

    @seen("key")
    def crashes(look: Observed, known: Known) -> None:
        raise LookupError(look.subject, known)

    from harness import checkers

    checkers.CHECKERS["broken_judge"] = broken_judge
    law("broken_law", lambda: Always(crashes), "It crashes.", "here")
    try:
        history = History()
        history.append(0.0, Observed("auditor", "key atlas-cmk", {}))
        history.append(0.0, Claimed("broken_judge", "a promise", 0))
        findings = judge(history)
    finally:
        del LAWS["broken_law"]

    assert [finding.judgement for finding in findings] == [Judgement.UNDECIDED, Judgement.UNDECIDED]
    assert verdict(findings) is Outcome.INCONCLUSIVE


def test_registering_makes_a_judge_known_by_its_name() -> None:
    """The decorator returns the function it registers, and there are no two laws of one name."""

    def some_judge(history: History, claim: Claimed) -> Finding:
        return Finding(claim.text, Judgement.HOLDS, "", history.digest)

    try:
        assert checker(some_judge) is CHECKERS["some_judge"]
    finally:
        del CHECKERS["some_judge"]
    with pytest.raises(ValueError, match="two laws named"):
        law("status_is_documented", LAWS["status_is_documented"].monitor, "", "")
