"""Faults of the machines that use the key."""

from __future__ import annotations

from harness.faults.catalogue import words
from harness.model.fault import Effect, Fault, Place, Undo

NODES = (
    Fault(
        id="F-21",
        name="lose-region",
        what="One of several regions of a cluster is cut off: an outage that Atlas itself simulates.",
        effects=(Effect.CLIENT,),
        places=(Place.KERNEL, Place.ATLAS),
        undo=Undo.EXPIRE,
        blast_radius="the nodes of one cluster in one region",
        expected="The nodes of the other regions keep the cluster and its key in use; Atlas does not stop it.",
        source="EAR-105; Atlas, simulate a regional outage",
        severity="destructive",
        permissions=(words.CLUSTER_MANAGER, words.OWNER),
        live_only_if="the cluster has electable nodes in several regions",
    ),
    Fault(
        id="F-23",
        name="restart-while-unreachable",
        what="The primaries of a cluster are restarted while the vault's public side is closed to them.",
        effects=(Effect.UNREACHABLE, Effect.INVALID),
        places=(Place.KERNEL, Place.AZURE, Place.ATLAS),
        undo=Undo.INVERSE,
        blast_radius="one cluster",
        expected="It does not come back before the vault can be reached again.",
        source="EAR-104",
        severity="destructive",
        permissions=(*words.CHANGE_VAULT, words.CLUSTER_MANAGER, words.OWNER),
        live_only_if=f"the project uses public networking, and {words.APART}",
    ),
)
