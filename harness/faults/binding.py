"""Which injection brings which fault about, and what it strikes at a site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.errors import UsageError
from harness.faults.catalogue import find
from harness.faults.injection import Injection, Target, Tools
from harness.faults.keys import DeleteKey, DisableKey, ExpireKey, RotateKey
from harness.faults.links import LinkFault, RemoveEndpoint
from harness.faults.rights import RemoveRoles
from harness.faults.vault import ClosePublicSide, CutOffPublicProject
from harness.model.fault import Fault
from harness.ports import Site

KINDS: Mapping[str, Callable[[Fault, Tools, Target], Injection]] = {
    "F-01": LinkFault,
    "F-02": RemoveEndpoint,
    "F-08": DisableKey,
    "F-09": DeleteKey,
    "F-11": ExpireKey,
    "F-12": RotateKey,
    "F-13": ClosePublicSide,
    "F-14": CutOffPublicProject,
    "F-18": RemoveRoles,
}


def bound(fault: str, tools: Tools, target: Mapping[str, Any]) -> Injection:
    """The injection of a fault, at its target.

    Raises:
        UsageError: there is no such fault, or nothing that brings it about.
    """
    entry = find(fault)
    if entry.id not in KINDS:
        raise UsageError(f"{entry.id} {entry.name} cannot be brought about here")
    return KINDS[entry.id](entry, tools, target)


def target_at(fault: str, site: Site, region: str) -> Mapping[str, str]:
    """What a fault strikes at a site, by names and identifiers."""
    match find(fault).id:
        case "F-01" | "F-02":
            return {"region": region}
        case "F-18":
            return {"vault": site.vault, "principal": site.principal_id}
        case "F-13" | "F-14":
            return {"vault": site.vault}
    return {"vault": site.vault, "key": site.key}
