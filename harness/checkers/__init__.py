"""Pure judges over a sealed history. Registered by decorator; `judge` runs them safely."""

from __future__ import annotations

from harness.checkers import (
    acts,
    agreement,
    cluster_laws,
    coverage,
    denial,
    endpoint_laws,
    feed_laws,
    posture,
    project_laws,
    secrecy,
    temporal,
)
from harness.checkers.registry import CHECKERS, INVARIANTS
from harness.model.history import Claimed, History
from harness.model.verdict import Finding, Judgement

__all__ = ["CHECKERS", "INVARIANTS", "check", "judge"]

REGISTERED = (
    acts,
    agreement,
    cluster_laws,
    coverage,
    denial,
    endpoint_laws,
    feed_laws,
    posture,
    project_laws,
    secrecy,
    temporal,
)
"""Modules whose import registers their checkers."""


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
