"""A history told again: what it did when, how the law was broken, and a digest by which two tellings are compared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from operator import attrgetter

from harness.errors import UsageError
from harness.explore.course import Course, Judged
from harness.explore.moves import REGIONS, History, Move, read, written
from harness.explore.trials import Breaking, breaking
from harness.model.history import Acted, Observed


@dataclass(frozen=True, slots=True)
class Told:
    """One move as it was made."""

    move: Move
    at_s: float
    """Seconds after the beginning."""
    lasted_s: float
    records: int
    """Endpoint records that the region of the move had before it."""


@dataclass(frozen=True, slots=True)
class Retelling:
    """What came of a history."""

    moves: tuple[Told, ...]
    breaking: Breaking | None
    digest: str
    """SHA-256 of all entries, in the order in which they were written."""
    entries: int


def token_of(seed: int, moves: Sequence[Move]) -> str:
    """All that is needed to tell a history again: `seed:moves`."""
    return f"{seed}:{written(moves)}"


def from_token(token: str) -> tuple[int, History]:
    """The seed and the moves of a token.

    Raises:
        UsageError: it is none.
    """
    seed, colon, moves = token.strip().partition(":")
    if not colon or not seed.isdecimal():
        raise UsageError(f"{token!r} is no replay token", advice="It looks like 1:ask.a+next+approve.a.")
    return int(seed), read(moves)


def retell(judged: Judged, seed: int, moves: Sequence[Move]) -> Retelling:
    """Perform a history once more, to its end or to the first breach."""
    course, digest = Course(judged, seed=seed), sha256()

    def note(sequence: int, at: float, what: Acted | Observed) -> None:
        entry = [sequence, at, type(what).__name__, asdict(what)]
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), default=attrgetter("value"))
        digest.update(f"{text}\n".encode())

    course.written = note
    begun, told = course.world.now, []
    for move in moves:
        at, region = course.world.now, REGIONS.get(move.region)
        records = sum(one.region == region for one in course.records())
        if course.perform(move):
            told.append(Told(move, at - begun, course.world.now - at, records))
        if course.broken:
            break
    made = tuple(one.move for one in told)
    return Retelling(tuple(told), breaking(course, seed, made), digest.hexdigest(), course.sequence)
