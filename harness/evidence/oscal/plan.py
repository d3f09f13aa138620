"""The assessment plan: what a run set out to perform, on what, and by what it would be judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from harness.evidence.account import Account
from harness.evidence.forms import Known, RequirementForm, State
from harness.evidence.oscal.frame import ATLAS, VAULT, home_of, metadata, reviewed_controls, system_uid, systems, tool
from harness.evidence.oscal.parts import NO_EVIDENCE, Node, filled, line, props, sentences, uid, yes


def assessment_plan(account: Account) -> Node:
    """The whole document."""
    run = account.run
    return {
        "assessment-plan": filled(
            uuid=uid("assessment-plan", run.id),
            metadata=metadata(account, "Assessment plan"),
            import_ssp={"href": f"#{_no_ssp(run.id)}", "remarks": "No system security plan is part of a bundle."},
            local_definitions=_definitions(account),
            terms_and_conditions={"parts": [_terms(account)]},
            reviewed_controls=reviewed_controls(account),
            assessment_subjects=[_subjects(account)],
            assessment_assets={"components": [tool(account)], "assessment-platforms": [_platform(account)]},
            tasks=[_task(account)],
            back_matter={"resources": [_ssp_resource(run.id)]},
        )
    }


def task_uid(account: Account) -> str:
    """The id of the task that all scenarios belong to."""
    return uid("task", account.run.id)


def _selected(account: Account) -> Iterator[Known]:
    return (one for one in account.population.scenarios if one.state is not State.DESELECTED)


def _definitions(account: Account) -> Node:
    return filled(
        components=systems(account),
        objectives_and_methods=_objectives(account),
        activities=[_activity(account, one) for one in _selected(account)],
        remarks=NO_EVIDENCE if account.run.simulated else "",
    )


def _objectives(account: Account) -> list[Node]:
    """Each requirement as an objective of the control that it says most about."""
    parts: defaultdict[str, list[Node]] = defaultdict(list)
    for requirement in account.result.requirements:
        parts[home_of(requirement)].append(_objective(requirement))
    return [{"control-id": control, "parts": objectives} for control, objectives in parts.items()]


def _objective(requirement: RequirementForm) -> Node:
    source = f"Source: {requirement.source}" if requirement.source else ""
    ours = f"The bound `{requirement.bound}` is ours." if requirement.bound_is_ours else ""
    return filled(
        id=requirement.id,
        name="assessment-objective",
        title=requirement.id,
        props=props(("label", requirement.label), ("bound", requirement.bound)),
        prose=sentences(requirement.statement, source, ours),
    )


def _activity(account: Account, scenario: Known) -> Node:
    return filled(
        uuid=_activity_uid(account, scenario),
        title=line(scenario.title),
        description="\n\n".join([scenario.feature, *scenario.steps]),
        props=[{"name": "method", "value": "TEST"}, *_about(scenario)],
    )


def _about(scenario: Known) -> list[Node]:
    return props(
        ("scenario", scenario.id),
        ("number", str(scenario.number)),
        ("digest", scenario.digest),
        ("severity", scenario.severity),
        ("requirements", " ".join(scenario.requirements)),
    )


def _activity_uid(account: Account, scenario: Known) -> str:
    return uid("activity", account.run.id, scenario.id)


def _subjects(account: Account) -> Node:
    selected = [{"subject-uuid": system_uid(account, one), "type": "component"} for one in (ATLAS, VAULT)]
    return {"type": "component", "description": "The systems under test.", "include-subjects": selected}


def _platform(account: Account) -> Node:
    named = account.run.tool
    return {
        "uuid": uid("platform", account.run.id),
        "title": f"Python {named.python}",
        "uses-components": [{"component-uuid": tool(account)["uuid"]}],
    }


def _task(account: Account) -> Node:
    population, totals = account.population, account.totals
    subjects = [{"type": "component", "include-all": {}}]
    return filled(
        uuid=task_uid(account),
        type="action",
        title=f"Perform {totals.selected} of {totals.known} scenarios",
        description=f"Sampling: {population.sampling}",
        props=props(
            ("known", str(totals.known)),
            ("selected", str(totals.selected)),
            ("deselected", str(totals.deselected)),
            ("seed", str(population.seed)),
            ("simulated", yes(account.run.simulated)),
        ),
        timing={"within-date-range": {"start": account.run.started, "end": account.run.ended}},
        associated_activities=[
            {"activity-uuid": _activity_uid(account, one), "subjects": subjects} for one in _selected(account)
        ],
    )


def _terms(account: Account) -> Node:
    run = account.run
    plan = f"Changes were confirmed by the plan {run.plan}." if run.plan else "No plan of changes was confirmed."
    return {
        "uuid": uid("terms", run.id),
        "name": "rules-of-engagement",
        "title": "What scenarios were allowed to do",
        "prose": sentences(
            f"Profile {run.profile}; scenarios up to `{account.result.run.allow}` were allowed.",
            NO_EVIDENCE if run.simulated else plan,
        ),
    }


def _no_ssp(run: str) -> str:
    return uid("system-security-plan", run)


def _ssp_resource(run: str) -> Node:
    return {
        "uuid": _no_ssp(run),
        "title": "Stands for the system security plan",
        "description": "The plan of the system is with its owner. Whoever imports these documents sets the "
        "reference of `import-ssp` to it; the systems under test are described under `local-definitions`.",
    }
