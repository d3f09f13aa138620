"""Every planted fault is found by a history that nothing can be left out of, and that the sound kernel survives."""

from __future__ import annotations

import os

import pytest

from harness.explore.course import every_law
from harness.explore.moves import read
from harness.explore.retelling import from_token, retell
from harness.explore.searching import Question, answer
from harness.explore.shrinking import shrunk
from harness.explore.trials import Trials
from harness.fake.mutants.sequences import SEQUENCES, planted_in_force

WALKS = int(os.environ.get("CMKPROOF_WALKS", "0"))
"""Walks by which every planted fault has to be found anew; none: only the histories below are tried."""

KNOWN = {
    "approval-of-one-region-counts-for-another": "ask.a+ask.b+wait.90+approve.b+wait.100",
    "deletion-during-recreation-starts-another": "ask.a+wait.90+approve.a+wait.400+reject.a"
    "+next+next+next+delete.a+next",
    "loss-noticed-during-deletion-resurrects": "lose.a+next+next+remove.a+next+delete.a+next",
    "reading-while-the-key-returns-forgets-the-cluster": "create+next+next+next+disable+restart+enable+wait.2105",
    "retry-makes-a-second-endpoint": "ask.a+lose.a",
    "rotation-of-a-disabled-key-keeps-the-cluster-down": "disable+create+rotate+wait.900+enable+wait.2105",
    "alert-outlives-overlapping-faults": "create+wait.1800+block+wait.1000+disable+unblock+wait.1000+enable+wait.3000",
    "token-outlives-the-role": "create+wait.900+withdraw+wait.2105",
    "second-outage-is-not-told": "create+wait.420+fail+next+work+next+block+wait.1205",
    "private-networking-ends-during-the-last-deletion": "lose.a+next+next+delete.a+public",
    "restart-while-unreachable-never-returns": "create+wait.900+close+next+restart+open+wait.2105",
    "replacement-inherits-a-late-approval": "ask.a+wait.90+approve.a+wait.100+reject.a+wait.100+readmit.a+wait.90",
    "renewal-during-an-outage-is-lost": "create+wait.2700+block+wait.2700+unblock+expire+renew+wait.2105",
    "second-rotation-loses-the-first": "disable+create+rotate+rotate+enable+wait.2105",
}
"""A history for each."""


def test_there_are_at_least_twelve_and_each_has_a_history() -> None:
    assert set(KNOWN) == set(SEQUENCES)
    assert len(KNOWN) >= 12


@pytest.mark.parametrize("name", KNOWN)
def test_a_history_breaks_a_law_only_with_the_fault_and_shrinks_to_a_minimum(name: str) -> None:
    moves = read(KNOWN[name])
    assert Trials(every_law(), 1).run(moves) is None
    with planted_in_force(name):
        trials = Trials(every_law(), 1)
        found = trials.run(moves)
        assert found is not None
        minimal = shrunk(trials, found)
        assert 2 <= len(minimal.breaking.moves) <= len(moves)
        assert minimal.breaking.law is found.law
        # the certificate, checked by other means than those that made it
        assert len(minimal.removals) == len(minimal.breaking.moves)
        fresh = Trials(every_law(), 1)
        for at in range(len(minimal.breaking.moves)):
            left = minimal.breaking.moves[:at] + minimal.breaking.moves[at + 1 :]
            without = fresh.run(left)
            assert without is None or without.law is not found.law
        for one in minimal.boundaries:
            assert one.breaks_s == one.keeps_s + 1


@pytest.mark.parametrize("name", ["retry-makes-a-second-endpoint", "approval-of-one-region-counts-for-another"])
def test_a_search_finds_it_and_its_token_gives_the_same_digest_every_time(name: str) -> None:
    with planted_in_force(name):
        found = answer(Question(seeds=60, sweep=3)).document["found"]
        seed, moves = from_token(found["token"])
        assert {retell(every_law(), seed, moves).digest for _ in range(5)} == {found["digest"]}
    assert retell(every_law(), seed, moves).breaking is None


def test_a_sweep_proves_the_shortest() -> None:
    with planted_in_force("private-networking-ends-during-the-last-deletion"):
        found = answer(Question(seeds=0, sweep=5)).document["found"]
    assert found is None  # the sweep has no move for private networking, and says so by finding nothing
    with planted_in_force("retry-makes-a-second-endpoint"):
        found = answer(Question(seeds=0, sweep=5)).document["found"]
    assert found["shortest"]
    assert [one["move"] for one in found["moves"]] == ["ask.a", "ask.a"]


@pytest.mark.skipif(not WALKS, reason="searches for all of them take minutes; CMKPROOF_WALKS=1500")
@pytest.mark.parametrize("name", KNOWN)
def test_a_search_finds_every_one(name: str) -> None:
    with planted_in_force(name):
        assert answer(Question(seeds=WALKS)).found
