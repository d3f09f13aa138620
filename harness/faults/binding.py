"""Which injection brings which fault about, and what it strikes at a site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.errors import UsageError
from harness.faults.answers import ON_THE_WIRE, AnswerFault
from harness.faults.catalogue import find
from harness.faults.disasters import DeleteVault, PurgeKey, RepeatedEvents, SlowRoles
from harness.faults.flapping import FlappingLink, LoseEveryLink
from harness.faults.identities import BlockSignIn, DeleteSecret, DisablePrincipal, ExpireSecret
from harness.faults.injection import Injection, Target, Tools
from harness.faults.keys import DeleteKey, DisableKey, ExpireKey, RotateKey
from harness.faults.links import LinkFault, RemoveEndpoint
from harness.faults.newcomers import DeleteTooEarly, FailCreation, RejectPending, StuckCreation, WithholdApproval
from harness.faults.nodes import LoseRegion, RestartWhileUnreachable
from harness.faults.orders import DisableOutOfOrder, ForeignEdit, MoveVault
from harness.faults.rights import RemoveRoles
from harness.faults.vault import ClosePublicSide, CutOffPublicProject
from harness.model.fault import Fault
from harness.ports import Site

KINDS: Mapping[str, Callable[[Fault, Tools, Target], Injection]] = {
    "F-01": LinkFault,
    "F-02": RemoveEndpoint,
    "F-03": RejectPending,
    "F-04": FlappingLink,
    "F-05": WithholdApproval,
    "F-06": FailCreation,
    "F-07": DeleteTooEarly,
    "F-08": DisableKey,
    "F-09": DeleteKey,
    "F-10": PurgeKey,
    "F-11": ExpireKey,
    "F-12": RotateKey,
    "F-13": ClosePublicSide,
    "F-14": CutOffPublicProject,
    "F-15": ExpireSecret,
    "F-16": DeleteSecret,
    "F-17": DisablePrincipal,
    "F-18": RemoveRoles,
    "F-19": SlowRoles,
    "F-20": BlockSignIn,
    "F-21": LoseRegion,
    "F-22": LoseEveryLink,
    "F-23": RestartWhileUnreachable,
    "F-24": DeleteVault,
    "F-31": StuckCreation,
    "F-33": RepeatedEvents,
    "F-36": ForeignEdit,
    "F-37": DisableOutOfOrder,
    "F-38": MoveVault,
    **dict.fromkeys(ON_THE_WIRE, AnswerFault),
}
"""By id. F-39 and F-40 are faults of the harness itself: nothing brings them about but its own tests."""

OF_A_REGION = frozenset({"F-01", "F-02", "F-03", "F-04", "F-05", "F-06", "F-07", "F-21", "F-31"})
OF_THE_KEY = frozenset({"F-08", "F-09", "F-10", "F-11", "F-12"})
OF_THE_VAULT = frozenset({"F-13", "F-14", "F-23", "F-24"})
OF_THE_PRINCIPAL = frozenset({"F-15", "F-16", "F-17", "F-18", "F-19", "F-20"})


def bound(fault: str, tools: Tools, target: Mapping[str, Any]) -> Injection:
    """The injection of a fault, at its target.

    Raises:
        UsageError: there is no such fault, or nothing that brings it about.
    """
    entry = find(fault)
    if entry.id not in KINDS:
        raise UsageError(f"{entry.id} {entry.name} is a fault of the harness itself, and is not brought about")
    return KINDS[entry.id](entry, tools, target)


def target_at(fault: str, site: Site, region: str) -> Mapping[str, str]:
    """What a fault strikes at a site, by names and identifiers."""
    fault_id = find(fault).id
    if fault_id in OF_A_REGION:
        return {"project": site.project_id, "region": region}
    if fault_id in OF_THE_KEY:
        return {"vault": site.vault, "key": site.key}
    if fault_id in OF_THE_VAULT:
        return {"vault": site.vault}
    if fault_id in OF_THE_PRINCIPAL:
        return {"vault": site.vault, "principal": site.principal_id}
    if fault_id in ON_THE_WIRE:
        return {"clients": "this process"}
    return {"project": site.project_id}
