"""Histories tried out: each from the same beginning, on a world of the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.checkers.laws.law import Law
from harness.explore.course import Course, Judged, perform
from harness.explore.moves import History, Move
from harness.fake.kernel.readings import Readings
from harness.model.verdict import Finding, Judgement


@dataclass(frozen=True, slots=True)
class Breaking:
    """A history that breaks a law with its last move."""

    seed: int
    moves: History
    law: Law
    finding: Finding

    @property
    def faults(self) -> int:
        """Moves of it that are faults, or the loss of a link."""
        return sum(bool(move.kind.undone_by) or move.word in ("reject", "remove") for move in self.moves)


class Trials:
    """Tries histories out, one after another, and counts them."""

    def __init__(self, judged: Judged, seed: int, *, readings: Readings | None = None) -> None:
        self.seed = seed
        self.course = Course(judged, seed=seed, readings=readings)
        self.made = 0
        """Histories tried out so far."""
        self._start = self.course.save()

    def run(self, moves: Sequence[Move]) -> Breaking | None:
        """The history cut after the first breach, without the moves that could not be made; None: nothing is broken."""
        self.made += 1
        self.course.go_back(self._start)
        return breaking(self.course, self.seed, perform(self.course, moves))


def breaking(course: Course, seed: int, made: History) -> Breaking | None:
    """What the latest move broke first, in the order of the laws."""
    if not course.broken:
        return None
    for ruling in course.bench.end():
        if ruling.judgement is Judgement.BROKEN:
            return Breaking(seed, made, ruling.law, ruling.findings[0])
    raise LookupError("a breach that no law owns")
