"""What undoes each thing that a live run makes or changes, by the names that stand in its undo ledger.

Each undo looks at the world first and does only what is still to be done, so doing it twice, or for a change that was
never made, is harmless. They go through the same public APIs as everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from harness.backends.live import lease
from harness.backends.live.workshop import Workshop
from harness.driver.custodian import OWN_ENDPOINT
from harness.driver.vocabulary import ALERTS
from harness.errors import Refused, Undecided
from harness.model.resource import AccessPolicy
from harness.wait import until

SETTLED = frozenset({"DELETING"})
LOCKED = frozenset({"INITIATING", "DELETING"})
"""Statuses in which Atlas does not take the deletion of an endpoint (atlas.md 2.1 T13)."""

REMINDER_DAYS = 90
"""After how many days Atlas reminds of a key, unless it was told otherwise (alert conditions)."""

OUTAGE = "CANNOT_TERMINATE_CLUSTER_WITH_UNDERGOING_REGIONAL_OUTAGE_SIMULATION"
"""Why a cluster is not deleted while the outage of one of its regions is simulated."""

LOOK_EVERY_S = 15.0


def remove_project(workshop: Workshop, name: str) -> None:
    """Take a project away that the run made, with everything in it."""
    project = workshop.projects.project_named(name)
    if project is None:
        return
    _remove_clusters(workshop, project.id)
    _remove_endpoints(workshop, project.id)
    workshop.projects.delete_project(project.id)


def empty_project(workshop: Workshop, project_id: str, key: str) -> None:
    """Take clusters and endpoints of a project away and turn the customer's key off; the project stays.

    Raises:
        Undecided: something was still there when patience ended.
    """
    _remove_clusters(workshop, project_id)
    _remove_endpoints(workshop, project_id)
    _restore_reminder(workshop, project_id)
    if workshop.atlas.encryption(project_id).enabled:
        workshop.azure.revive_key(key)  # Atlas changes nothing while it cannot use the key (atlas.md EAR-042)
        workshop.atlas.update_encryption(project_id, {"azureKeyVault": {"enabled": False}})


def _restore_reminder(workshop: Workshop, project_id: str) -> None:
    """Set the reminder to rotate back to what Atlas sets it to (EAR-123)."""
    for rule in workshop.atlas.alert_rules(project_id):
        if rule.kind == ALERTS["the key needs rotation"] and rule.threshold != f"GREATER_THAN {REMINDER_DAYS} DAYS":
            workshop.atlas.set_alert_threshold(project_id, rule.kind, REMINDER_DAYS)


def remove_service_accounts(workshop: Workshop, project_id: str, name: str) -> None:
    """Take identities away that the run made; they would outlive the project that they were made for."""
    try:
        project = workshop.projects.project(project_id)
    except Refused as refusal:
        if refusal.status != 404:
            raise
        return
    workshop.projects.delete_service_accounts(project_id, project.org_id, name)


def remove_cloud_role(workshop: Workshop, project_id: str, name: str) -> None:
    """Take the role away that stood for Atlas's sign-in, from a project that stays; `name` is the principal's id."""
    workshop.projects.delete_cloud_roles(project_id, name)


def delete_service_principal(workshop: Workshop, name: str) -> None:
    """Delete the service principal that the run made for Atlas's own application."""
    workshop.azure.delete_service_principal(name)


def revoke_role(workshop: Workshop, name: str, principal_id: str) -> None:
    """Take a role on the vault away that the run granted; `name` is the role's GUID."""
    for grant in workshop.keys.role_grants(principal_id):
        if grant.role == name:
            workshop.keys.revoke_role(grant.id)


def _remove_clusters(workshop: Workshop, project_id: str) -> None:
    for name in workshop.projects.flex_clusters(project_id):
        workshop.projects.delete_flex_cluster(project_id, name)

    def gone() -> bool:
        left = workshop.atlas.clusters(project_id)
        for cluster in left:
            if cluster.state not in SETTLED:
                _delete_cluster(workshop, project_id, cluster.name)
        return not left and not workshop.projects.flex_clusters(project_id)

    _wait(workshop, gone, workshop.limits.cluster_s, "clusters")


def _delete_cluster(workshop: Workshop, project_id: str, name: str) -> None:
    """Ask for a deletion; where a simulated outage stands in its way, ask for the end of that first."""
    try:
        workshop.atlas.delete_cluster(project_id, name)
    except Refused as refusal:
        if refusal.reason == OUTAGE:
            _unless_refused(workshop.atlas.end_outage, project_id, name)


def _remove_endpoints(workshop: Workshop, project_id: str) -> None:
    def gone() -> bool:
        left = workshop.atlas.private_endpoints(project_id)
        for endpoint in left:
            if endpoint.status not in LOCKED:
                _unless_refused(workshop.atlas.delete_private_endpoint, project_id, endpoint.id)
        return not left

    _wait(workshop, gone, workshop.limits.creation_s + workshop.limits.deletion_s, "private endpoints")


