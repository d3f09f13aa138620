"""Finding things in OSCAL documents, and runs with something changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from harness.evidence import oscal
from harness.evidence.account import Account

AP, AR, CD = oscal.FILES
WAIVER = {
    "id": "W-1",
    "requirement": "EAR-054",
    "scope": {"profile": "sandbox", "scenarios": []},
    "owner": "Ada",
    "approver": "Grace",
    "reason": "The vendor repairs it\nin March.",
    "ticket": "SEC-1",
    "expires": "2027-03-31",
    "state": "in force",
    "applied": True,
}


def result_of(account: Account) -> dict[str, Any]:
    """The result in the assessment results of a run."""
    (result,) = oscal.documents(account)[AR]["assessment-results"]["results"]
    return dict(result)


def finding_of(account: Account, requirement: str) -> dict[str, Any]:
    """What the results say about a requirement."""
    (found,) = [one for one in result_of(account)["findings"] if one["target"]["target-id"] == requirement]
    return dict(found)


def prop_of(node: dict[str, Any], name: str) -> str:
    """The value of one of our properties."""
    (value,) = [one["value"] for one in node["props"] if one["name"] == name]
    return str(value)


def with_requirement(account: Account, requirement: str, **changes: Any) -> Account:
    """The run with another outcome of a requirement."""
    changed = [
        msgspec.structs.replace(one, **changes) if one.id == requirement else one for one in account.result.requirements
    ]
    return replace(account, result=msgspec.structs.replace(account.result, requirements=changed))


def with_waiver(account: Account, **changes: Any) -> Account:
    """The run with a waiver."""
    waivers = [{**WAIVER, **changes}]
    return replace(account, result=msgspec.structs.replace(account.result, waivers=waivers))


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from nodes(one)
    elif isinstance(value, list):
        for one in value:
            yield from nodes(one)
