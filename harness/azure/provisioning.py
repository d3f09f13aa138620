"""What a live run makes on the Azure side before its scenarios, and takes away after them.

Taking away is idempotent: what is gone already is no error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from harness.azure import wire
from harness.azure.clients import AzureClients, VaultPlace
from harness.azure.credential import claims_of, credential
from harness.azure.errors import translated
from harness.azure.graph import AtlasApplication, Graph
from harness.azure.rest import RestClient
from harness.azure.service import AzureKeyService
from harness.azure.sign_in import SignIn
from harness.errors import ProtocolError, Refused
from harness.model.resource import KeyVersion, RoleGrant, Vault
from harness.ports import Clock

if TYPE_CHECKING:
    from azure.core.pipeline.transport import RequestsTransport

SECRET_LIFE_S = 7 * 86_400.0
"""How long the secret of an application lives that a run makes: longer than any run, shorter than anyone's memory."""

REVIVED_FOR = timedelta(days=7)
"""How long an expired key version is made to live again, so that what it protects can be released from it."""

SUBSCRIPTION_VERSION = "2022-12-01"
PERMISSIONS_VERSION = "2022-04-01"


class AzureProvisioner:
    """Makes and takes away vaults, keys, grants and applications, signed in as the owner of the resource group.

    Every method raises what `harness.azure.errors.translated` raises.
    """

    def __init__(
        self, place: VaultPlace, sign_in: SignIn, clock: Clock, transport: Callable[[], RequestsTransport]
    ) -> None:
        addresses = place.addresses
        self._place = place
        self._clock = clock
        self._tokens = tokens = credential(sign_in, clock, transport, addresses)
        self._sign_in = sign_in
        self._transport = transport
        self._clients = AzureClients(place, tokens, transport)
        self._arm = RestClient(addresses.resource_manager, addresses.resource_manager_scope, tokens, transport)
        self._graph = Graph(RestClient(addresses.graph, addresses.graph_scope, tokens, transport), clock)

    def signed_in_as(self) -> Mapping[str, Any]:
        """What the token for the control plane says of its bearer: `oid`, `tid`, `appid` and others.

        Raises:
            ProtocolError: it does not say whose it is.
        """
        said = claims_of(self._tokens.get_token(self._place.addresses.resource_manager_scope).token)
        if not said.get("oid") or not said.get("tid"):
            raise ProtocolError("the token for Azure Resource Manager does not say whose it is (oid, tid)")
        return said

    def permissions(self, scope: str) -> Sequence[wire.Permissions]:
        """What the signed-in identity may do at a scope, one entry for each role it holds there (azure.md 1.8)."""
        listed = self._arm.entries(
            f"reading permissions at {scope}",
            f"{scope}/providers/Microsoft.Authorization/permissions",
            query={"api-version": PERMISSIONS_VERSION},
        )
        return [wire.from_json(wire.Permissions, entry) for entry in listed]

    def resource_group_location(self) -> str:
        """Where the resource group is."""
        return self._resource_group().location

    def resource_group_tags(self) -> Mapping[str, str]:
        """Tags of the resource group; an opt-in to live changes stands here (DESIGN 6)."""
        return self._resource_group().tags or {}

    def set_resource_group_tags(self, tags: Mapping[str, str]) -> None:
        """Give the resource group these tags in place of those it has."""
        body: Any = {"tags": dict(tags)}
        with translated(f"tagging resource group {self._place.resource_group}"):
            self._clients.resources.resource_groups.update(self._place.resource_group, body)

    def create_vault(self, name: str, location: str, tags: Mapping[str, str]) -> Vault:
        """Create a vault with RBAC, purge protection and the shortest retention; wait until its name resolves.

        With purge protection a deleted vault stays for its 7 days, whoever wants it gone (azure.md 1.4).
        """
        body: Any = wire.new_vault(location, self._subscription_tenant(), tags)
        with translated(f"creating vault {name}"):
            made = self._clients.vaults.vaults.begin_create_or_update(self._place.resource_group, name, body).result()
        return wire.read(wire.VaultResource, made).model()

    def delete_vault(self, name: str) -> None:
        """Soft-delete a vault."""
        with _gone_is_fine(), translated(f"deleting vault {name}"):
            self._clients.vaults.vaults.delete(self._place.resource_group, name)

    def create_key(self, name: str, vault: str = "") -> KeyVersion:
        """Create an RSA 2048 key in a vault of the resource group; without a name in that of the place."""
        return self._keys_at(vault).create_key(name)

    def keys_named(self, beginning: str) -> Sequence[str]:
        """Names of the vault's keys that begin like this."""
        with translated(f"listing keys {beginning}…"):
            listed = [str(one.name) for one in self._clients.keys.list_properties_of_keys()]
        return [name for name in listed if name.startswith(beginning)]

    def delete_key(self, name: str) -> None:
        """Soft-delete a key, without waiting until the vault has done so."""
        with _gone_is_fine(), translated(f"deleting key {name}"):
            self._clients.keys.begin_delete_key(name)

    def revive_key(self, name: str) -> None:
        """Make a key usable again whatever a scenario did to it: recovered, enabled, inside its validity."""
        service = self._keys_at("")
        if self._is_deleted(name):
            service.recover_key(name)
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        with translated(f"listing versions of key {name}"):
            versions = [wire.key_version(one) for one in self._clients.keys.list_properties_of_key_versions(name)]
        for one in versions:
            starts = now if one.not_before and one.not_before > now else None
            ends = now + REVIVED_FOR if one.expires and one.expires <= now else None
            if starts or ends:
                service.set_key_validity(name, one.version, not_before=starts, expires=ends)
            if not one.enabled:
                service.set_key_enabled(name, one.version, enabled=True)

    def grant(self, principal_id: str, role: str, vault: str = "") -> RoleGrant:
        """Grant a role (GUID of its definition) on a vault of the resource group."""
        return self._keys_at(vault).grant_role(principal_id, role)

    def create_application(self, name: str, lifetime_s: float = SECRET_LIFE_S) -> AtlasApplication:
        """Register an application for Atlas, with a service principal and a secret that lives so many seconds."""
        return self._graph.create_application(name, lifetime_s)

    def renew_secret(self, client_id: str, lifetime_s: float = SECRET_LIFE_S) -> str:
        """Issue another secret for an application; those it has stay as they are."""
        return self._graph.add_secret(client_id, lifetime_s)

    def service_principal(self, client_id: str) -> str | None:
        """Object id of the service principal that an application has in this tenant, or None."""
        return self._graph.service_principal(client_id)

    def create_service_principal(self, client_id: str) -> str:
        """Give an application of another company, such as Atlas's own, a service principal in this tenant."""
        return self._graph.create_service_principal(client_id)

    def delete_service_principal(self, client_id: str) -> None:
        """Delete the service principal that an application has in this tenant, if there is one."""
        if principal_id := self._graph.service_principal(client_id):
            self._graph.delete_service_principal(principal_id)

    def delete_application_named(self, name: str) -> None:
        """Delete every application with this display name; those that runs make have the run's id in it."""
        for object_id in self._graph.applications_named(name):
            self._graph.delete_application(object_id)

    def _keys_at(self, vault: str) -> AzureKeyService:
        place = replace(self._place, vault=vault or self._place.vault)
        return AzureKeyService(place, self._sign_in, self._clock, self._transport)

    def _resource_group(self) -> wire.ResourceGroup:
        with translated(f"reading resource group {self._place.resource_group}"):
            found = self._clients.resources.resource_groups.get(self._place.resource_group)
        return wire.read(wire.ResourceGroup, found)

    def _subscription_tenant(self) -> str:
        """Id of the tenant that the subscription trusts; vaults can only belong to that one."""
        found = self._arm.call(
            "reading the subscription",
            "GET",
            f"/subscriptions/{self._place.subscription_id}",
            query={"api-version": SUBSCRIPTION_VERSION},
        )
        return wire.from_json(wire.Subscription, found).tenant_id

    def _is_deleted(self, name: str) -> bool:
        try:
            with translated(f"looking for deleted key {name}"):
                self._clients.keys.get_deleted_key(name)
        except Refused as refusal:
            if refusal.status == 404:
                return False
            raise
        return True


@contextmanager
def _gone_is_fine() -> Iterator[None]:
    """Let a deletion find nothing."""
    try:
        yield
    except Refused as refusal:
        if refusal.status != 404:
            raise
