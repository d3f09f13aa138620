"""A monitor: one law's view of one history, fed entry by entry.

It keeps what the law still needs and nothing else, so that it can be fed millions of entries, copied at a fork and
compared: two monitors with equal `state` give equal answers to whatever follows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any, NamedTuple, Self

from harness.checkers.laws.topics import Part
from harness.model.verdict import Finding, Judgement

TOLERANCE_S = 1e-6
"""Instants closer than this are one instant (arithmetic on floats)."""


class Breach(NamedTuple):
    """How a law was broken, in words."""

    claim: str
    expected: str
    observed: str


class Question(NamedTuple):
    """One of the questions that a monitor puts to entries."""

    part: Part[Any]
    only_open: bool = False
    """It need not be put while the monitor has nothing open."""


class Monitor(ABC):
    """What every monitor has: how often the law applied, how it was broken, what is still open."""

    __slots__ = ("breaches", "cases", "open", "questions")

    def __init__(self, *questions: Question) -> None:
        self.questions = questions
        """In the order in which they are put to one entry."""
        self.cases = 0
        """How often what the law is about occurred and was looked at; never: it holds for want of an occasion."""
        self.breaches: list[Finding] = []
        """The first entry that shows each way in which the law is broken."""
        self.open: dict[str, Any] = {}
        """What the law waits for or watches, by name."""

    @abstractmethod
    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Take the answer, which is not None, to the question `number` about the entry `sequence`, made at `at`."""

    def copy(self) -> Self:
        """An equal monitor that goes its own way."""
        twin = object.__new__(type(self))
        twin.questions, twin.cases = self.questions, self.cases
        twin.breaches, twin.open = self.breaches.copy(), self.open.copy()
        return twin

    def state(self, at: float) -> Hashable:
        """What decides all further answers, with times relative to `at`; empty where nothing does."""
        return frozenset(self.open)

    def doubts(self) -> list[str]:
        """What is undecided so far, in sentences."""
        return []

    def broken(self, breach: Breach, sequence: int) -> None:
        """Write a breach down, unless the same was written down before."""
        if all(one.claim != breach.claim for one in self.breaches):
            finding = Finding(breach.claim, Judgement.BROKEN, breach.expected, breach.observed, witnesses=(sequence,))
            self.breaches.append(finding)
