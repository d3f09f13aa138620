"""Makes a history that breaks a law small, and proves that nothing of it can be left out.

Delta debugging over moves and faults together, then regions are merged, then durations are shortened to the second at
which the law begins to break. Only the same law counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from harness.explore.moves import History, Move
from harness.explore.trials import Breaking, Trials


@dataclass(frozen=True, slots=True)
class Removal:
    """One move left out: what becomes of the history."""

    move: Move
    outcome: str
    """Empty: it breaks nothing; otherwise the other law that it breaks."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A duration at whose boundary the law begins to break."""

    at: int
    """Which move of the history it is, from 0."""
    breaks_s: int
    keeps_s: int


@dataclass(frozen=True, slots=True)
class Minimal:
    """A history that breaks a law, no single move of which can be left out."""

    breaking: Breaking
    removals: tuple[Removal, ...]
    """Certificate: each move left out alone, and what then is broken instead of the law."""
    boundaries: tuple[Boundary, ...]
    trials: int


def shrunk(trials: Trials, found: Breaking) -> Minimal:
    """The smallest history that this finds; raises LookupError where the history does not break its law again."""
    before = trials.made
    best = _again(trials, found.moves, found)
    if best is None:
        raise LookupError("the history does not break the law again")
    while (smaller := _pass(trials, best)) != best:
        best = smaller
    return Minimal(best, _certificate(trials, best), _boundaries(trials, best), trials.made - before)


def _again(trials: Trials, moves: History, found: Breaking) -> Breaking | None:
    tried = trials.run(moves)
    return tried if tried is not None and tried.law is found.law else None


def _pass(trials: Trials, best: Breaking) -> Breaking:
    best = _fewer(trials, best)
    for simpler in _simpler(best.moves):
        tried = _again(trials, simpler, best)
        if tried is not None and _cost(tried.moves) < _cost(best.moves):
            return tried
    for at, move in enumerate(best.moves):
        if move.kind.timed:
            best = _shorter(trials, best, at)
    return best


def _fewer(trials: Trials, best: Breaking) -> Breaking:
    """Leave out runs of moves, long ones first, until no single move can be left out."""
    length = max(1, len(best.moves) // 2)
    while True:
        at, before = 0, best
        while at < len(best.moves):
            tried = _again(trials, best.moves[:at] + best.moves[at + length :], best)
            if tried is not None and len(tried.moves) < len(best.moves):
                best = tried
            else:
                at += length
        if length == 1 and before == best:
            return best
        length = max(1, length // 2)


def _simpler(moves: History) -> Iterator[History]:
    """Everything in one region; the first region called a; one move in the first region; a plain fault for another."""
    first = next((move.region for move in moves if move.region), "")
    if first == "b":
        swap = {"a": "b", "b": "a", "": ""}
        yield tuple(replace(move, region=swap[move.region]) for move in moves)
    for at, move in enumerate(moves):
        if move.region == "b":
            yield (*moves[:at], replace(move, region="a"), *moves[at + 1 :])
    for at, move in enumerate(moves):
        if move.kind.timed:
            yield (*moves[:at], Move("next"), *moves[at + 1 :])
    for at, (one, two) in enumerate(pairwise(moves)):
        if one.kind.timed and two.kind.timed:
            yield (*moves[:at], Move("wait", seconds=one.seconds + two.seconds), *moves[at + 2 :])


def _cost(moves: History) -> tuple[int, int, tuple[bool, ...]]:
    timed = sum(move.kind.timed for move in moves)
    return len(moves), timed, tuple(move.region == "b" for move in moves)


def _with(moves: History, at: int, seconds: int) -> History:
    return (*moves[:at], replace(moves[at], seconds=float(seconds)), *moves[at + 1 :])


def _shorter(trials: Trials, best: Breaking, at: int) -> Breaking:
    """Halve the interval between a duration that keeps the law and one that breaks it, to whole seconds."""
    keeps, breaks = 0, int(best.moves[at].seconds)
    while breaks - keeps > 1:
        middle = (keeps + breaks) // 2
        tried = _again(trials, _with(best.moves, at, middle), best)
        if tried is not None and len(tried.moves) == len(best.moves):
            best, breaks = tried, middle
        else:
            keeps = middle
    return best


def _boundaries(trials: Trials, best: Breaking) -> tuple[Boundary, ...]:
    found = []
    for at, move in enumerate(best.moves):
        seconds = int(move.seconds)
        if move.kind.timed and seconds > 1 and _again(trials, _with(best.moves, at, seconds - 1), best) is None:
            found.append(Boundary(at, seconds, seconds - 1))
    return tuple(found)


def _certificate(trials: Trials, best: Breaking) -> tuple[Removal, ...]:
    """Leave out each move alone.

    Raises:
        ArithmeticError: the history is not minimal after all.
    """
    removals = []
    for at, move in enumerate(best.moves):
        tried = trials.run(best.moves[:at] + best.moves[at + 1 :])
        if tried is not None and tried.law is best.law:
            raise ArithmeticError(f"{move} can be left out")
        removals.append(Removal(move, "" if tried is None else tried.law.name))
    return tuple(removals)
