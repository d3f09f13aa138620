"""How fast the search is: events, a sweep, ninety days, and smallest counterexamples beside those of Hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from harness.explore.course import Course, every_law
from harness.explore.exhaustive import Bound, sweep
from harness.explore.guided import Plan, explore
from harness.explore.moves import Move, read
from harness.explore.searching import NOT_SWEPT, Question, answer
from harness.explore.second_opinion import ask
from harness.fake.mutants.sequences import SEQUENCES, planted_in_force

RUNNING = "ask.a+ask.b+wait.90+approve.a+approve.b+wait.900+create+wait.1800"
"""Two links and a cluster that uses them."""

DAYS_S = 90 * 86_400.0
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Hunt:
    """How long it took to find a planted fault and make its history minimal."""

    planted: str
    took_s: float
    found: bool
    moves: int
    other_s: float | None
    """Hypothesis; None: not installed, or not asked."""
    other_found: bool

    @property
    def times_faster(self) -> float | None:
        """Only a lower bound where Hypothesis had found nothing when its time was up."""
        return None if self.other_s is None or not self.found else self.other_s / self.took_s


def ninety_days(clock: Clock) -> dict[str, Any]:
    """Ninety days of checks of the key every 15 minutes, with all laws."""
    course = Course(every_law())
    for move in read(RUNNING):
        course.perform(move)
    events, begun = course.events, clock()
    course.perform(Move("wait", seconds=DAYS_S))
    took = clock() - begun
    return {"took_s": took, "events": course.events - events, "events_a_second": (course.events - events) / took}


def walks(clock: Clock, number: int) -> dict[str, Any]:
    """Random histories, with all laws."""
    begun = clock()
    survey = explore(every_law(), Plan(walks=number))
    took = clock() - begun
    return {"walks": survey.walks, "took_s": took, "events": survey.events, "events_a_second": survey.events / took}


def sweeping(clock: Clock, steps: int) -> dict[str, Any]:
    """Every history of so many moves on private endpoints in two regions."""
    begun = clock()
    swept = sweep(every_law(but=NOT_SWEPT), Bound(steps=steps))
    return {"steps": swept.steps, "took_s": clock() - begun, "states": swept.states, "transitions": swept.transitions}


def hunts(clock: Clock, cap_s: float, names: Sequence[str] = ()) -> Iterator[Hunt]:
    """Every planted fault, by us and, with a cap above 0, by Hypothesis, one after the other in one process."""
    for name in names or SEQUENCES:
        with planted_in_force(name):
            begun = clock()
            found = answer(Question(seeds=3000, sweep=3))
            took = clock() - begun
            opinion = ask(every_law(), cap_s, clock) if cap_s > 0 else None
        yield Hunt(
            name, took, found.found, len(found.document["found"]["moves"]) if found.found else 0,
            None if opinion is None else opinion.took_s, opinion is not None and opinion.moves is not None,
        )  # fmt: skip


def median_times_faster(hunted: Sequence[Hunt]) -> float | None:
    """In the middle of all planted faults that were found; None: nothing to compare with."""
    times = [one.times_faster for one in hunted if one.times_faster is not None]
    return median(times) if times else None
