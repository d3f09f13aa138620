"""Findings: OSCAL knows two states only, so everything but evidence that a promise is kept is `not-satisfied`."""

from __future__ import annotations

from harness.evidence.account import Account
from harness.evidence.forms import RequirementForm, ResultRow
from harness.evidence.oscal.frame import actors
from harness.evidence.oscal.parts import Node, filled, line, props, sentences, uid, yes
from harness.evidence.oscal.risks import applied_waivers, risk_uid
from harness.model.verdict import Assurance, Outcome

COUNTS = (Assurance.OBSERVED.value, Assurance.EXERCISED.value)
"""Assurance that is evidence of operation: seen on the real system, in this run."""
REASONS = {Outcome.MET: "pass", Outcome.NOT_MET: "fail"}
"""OSCAL's words for why; it has `other` for the rest."""


def finding(account: Account, requirement: RequirementForm) -> Node:
    """What a run found about one requirement."""
    objections = sentences(*objections_to(account, requirement))
    waived = applied_waivers(account, requirement.id)
    return filled(
        uuid=uid("finding", account.run.id, requirement.id),
        title=line(f"{requirement.id}: {requirement.statement}"),
        description=sentences(requirement.statement, f"Source: {requirement.source}" if requirement.source else ""),
        props=_about(account, requirement),
        origins=actors(account),
        target=_target(requirement, objections),
        related_observations=_observations(account, requirement),
        related_risks=[{"risk-uuid": risk_uid(account, one)} for one in waived],
        remarks=objections,
    )


def objections_to(account: Account, requirement: RequirementForm) -> list[str]:
    """Why a finding must not say `satisfied`; nothing only where the promise was seen to be kept."""
    return [text for text, holds in _objections(account, requirement) if holds]


def _objections(account: Account, requirement: RequirementForm) -> list[tuple[str, bool]]:
    outcome, assurance = requirement.outcome, requirement.assurance
    scenarios, recorded = requirement.scenarios, account.result.run.replays
    replayed = bool(recorded) or assurance == Assurance.REPLAYED.value
    simulated = account.run.simulated or assurance == Assurance.SIMULATED.value
    unseen = assurance not in COUNTS and not simulated and not replayed
    told = f"{outcome.value}: {requirement.reason}" if requirement.reason else outcome.value
    words = {Outcome.NOT_TESTED: f"Not tested. {told}", Outcome.WAIVED: f"Failed, and waived. {told}"}
    some = f"Only {len(scenarios)} of {requirement.scenarios_in_all} scenarios were selected."
    return [
        (words.get(outcome, told), outcome is not Outcome.MET),
        ("Simulated: no evidence of the operation of a real system.", simulated),
        (f"Replayed: repeats what was observed in run {recorded or 'before'}, and observed nothing.", replayed),
        (f"Nobody knows how it was seen: {assurance or 'no assurance'}.", unseen),
        (some, requirement.partial),
        ("Failed under a waiver.", outcome is not Outcome.WAIVED and _waived(account, requirement)),
        ("Some of its evidence could not be written.", any(one.evidence_error for one in scenarios)),
        ("No scenario tested it.", not scenarios and outcome is Outcome.MET),
    ]


def _waived(account: Account, requirement: RequirementForm) -> bool:
    marked = requirement.waiver or any(one.waiver for one in requirement.scenarios)
    return bool(marked or applied_waivers(account, requirement.id))


def _target(requirement: RequirementForm, objections: str) -> Node:
    reason = "other" if requirement.outcome is Outcome.MET and objections else REASONS.get(requirement.outcome, "other")
    state = "not-satisfied" if objections else "satisfied"
    return {
        "type": "objective-id",
        "target-id": requirement.id,
        "title": requirement.id,
        "status": filled(state=state, reason=reason, remarks=objections),
    }


def _about(account: Account, requirement: RequirementForm) -> list[Node]:
    return props(
        ("outcome", requirement.outcome.value),
        ("reason", requirement.reason),
        ("assurance", requirement.assurance),
        ("simulated", yes(account.run.simulated)),
        ("partial", yes(requirement.partial)),
        ("scenarios", str(len(requirement.scenarios))),
        ("scenarios-in-all", str(requirement.scenarios_in_all)),
        ("label", requirement.label),
        ("clause-digest", requirement.clause_digest),
        ("needs-review", yes(True) if requirement.review else ""),
        ("bound", requirement.bound),
        ("bound-is-ours", yes(True) if requirement.bound_is_ours else ""),
        ("waiver", requirement.waiver),
        *((f"control-{one.strength}", f"{one.framework}:{one.control}") for one in requirement.controls),
    )


def _observations(account: Account, requirement: RequirementForm) -> list[Node]:
    rows = (account.by_scenario.get(one.id) for one in requirement.scenarios)
    return [{"observation-uuid": observation_uid(account, row)} for row in rows if row]


def observation_uid(account: Account, row: ResultRow) -> str:
    """The id of what was seen in an attempt at a scenario."""
    return uid("observation", account.run.id, row.scenario, str(row.attempt))
