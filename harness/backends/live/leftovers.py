"""What a run has made, found without its ledger: by its lease, and by names that begin with its id.

Only what can have been nobody else's is taken away. How the vault's network rules were before a scenario changed them
is in the ledger alone, unless it was a fault: then it is in the tags.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.backends.live import fixtures as made
from harness.backends.live.backend import ROLES
from harness.backends.live.changes import run_token
from harness.backends.live.lease import Lease
from harness.backends.live.wiring import Wiring
from harness.backends.live.workshop import Workshop
from harness.errors import Refused
from harness.faults.ledger import Intent
from harness.settings import resolve

NOT_IN_A_LEDGER = -1
"""Number of an intent that was found elsewhere."""


def token_of(lease: Lease) -> str:
    """What names of resources have in them that the run with this lease made."""
    run_id, _, _ = lease.holder.rpartition("-")
    return run_token(run_id)


def leftovers(wiring: Wiring, workshop: Workshop, lease: Lease) -> Iterator[Intent]:
    """How to undo what the run with this lease made, newest first. Each is looked for when it is asked for."""
    token = token_of(lease)
    if _vault_is_there(workshop):
        for name in sorted(workshop.azure.keys_named(f"cmkproof-{token}-"), reverse=True):
            yield from _scenario(wiring, workshop, name)
    azure = wiring.settings.azure
    if not azure.vault:
        for vault in (f"{made.vault_name(token)}-b", made.vault_name(token)):
            yield _intent("delete_vault", name=vault)
    if not azure.application_id and azure.atlas_sign_in == "secret":
        yield _intent("delete_application", name=f"cmkproof-{token}")
    for place in workshop.places:
        yield _intent("release_lease", name=place.name, holder=lease.holder)


def _scenario(wiring: Wiring, workshop: Workshop, name: str) -> Iterator[Intent]:
    """A project with what is in it, its links to the vault, and its key."""
    named = wiring.settings.atlas.project_id
    project = None if named else workshop.projects.project_named(name)
    project_id = resolve(named, "atlas.project_id") if named else project.id if project else ""
    links = {one.connection_name for one in workshop.atlas.private_endpoints(project_id)} if project_id else set()
    kept = [one.name for one in workshop.keys.connections() if one.name not in links]
    if project_id:
        yield from (_intent("remove_service_accounts", project_id=project_id, name=f"{name}-{role}") for role in ROLES)
    if named:
        yield _intent("empty_project", project_id=project_id, key=name)
    elif project_id:
        yield _intent("remove_project", name=name)
    if links:
        yield _intent("remove_connections", name=wiring.settings.azure.vault, kept=kept)
    yield _intent("delete_key", name=name)


def _vault_is_there(workshop: Workshop) -> bool:
    try:
        workshop.keys.vault()
    except Refused as refusal:
        if refusal.status == 404:
            return False
        raise
    return True


def _intent(undo: str, **target: object) -> Intent:
    return Intent(NOT_IN_A_LEDGER, undo, target)
