"""Faults of the key itself."""

from __future__ import annotations

from harness.faults.catalogue import words
from harness.model.fault import Effect, Fault, Place, Undo

KEYS = (
    Fault(
        id="F-08",
        name="disable-key",
        what="The key version in use is disabled.",
        effects=(Effect.INVALID,),
        places=(Place.KERNEL, Place.AZURE),
        undo=Undo.INVERSE,
        blast_radius=words.ALL_CLUSTERS,
        expected="The next validity check stops the clusters; once the key is enabled again, the next one starts them.",
        source="EAR-101 EAR-111 EAR-112",
        severity="destructive",
        permissions=(*words.UPDATE_KEY, words.OWNER),
        live_only_if=words.APART,
    ),
    Fault(
        id="F-09",
        name="delete-key",
        what="The key is soft-deleted.",
        effects=(Effect.INVALID,),
        places=(Place.KERNEL, Place.AZURE),
        undo=Undo.INVERSE,
        blast_radius=words.ALL_CLUSTERS,
        expected="As with a disabled key; a recovered key brings the clusters back. It is never purged.",
        source="EAR-101 EAR-111 EAR-112",
        severity="destructive",
        permissions=(*words.DELETE_KEY, f"{words.CHANGE_VAULT[0]}", words.OWNER),
        live_only_if=f"soft delete and purge protection of the vault are on, and {words.APART}",
    ),
    Fault(
        id="F-10",
        name="purge-key",
        what="The key is purged: nobody can ever have it back.",
        effects=(Effect.INVALID,),
        places=(Place.KERNEL,),
        undo=Undo.NEVER_LIVE,
        blast_radius="every byte that was ever encrypted with the key",
        expected="The clusters stop and stay stopped; their data is lost.",
        source="EAR-101 EAR-108 EAR-116",
        severity="destructive",
    ),
    Fault(
        id="F-11",
        name="expire-key",
        what="The validity period of the key version in use is moved so that now lies outside of it.",
        effects=(Effect.INVALID,),
        places=(Place.KERNEL, Place.AZURE),
        undo=Undo.COMPENSATE,
        blast_radius=words.ALL_CLUSTERS,
        expected="The key can no longer encrypt: a configuration with it is refused, and the next check stops the"
        " clusters. A bound that was not there before is moved out of the way, since it cannot be taken off.",
        source="EAR-034 EAR-101 EAR-111",
        severity="destructive",
        permissions=(*words.UPDATE_KEY, words.OWNER),
        live_only_if=words.APART,
    ),
    Fault(
        id="F-12",
        name="rotate-key",
        what="The key is rotated and the project moves to its new version, while endpoints exist.",
        effects=(Effect.LIFECYCLE,),
        places=(Place.KERNEL, Place.AZURE, Place.ATLAS),
        undo=Undo.COMPENSATE,
        blast_radius=words.ALL_CLUSTERS,
        expected="The change is accepted and no cluster stops. The way back is the version before, which stays enabled;"
        " the new version stays in the vault.",
        source="EAR-074 EAR-121 EAR-122",
        severity="active",
        permissions=(*words.ROTATE_KEY, words.OWNER),
    ),
)
