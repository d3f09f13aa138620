"""Whether two sequences of states can be the same behaviour, seen at different moments.

A state that one side shows and the other does not is no difference where the other side's gap between two looks was
longer than the state is known to have lasted. Order and end must agree; a side that stopped watching early is given
the benefit of the doubt until the patience for its last state is used up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from harness.run.parity.traces import ABSENT, Look, Token, Trace

Interval = tuple[float, float]
Renaming = frozenset[tuple[str, str]]
"""Which name on one side stands for which on the other."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Looks in a row that showed the same."""

    token: Token
    first: float
    last: float
    seen: dict[int, Interval]
    """First and last look of it, by segment."""


@dataclass(frozen=True, slots=True)
class Lane:
    """How one fact of one subject went, on one side."""

    stretches: Sequence[Stretch]
    segments: Sequence[Interval]
    looked: frozenset[int]
    """Segments in which the subject was looked at."""

    def unwatched(self, position: int, segment: int) -> float:
        """Longest time, in seconds, of a state that could hide in a segment before the stretch at `position`."""
        if segment >= len(self.segments) or segment not in self.looked:
            return math.inf
        begin, end = self.segments[segment]
        after = self.stretches[position - 1].last if position else -math.inf
        before = self.stretches[position].first if position < len(self.stretches) else math.inf
        return min(end, before) - max(begin, after)

    def could_miss(self, position: int, stretch: Stretch) -> bool:
        """Whether a stretch of the other side could have gone unseen here, before the stretch at `position`."""
        return all(self.unwatched(position, segment) > last - first for segment, (first, last) in stretch.seen.items())

    def waited(self) -> float:
        """How long, in seconds, the last state was watched since it came or since the latest act."""
        final = self.stretches[-1]
        first, last = final.seen[max(final.seen)]
        return last - first


def lane(trace: Trace, looks: Sequence[Look], path: str, until: int) -> Lane:
    """How a fact went, up to and including segment `until`."""
    stretches: list[Stretch] = []
    counted = [look for look in looks if look.segment <= until]
    for look in counted:
        token = look.tokens.get(path, ABSENT)
        if stretches and stretches[-1].token == token:
            before = stretches.pop()
            first, _ = before.seen.get(look.segment, (look.at, look.at))
            seen = {**before.seen, look.segment: (first, look.at)}
            stretches.append(Stretch(token, before.first, look.at, seen))
        else:
            stretches.append(Stretch(token, look.at, look.at, {look.segment: (look.at, look.at)}))
    return Lane(stretches, trace.segments, frozenset(look.segment for look in counted))


def agree(one: Lane, other: Lane, patience: Callable[[Token], float]) -> bool:
    """Whether two lanes can be the same behaviour. `patience` says for how many seconds a last state may last.

    Where one side saw this and the other that, they differ, however short either was.
    """

    @cache
    def fits(i: int, j: int, renaming: Renaming, missed: str) -> bool:
        """The rest fits; `missed` names the side that has just missed states, since the last that both saw."""
        mine, theirs = one.stretches[i:], other.stretches[j:]
        if not (mine or theirs):
            return True
        if mine and theirs:
            renamed = _same(mine[0].token, theirs[0].token, renaming)
            if renamed is not None and fits(i + 1, j + 1, renamed, ""):
                return True
        if mine and missed != "one" and _excused(mine[0], other, j, patience) and fits(i + 1, j, renaming, "other"):
            return True
        missable = bool(theirs) and missed != "other" and _excused(theirs[0], one, i, patience)
        return missable and fits(i, j + 1, renaming, "one")

    return fits(0, 0, frozenset(), "")


def _excused(stretch: Stretch, elsewhere: Lane, position: int, patience: Callable[[Token], float]) -> bool:
    """Why a state may be missing elsewhere: it was not looked at in time, or not watched to its end."""
    if elsewhere.could_miss(position, stretch):
        return True
    at_the_end = position == len(elsewhere.stretches) > 0
    return at_the_end and elsewhere.waited() < patience(elsewhere.stretches[-1].token)


def _same(mine: Token, theirs: Token, renaming: Renaming) -> Renaming | None:
    """The renaming under which two tokens are the same; None where there is none."""
    if not (mine.is_name and theirs.is_name):
        return renaming if mine == theirs else None
    pair = (mine.text, theirs.text)
    clash = any((left == pair[0]) != (right == pair[1]) for left, right in renaming)
    return None if clash else renaming | {pair}


def shown(lane_shown: Lane) -> str:
    """A lane in words: its states in order, names by order of appearance."""
    known: list[str] = []
    words = []
    for stretch in lane_shown.stretches:
        token = stretch.token
        if token.is_name and token.text not in known:
            known.append(token.text)
        words.append(f"#{known.index(token.text) + 1}" if token.is_name else token.text)
    return " → ".join(words) or "not looked at"
