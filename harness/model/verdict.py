"""Outcomes: five, never merged into fewer (DESIGN.md section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """What is known about a promise after a run, best first."""

    MET = "MET"
    WAIVED = "WAIVED"
    NOT_TESTED = "NOT_TESTED"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_MET = "NOT_MET"

    @property
    def severity(self) -> int:
        """Position in the order by which the worst wins."""
        return _ORDER.index(self)


_ORDER = list(Outcome)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of several outcomes. Nothing at all is NOT_TESTED: an empty set is never a pass."""
    return max(outcomes, key=lambda outcome: outcome.severity, default=Outcome.NOT_TESTED)


class Assurance(Enum):
    """How much an outcome is worth as evidence."""

    SIMULATED = "simulated"
    """On the fake: says nothing about the operation of a real system."""
    OBSERVED = "observed"
    """Live, read only."""
    EXERCISED = "exercised"
    """Live, and we caused what happened."""
    REPLAYED = "replayed"


class Judgement(Enum):
    """What a checker makes of one claim, three-valued."""

    HOLDS = "holds"
    UNDECIDED = "undecided"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """A checker's answer, in words a person can act on."""

    claim: str
    """The promise, as the claim states it."""
    judgement: Judgement
    expected: str
    observed: str
    since: str = ""
    """When the observed state was first seen, relative to the start of the claim."""
    witnesses: tuple[int, ...] = ()
    """Sequence numbers of the history entries that decide."""
    resources: tuple[str, ...] = ()
    """What the finding is about, where the promise is about several things: their identifiers."""

    @property
    def outcome(self) -> Outcome:
        """The outcome this finding stands for."""
        return {
            Judgement.HOLDS: Outcome.MET,
            Judgement.UNDECIDED: Outcome.INCONCLUSIVE,
            Judgement.BROKEN: Outcome.NOT_MET,
        }[self.judgement]


def verdict(findings: Iterable[Finding]) -> Outcome:
    """The outcome of a scenario from its findings; without a single finding nothing was proved: INCONCLUSIVE."""
    return max(
        (finding.outcome for finding in findings),
        key=lambda outcome: outcome.severity,
        default=Outcome.INCONCLUSIVE,
    )
