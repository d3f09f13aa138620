"""`harness.ports.VaultAudit`: reads around the vault, over the Azure SDKs and, where there is none, over REST."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from harness.azure import audit_wire, wire
from harness.azure.clients import AzureClients
from harness.azure.credential import TokenSource
from harness.azure.errors import translated
from harness.azure.rest import RestClient
from harness.errors import Refused
from harness.model.posture import ApplicationSecret, DiagnosticSetting, KeyMaterial, RoleHolding, RotationPolicy
from harness.model.resource import KeyVersion

if TYPE_CHECKING:
    from azure.core.pipeline.transport import RequestsTransport

DIAGNOSTICS_VERSION = "2021-05-01-preview"
"""The newest version of diagnostic settings that the vendor's reference has."""

DEFENDER_VERSION = "2024-01-01"
ROLES_VERSION = "2022-04-01"
PLAN = "KeyVaults"


class AzureVaultAudit:
    """Signed in as whoever audits; every request is a GET."""

    def __init__(self, clients: AzureClients, tokens: TokenSource, transport: Callable[[], RequestsTransport]) -> None:
        place = clients.place
        addresses = place.addresses
        self._clients = clients
        self._place = place
        self._manager = RestClient(addresses.resource_manager, addresses.resource_manager_scope, tokens, transport)
        self._directory = RestClient(addresses.graph, addresses.graph_scope, tokens, transport)

    def key_versions(self, name: str) -> Sequence[KeyVersion]:
        """Every version of a key."""
        with translated(f"listing the versions of key {name}"):
            listed = list(self._clients.keys.list_properties_of_key_versions(name))
        return wire.each_once(map(wire.key_version, listed), lambda key: key.version)

    def key_material(self, name: str, version: str) -> KeyMaterial:
        """Kind and size of a key version."""
        with translated(f"reading key {name}"):
            return audit_wire.key_material(self._clients.keys.get_key(name, version or None))

    def rotation_policy(self, name: str) -> RotationPolicy:
        """The rotation policy of a key."""
        with translated(f"reading the rotation policy of key {name}"):
            return audit_wire.rotation_policy(self._clients.keys.get_key_rotation_policy(name))

    def role_holdings(self) -> Sequence[RoleHolding]:
        """Every role assignment at the vault, above it, and at its keys, with what the role allows."""
        with translated("listing role assignments"):
            found = self._clients.authorization.role_assignments.list_for_scope(self._place.vault_id)
            listed = wire.each_once(found, lambda assignment: assignment.id)
        wanted = sorted({audit_wire.role_id(assignment) for assignment in listed})
        roles = {role.name.lower(): role for one in wanted if (role := self._role(one))}
        return [audit_wire.role_holding(assignment, roles) for assignment in listed]

    def _role(self, role_id: str) -> audit_wire.RoleDefinition | None:
        """One definition, since Azure has hundreds; None for one that is gone and whose assignments have stayed."""
        path = f"{self._place.vault_id}/providers/Microsoft.Authorization/roleDefinitions/{role_id}"
        try:
            said = self._manager.call("reading a role", "GET", path, query={"api-version": ROLES_VERSION})
        except Refused as refusal:
            if refusal.status != 404:
                raise
            return None
        return wire.from_json(audit_wire.RoleDefinition, said)

    def diagnostic_settings(self) -> Sequence[DiagnosticSetting]:
        """Diagnostic settings of the vault."""
        listed = self._manager.entries(
            "listing diagnostic settings",
            f"{self._place.vault_id}/providers/Microsoft.Insights/diagnosticSettings",
            query={"api-version": DIAGNOSTICS_VERSION},
        )
        return [wire.from_json(audit_wire.DiagnosticSetting, entry).model() for entry in listed]

    def defender_is_on(self) -> bool:
        """Microsoft Defender for Key Vault is on in the subscription."""
        path = f"/subscriptions/{self._place.subscription_id}/providers/Microsoft.Security/pricings/{PLAN}"
        said = self._manager.call("reading the Defender plan", "GET", path, query={"api-version": DEFENDER_VERSION})
        return wire.from_json(audit_wire.DefenderPlan, said).properties.pricing_tier == "Standard"

    def application_secrets(self, client_id: str) -> Sequence[ApplicationSecret]:
        """Client secrets of an application of this tenant."""
        said = self._directory.call(
            f"reading application {client_id}",
            "GET",
            f"/v1.0/applications(appId='{client_id}')",
            query={"$select": "appId,passwordCredentials"},
        )
        return [one.model() for one in wire.from_json(audit_wire.Application, said).password_credentials]
