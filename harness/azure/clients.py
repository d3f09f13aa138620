"""The SDK clients, unmodified, made when first needed: importing them costs a third of a second (azure.md 3.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from harness.azure.addresses import AzureAddresses
from harness.azure.credential import TokenSource
from harness.azure.errors import refuse_unregistered
from harness.azure.reception import hooks, renewing

if TYPE_CHECKING:
    from azure.core.pipeline.transport import RequestsTransport
    from azure.keyvault.keys import KeyClient
    from azure.keyvault.keys.crypto import CryptographyClient
    from azure.mgmt.authorization import AuthorizationManagementClient
    from azure.mgmt.keyvault import KeyVaultManagementClient
    from azure.mgmt.network import NetworkManagementClient
    from azure.mgmt.resource.resources import ResourceManagementClient

POLL_S = 10.0
"""Pause between polls of a long-running operation that names none."""


@dataclass(frozen=True, slots=True)
class VaultPlace:
    """Where a vault is, and where its owner may put a private endpoint of its own."""

    subscription_id: str
    resource_group: str
    vault: str
    location: str
    subnet_id: str = ""
    """Resource id of the subnet for own endpoints; without one none can be made."""
    addresses: AzureAddresses = field(default_factory=AzureAddresses)

    @property
    def vault_url(self) -> str:
        """Address of the data plane."""
        return self.addresses.vault_url(self.vault)

    @property
    def resource_group_id(self) -> str:
        """Resource id of the resource group."""
        return f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"

    @property
    def vault_id(self) -> str:
        """Resource id of the vault."""
        return f"{self.resource_group_id}/providers/Microsoft.KeyVault/vaults/{self.vault}"

    def role_definition_id(self, role: str) -> str:
        """Resource id of a role definition, from its GUID."""
        return f"/subscriptions/{self.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role}"


class AzureClients:
    """One client per API, all signed in as the same identity, each over its own transport."""

    def __init__(self, place: VaultPlace, credential: TokenSource, transport: Callable[[], RequestsTransport]) -> None:
        self.place = place
        self._transport = transport
        self._credential = credential

    def _control_plane(self, kind: Any, **options: Any) -> Any:
        """A client of Azure Resource Manager."""
        addresses = self.place.addresses
        return kind(
            self._credential,
            self.place.subscription_id,
            base_url=addresses.resource_manager,
            credential_scopes=[addresses.resource_manager_scope],
            authentication_policy=renewing(self._credential, addresses.resource_manager_scope),
            transport=self._transport(),
            **hooks(self._credential, refuse_unregistered),
            **options,
        )

    @cached_property
    def vaults(self) -> KeyVaultManagementClient:
        """Control plane of vaults and of the connections on them."""
        from azure.mgmt.keyvault import KeyVaultManagementClient

        client: KeyVaultManagementClient = self._control_plane(KeyVaultManagementClient, polling_interval=POLL_S)
        return client

    @cached_property
    def network(self) -> NetworkManagementClient:
        """Own private endpoints, and where Azure offers them (azure.md 1.7)."""
        from azure.mgmt.network import NetworkManagementClient

        client: NetworkManagementClient = self._control_plane(NetworkManagementClient, polling_interval=POLL_S)
        return client

    @cached_property
    def authorization(self) -> AuthorizationManagementClient:
        """Role assignments."""
        from azure.mgmt.authorization import AuthorizationManagementClient

        client: AuthorizationManagementClient = self._control_plane(AuthorizationManagementClient)
        return client

    @cached_property
    def resources(self) -> ResourceManagementClient:
        """Resource providers."""
        from azure.mgmt.resource.resources import ResourceManagementClient

        client: ResourceManagementClient = self._control_plane(ResourceManagementClient)
        return client

    @cached_property
    def keys(self) -> KeyClient:
        """Data plane of the vault.

        The SDK remembers per process in which tenant a vault lives. Two simulated worlds may hold vaults of one name in
        different tenants, so that memory is cleared for each new client.
        """
        from azure.keyvault.keys import KeyClient
        from azure.keyvault.keys._shared import HttpChallengeCache

        HttpChallengeCache.clear()
        return KeyClient(
            self.place.vault_url,
            self._credential,
            transport=self._transport(),
            **hooks(self._credential),
        )

    def cryptography(self, name: str, version: str) -> CryptographyClient:
        """Operations with one key version, by its identifier only.

        Given the key itself, the SDK would refuse by the wall clock what it believes expired (azure.md 3.5).
        """
        return self.keys.get_cryptography_client(name, key_version=version)
