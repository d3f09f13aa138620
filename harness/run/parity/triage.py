"""Who is off: what the documentation says about a difference, and which side does what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from harness.checkers import check, law_findings, rulings
from harness.model.history import Claimed, History
from harness.model.requirement import Requirement
from harness.model.verdict import Finding, Judgement, Outcome
from harness.run.parity.differences import Difference, Kind
from harness.run.parity.traces import trace_of

SILENT = "silent"
ON_ACTS = ("accepted", "refused", "refusal_names")


class Triage(Enum):
    """Who is off, by documentation, fake and live system."""

    FAKE = "fake defect"
    LIVE = "live deviates from documentation"
    SILENT = "documentation silent"
    BOTH = "both deviate from documentation"


def weigh(
    difference: Difference, fake: History | None, live: History | None, promises: Sequence[Requirement]
) -> tuple[str, Triage]:
    """What the documentation says, and who is off. Histories are those that the difference was found in."""
    if difference.kind is Kind.OUTCOME:
        met = Outcome.MET.value
        return _promised(promises), _verdict(_judged(difference.fake == met), _judged(difference.live == met))
    if fake is None or live is None or difference.kind in (Kind.READING, Kind.ACTS):
        return SILENT, Triage.SILENT
    if difference.kind in (Kind.REFUSAL, Kind.CODE):
        sides = _about_act(difference, fake, live)
    else:
        sides = list(_about(fake, difference.place)), list(_about(live, difference.place))
    said = dict.fromkeys(one.claim for side in sides for one in side)
    return "; ".join(said) or SILENT, _verdict(*map(_worst, sides))


def _promised(promises: Sequence[Requirement]) -> str:
    return "; ".join(
        f"{one.id} {one.statement}" + (f" (within {one.bound}{', our limit' * one.bound_is_ours})" if one.bound else "")
        for one in promises
    )


def _judged(held: bool) -> Judgement:
    return Judgement.HOLDS if held else Judgement.BROKEN


def _verdict(fake: Judgement | None, live: Judgement | None) -> Triage:
    broken = (fake is Judgement.BROKEN, live is Judgement.BROKEN)
    if broken == (True, True):
        return Triage.BOTH
    if broken == (True, False):
        return Triage.FAKE
    return Triage.LIVE if broken == (False, True) else Triage.SILENT


def _about_act(difference: Difference, fake: History, live: History) -> tuple[list[Finding], list[Finding]]:
    """What is claimed of an act on either side, judged on both."""
    claims = [
        claim
        for history, act in zip((fake, live), difference.acts, strict=True)
        for _, claim in history.claims()
        if claim.since == act and claim.checker in ON_ACTS
    ]
    found: list[list[Finding]] = []
    for history, act in zip((fake, live), difference.acts, strict=True):
        moved = (Claimed(claim.checker, claim.text, act, claim.arguments) for claim in claims)
        found.append([check(history, claim) for claim in moved])
    return found[0], found[1]


def _about(history: History, subject: str) -> Iterator[Finding]:
    """What is claimed of a subject, and what is true of every history, as judged on this side."""
    names = trace_of(history).names
    for _, claim in history.claims():
        about = str(claim.arguments.get("subject", ""))
        if names.get(about, about) == subject:
            yield check(history, claim)
    yield from (finding for finding in law_findings(rulings(history)) if subject in finding.claim)


def _worst(findings: Sequence[Finding]) -> Judgement | None:
    judgements = {finding.judgement for finding in findings}
    return next((one for one in (Judgement.BROKEN, Judgement.UNDECIDED, Judgement.HOLDS) if one in judgements), None)
