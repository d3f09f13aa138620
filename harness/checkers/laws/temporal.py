"""Temporal combinators: what laws are made of.

`Always` p; `Before`: no effect without its cause before; `NeverAfter` (p never after q, unless released); `Within`
(after q, p within a bound). They are given parts (`topics`): pure questions about one entry and what the history has
shown before it, whose answer None means that the entry has nothing to do with the law.

Only what is seen counts. A bound has passed when a look at or after it shows that what was to happen has not; without
such a look the law is undecided, since nobody looked.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

from harness.checkers.laws.monitor import TOLERANCE_S, Breach, Monitor, Question
from harness.checkers.laws.topics import Part


class Held(NamedTuple):
    """An entry that the law is about, and that keeps it."""


class Doubt(NamedTuple):
    """An entry that the law is about, and that leaves it undecided."""

    why: str


class Effect(NamedTuple):
    """Something that needs one of several causes before it."""

    causes: Iterable[str]
    breach: Breach
    """How the law is broken where there was none."""


class Seen(NamedTuple):
    """How something that is watched or waited for is found to be."""

    name: str
    breach: Breach | None
    """How it is not as it has to be; None: it is."""


class Due(NamedTuple):
    """Something that has to follow within a bound."""

    name: str
    within_s: float


HELD = Held()
EVERYTHING = ("",)
"""Answer of a release that ends everything that is open."""

Judged = Held | Doubt | Breach | None


class Always(Monitor):
    """Every entry that the part has an opinion about keeps the law."""

    __slots__ = ()

    def __init__(self, *parts: Part[Judged]) -> None:
        super().__init__(*(Question(part) for part in parts))

    def take(self, number: int, answer: Held | Doubt | Breach, sequence: int, at: float) -> None:
        """Count it; write down a breach or a doubt."""
        self.cases += 1
        if isinstance(answer, Breach):
            self.broken(answer, sequence)
        elif isinstance(answer, Doubt):
            self.open[answer.why] = None

    def state(self, at: float) -> Hashable:
        """Nothing before decides anything after."""
        return ()

    def doubts(self) -> list[str]:
        """Each once."""
        return list(self.open)


class Before(Monitor):
    """No effect without one of its causes before it."""

    __slots__ = ()

    def __init__(self, cause: Part[str | None], effect: Part[Effect | None]) -> None:
        super().__init__(Question(cause), Question(effect))

    def take(self, number: int, answer: str | Effect, sequence: int, at: float) -> None:
        """Remember a cause; look an effect's causes up."""
        if isinstance(answer, str):
            self.open[answer] = None
            return
        self.cases += 1
        if self.open.keys().isdisjoint(answer.causes):
            self.broken(answer.breach, sequence)


class NeverAfter(Monitor):
    """After something has begun to be watched, it is never found otherwise, unless it was released before.

    With a release by whatever may be a cause this is `since`: never so, unless there was a cause since.
    """

    __slots__ = ()

    def __init__(
        self, *, after: Part[Iterable[str] | None], never: Part[Seen | None], unless: Part[Iterable[str] | None]
    ) -> None:
        super().__init__(Question(unless, only_open=True), Question(never, only_open=True), Question(after))

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Release, judge, watch."""
        if number == 0:
            _close(self.open, answer)
        elif number == 2:
            self.open.update(dict.fromkeys(answer))
        elif answer.name in self.open:
            self.cases += 1
            if answer.breach is not None:
                self.broken(answer.breach, sequence)


class Within(Monitor):
    """After something happened, something else is seen within a bound, unless the wait has lost its ground before."""

    __slots__ = ()

    def __init__(
        self, *, after: Part[Iterable[Due] | None], then: Part[Seen | None], unless: Part[Iterable[str] | None]
    ) -> None:
        super().__init__(Question(unless, only_open=True), Question(then, only_open=True), Question(after))

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Give a wait up, end it, begin it."""
        if number == 0:
            _close(self.open, answer)
        elif number == 2:
            for due in answer:
                self.open.setdefault(due.name, at + due.within_s)
        elif answer.name in self.open:
            self._look(answer, sequence, at)

    def _look(self, found: Seen, sequence: int, at: float) -> None:
        if found.breach is None or at >= self.open[found.name] - TOLERANCE_S:
            del self.open[found.name]
            self.cases += 1
            if found.breach is not None:
                self.broken(found.breach, sequence)

    def state(self, at: float) -> Hashable:
        """What is waited for, and how much time is left for it."""
        return frozenset((name, round(deadline - at, 6)) for name, deadline in self.open.items())

    def doubts(self) -> list[str]:
        """What is still waited for: nobody looked after its bound."""
        return [f"{name}: not looked at when its time was up" for name in self.open]


class WithinOrAtOnce(Within):
    """As `Within`, where the entry that begins the wait may end it too."""

    __slots__ = ()

    def __init__(
        self, *, after: Part[Iterable[Due] | None], then: Part[Seen | None], unless: Part[Iterable[str] | None]
    ) -> None:
        super().__init__(after=after, then=then, unless=unless)
        release, look, begin = self.questions
        self.questions = (release, begin, look)

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Begin a wait before looking whether it is over."""
        super().take((0, 2, 1)[number], answer, sequence, at)


def _close(opened: dict[str, Any], names: Iterable[str]) -> None:
    if names is EVERYTHING:
        opened.clear()
        return
    for name in names:
        opened.pop(name, None)
