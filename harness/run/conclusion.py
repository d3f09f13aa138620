"""What follows from how a scenario ended and from what the judges found (DESIGN.md section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from harness.model.verdict import Finding, Outcome, verdict


class Ending(Enum):
    """How the steps of a scenario ended."""

    COMPLETED = "completed"
    CONTRADICTED = "contradicted"
    """A step says that the promise is broken."""
    SKIPPED = "skipped"
    """It cannot be done here; there is a reason."""
    STUCK = "stuck"
    """A step could not tell, or failed for a reason that says nothing about the promise."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """An outcome with its reason."""

    outcome: Outcome
    reason: str = ""


def conclude(ending: Ending, message: str, thens: int, findings: Sequence[Finding]) -> Conclusion:
    """The outcome of a scenario. `thens` counts the expectations that were put to the test.

    The sealed history has the first word: a broken promise stays broken however the scenario ended. MET takes a
    completed scenario, an expectation that was tested, and findings that all hold.
    """
    found = verdict(findings)
    if found is Outcome.NOT_MET:
        return Conclusion(found, _first(findings, found))
    match ending:
        case Ending.CONTRADICTED:
            return Conclusion(Outcome.NOT_MET, message)
        case Ending.SKIPPED:
            return Conclusion(Outcome.NOT_TESTED, message)
        case Ending.STUCK:
            return Conclusion(Outcome.INCONCLUSIVE, message)
    if not thens:
        return Conclusion(Outcome.INCONCLUSIVE, "no expectation was put to the test")
    if not findings:
        return Conclusion(Outcome.INCONCLUSIVE, "the history makes no claim that could be judged")
    return Conclusion(found, _first(findings, found))


def _first(findings: Sequence[Finding], outcome: Outcome) -> str:
    if outcome is Outcome.MET:
        return ""
    finding = next(finding for finding in findings if finding.outcome is outcome)
    since = f", since {finding.since}" if finding.since else ""
    return f"{finding.claim}: expected {finding.expected}; observed {finding.observed}{since}"
