"""The record of a scenario."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.history import GENESIS, Acted, Claimed, Completion, History, Observed, as_record, chain
from harness.model.verdict import Finding, Judgement, Outcome, verdict, worst

LOOK = Observed("auditor", "thing", {"state": "active"})


def test_each_entry_is_chained_to_the_one_before() -> None:
    """The digest of an entry covers everything before it."""
    history = History()
    first = history.append(1.0, LOOK)
    second = history.append(2.0, Claimed("reads", "a promise", 0))

    assert first.digest == chain(GENESIS, 0, 1.0, LOOK)
    assert second.digest == chain(first.digest, 1, 2.0, second.what)
    assert history.seal() == second.digest


@given(st.floats(0, 1e9), st.text(), st.text())
def test_any_edit_changes_the_digest(at: float, subject: str, state: str) -> None:
    """Time, subject and facts are all covered."""
    look = Observed("auditor", subject, {"state": state})
    digest = chain(GENESIS, 0, at, look)

    assert chain(GENESIS, 0, at + 1, look) != digest
    assert chain(GENESIS, 1, at, look) != digest
    assert chain(GENESIS, 0, at, dataclasses.replace(look, subject=subject + "x")) != digest
    assert chain(GENESIS, 0, at, dataclasses.replace(look, facts={"state": state + "x"})) != digest


def test_a_sealed_history_takes_no_further_entry() -> None:
    """Judges see what was sealed."""
    history = History()
    history.seal()

    with pytest.raises(ValueError, match="sealed"):
        history.append(1.0, LOOK)


def test_time_does_not_run_backwards() -> None:
    """An entry is never earlier than the one before."""
    history = History()
    history.append(2.0, LOOK)

    with pytest.raises(ValueError, match="backwards"):
        history.append(1.0, LOOK)


def test_every_kind_of_entry_has_a_json_form() -> None:
    """With its kind, its sequence number and its digest."""
    history = History()
    act = Acted("operator", "does", "thing", Completion.FAILED, 0.5, {"a": 1}, 400, "CODE", "Sentence.")
    for what in (act, LOOK, Claimed("reads", "a promise", 0, {"b": 2})):
        history.append(1.0, what)

    lines = [as_record(entry) for entry in history.entries]

    assert [line["kind"] for line in lines] == ["acted", "observed", "claimed"]
    assert lines[0]["completion"] == "failed"
    assert [line["sequence"] for line in lines] == [0, 1, 2]


outcomes = st.sampled_from(Outcome)


@given(st.lists(outcomes))
def test_the_worst_outcome_wins_whatever_the_order(some: list[Outcome]) -> None:
    """And nothing at all is not a pass."""
    assert worst(some) is worst(reversed(some))
    assert worst(some) in (some or [Outcome.NOT_TESTED])
    assert all(worst(some).severity >= outcome.severity for outcome in some)


def test_the_order_of_outcomes_is_the_documented_one() -> None:
    """NOT_MET > INCONCLUSIVE > NOT_TESTED > WAIVED > MET."""
    assert [outcome.value for outcome in sorted(Outcome, key=lambda outcome: -outcome.severity)] == [
        "NOT_MET",
        "INCONCLUSIVE",
        "NOT_TESTED",
        "WAIVED",
        "MET",
    ]


def test_a_scenario_without_a_finding_is_inconclusive() -> None:
    """One broken claim outweighs any number that hold."""
    holds = Finding("a", Judgement.HOLDS, "", "")
    broken = Finding("b", Judgement.BROKEN, "", "")

    assert verdict([]) is Outcome.INCONCLUSIVE
    assert verdict([holds]) is Outcome.MET
    assert verdict([holds, broken, holds]) is Outcome.NOT_MET
