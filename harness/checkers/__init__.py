"""Pure judges over a sealed history. Registered by decorator, in whatever module; `judge` runs them safely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from harness.checkers.laws import Ruling, rulings
from harness.checkers.registry import CHECKERS
from harness.model.history import Claimed, History
from harness.model.verdict import Finding, Judgement

__all__ = ["CHECKERS", "check", "claims_of", "judge", "law_findings", "rulings"]

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)  # which registers its checkers


def judge(history: History) -> tuple[Finding, ...]:
    """Every claim's finding, then however a law is broken. A checker that crashes leaves its claim undecided."""
    return (*claims_of(history), *law_findings(rulings(history)))


def claims_of(history: History) -> tuple[Finding, ...]:
    """Every claim's finding."""
    return tuple(check(history, claim) for _, claim in history.claims())


def law_findings(found: Iterable[Ruling]) -> Iterator[Finding]:
    """What laws add to a scenario's findings: breaches, and crashes of ours.

    That a law is undecided is no finding: whoever wrote the scenario did not promise to look long enough.
    """
    return (finding for ruling in found for finding in ruling.findings)


def check(history: History, claim: Claimed) -> Finding:
    """The finding of one claim."""
    try:
        return CHECKERS[claim.checker](history, claim)
    except Exception as crash:  # whatever a judge does wrong, its claim is undecided, never a pass
        return Finding(claim.text, Judgement.UNDECIDED, claim.checker, f"the checker crashed: {crash!r}")
