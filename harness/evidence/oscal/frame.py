"""What all three documents share: metadata, the systems under test, the tool, and the controls that were reviewed."""

from __future__ import annotations

from collections.abc import Iterator

from harness.evidence.account import Account
from harness.evidence.forms import AssessedControl, AssessedFramework, RequirementForm
from harness.evidence.oscal.parts import NO_EVIDENCE, SIMULATED, VERSION, Node, filled, line, prop, props, uid, yes
from harness.evidence.oscal.tokens import OWN, token_of

ATLAS = "MongoDB Atlas"
VAULT = "Azure Key Vault"
STRENGTHS = ("direct", "partial", "supporting")
"""How much a requirement says about a control, the most first."""


def metadata(account: Account, title: str) -> Node:
    """Of a document about a run."""
    run = account.run
    return filled(
        title=(f"{SIMULATED}: " if run.simulated else "") + f"{title}, run {run.id}",
        last_modified=run.ended,
        version=run.id,
        oscal_version=VERSION,
        props=circumstances(account),
        remarks=NO_EVIDENCE if run.simulated else "",
    )


def circumstances(account: Account) -> list[Node]:
    """Under which circumstances a run took place; first of all, whether it was simulated."""
    run = account.run
    return props(
        ("simulated", yes(run.simulated)),
        ("assurance", run.assurance),
        ("run", run.id),
        ("replays", account.result.run.replays),
        ("profile", run.profile),
        ("tool-version", run.tool.version),
        ("tool-commit", run.tool.commit),
        ("tool-modified", yes(run.tool.modified) if run.tool.commit else ""),
        ("features-digest", run.features_digest),
        ("settings-digest", run.settings_digest),
        ("confirmed-plan", run.plan),
        ("trigger", " ".join(filter(None, (run.origin.trigger, run.origin.reference)))),
        ("clock", run.clock),
    )


def system_of(requirement: str) -> str:
    """Which of the two systems a requirement makes its promise about."""
    return VAULT if requirement.startswith("AKV-") else ATLAS


def system_uid(account: Account, system: str) -> str:
    """The id of a system: the same in every run on the same target, and never that of a simulated one."""
    target = account.run.target
    names = ("project_id",) if system == ATLAS else ("subscription_id", "resource_group", "vault")
    where = SIMULATED if account.run.simulated else "/".join(target.get(name, "") for name in names)
    return uid("component", system, where)


def systems(account: Account) -> list[Node]:
    """The systems under test, as components."""
    simulated, target = account.run.simulated, account.run.target
    where = {ATLAS: ("atlas", "project_id"), VAULT: ("tenant_id", "subscription_id", "resource_group", "vault")}
    return [
        filled(
            uuid=system_uid(account, system),
            type="service",
            title=system + (f" ({SIMULATED})" if simulated else ""),
            description=NO_EVIDENCE if simulated else f"{system}, as the run reached it.",
            props=props(*((name.replace("_", "-"), target.get(name, "")) for name in where[system])),
            status={"state": "other", "remarks": NO_EVIDENCE} if simulated else {"state": "operational"},
        )
        for system in (ATLAS, VAULT)
    ]


def tool(account: Account) -> Node:
    """The program that assessed."""
    named = account.run.tool
    return filled(
        uuid=uid("tool", named.name, named.version),
        type="software",
        title=f"{named.name} {named.version}",
        description="Performs the scenarios, records every exchange, and judges the recorded histories.",
        props=props(("version", named.version), ("python", named.python)),
        status={"state": "operational"},
    )


def actors(account: Account) -> list[Node]:
    """Who says so: the program."""
    return [{"actors": [{"type": "tool", "actor-uuid": uid("tool", account.run.tool.name, account.run.tool.version)}]}]


def home_of(requirement: RequirementForm) -> str:
    """The token of the control that a requirement says most about."""
    best = min(requirement.controls, key=lambda one: STRENGTHS.index(one.strength), default=None)
    return token_of(best.framework, best.control) if best else token_of(OWN, requirement.id)


def reviewed_controls(account: Account) -> Node:
    """The controls that the requirements of a run say something about, framework by framework."""
    selections = [_framework(one) for one in account.result.frameworks if one.controls]
    if without := [one for one in account.result.requirements if not one.controls]:
        selections.append(_without_controls(without))
    return filled(
        description="Controls that the requirements of this run say something about.",
        control_selections=selections or [{"include-all": {}}],
        control_objective_selections=_objectives(account),
        remarks=NO_EVIDENCE if account.run.simulated else "",
    )


def _objectives(account: Account) -> list[Node]:
    selected = [{"objective-id": one.id} for one in account.result.requirements]
    return [{"include-objectives": selected}] if selected else []


def _framework(framework: AssessedFramework) -> Node:
    return {
        "description": f"{framework.title}, {framework.edition}",
        "props": [prop("framework", framework.id), *(_assessed(framework.id, one) for one in framework.controls)],
        "include-controls": [{"control-id": token_of(framework.id, one.id)} for one in framework.controls],
    }


def _assessed(framework: str, control: AssessedControl) -> Node:
    """What came of a control; its class is the control's token."""
    evidence = f"evidence of {control.evidence}" if control.evidence != "none" else "no evidence"
    remarks = line(f"{control.id}: {control.title}. {control.coverage}; {evidence}. {control.reason}")
    return prop("control-outcome", control.outcome.value, remarks, token_of(framework, control.id))


def _without_controls(requirements: list[RequirementForm]) -> Node:
    return {
        "description": "Requirements of the catalogue that answer no control of any framework.",
        "props": [prop("framework", OWN)],
        "include-controls": [{"control-id": token_of(OWN, one.id)} for one in requirements],
    }


def sources(account: Account) -> Iterator[Node]:
    """The frameworks as back matter."""
    for one in account.result.frameworks:
        yield {
            "uuid": uid("framework", one.id, one.edition),
            "title": line(one.title),
            "description": f"Edition: {one.edition}",
            "props": [prop("framework", one.id)],
            "citation": {"text": f"{one.title}, {one.edition}"},
        }
