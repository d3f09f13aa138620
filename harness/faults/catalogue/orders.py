"""Orders in the wrong order, edits of others, and faults of the harness itself."""

from __future__ import annotations

from harness.faults.catalogue import words
from harness.model.fault import Effect, Fault, Place, Undo

ORDERS = (
    Fault(
        id="F-36",
        name="foreign-edit",
        what="Somebody else changes a setting of the project while it is being tested.",
        effects=(Effect.LIFECYCLE,),
        places=(Place.KERNEL, Place.ATLAS),
        undo=Undo.INVERSE,
        blast_radius="one alert configuration of the project",
        expected="It shows, and the harness never writes over it.",
        source="EAR-125; DESIGN 6",
        severity="active",
        permissions=(words.OWNER,),
    ),
    Fault(
        id="F-37",
        name="disable-out-of-order",
        what="Private networking, and then the key, are to be turned off while endpoints exist.",
        effects=(Effect.LIFECYCLE,),
        places=(Place.KERNEL, Place.ATLAS),
        undo=Undo.NOTHING,
        blast_radius="the key configuration of the project, were it not refused",
        expected="Both are refused, and nothing has changed.",
        source="EAR-076 EAR-077",
        severity="active",
        permissions=(words.OWNER,),
    ),
    Fault(
        id="F-38",
        name="move-vault-out-of-order",
        what="Another vault is to be configured while endpoints exist.",
        effects=(Effect.LIFECYCLE,),
        places=(Place.KERNEL, Place.ATLAS),
        undo=Undo.NOTHING,
        blast_radius="the key configuration of the project, were it not refused",
        expected="It is refused, and nothing has changed; rotating the key stays possible.",
        source="EAR-073 EAR-074",
        severity="active",
        permissions=(words.OWNER,),
    ),
    Fault(
        id="F-39",
        name="kill-runner",
        what="The process that runs a drill ends at any write, as by a loss of power.",
        effects=(Effect.NONE,),
        places=(Place.HARNESS,),
        undo=Undo.VOLATILE,
        blast_radius="whatever was changed on purpose at that moment",
        expected="`cmkproof recover` undoes it from the ledger; doing so twice is harmless.",
        source="DESIGN 6",
        severity="passive",
    ),
    Fault(
        id="F-40",
        name="no-room-for-ledger",
        what="The undo ledger cannot be written: the disk is full, or the directory is read-only.",
        effects=(Effect.NONE,),
        places=(Place.HARNESS,),
        undo=Undo.VOLATILE,
        blast_radius="nothing",
        expected="Nothing is brought about.",
        source="DESIGN 6",
        severity="passive",
    ),
)
