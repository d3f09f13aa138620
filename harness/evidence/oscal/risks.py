"""Waivers as risks: a deviation that somebody approved for a time, or asked for."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.evidence.account import Account
from harness.evidence.oscal.frame import actors
from harness.evidence.oscal.parts import Node, filled, line, props, sentences, uid, yes

STATUS = {"in force": "deviation-approved", "not approved": "deviation-requested"}
"""OSCAL's words for the states of a waiver; one that has expired leaves the risk open."""


def risks(account: Account) -> list[Node]:
    """All waivers that the run was given."""
    return [_risk(account, one) for one in waivers(account)]


def waivers(account: Account) -> list[dict[str, Any]]:
    """The waivers of a run, as plain objects."""
    listed: list[dict[str, Any]] = msgspec.to_builtins(account.result.waivers)
    return listed


def applied_waivers(account: Account, requirement: str) -> list[str]:
    """Ids of the waivers under which a requirement failed."""
    return [one["id"] for one in waivers(account) if one.get("applied") and one.get("requirement") == requirement]


def risk_uid(account: Account, waiver: str) -> str:
    """The id of the risk that a waiver accepts."""
    return uid("risk", account.run.id, waiver)


def _risk(account: Account, waiver: dict[str, Any]) -> Node:
    said = {name: str(waiver.get(name, "")) for name in ("id", "requirement", "owner", "approver", "ticket", "state")}
    reason, expires = str(waiver.get("reason", "")), str(waiver.get("expires", ""))
    applied = "A scenario failed under it." if waiver.get("applied") else "Nothing failed under it in this run."
    return filled(
        uuid=risk_uid(account, said["id"]),
        title=line(f"Waiver {said['id']}: {said['requirement']} may fail"),
        description=sentences(f"{said['requirement']} is waived until {expires}, {said['state']}.", applied),
        statement=reason or "No reason is given.",
        props=[
            *props(("simulated", yes(account.run.simulated)), ("applied", yes(waiver.get("applied")))),
            *props(*((name, value) for name, value in said.items()), ("expires", expires)),
        ],
        status=STATUS.get(said["state"], "open"),
        origins=actors(account),
        deadline=deadline(expires),
    )


def deadline(expires: str) -> str:
    """The end of a waiver as an instant: a date counts to its end, in UTC."""
    return f"{expires}T23:59:59Z" if expires and "T" not in expires else expires
