"""The customer's own network: virtual networks, subnets, and private endpoints to vaults (azure.md 1.6)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from harness.fake.kernel.arm.directory import LOCATIONS, canonical_location
from harness.fake.kernel.arm.records import (
    ArmState,
    Operation,
    PrivateEndpoint,
    ResourceGroup,
    Status,
    Subnet,
    Vault,
    VirtualNetwork,
)
from harness.fake.kernel.refusal import ArmRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

FIRST_ENDPOINT_ADDRESS = IPv4Address("10.20.0.4")
"""Azure keeps the first addresses of a subnet for itself."""


class Network:
    """Keeps virtual networks and private endpoints."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("arm.endpoint_ready", self._endpoint_ready)
        world.law("arm.endpoint_gone", self._endpoint_gone)

    @property
    def _state(self) -> ArmState:
        return self._world.state.arm

    def put_network(
        self, group: ResourceGroup, name: str, location: str, prefixes: tuple[str, ...], subnets: tuple[Subnet, ...]
    ) -> VirtualNetwork:
        """Create a virtual network with its subnets, or replace them.

        Raises:
            ArmRefusal: MissingSubscriptionRegistration, LocationNotAvailableForResourceType.
        """
        self._require(group.subscription_id, location, "Microsoft.Network/virtualNetworks")
        streams = self._world.streams
        network = VirtualNetwork(
            group.subscription_id, group.name, name, canonical_location(location), prefixes,
            streams.guid("arm.network"), streams.guid("arm.network"),
            {subnet.name.lower(): subnet for subnet in subnets},
        )  # fmt: skip
        self._state.networks[network.id.lower()] = network
        return network

    def network(self, group: ResourceGroup, name: str) -> VirtualNetwork:
        """The virtual network.

        Raises:
            ArmRefusal: ResourceNotFound.
        """
        found = self._state.networks.get(f"{group.id}/providers/microsoft.network/virtualnetworks/{name}".lower())
        if found is None:
            raise ArmRefusal("ResourceNotFound", f"Microsoft.Network/virtualNetworks/{name}", group.name)
        return found

    def subnet_exists(self, subnet_id: str) -> bool:
        """The id names a subnet that exists."""
        network_id, _, subnet = subnet_id.lower().rpartition("/subnets/")
        network = self._state.networks.get(network_id)
        return network is not None and subnet in network.subnets

    def create_endpoint(
        self,
        group: ResourceGroup,
        name: str,
        location: str,
        subnet_id: str,
        vault_id: str,
        connection_name: str,
        *,
        manual: bool,
        message: str = "",
        tags: dict[str, str] | None = None,
    ) -> PrivateEndpoint:
        """Start the creation of a private endpoint to a vault; it reads Updating for the knob `arm_operation_s`.

        When that is over the vault has a connection for it: Approved, or Pending when `manual`.

        Raises:
            ArmRefusal: MissingSubscriptionRegistration, LocationNotAvailableForResourceType,
                InvalidResourceReference (no such subnet or vault), AnotherOperationInProgress.
        """
        self._require(group.subscription_id, location, "Microsoft.Network/privateEndpoints")
        if not self.subnet_exists(subnet_id):
            raise ArmRefusal("InvalidResourceReference", subnet_id, name)
        vault = self._vault(vault_id, name)
        streams = self._world.streams
        endpoint = PrivateEndpoint(
            group.subscription_id, group.name, name, canonical_location(location), subnet_id, vault.name.lower(),
            vault.id, connection_name, manual, message, self._next_address(), streams.guid("arm.endpoint"),
            streams.guid("arm.nic"), streams.guid("arm.etag"), tags=dict(tags or {}),
        )  # fmt: skip
        self._state.private_endpoints[endpoint.id.lower()] = endpoint
        self._world.schedule(self._world.knobs.arm_operation_s, "arm.endpoint_ready", endpoint.id.lower())
        return endpoint

    def endpoint(self, group: ResourceGroup, name: str) -> PrivateEndpoint:
        """The private endpoint.

        Raises:
            ArmRefusal: ResourceNotFound.
        """
        found = self.find_endpoint(group, name)
        if found is None:
            raise ArmRefusal("ResourceNotFound", f"Microsoft.Network/privateEndpoints/{name}", group.name)
        return found

    def find_endpoint(self, group: ResourceGroup, name: str) -> PrivateEndpoint | None:
        """The private endpoint, or None."""
        endpoint_id = f"{group.id}/providers/microsoft.network/privateendpoints/{name}".lower()
        return self._state.private_endpoints.get(endpoint_id)

    def delete_endpoint(self, endpoint: PrivateEndpoint) -> Operation:
        """Start the deletion of a private endpoint; its connection goes with it after the knob `arm_operation_s`."""
        if endpoint.provisioning_state != "Deleting":
            endpoint.provisioning_state = "Deleting"
            self._world.schedule(self._world.knobs.arm_operation_s, "arm.endpoint_gone", endpoint.id.lower())
        return self._world.arm.start_operation()

    def _require(self, subscription_id: str, location: str, kind: str) -> None:
        self._world.arm.require_provider(subscription_id, "Microsoft.Network")
        if canonical_location(location) not in LOCATIONS:
            raise ArmRefusal("LocationNotAvailableForResourceType", location, kind)

    def _vault(self, vault_id: str, referrer: str) -> Vault:
        vault = self._world.arm.vault_named(vault_id.rpartition("/")[2])
        if vault is None or vault.id.lower() != vault_id.lower():
            raise ArmRefusal("InvalidResourceReference", vault_id, referrer)
        return vault

    def _next_address(self) -> str:
        address = FIRST_ENDPOINT_ADDRESS + self._state.addresses_given
        self._state.addresses_given += 1
        return str(address)

    def _endpoint_ready(self, endpoint_id: str) -> None:
        endpoint = self._state.private_endpoints.get(endpoint_id)
        if endpoint is None or endpoint.provisioning_state != "Updating":
            return
        endpoint.provisioning_state = "Succeeded"
        endpoint.etag = self._world.streams.guid("arm.etag")
        vault = self._world.arm.vault_named(endpoint.vault)
        if vault is not None and self._world.arm.connection_of(endpoint.id) is None:
            status: Status = "Pending" if endpoint.manual else "Approved"
            self._world.arm.add_connection(vault, endpoint.connection_name, endpoint.id, status, endpoint.message)

    def _endpoint_gone(self, endpoint_id: str) -> None:
        if self._state.private_endpoints.pop(endpoint_id, None) is not None:
            self._world.arm.disconnect(endpoint_id)
