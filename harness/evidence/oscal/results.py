"""The assessment results: an observation for each scenario, a finding for each requirement, a risk for each waiver."""

from __future__ import annotations

from datetime import UTC, datetime

from harness.evidence.account import Account
from harness.evidence.forms import Known, ResultRow
from harness.evidence.oscal.findings import finding, observation_uid
from harness.evidence.oscal.frame import actors, circumstances, metadata, reviewed_controls, system_of, system_uid
from harness.evidence.oscal.parts import NO_EVIDENCE, Node, filled, line, props, sentences, uid, yes
from harness.evidence.oscal.plan import task_uid
from harness.evidence.oscal.risks import risks
from harness.model.verdict import Outcome

BUNDLE = "../"
"""Where the bundle is, seen from these documents: references lead from a document to its neighbours."""
PLAN = "assessment-plan.json"


def assessment_results(account: Account) -> Node:
    """The whole document."""
    return {
        "assessment-results": {
            "uuid": uid("assessment-results", account.run.id),
            "metadata": metadata(account, "Assessment results"),
            "import-ap": {"href": PLAN},
            "results": [_result(account)],
        }
    }


def _result(account: Account) -> Node:
    run, totals = account.run, account.totals
    requirements = [(f"requirements-{outcome.value}", str(number)) for outcome, number in totals.requirements.items()]
    scenarios = [(f"scenarios-{outcome.value}", str(number)) for outcome, number in totals.scenarios.items()]
    executed = f"{totals.executed} of {totals.selected} selected scenarios were performed, of {totals.known} known."
    return filled(
        uuid=uid("result", run.id),
        title=f"{'SIMULATED: ' if run.simulated else ''}Run {run.id}",
        description=sentences(NO_EVIDENCE if run.simulated else "", executed),
        start=run.started,
        end=run.ended,
        props=[*circumstances(account), *props(*requirements, *scenarios)],
        links=[{"href": f"{BUNDLE}{name}", "rel": "reference"} for name in ("run.json", "result.json")],
        reviewed_controls=reviewed_controls(account),
        observations=[_observation(account, row) for row in account.rows],
        risks=risks(account),
        findings=[finding(account, one) for one in account.result.requirements],
        remarks=NO_EVIDENCE if run.simulated else "",
    )


def _observation(account: Account, row: ResultRow) -> Node:
    written = account.scenarios.get(row.scenario)
    return filled(
        uuid=observation_uid(account, row),
        title=line(row.title),
        description=_description(row, written),
        props=_about(row),
        methods=["TEST"],
        types=["control-objective"],
        origins=[{**one, "related-tasks": [{"task-uuid": task_uid(account)}]} for one in actors(account)],
        subjects=[
            {"subject-uuid": system_uid(account, system), "type": "component"}
            for system in sorted({system_of(one) for one in row.requirements})
        ],
        relevant_evidence=_evidence(row),
        collected=_collected(account, row),
        remarks=NO_EVIDENCE if row.simulated else "",
    )


def _collected(account: Account, row: ResultRow) -> str:
    """When the last thing was seen; where the scenario's clock was not the one on the wall, when the run was over."""
    if account.run.clock != "real" or account.result.run.replays or not row.history:
        return account.run.ended
    last = account.history(row)[-1]["at"]
    return datetime.fromtimestamp(last, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _description(row: ResultRow, written: Known | None) -> str:
    tested = "" if row.outcome is not Outcome.NOT_TESTED else "Not tested."
    found = [f"{one.claim}: expected {one.expected}; observed {one.observed}" for one in row.findings]
    where = f"{written.feature}. {written.rule}".strip() if written else row.scenario
    return sentences(where, tested, row.reason, *found)


def _about(row: ResultRow) -> list[Node]:
    return props(
        ("outcome", row.outcome.value),
        ("assurance", row.assurance),
        ("simulated", yes(row.simulated)),
        ("scenario", row.scenario),
        ("number", str(row.number)),
        ("attempt", str(row.attempt)),
        ("claims", str(row.claims)),
        ("failed-step", row.failed_step),
        ("code", row.code),
        ("waiver", row.waiver),
    )


def _evidence(row: ResultRow) -> list[Node]:
    kept = (
        ("exchanges", "Every exchange, as it was recorded.", row.exchanges, "sha256", row.exchanges_digest),
        ("history", "The sealed history that was judged.", row.history, "last-line", row.history_digest),
    )
    return [
        {"href": f"{BUNDLE}{name}", "description": said, "props": props(("kind", kind), (digest, value))}
        for kind, said, name, digest, value in kept
        if name
    ]
