"""SARIF 2.1.0: requirements as rules, every selected scenario as a result at its place in the feature file.

A waived scenario is a failure with a suppression, which tools show or hide as their users like; that it failed stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import msgspec

from harness.evidence.account import Account
from harness.evidence.forms import RequirementForm, ResultRow
from harness.model.verdict import Outcome

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
KINDS = {
    Outcome.MET: "pass",
    Outcome.NOT_MET: "fail",
    Outcome.WAIVED: "fail",
    Outcome.INCONCLUSIVE: "open",
    Outcome.NOT_TESTED: "notApplicable",
}
"""Result kinds (SARIF 2.1.0, 3.27.9): `open` is what nobody could decide; what was not tested is no result about it."""


def sarif_json(account: Account) -> str:
    """The document."""
    rules = [_rule(one) for one in account.result.requirements]
    places = {one["id"]: at for at, one in enumerate(rules)}
    run = {
        "tool": {"driver": {
            "name": account.run.tool.name,
            "version": account.run.tool.version,
            "rules": rules,
        }},
        "automationDetails": {"id": f"{account.run.profile}/{account.run.id}"},
        "invocations": [{
            "executionSuccessful": not (account.result.failures or account.result.problems),
            "startTimeUtc": account.run.started,
            "endTimeUtc": account.run.ended,
            "exitCode": account.result.exit_code,
            "toolExecutionNotifications": list(_notifications(account)),
        }],
        "originalUriBaseIds": {"BUNDLE": {"description": {"text": "The directory of the evidence bundle."}}},
        "results": [_result(row, account, places) for row in account.rows],
        "properties": {"assurance": account.run.assurance, "simulated": account.run.simulated},
    }  # fmt: skip
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _rule(one: RequirementForm) -> dict[str, Any]:
    return {
        "id": one.id,
        "shortDescription": {"text": one.statement},
        "fullDescription": {"text": f"{one.statement} Source: {one.source}"},
        "help": {"text": f"{one.statement} Source: {one.source}. `cmkproof explain {one.id}` tells more."},
        "properties": {
            "tags": [f"{each.framework}:{each.control}" for each in one.controls],
            "outcome": one.outcome.value,
            "reason": one.reason,
            "partial": one.partial,
            "limitOfOurs": one.bound if one.bound_is_ours else "",
        },
    }


def _notifications(account: Account) -> Iterator[dict[str, Any]]:
    """What kept the run from saying all that it should: nobody may take its silence for a pass."""
    for one in account.result.problems:
        yield {"level": "error", "message": {"text": one.message}, "locations": [_place(one.file, one.line)]}
    for failure in account.result.failures:
        yield {"level": "error", "message": {"text": failure}}


def _place(file: str, line: int) -> dict[str, Any]:
    """A line of a feature file, as the bundle has it."""
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": f"spec/features/{quote(file)}", "uriBaseId": "BUNDLE"},
            "region": {"startLine": max(line, 1)},
        },
    }


def _result(row: ResultRow, account: Account, places: dict[str, int]) -> dict[str, Any]:
    known = account.scenarios[row.scenario]
    rule = next((one for one in row.requirements if one in places), row.requirements[0])
    simulated = "SIMULATED: " if row.simulated else ""
    found: dict[str, Any] = {
        "ruleId": rule,
        "kind": KINDS[row.outcome],
        "level": "error" if KINDS[row.outcome] == "fail" else "none",
        "message": {"text": f"{simulated}{row.title}: {row.outcome.value}" + (f". {row.reason}" if row.reason else "")},
        "locations": [_place(known.path, known.line)],
        "partialFingerprints": {"scenario/v1": sha256(row.scenario.encode()).hexdigest()},
        "properties": {
            "outcome": row.outcome.value,
            "assurance": row.assurance,
            "requirements": row.requirements,
            "exchanges": row.exchanges,
            "history": row.history,
        },
    }  # fmt: skip
    if rule in places:
        found["ruleIndex"] = places[rule]
    if row.waiver:
        found["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": text} for text in _accepted(row, account)
        ]
    return found


def _accepted(row: ResultRow, account: Account) -> Iterator[str]:
    """Who accepted a failure, until when and why."""
    waivers = {one.id: one for one in account.result.waivers}
    for name in row.waiver.split(", "):
        if one := waivers.get(name):
            yield f"waiver {one.id} ({one.ticket}) until {one.expires}, by {one.approver}: {one.reason}"
        else:
            yield f"waiver {name}"
