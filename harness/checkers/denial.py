"""The judge of controls: a check must be able to fail."""

from __future__ import annotations

from harness.checkers.registry import CHECKERS, checker
from harness.model.history import Claimed, History
from harness.model.verdict import Finding, Judgement


@checker
def denies(history: History, claim: Claimed) -> Finding:
    """The checker that the argument `denied` names finds its promise broken, and names at least one resource.

    The other arguments are that checker's own. Where it could not decide, neither can this one.
    """
    arguments = {name: value for name, value in claim.arguments.items() if name != "denied"}
    inner = CHECKERS[claim.arguments["denied"]](history, Claimed(claim.checker, claim.text, claim.since, arguments))
    if inner.judgement is Judgement.UNDECIDED:
        return Finding(claim.text, Judgement.UNDECIDED, f"not: {inner.expected}", inner.observed)
    denied = inner.judgement is Judgement.BROKEN and bool(inner.resources)
    return Finding(
        claim.text,
        Judgement.HOLDS if denied else Judgement.BROKEN,
        f"not: {inner.expected}",
        inner.observed,
        witnesses=inner.witnesses,
        resources=inner.resources,
    )
