"""Pure judges over a sealed history. Registered by decorator, in whatever module; `judge` runs them safely."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from harness.checkers.registry import CHECKERS, INVARIANTS
from harness.model.history import Claimed, History
from harness.model.verdict import Finding, Judgement

__all__ = ["CHECKERS", "INVARIANTS", "check", "judge"]

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)  # which registers its checkers


def judge(history: History) -> tuple[Finding, ...]:
    """Every claim's finding, then whatever invariant is broken. A checker that crashes leaves its claim undecided."""
    claims = [check(history, claim) for _, claim in history.claims()]
    return (*claims, *(finding for name in INVARIANTS for finding in _invariant(history, name)))


def check(history: History, claim: Claimed) -> Finding:
    """The finding of one claim."""
    try:
        return CHECKERS[claim.checker](history, claim)
    except Exception as crash:  # whatever a judge does wrong, its claim is undecided, never a pass
        return Finding(claim.text, Judgement.UNDECIDED, claim.checker, f"the checker crashed: {crash!r}")


def _invariant(history: History, name: str) -> list[Finding]:
    try:
        return INVARIANTS[name](history)
    except Exception as crash:  # as in `check`
        return [Finding(name.replace("_", " "), Judgement.UNDECIDED, name, f"the checker crashed: {crash!r}")]
