"""Judges of populations: everything that must be covered is, and there is something to cover."""

from __future__ import annotations

from typing import Any

from harness.checkers.registry import checker
from harness.model.history import Claimed, History
from harness.model.verdict import Finding, Judgement


@checker
def covers(history: History, claim: Claimed) -> Finding:
    """Each value of `whole` is among the values of `part`, by the latest looks at both.

    `whole` and `part` are `[subject, field]`. An empty whole proves nothing: undecided.
    """
    whole, part = (_latest(history, claim, *claim.arguments[side]) for side in ("whole", "part"))
    if not whole or part is None:
        return Finding(claim.text, Judgement.UNDECIDED, "a population to check", "nothing to check")
    missing = sorted(set(whole) - set(part))
    return Finding(
        claim.text,
        Judgement.BROKEN if missing else Judgement.HOLDS,
        ", ".join(sorted(set(whole))),
        f"missing: {', '.join(missing)}" if missing else ", ".join(sorted(set(part))),
    )


def _latest(history: History, claim: Claimed, subject: str, field: str) -> list[Any] | None:
    looks = [look for _, look in history.observations(subject, since=claim.since)]
    return list(looks[-1].facts[field]) if looks else None
