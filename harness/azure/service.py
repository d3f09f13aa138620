"""`harness.ports.KeyService` on the Azure SDKs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from harness.azure import wire
from harness.azure.audit import AzureVaultAudit
from harness.azure.clients import POLL_S, AzureClients, VaultPlace
from harness.azure.credential import credential
from harness.azure.errors import translated
from harness.azure.graph import Graph
from harness.azure.rest import RestClient
from harness.azure.rights import VaultRights
from harness.azure.sign_in import SignIn
from harness.errors import Refused, Undecided, Unsupported
from harness.model.resource import KeyVersion, Vault, VaultConnection
from harness.ports import Clock

if TYPE_CHECKING:
    from azure.core.pipeline.transport import RequestsTransport

VAULT_TYPE = "Microsoft.KeyVault/vaults"
KEY_BITS = 2048
GONE_WITHIN_S = 900.0
"""Longest wait of ours for a removed connection to disappear, in seconds."""
ONCE: Any = {"retry_total": 0}
"""For requests that make something new each time: the SDK would repeat them after a 500 or 503 (azure.md 3.4)."""


class AzureKeyService(VaultRights):
    """The Azure side, signed in as the owner of one vault. Imports no SDK before the first call.

    `other` is a second vault of the same owner and the name of a key in it.
    """

    def __init__(
        self,
        place: VaultPlace,
        sign_in: SignIn,
        clock: Clock,
        transport: Callable[[], RequestsTransport],
        *,
        other: tuple[VaultPlace, str] | None = None,
    ) -> None:
        tokens = credential(sign_in, clock, transport, place.addresses)
        super().__init__(place, AzureClients(place, tokens, transport))
        self._clock = clock
        self.audit = AzureVaultAudit(self._clients, tokens, transport)
        """What is around the vault, read as the same identity."""
        addresses = place.addresses
        self.directory = Graph(RestClient(addresses.graph, addresses.graph_scope, tokens, transport), clock)
        """The tenant, as the same identity."""
        self._other = other and (AzureClients(other[0], tokens, transport), other[1])

    def provider_state(self, namespace: str) -> str:
        """Registration state of a resource provider: NotRegistered, Registering, Registered, Unregistering."""
        with translated(f"reading provider {namespace}"):
            return str(self._clients.resources.providers.get(namespace).registration_state)

    def register_provider(self, namespace: str) -> None:
        """Register a resource provider; it reads Registering until Azure has done so."""
        with translated(f"registering provider {namespace}"):
            self._clients.resources.providers.register(namespace)

    def set_public_access(self, *, enabled: bool) -> Vault:
        """Open or close the vault's public side (`publicNetworkAccess`)."""
        return self._change_vault(wire.public_access(enabled))

    def set_network_rules(self, default_action: str, allowed_addresses: Sequence[str]) -> Vault:
        """Set the vault's firewall: `Allow` or `Deny`, and the addresses let through."""
        now = self._vault().properties.network_acls
        return self._change_vault(wire.network_rules(now, default_action, allowed_addresses))

    def connections(self) -> Sequence[VaultConnection]:
        """Private endpoint connections on the vault."""
        with translated("listing connections"):
            listed = list(
                self._clients.vaults.private_endpoint_connections.list_by_resource(
                    self._place.resource_group, self._place.vault
                )
            )
        read = [wire.read(wire.Connection, entry).model() for entry in listed]
        return wire.each_once(read, lambda connection: connection.id)

    def approve_connection(self, name: str, note: str) -> VaultConnection:
        """Approve a connection; it reads Updating until the change has settled."""
        return self._decide(name, "Approved", note)

    def reject_connection(self, name: str, note: str) -> VaultConnection:
        """Reject a connection; it reads Updating until the change has settled."""
        return self._decide(name, "Rejected", note)

    def remove_connection(self, name: str) -> None:
        """Remove a connection and wait until it is gone.

        Azure's answer points at the connection itself for polling, which answers 200 while it is still there, and that
        the SDK would take for done (azure.md 1.5); so the connections are looked at instead.

        Raises:
            Undecided: it was still there after 15 minutes.
        """
        with translated(f"removing connection {name}"):
            self._clients.vaults.private_endpoint_connections.begin_delete(
                self._place.resource_group, self._place.vault, name, polling=False
            )
        deadline = self._clock.now() + GONE_WITHIN_S
        while any(connection.name == name for connection in self.connections()):
            if self._clock.now() >= deadline:
                raise Undecided(f"connection {name} is still there {GONE_WITHIN_S:.0f} s after its removal")
            self._clock.sleep(POLL_S)

    def offers_vault_endpoints(self, location: str) -> bool:
        """Azure offers private endpoints to key vaults in this region."""
        with translated(f"reading what can have private endpoints in {location}"):
            offered = list(self._clients.network.available_private_endpoint_types.list(location))
        return any((entry.resource_name or "").lower() == VAULT_TYPE.lower() for entry in offered)

    def create_own_endpoint(self, name: str) -> str:
        """Create the customer's own private endpoint to the vault; returns its resource id.

        Raises:
            Unsupported: no subnet is configured for it.
        """
        if not self._place.subnet_id:
            raise Unsupported("no subnet is configured for the customer's own private endpoints")
        body: Any = wire.own_endpoint(self._place, name)
        with translated(f"creating private endpoint {name}"):
            made = self._clients.network.private_endpoints.begin_create_or_update(
                self._place.resource_group, name, body
            ).result()
        return str(made.id)

    def remove_own_endpoint(self, name: str) -> None:
        """Remove the customer's own private endpoint and wait for the operation."""
        with translated(f"removing private endpoint {name}"):
            self._clients.network.private_endpoints.begin_delete(self._place.resource_group, name).result()

    def create_key(self, name: str) -> KeyVersion:
        """Create an RSA 2048 key, or a new version of it."""
        with translated(f"creating key {name}"):
            return wire.key_version(self._clients.keys.create_rsa_key(name, size=KEY_BITS, **ONCE).properties)

    def key(self, name: str, version: str = "") -> KeyVersion:
        """A version of a key; the latest without `version`."""
        with translated(f"reading key {name}"):
            return wire.key_version(self._clients.keys.get_key(name, version or None).properties)

    def other_key(self) -> KeyVersion:
        """The latest version of a key in another vault of the same customer.

        Raises:
            Unsupported: no second vault is configured.
        """
        if self._other is None:
            raise Unsupported("no second vault is configured")
        clients, name = self._other
        with translated(f"reading key {name} of the second vault"):
            return wire.key_version(clients.keys.get_key(name).properties)

    def rotate_key(self, name: str) -> KeyVersion:
        """Create the next version of a key by rotation."""
        with translated(f"rotating key {name}"):
            return wire.key_version(self._clients.keys.rotate_key(name, **ONCE).properties)

    def set_key_enabled(self, name: str, version: str, *, enabled: bool) -> KeyVersion:
        """Enable or disable a key version."""
        with translated(f"{'enabling' if enabled else 'disabling'} key {name}"):
            changed = self._clients.keys.update_key_properties(name, version, enabled=enabled)
        return wire.key_version(changed.properties)

    def set_key_validity(
        self, name: str, version: str, *, not_before: datetime | None, expires: datetime | None
    ) -> KeyVersion:
        """Set the period in which a key version may be used; None leaves a bound as it is."""
        with translated(f"setting the validity of key {name}"):
            changed = self._clients.keys.update_key_properties(name, version, not_before=not_before, expires_on=expires)
        return wire.key_version(changed.properties)

    def delete_key(self, name: str) -> None:
        """Soft-delete a key and wait until it is gone."""
        with translated(f"deleting key {name}"):
            self._clients.keys.begin_delete_key(name).wait()

    def recover_key(self, name: str) -> None:
        """Recover a soft-deleted key and wait until it is usable."""
        with translated(f"recovering key {name}"):
            self._clients.keys.begin_recover_deleted_key(name).wait()

    def wrap(self, name: str, version: str, secret: bytes) -> bytes:
        """Wrap bytes with a key version. Runs locally in the SDK and so proves nothing (azure.md 3.5)."""
        from azure.keyvault.keys.crypto import KeyWrapAlgorithm

        with translated(f"wrapping with key {name}"):
            client = self._clients.cryptography(name, version)
            return client.wrap_key(KeyWrapAlgorithm.rsa_oaep_256, secret).encrypted_key

    def unwrap(self, name: str, version: str, wrapped: bytes) -> bytes:
        """Unwrap bytes in the vault: the proof that the key works."""
        from azure.keyvault.keys.crypto import KeyWrapAlgorithm

        with translated(f"unwrapping with key {name}"):
            client = self._clients.cryptography(name, version)
            return client.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped).key

    def _decide(self, name: str, status: str, note: str) -> VaultConnection:
        connections = self._clients.vaults.private_endpoint_connections
        group, vault = self._place.resource_group, self._place.vault
        with translated(f"reading connection {name}"):
            found = connections.get(group, vault, name)
        if found is None:
            raise Refused(404, "ResourceNotFound", f"the vault has no connection {name}")
        decision: Any = wire.read(wire.Connection, found).decision(status, note)
        with translated(f"deciding about connection {name}"):
            decided = connections.put(group, vault, name, decision)
        return wire.read(wire.Connection, decided).model()
