"""Judges of a single act: was it accepted, was it refused for the documented reason."""

from __future__ import annotations

from harness.checkers.registry import checker
from harness.model.history import Acted, Claimed, Completion, History
from harness.model.verdict import Finding, Judgement


@checker
def accepted(history: History, claim: Claimed) -> Finding:
    """The act that the claim counts from was carried out, and answered with a documented status where there is one."""
    act = _act(history, claim)
    documented = list(act.arguments.get("documented", ()))
    if act.completion is Completion.OK and documented and act.status not in documented:
        expected = f"the request is accepted with {' or '.join(map(str, documented))}"
        return Finding(claim.text, Judgement.BROKEN, expected, f"accepted with {act.status}", witnesses=(claim.since,))
    judgement = {
        Completion.OK: Judgement.HOLDS,
        Completion.FAILED: Judgement.BROKEN,
        Completion.UNKNOWN: Judgement.UNDECIDED,
    }[act.completion]
    return Finding(claim.text, judgement, "the request is accepted", outcome_of(act), witnesses=(claim.since,))


@checker
def refused(history: History, claim: Claimed) -> Finding:
    """The act was refused: with one of `reasons` and `statuses` where the claim names them, else with any 4xx.

    Where the documentation promises a refusal but no code for it, a claim names no reason.
    """
    act = _act(history, claim)
    reasons = list(claim.arguments.get("reasons", ()))
    statuses = list(claim.arguments.get("statuses", ()))
    expected = "the request is refused" + _with(statuses, reasons)
    return Finding(
        claim.text,
        _judge_refusal(act, statuses, reasons),
        expected,
        outcome_of(act),
        witnesses=(claim.since,),
    )


@checker
def refusal_names(history: History, claim: Claimed) -> Finding:
    """The act was refused, and the refusal's sentence names everything in `names`."""
    act = _act(history, claim)
    names = [str(name) for name in claim.arguments["names"]]
    missing = [name for name in names if name not in act.detail]
    if act.completion is Completion.UNKNOWN:
        judgement = Judgement.UNDECIDED
    else:
        judgement = Judgement.BROKEN if act.completion is Completion.OK or missing else Judgement.HOLDS
    return Finding(claim.text, judgement, f"a refusal that names {', '.join(names)}", outcome_of(act))


def outcome_of(act: Acted) -> str:
    """What came of an act, in words."""
    match act.completion:
        case Completion.OK:
            return "the request was accepted"
        case Completion.FAILED:
            return f"the request was refused with {act.status} {act.reason}: {act.detail}"
        case Completion.UNKNOWN:
            return f"nobody knows whether it happened: {act.detail}"


def _act(history: History, claim: Claimed) -> Acted:
    act = history.entries[claim.since].what
    if not isinstance(act, Acted):
        raise TypeError(f"claim {claim.text!r} counts from entry {claim.since}, which is no act")
    return act


def _judge_refusal(act: Acted, statuses: list[int], reasons: list[str]) -> Judgement:
    if act.completion is Completion.UNKNOWN:
        return Judgement.UNDECIDED
    if act.completion is Completion.OK or act.status is None or not 400 <= act.status < 500:
        return Judgement.BROKEN
    if (statuses and act.status not in statuses) or (reasons and act.reason not in reasons):
        return Judgement.BROKEN
    return Judgement.HOLDS


def _with(statuses: list[int], reasons: list[str]) -> str:
    words = " or ".join(str(status) for status in statuses) or "4xx"
    return f" with {words}" + (f" {' or '.join(reasons)}" if reasons else "")
