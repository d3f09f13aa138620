"""Faults of the vault as a whole."""

from __future__ import annotations

from harness.faults.catalogue import words
from harness.model.fault import Effect, Fault, Place, Undo

VAULT = (
    Fault(
        id="F-13",
        name="close-public-side",
        what="The vault's public side is closed while every cluster has its private way.",
        effects=(Effect.NONE,),
        places=(Place.KERNEL, Place.AZURE),
        undo=Undo.INVERSE,
        blast_radius="everyone who reaches the vault over the internet",
        expected="Nothing changes. If anything does, traffic to the vault was not private.",
        source="EAR-070 EAR-072",
        severity="destructive",
        permissions=(*words.CHANGE_VAULT, words.OWNER),
    ),
    Fault(
        id="F-14",
        name="cut-off-public-project",
        what="The vault's public side is closed while the project reaches its key over public networking.",
        effects=(Effect.UNREACHABLE,),
        places=(Place.KERNEL, Place.AZURE),
        undo=Undo.INVERSE,
        blast_radius=words.ALL_CLUSTERS,
        expected="An alert, and no shutdown.",
        source="EAR-102 EAR-103",
        severity="destructive",
        permissions=(*words.CHANGE_VAULT, words.OWNER),
    ),
    Fault(
        id="F-24",
        name="delete-vault",
        what="The vault is deleted, with everything in it.",
        effects=(Effect.INVALID, Effect.UNREACHABLE),
        places=(Place.KERNEL,),
        undo=Undo.COMPENSATE,
        blast_radius="everyone who has anything in the vault",
        expected="Over public networking the clusters stop; over private networking their way to the key goes as well,"
        " which alone stops nothing. A recovered vault has lost the role assignments and the connections at it.",
        source="EAR-101 EAR-116; Azure Key Vault, soft-delete overview",
        severity="destructive",
    ),
)
