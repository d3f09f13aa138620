"""What a law is, where laws are found, and what is made of one at the end of a history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.checkers.laws.monitor import Monitor
from harness.model.verdict import Finding, Judgement


@dataclass(frozen=True, slots=True)
class Law:
    """Something that is true of every history, whether a scenario speaks of it or not."""

    name: str
    sentence: str
    source: str
    """Where it is documented: requirement ids, or document and section."""
    monitor: Callable[[], Monitor]
    """A fresh monitor of it."""
    number: int | None = None
    """Of the invariant in the chaos design that it is or belongs to; None: it is beyond those."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is made of one law in one history."""

    law: Law
    judgement: Judgement
    cases: int
    """How often what the law is about occurred."""
    findings: tuple[Finding, ...] = ()
    """How it was broken."""
    doubts: tuple[str, ...] = ()
    """What is undecided, in sentences."""

    @property
    def vacuous(self) -> bool:
        """It holds for want of an occasion to be broken, which proves nothing."""
        return self.judgement is Judgement.HOLDS and self.cases == 0


LAWS: dict[str, Law] = {}
"""Every law of histories, by name."""


def law(name: str, monitor: Callable[[], Monitor], sentence: str, source: str, number: int | None = None) -> Law:
    """Declare a law.

    Raises:
        ValueError: there is one of that name.
    """
    if name in LAWS:
        raise ValueError(f"there are two laws named {name}")
    LAWS[name] = Law(name, sentence, source, monitor, number)
    return LAWS[name]


def rule(law: Law, monitor: Monitor) -> Ruling:
    """What is made of a law now."""
    doubts = tuple(monitor.doubts())
    whole = Judgement.UNDECIDED if doubts else Judgement.HOLDS
    judgement = Judgement.BROKEN if monitor.breaches else whole
    return Ruling(law, judgement, monitor.cases, tuple(monitor.breaches), doubts)
