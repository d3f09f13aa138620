"""`interop/cucumber.json`: features, scenarios and steps with their statuses, as tools around Cucumber read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from harness.evidence.account import Account
from harness.evidence.forms import Known, ResultRow
from harness.model.verdict import Outcome

NANOSECONDS = 1_000_000_000


def cucumber_json(account: Account) -> str:
    """The document: a list of features, of which only what was selected is listed."""
    selected = [account.scenarios[row.scenario] for row in account.rows]
    listed = [_feature(path, list(known), account) for path, known in groupby(selected, key=lambda one: one.path)]
    return msgspec.json.format(msgspec.json.encode(listed), indent=1).decode() + "\n"


def _feature(path: str, known: list[Known], account: Account) -> dict[str, Any]:
    return {
        "uri": f"spec/features/{path}",
        "id": _slug(known[0].feature),
        "keyword": "Feature",
        "name": known[0].feature,
        "line": 1,
        "description": "SIMULATED - NOT EVIDENCE OF OPERATION" if account.run.simulated else "",
        "tags": [],
        "elements": [_element(one, account.by_scenario[one.id]) for one in known],
    }


def _element(known: Known, row: ResultRow) -> dict[str, Any]:
    tags = [*(f"@req:{one}" for one in known.requirements), f"@{known.severity}"]
    return {
        "id": f"{_slug(known.feature)};{_slug(known.title)}",
        "keyword": "Scenario",
        "type": "scenario",
        "name": known.title,
        "line": known.line,
        "description": row.reason,
        "tags": [{"name": tag, "line": known.line} for tag in tags],
        "steps": list(_steps(known, row)),
    }


def _steps(known: Known, row: ResultRow) -> Iterator[dict[str, Any]]:
    """A judge who finds a promise broken does so after the last step: then that step is the one that failed."""
    bad = {Outcome.NOT_MET: "failed", Outcome.WAIVED: "failed", Outcome.INCONCLUSIVE: "undefined"}.get(row.outcome, "")
    stopped = known.steps.index(row.failed_step) if row.failed_step in known.steps else len(known.steps) - 1
    for at, sentence in enumerate(known.steps):
        keyword, _, name = sentence.partition(" ")
        status = "passed"
        if row.outcome is Outcome.NOT_TESTED:
            status = "skipped"
        elif bad:
            status = "passed" if at < stopped else bad if at == stopped else "skipped"
        result: dict[str, Any] = {"status": status, "duration": int(row.seconds * NANOSECONDS) if at == 0 else 0}
        if status == bad and row.reason:
            result["error_message"] = row.reason
        yield {"keyword": f"{keyword} ", "name": name, "line": known.line + 1 + at, "match": {}, "result": result}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
