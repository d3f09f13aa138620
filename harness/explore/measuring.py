"""How fast histories are performed and searched, on the machine at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import median

from harness.explore.course import Course, Judged, every_law
from harness.explore.exhaustive import Bound, Swept, sweep
from harness.explore.guided import Plan, explore
from harness.explore.moves import Move, read, written
from harness.explore.shrinking import shrunk
from harness.explore.trials import Trials
from harness.fake.mutants.sequences import planted_in_force
from harness.ports import Clock

CALM = "create+wait.7776000"
"""A cluster in two regions, and 90 days in which its key is checked every 15 minutes."""

NOT_SWEPT = ("no_unexplained_change",)


@dataclass(frozen=True, slots=True)
class Rate:
    """Timers and requests, each looked at and judged by every law, and how long they took."""

    events: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Events a second."""
        return self.events / self.seconds


@dataclass(frozen=True, slots=True)
class Hunt:
    """One planted fault, hunted twice."""

    planted: str
    law: str
    """The law that showed it; empty: it was not found."""
    moves: str
    """The minimal history."""
    ours_s: float
    """Until the minimal history, its certificate included; without one, until the search gave up."""
    theirs_s: float | None = None
    """Hypothesis's time; None: not measured."""
    theirs_ended: bool = False
    """Otherwise its time was over first, and is a lower bound."""

    @property
    def ratio(self) -> float | None:
        """How many times faster ours was; None without both times, or where ours found nothing."""
        return None if self.theirs_s is None or not self.law else self.theirs_s / self.ours_s


def quarter(judged: Judged, clock: Clock) -> Rate:
    """90 days of a cluster."""
    course, begun = Course(judged), clock.monotonic()
    for move in read(CALM):
        course.perform(move)
    return Rate(course.events, clock.monotonic() - begun)


def walking(clock: Clock, *, walks: int, processes: int) -> Rate:
    """Random histories on several processes at once, whose start is not counted; on one: on this."""
    if processes == 1:
        begun = clock.monotonic()
        return Rate(_walked((walks, 1)), clock.monotonic() - begun)
    with ProcessPoolExecutor(processes, mp_context=get_context("forkserver")) as pool:
        list(pool.map(_walked, [(0, 1)] * processes))
        begun = clock.monotonic()
        shares = [(walks // processes, 1 + share * walks) for share in range(processes)]
        events = sum(pool.map(_walked, shares))
        return Rate(events, clock.monotonic() - begun)


def _walked(share: tuple[int, int]) -> int:
    walks, seed = share
    return explore(every_law(), Plan(walks=walks, seed=seed)).events


def sweeping(clock: Clock, bound: Bound) -> tuple[Swept, float]:
    """Every situation up to a bound, and the seconds it took."""
    begun = clock.monotonic()
    return sweep(every_law(but=NOT_SWEPT), bound), clock.monotonic() - begun


Opponent = Callable[[Judged], tuple[float, bool]]
"""Searches the fake as it stands; how long that took, and whether it came to an end."""


def hunted(
    judged: Judged, clock: Clock, planted: Sequence[str], plan: Plan, opponent: Opponent | None
) -> Iterator[Hunt]:
    """Hunt planted faults one by one."""
    for name in planted:
        with planted_in_force(name):
            law, moves, seconds = _found(judged, clock, plan)
            theirs = (None, False) if opponent is None else opponent(judged)
            yield Hunt(name, law, written(moves), seconds, *theirs)


def _found(judged: Judged, clock: Clock, plan: Plan) -> tuple[str, tuple[Move, ...], float]:
    begun = clock.monotonic()
    found = explore(judged, plan).found
    if found is None:
        return "", (), clock.monotonic() - begun
    minimal = shrunk(Trials(judged, found.seed), found)
    return found.law.name, minimal.breaking.moves, clock.monotonic() - begun


def middle_ratio(hunts: Sequence[Hunt]) -> float | None:
    """The median of how many times faster ours was; None where nothing can be compared."""
    ratios = [hunt.ratio for hunt in hunts if hunt.ratio is not None]
    return median(ratios) if ratios else None
