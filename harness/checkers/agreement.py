"""Judges of two accounts of one thing: what they say agrees."""

from __future__ import annotations

from harness.checkers.condition import describe, holds
from harness.checkers.registry import checker
from harness.model.history import Claimed, History
from harness.model.verdict import Finding, Judgement


@checker
def agrees(history: History, claim: Claimed) -> Finding:
    """The latest looks at `one` and at `other` say the same of everything but `apart`, and `one` is as `where` says.

    Where either was not looked at, nothing is decided.
    """
    one, other = ([look.facts for _, look in history.observations(claim.arguments[side], since=claim.since)]
                  for side in ("one", "other"))  # fmt: skip
    where, apart = claim.arguments["where"], set(claim.arguments.get("apart", ()))
    expected = f"{claim.arguments['one']} and {claim.arguments['other']} say the same, {describe(where)}"
    if not one or not other:
        return Finding(claim.text, Judgement.UNDECIDED, expected, "one of them was not seen")
    left, right = one[-1], other[-1]
    differing = sorted(name for name in {*left, *right} - apart if left.get(name) != right.get(name))
    if differing:
        return Finding(claim.text, Judgement.BROKEN, expected, f"they differ in {', '.join(differing)}")
    if not holds(where, left):
        return Finding(claim.text, Judgement.BROKEN, expected, "they agree, but on something else")
    return Finding(claim.text, Judgement.HOLDS, expected, "they agree")
