"""The HTTP calls of a scenario, as its tape shows them, and the templates that their URLs follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from harness.errors import EvidenceError
from harness.evidence.tape import Exchanged, Repeated, decoded

SIDES: Mapping[str, str] = {
    "cloud.mongodb.com": "atlas",
    "management.azure.com": "azure",
    "login.microsoftonline.com": "azure",
    "graph.microsoft.com": "azure",
}
"""Whose a host of the embedded fake is; vaults are Azure's."""

HOSTS: Mapping[str, str] = {
    "cloud.mongodb.com": "{atlas}",
    "management.azure.com": "{resource manager}",
    "login.microsoftonline.com": "{authority}",
    "graph.microsoft.com": "{graph}",
}
"""What stands for a host: the target may have other ones."""
VAULT_HOST = "{vault}"

NAMED: Mapping[str, str] = {
    "groups": "groupId",
    "orgs": "orgId",
    "clusters": "clusterName",
    "flexClusters": "name",
    "privateEndpoints": "endpointId",
    "snapshots": "snapshotId",
    "restoreJobs": "restoreJobId",
    "alerts": "alertId",
    "alertConfigs": "alertConfigId",
    "subscriptions": "subscriptionId",
    "resourceGroups": "resourceGroupName",
    "vaults": "vaultName",
    "privateEndpointConnections": "connectionName",
    "roleAssignments": "roleAssignmentName",
    "roleDefinitions": "roleId",
    "locations": "location",
    "keys": "keyName",
    "deletedkeys": "keyName",
    "operations": "operationId",
    "operationResults": "operationId",
    "operationStatuses": "operationId",
}
"""Segments that the name or id of one thing follows."""

ACTIONS = frozenset(
    {"create", "rotate", "wrapKey", "unwrapKey", "wrapkey", "unwrapkey", "recover", "encrypt", "decrypt"}
)
OPAQUE = re.compile(r"[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    side: str
    """`atlas` or `azure`."""
    method: str
    template: str
    started: float
    """Unix seconds by the rehearsal's clock."""


def read_calls(path: Path) -> Sequence[Call]:
    """Every request on a tape, in order.

    Raises:
        EvidenceError: the tape is missing or damaged.
    """
    try:
        tape = decoded(path.read_bytes(), path.name)
    except OSError as error:
        raise EvidenceError(f"the exchanges in {path.name} cannot be read: {error}") from error
    return list(_calls(tape.events))


def _calls(events: Sequence[object]) -> Iterator[Call]:
    seen: dict[int, Call] = {}
    for event in events:
        match event:
            case Exchanged():
                side, template = place(event.url)
                seen[event.n] = Call(side, event.method, template, event.started)
                yield seen[event.n]
            case Repeated():
                first = seen[event.same_as]
                yield Call(first.side, first.method, first.template, event.started)


def place(url: str) -> tuple[str, str]:
    """Side and template of a URL: `/groups/{groupId}/clusters/{clusterName}`, without its query."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    named = [_segment(before, one) for before, one in _pairs(parts.path.split("/"))]
    shown = HOSTS.get(host, VAULT_HOST)
    return SIDES.get(host, "azure"), f"{shown}{'/'.join(named)}".rstrip("/")


def _pairs(segments: Sequence[str]) -> Iterator[tuple[str, str]]:
    before = ""
    for segment in segments:
        yield before, segment
        before = segment


def _segment(before: str, segment: str) -> str:
    if segment and segment not in ACTIONS and before in NAMED:
        return f"{{{NAMED[before]}}}"
    return "{id}" if OPAQUE.fullmatch(segment) else segment