def _unless_refused(call: Callable[[str, str], None], project_id: str, name: str) -> None:
    """Ask for a deletion; a refusal now may be none at the next look."""
    try:
        call(project_id, name)
    except Refused:
        return


def _wait(workshop: Workshop, gone: Callable[[], bool], within_s: float, what: str) -> None:
    deadline = workshop.clock.now() + within_s
    if not until(workshop.clock, gone, deadline=deadline, every_s=LOOK_EVERY_S):
        raise Undecided(f"{what} are still there after {within_s:.0f} s")


def delete_key(workshop: Workshop, name: str) -> None:
    """Soft-delete a key; purge protection keeps it until its retention ends, and nobody can shorten that."""
    workshop.azure.delete_key(name)


def restore_vault(
    workshop: Workshop,
    name: str,  # noqa: ARG001 - says in the ledger which vault it is
    public_access: str,
    default_action: str,
    addresses: Sequence[str],
    principal_id: str,
    roles: Sequence[str],
    providers: Sequence[str],
    rbac: bool = True,
    policies: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Bring the vault back to where it was: network rules, who decides over access, Atlas's roles, providers."""
    now = workshop.keys.vault()
    if (now.public_access or "Enabled") != public_access:
        workshop.keys.set_public_access(enabled=public_access == "Enabled")
    if (now.default_action or "Allow") != default_action or list(now.allowed_addresses) != list(addresses):
        workshop.keys.set_network_rules(default_action, addresses)
    for namespace in providers:
        if workshop.keys.provider_state(namespace) not in ("Registered", "Registering"):
            workshop.keys.register_provider(namespace)
    if (now.rbac is True) != rbac:
        workshop.keys.set_access(rbac=rbac, policies=[_policy(one) for one in policies])
    _restore_roles(workshop, principal_id, roles)


def remove_connections(
    workshop: Workshop,
    name: str,  # noqa: ARG001 - says in the ledger which vault it is
    kept: Sequence[str],
) -> None:
    """Take away what came to the vault: the custodian's own endpoint, and links that Atlas has left behind."""
    if any(one.private_endpoint_id.endswith(f"/{OWN_ENDPOINT}") for one in workshop.keys.connections()):
        workshop.keys.remove_own_endpoint(OWN_ENDPOINT)
    for connection in workshop.keys.connections():
        if connection.name not in kept:
            workshop.keys.remove_connection(connection.name)


def _restore_roles(workshop: Workshop, principal_id: str, roles: Sequence[str]) -> None:
    """Give Atlas's principal back the roles it had and no others, and wait until Azure acts on it."""
    held = {grant.role: grant.id for grant in workshop.keys.role_grants(principal_id)}
    missing, added = [role for role in roles if role not in held], [role for role in held if role not in roles]
    for role in missing:
        workshop.keys.grant_role(principal_id, role)
    for role in added:
        workshop.keys.revoke_role(held[role])
    _remove_own_role(workshop, granted=bool(added))
    if missing or added:
        workshop.clock.sleep(workshop.limits.propagation_s)


def _remove_own_role(workshop: Workshop, *, granted: bool) -> None:
    """Take the role away that a scenario may have defined; who may not remove roles has not defined one either."""
    try:
        workshop.keys.remove_role()
    except Refused as refusal:
        if granted or refusal.status != 403:
            raise


def _policy(kept: Mapping[str, Any]) -> AccessPolicy:
    permissions = {kind: tuple(names) for kind, names in kept["permissions"].items()}
    return AccessPolicy(kept["principal_id"], permissions, kept["application_id"])


def delete_vault(workshop: Workshop, name: str) -> None:
    """Delete a vault that the run made; purge protection keeps it, soft-deleted, until its retention ends."""
    workshop.azure.delete_vault(name)


def delete_application(workshop: Workshop, name: str) -> None:
    """Delete the application that the run made for Atlas to sign in with."""
    workshop.azure.delete_application_named(name)


def release_lease(workshop: Workshop, name: str, holder: str) -> None:
    """Let others use the target."""
    for place in workshop.places:
        if place.name == name:
            lease.release(place, holder)


UNDOS: Mapping[str, Callable[..., None]] = {
    undo.__name__: undo
    for undo in (
        remove_project,
        empty_project,
        remove_service_accounts,
        remove_cloud_role,
        delete_service_principal,
        revoke_role,
        delete_key,
        restore_vault,
        remove_connections,
        delete_vault,
        delete_application,
        release_lease,
    )
}
"""By the names that the ledger uses; a name that stands in some ledger is never taken away."""
