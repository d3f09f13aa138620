"""Every history up to a bound, breadth first: the first breach that this finds is by a shortest history.

A step is a move: somebody's act, or time passing up to the next thing that is due. Histories that lead to the same
situation (`canonical`) are followed once. The regions are alike until one is named, so the first one named is `a`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.explore.canonical import FAR_S, key_of
from harness.explore.course import Course, Judged, Position
from harness.explore.guided import every
from harness.explore.moves import History, Move
from harness.explore.trials import Breaking, breaking
from harness.fake.kernel.streams import Streams

NEXT = Move("next")
LINKS = ("ask", "delete", "approve", "reject", "remove")


class InOrder(Streams):
    """Streams that let chance decide nothing about what happens first."""

    def integer(self, stream: str) -> int:
        """The next number of a stream; what orders timers is always the same."""
        return 0 if stream == "timer.priority" else super().integer(stream)


@dataclass(frozen=True, slots=True)
class Bound:
    """How far to go."""

    steps: int = 12
    faults: int = 2
    """Faults that overlap at most."""
    words: tuple[str, ...] = LINKS
    """Kinds of moves, beside time that passes up to the next thing that is due."""
    states: int = 10_000_000
    """Give up beyond so many."""
    seed: int = 1


@dataclass(slots=True)
class Swept:
    """What a search through everything has seen."""

    states: int = 0
    transitions: int = 0
    steps: int = 0
    """Up to which everything was seen."""
    complete: bool = False
    found: Breaking | None = None


def begin(judged: Judged, bound: Bound) -> Course:
    """The beginning of every history of a sweep.

    What is due together happens in the order in which it was set up, since chance would make of one situation several.
    The feed is not looked at, nor judged: its counts tell histories apart that are otherwise the same. Without a move
    that makes a cluster no node checks the key (EAR-114), so that the periodic check changes nothing, and is left out.
    """
    course = Course(judged, seed=bound.seed, feed=False)
    course.world.state.streams = InOrder(bound.seed)
    if "create" not in bound.words:
        state = course.world.state
        state.heap.timers = [one for one in state.heap.timers if one.kind != "atlas.validation.due"]
    return course


def sweep(judged: Judged, bound: Bound) -> Swept:
    """Go through every situation within the bound, until a law is broken."""
    course = begin(judged, bound)
    seen, swept = {key_of(course)}, Swept(states=1)
    layer: list[tuple[History, Position]] = [((), course.save())]
    moves = (NEXT, *(move for word in bound.words for move in every(word)))
    for step in range(bound.steps):
        layer = _expand(course, layer, moves, bound, seen, swept, last=step == bound.steps - 1)
        if swept.found is not None or len(seen) > bound.states:
            return swept
        swept.steps = step + 1
    swept.complete = True
    return swept


def _expand(
    course: Course, layer: list[tuple[History, Position]], moves: Sequence[Move], bound: Bound, seen: set[int],
    swept: Swept, *, last: bool,
) -> list[tuple[History, Position]]:  # fmt: skip
    following: list[tuple[History, Position]] = []
    for history, position in layer:
        course.go_back(position)
        options = [move for move in moves if _allowed(course, history, move, bound)]
        for number, move in enumerate(options):
            if number:
                course.go_back(position)
            course.perform(move)
            swept.transitions += 1
            if course.broken:
                swept.found = breaking(course, bound.seed, (*history, move))
                return following
            key = key_of(course)
            if key in seen:
                continue
            seen.add(key)
            swept.states = len(seen)
            if not last:
                following.append(((*history, move), course.save()))
        if len(seen) > bound.states:
            break
    return following


def can(course: Course, move: Move) -> bool:
    """Whether a sweep makes a move: nothing far away is waited for, since that decides nothing within a bound."""
    if move == NEXT:
        timers = course.world.state.heap.timers
        return bool(timers) and timers[0].due - course.world.now < FAR_S
    return course.possible(move)


def _allowed(course: Course, history: History, move: Move, bound: Bound) -> bool:
    if not can(course, move):
        return False
    if move.region == "b" and not any(one.region for one in history):
        return False
    is_fault = bool(move.kind.undone_by) or move.word in ("reject", "remove")
    return not is_fault or course.overlapping() < bound.faults
