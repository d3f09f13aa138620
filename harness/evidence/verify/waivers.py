"""Whether what is waived in a bundle rests on waivers that counted when the run began."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from harness.model import layout
from harness.model.waiver import Scope, State, Waiver, expiry_of

Document = Mapping[str, Any]


def waived_rightly(result: Document, run: Document) -> Iterator[str]:
    """What is wrong with the waivers of a result, by the rules for waivers and by what the result itself lists."""
    waivers = {one["id"]: _waiver(one) for one in result["waivers"]}
    began = datetime.fromisoformat(run["started"])
    for one in result["waivers"]:
        if datetime.fromisoformat(one["instant"]) != began:
            yield f"waiver {one['id']} is judged as of {one['instant']}, and the run began at {run['started']}"
        if one["state"] != waivers[one["id"]].state(began).value:
            yield f"waiver {one['id']} is said to be {one['state']}, and it was not"
    for requirement in result["requirements"]:
        waived = [one["waiver"] for one in requirement["scenarios"] if one["waiver"]]
        if requirement["outcome"] == "WAIVED" and not waived:
            yield f"{requirement['id']} is WAIVED in {layout.RESULT} without a scenario that is"
        for scenario in requirement["scenarios"]:
            name = scenario["waiver"]
            if name and not _counts(waivers.get(name), requirement, scenario, run, began):
                yield f"{scenario['id']} is waived for {requirement['id']} by {name}, which does not count for it"


def _counts(waiver: Waiver | None, requirement: Document, scenario: Document, run: Document, at: datetime) -> bool:
    if waiver is None or scenario["outcome"] != "NOT_MET":
        return False
    covers = waiver.covers(requirement["id"], run["profile"], scenario["id"])
    return covers and waiver.state(at) is State.IN_FORCE


def _waiver(row: Document) -> Waiver:
    scope = Scope(row["scope"]["profile"], tuple(row["scope"]["scenarios"]))
    texts = {name: row[name] for name in ("id", "requirement", "owner", "reason", "ticket", "approver")}
    return Waiver(scope=scope, expires=expiry_of(row["expires"]), **texts)
