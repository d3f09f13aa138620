"""Planted faults are found, shrunk to what cannot be left out, and are not there in the sound fake."""

from __future__ import annotations

import pytest

from harness.explore.course import every_law
from harness.explore.moves import read, written
from harness.explore.shrinking import shrunk
from harness.explore.trials import Trials
from harness.fake.mutants.sequences import SEQUENCES, planted_in_force

KNOWN = {
    "approval-of-one-region-counts-for-another": "ask.a+ask.b+wait.600+approve.b+wait.900",
    "deletion-during-recreation-starts-another": (
        "ask.a+wait.600+approve.a+wait.600+reject.a+wait.600+delete.a+wait.3600"
    ),
    "loss-noticed-during-deletion-resurrects": "ask.a+wait.1800+next+approve.a+next+reject.a+delete.a+wait.60",
    "reading-while-the-key-returns-forgets-the-cluster": "create+expire+wait.1800+renew+wait.3600",
    "retry-makes-a-second-endpoint": "lose.a+lose.a",
    "rotation-of-a-disabled-key-keeps-the-cluster-down": "disable+create+rotate+wait.900+enable+wait.3600",
    "alert-outlives-overlapping-faults": (
        "create+block+wait.1800+withdraw+wait.1800+unblock+wait.1800+grant+wait.3600+wait.3600"
    ),
    "token-outlives-the-role": "create+wait.3600+next+withdraw+wait.2200",
    "second-outage-is-not-told": "create+wait.1800+block+wait.1800+unblock+wait.1800+block+wait.7200",
    "private-networking-ends-during-the-last-deletion": "ask.a+wait.300+delete.a+public",
    "restart-while-unreachable-never-returns": "create+wait.1800+block+wait.1800+restart+wait.600+unblock+wait.7200",
    "replacement-inherits-a-late-approval": (
        "ask.a+wait.600+approve.a+wait.600+reject.a+wait.100+readmit.a+wait.3600"
    ),
    "renewal-during-an-outage-is-lost": "create+wait.1800+fail+wait.1000+expire+renew+wait.3600+work+wait.7200",
    "second-rotation-loses-the-first": "disable+create+rotate+rotate+enable+wait.3600",
}
"""A history of each that somebody thought of; the search finds others, which `cmkproof bench` shows."""


def test_every_planted_fault_is_known_here() -> None:
    assert set(KNOWN) == set(SEQUENCES)
    assert len(SEQUENCES) >= 12


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_planted_fault_breaks_a_law_and_its_history_shrinks_to_a_minimum(name: str) -> None:
    judged, moves = every_law(), read(KNOWN[name])
    assert Trials(judged, 1).run(moves) is None, "the sound fake breaks a law"
    with planted_in_force(name):
        trials = Trials(judged, 1)
        found = trials.run(moves)
        assert found is not None, f"{name} is not noticed"
        minimal = shrunk(trials, found)
        best = minimal.breaking
        assert best.law is found.law
        assert len(best.moves) <= len(found.moves)
        for at, move in enumerate(best.moves):
            without = trials.run(best.moves[:at] + best.moves[at + 1 :])
            assert without is None or without.law is not best.law, f"{move} is not needed"
        assert len(minimal.removals) == len(best.moves)
    assert Trials(judged, 1).run(best.moves) is None, f"sound fakes break {best.law.name}: {written(best.moves)}"
