"""Random histories from a seed, guided by what is new.

Each walk draws which kinds of moves it uses (swarm testing), so that walks differ more than their moves
do. A walk goes through four phases: it builds something, brings faults about, undoes them all, and gives the world time
to become well again. A walk that saw a new transition between situations is kept, and later walks begin like it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from harness.explore.course import Course, Judged
from harness.explore.moves import KINDS, REGIONS, History, Move
from harness.explore.trials import Breaking, breaking

WAITS_S = (60.0, 300.0, 900.0, 1800.0, 3600.0, 14_400.0)
BUILDING = ("ask", "ask", "approve", "approve", "create", "next", "next", "next", "wait")
MADE = tuple(word for word, kind in KINDS.items() if kind.lane != "time")
"""What somebody does."""

PATIENCE_S = 2400.0
"""How long a fault is often left alone: longer than anything that is to follow from one may take."""

LIVENESS_S = 7200.0
"""How long a world is given after the last fault was undone."""
KEPT_MAX = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """How far to go."""

    walks: int = 100
    steps: int = 60
    """Moves of a walk before the faults are undone."""
    faults: int = 2
    """Faults that overlap at most."""
    seed: int = 1
    """Of the first walk; the others count on from it."""


@dataclass(slots=True)
class Survey:
    """What a search has seen."""

    walks: int = 0
    events: int = 0
    situations: set[tuple[Any, ...]] = field(default_factory=set)
    transitions: set[tuple[Any, ...]] = field(default_factory=set)
    kept: list[History] = field(default_factory=list)
    found: Breaking | None = None


def explore(judged: Judged, plan: Plan) -> Survey:
    """Walk until a law is broken or all walks are done."""
    survey = Survey()
    for number in range(plan.walks):
        walk = Walk(Course(judged, seed=plan.seed + number), plan, survey)
        survey.found = walk.go(plan.seed + number)
        survey.walks += 1
        survey.events += walk.course.events
        if survey.found is not None:
            break
    return survey


class Walk:
    """One random history."""

    def __init__(self, course: Course, plan: Plan, survey: Survey) -> None:
        self.course, self._plan, self._survey = course, plan, survey
        self.moves: list[Move] = []
        self._new = False
        self._situation: tuple[Any, ...] = ()

    def go(self, seed: int) -> Breaking | None:
        """Perform it; what it breaks, if anything."""
        chance = Random(f"cmkproof explore {seed}")  # noqa: S311 - reproducible on purpose, guards nothing
        for move in self._choices(chance):
            if self.course.perform(move):
                self.moves.append(move)
                self._note(move)
            if self.course.broken:
                return breaking(self.course, seed, tuple(self.moves))
        if self._new and len(self._survey.kept) < KEPT_MAX:
            self._survey.kept.append(tuple(self.moves))
        return None

    def _choices(self, chance: Random) -> Iterator[Move]:
        kept = self._survey.kept
        if kept and chance.random() < 0.5:
            start = chance.choice(kept)
            yield from start[: chance.randrange(1, len(start) + 1)]
        else:
            for _ in range(chance.randrange(4, 16)):
                yield _move(chance, chance.choice(BUILDING))
        swarm = [word for word in MADE if chance.random() < 0.4] or list(MADE)
        mine = [move for word in swarm for move in every(word)]
        while len(self.moves) < self._plan.steps:
            options = [move for move in mine if self._fits(move) and self.course.possible(move)]
            if not options or chance.random() < 0.3:
                yield chance.choice((Move("next"), Move("next"), _move(chance, "wait")))
            elif self.course.active and chance.random() < 0.15:
                fault = chance.choice(self.course.active)
                yield Move(fault.kind.undone_by, fault.region)
            else:
                yield (move := chance.choice(options))
                if move.kind.undone_by and chance.random() < 0.4:
                    yield Move("wait", seconds=PATIENCE_S)
        yield from self._healing(chance)

    def _fits(self, move: Move) -> bool:
        is_fault = bool(move.kind.undone_by) or move.word in ("reject", "remove")
        return not is_fault or self.course.overlapping() < self._plan.faults

    def _healing(self, chance: Random) -> Iterator[Move]:
        """Undo the faults in a random order, approve what waits, and wait."""
        active = list(self.course.active)
        chance.shuffle(active)
        for fault in active:
            yield Move("wait", seconds=chance.choice(WAITS_S))
            yield Move(fault.kind.undone_by, fault.region)
        for _ in range(2):
            yield Move("wait", seconds=1800.0)
            for region in REGIONS:
                yield Move("approve", region)
        yield Move("wait", seconds=LIVENESS_S)

    def _note(self, move: Move) -> None:
        situation = situation_of(self.course)
        step = (self._situation, move.word, situation)
        if step not in self._survey.transitions:
            self._survey.transitions.add(step)
            self._new = True
        self._survey.situations.add(situation)
        self._situation = situation


def situation_of(course: Course) -> tuple[Any, ...]:
    """What is told apart: statuses of each region, the cluster, the key's condition, and the faults in force."""
    cluster, azure = course.cluster(), course.azure()
    return (
        tuple(sorted((e.region, e.status) for e in course.records())),
        () if cluster is None else (cluster.state_name, cluster.halted, cluster.outage is not None),
        (azure.condition, azure.require_private_networking),
        tuple(sorted(move.word for move in course.active)),
    )


def every(word: str) -> tuple[Move, ...]:
    """The moves of a kind, in each region where it has one."""
    return tuple(Move(word, region) for region in REGIONS) if KINDS[word].regional else (Move(word),)


def _move(chance: Random, word: str) -> Move:
    kind = KINDS[word]
    if kind.regional:
        return Move(word, chance.choice(tuple(REGIONS)))
    return Move(word, seconds=chance.choice(WAITS_S)) if kind.timed else Move(word)
