"""Who may do what on a vault: roles, roles of the customer's own, access policies (azure.md 1.4, 1.8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from harness.azure import wire
from harness.azure.clients import AzureClients, VaultPlace
from harness.azure.errors import translated
from harness.model.resource import AccessPolicy, RoleGrant, Vault


class VaultRights:
    """The part of `harness.ports.KeyService` that is about rights on the vault, and the vault itself."""

    def __init__(self, place: VaultPlace, clients: AzureClients) -> None:
        self._place = place
        self._clients = clients

    def vault(self) -> Vault:
        """The vault."""
        return self._vault().model()

    def set_access(self, *, rbac: bool, policies: Sequence[AccessPolicy]) -> Vault:
        """Say who decides over access: roles, or access policies, which are these and no others."""
        return self._change_vault(wire.access_model(self._vault().properties.tenant_id, rbac, policies))

    def define_role(self, name: str, actions: Sequence[str], data_actions: Sequence[str]) -> str:
        """Define the one role of the customer's own for this vault, or change it; returns its GUID."""
        role, scope = self._own_role, self._place.resource_group_id
        body: Any = wire.role_definition(scope, name, actions, data_actions)
        with translated(f"defining role {name}"):
            self._clients.authorization.role_definitions.create_or_update(scope, role, body)
        return role

    def remove_role(self) -> None:
        """Take the role of the customer's own away; none is no error."""
        with translated("removing a role definition"):
            self._clients.authorization.role_definitions.delete(self._place.resource_group_id, self._own_role)

    def role_grants(self, principal_id: str) -> Sequence[RoleGrant]:
        """Roles a principal holds on the vault, those inherited from above included."""
        with translated("listing role assignments"):
            assignments = list(
                self._clients.authorization.role_assignments.list_for_scope(
                    self._place.vault_id, filter=f"principalId eq '{principal_id}'"
                )
            )
        return wire.each_once(map(wire.role_grant, assignments), lambda grant: grant.id)

    def grant_role(self, principal_id: str, role: str) -> RoleGrant:
        """Grant a role (GUID of its definition) on the vault. The same grant always has the same name."""
        scope = self._place.vault_id
        name = str(uuid5(NAMESPACE_URL, f"{scope}/{principal_id}/{role}"))
        body: Any = wire.role_assignment(self._place, principal_id, role)
        with translated("granting a role"):
            return wire.role_grant(self._clients.authorization.role_assignments.create(scope, name, body))

    def revoke_role(self, grant_id: str) -> None:
        """Take a role away; a grant that is gone already is no error."""
        with translated("revoking a role"):
            self._clients.authorization.role_assignments.delete_by_id(grant_id)

    @property
    def _own_role(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"{self._place.vault_id}/cmkproof"))

    def _vault(self) -> wire.VaultResource:
        with translated("reading the vault"):
            found = self._clients.vaults.vaults.get(self._place.resource_group, self._place.vault)
        return wire.read(wire.VaultResource, found)

    def _change_vault(self, patch: Any) -> Vault:
        with translated("changing the vault"):
            changed = self._clients.vaults.vaults.update(self._place.resource_group, self._place.vault, patch)
        return wire.read(wire.VaultResource, changed).model()
