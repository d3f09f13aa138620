"""Hypothesis finds with the same moves what a planted fault breaks."""

from __future__ import annotations

from harness.backends.clocks import RealClock
from harness.explore.course import every_law
from harness.explore.second_opinion import ask
from harness.explore.trials import Trials
from harness.fake.mutants.sequences import planted_in_force


def test_hypothesis_finds_the_second_endpoint_of_a_retry() -> None:
    with planted_in_force("retry-makes-a-second-endpoint"):
        opinion = ask(every_law(), RealClock(), seed=1, faults=2, limit_s=20.0)
        found = Trials(every_law(), 1).run(opinion.moves)
    assert found is not None
    assert found.law.name == "one_live_record_per_region"
    assert len(opinion.moves) == 2


def test_hypothesis_stops_when_its_time_is_over() -> None:
    opinion = ask(every_law(), RealClock(), seed=1, faults=2, limit_s=0.5)
    assert not opinion.ended
    assert opinion.moves == ()
