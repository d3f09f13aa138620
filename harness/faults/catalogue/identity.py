"""Faults of the identity that Atlas signs in as, and of what it may do."""

from __future__ import annotations

from harness.faults.catalogue import words
from harness.model.fault import Effect, Fault, Place, Undo

SECRET = "Atlas signs in with a client secret, of an application that serves this project alone"  # noqa: S105 - a sentence

IDENTITY = (
    Fault(
        id="F-15",
        name="expire-secret",
        what="The client secret that Atlas holds runs out: a second one with a short life, which it is given for that.",
        effects=(Effect.INVALID,),
        places=(Place.KERNEL, Place.AZURE, Place.ATLAS),
        undo=Undo.COMPENSATE,
        blast_radius=words.ALL_CLUSTERS,
        expected="Credentials are invalid once tokens in use have run out; the next check stops the clusters."
        " A secret that works, given to Atlas, brings them back.",
        source="EAR-016 EAR-101 EAR-111",
        severity="destructive",
        permissions=(words.OWN_APPLICATIONS, words.OWNER),
        live_only_if=f"{SECRET}, and {words.APART}",
    ),
    Fault(
        id="F-16",
        name="delete-secret",
        what="The client secret that Atlas holds is deleted: a second one, which it is given for that.",
        effects=(Effect.INVALID,),
        places=(Place.KERNEL, Place.AZURE, Place.ATLAS),
        undo=Undo.COMPENSATE,
        blast_radius=words.ALL_CLUSTERS,
        expected="As with an expired secret.",
        source="EAR-035 EAR-101 EAR-111",
        severity="destructive",
        permissions=(words.OWN_APPLICATIONS, words.OWNER),
        live_only_if=f"{SECRET}, and {words.APART}",
    ),
    Fault(
        id="F-17",
        name="disable-principal",
        what="The service principal that Atlas signs in as is disabled.",
        effects=(Effect.INVALID,),
        places=(Place.KERNEL, Place.AZURE),
        undo=Undo.INVERSE,
        blast_radius="everything that signs in as this principal",
        expected="As with an expired secret: nobody signs in as it, and tokens in use run out.",
        source="EAR-101 EAR-111",
        severity="destructive",
        permissions=(words.OWN_APPLICATIONS, words.OWNER),
        live_only_if=words.APART,
    ),
    Fault(
        id="F-18",
        name="remove-roles",
        what="The roles that Atlas's principal holds on the vault are taken away.",
        effects=(Effect.INVALID,),
        places=(Place.KERNEL, Place.AZURE),
        undo=Undo.INVERSE,
        blast_radius="one principal on one vault",
        expected="Once Azure enforces it, which takes minutes, the key cannot be used; the next check stops the"
        " clusters, and with the roles back the next one starts them.",
        source="EAR-036 EAR-101 EAR-111 EAR-112",
        severity="destructive",
        permissions=(*words.CHANGE_GRANTS, words.OWNER),
        live_only_if=words.APART,
    ),
    Fault(
        id="F-19",
        name="slow-role-changes",
        what="Azure takes very long to enforce that a role was taken away, or given.",
        effects=(Effect.CLIENT,),
        places=(Place.KERNEL,),
        undo=Undo.INVERSE,
        blast_radius=words.MODEL,
        expected="Until then everything works as before: what a validation says meanwhile proves neither.",
        source="azure.md 2; Azure RBAC, troubleshooting",
        severity="destructive",
    ),
    Fault(
        id="F-20",
        name="block-sign-in",
        what="Conditional access lets Atlas's application sign in from addresses of the customer only.",
        effects=(Effect.INVALID,),
        places=(Place.KERNEL,),
        undo=Undo.INVERSE,
        blast_radius="everything that signs in as this application",
        expected="Credentials that are registered meanwhile are refused as invalid, and so are those in use at the next"
        " check.",
        source="EAR-012 EAR-035",
        severity="destructive",
    ),
)
