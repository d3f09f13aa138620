"""Subscriptions, their resource providers and their resource groups (azure.md 1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.arm.records import ArmState, Operation, ResourceGroup, Subscription
from harness.fake.kernel.refusal import ArmRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

NAMESPACES: dict[str, tuple[str, ...]] = {
    "Microsoft.Authorization": ("roleAssignments", "roleDefinitions"),
    "Microsoft.KeyVault": ("vaults", "deletedVaults", "locations", "checkNameAvailability"),
    "Microsoft.Network": ("privateEndpoints", "virtualNetworks", "networkInterfaces", "locations"),
    "Microsoft.Resources": ("resourceGroups", "subscriptions"),
}
"""Resource providers of this world, with the types that they offer."""

LOCATIONS: tuple[str, ...] = (
    "australiacentral", "australiaeast", "australiasoutheast", "brazilsouth", "brazilsoutheast", "canadacentral",
    "canadaeast", "centralindia", "centralus", "eastasia", "eastus", "eastus2", "francecentral", "francesouth",
    "germanynorth", "germanywestcentral", "israelcentral", "italynorth", "japaneast", "japanwest", "koreacentral",
    "koreasouth", "mexicocentral", "northcentralus", "northeurope", "norwayeast", "norwaywest", "polandcentral",
    "qatarcentral", "southafricanorth", "southafricawest", "southcentralus", "southeastasia", "southindia",
    "spaincentral", "swedencentral", "swedensouth", "switzerlandnorth", "switzerlandwest", "uaecentral", "uaenorth",
    "uksouth", "ukwest", "westcentralus", "westeurope", "westindia", "westus", "westus2", "westus3",
)  # fmt: skip
"""Azure regions of this world."""


class Directory:
    """Keeps subscriptions, providers and groups."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("arm.provider_registered", self._provider_registered)
        world.law("arm.provider_unregistered", self._provider_unregistered)
        world.law("arm.group_gone", self._group_gone)

    @property
    def _state(self) -> ArmState:
        return self._world.state.arm

    def add_subscription(self, tenant_id: str, name: str) -> str:
        """Create a subscription with every provider registered; returns its id."""
        subscription_id = self._world.streams.guid("arm.subscription")
        providers = {namespace.lower(): "Registered" for namespace in NAMESPACES}
        self._state.subscriptions[subscription_id] = Subscription(subscription_id, tenant_id, name, providers)
        return subscription_id

    def subscription(self, subscription_id: str) -> Subscription:
        """The subscription.

        Raises:
            ArmRefusal: SubscriptionNotFound.
        """
        found = self._state.subscriptions.get(subscription_id.lower())
        if found is None:
            raise ArmRefusal("SubscriptionNotFound", subscription_id)
        return found

    def provider_state(self, subscription_id: str, namespace: str) -> str:
        """Registration state of a provider: NotRegistered, Registering, Registered or Unregistering.

        Raises:
            ArmRefusal: SubscriptionNotFound, InvalidResourceNamespace.
        """
        providers = self.subscription(subscription_id).providers
        if namespace.lower() not in providers:
            raise ArmRefusal("InvalidResourceNamespace", namespace)
        return providers[namespace.lower()]

    def register_provider(self, subscription_id: str, namespace: str) -> None:
        """Start the registration of a provider; it reads Registering for the knob `provider_registration_s`."""
        if self.provider_state(subscription_id, namespace) != "Registered":
            self._turn(subscription_id, namespace, "Registering", "arm.provider_registered")

    def unregister_provider(self, subscription_id: str, namespace: str) -> None:
        """Start the removal of a provider; it reads Unregistering for the knob `provider_registration_s`."""
        if self.provider_state(subscription_id, namespace) != "NotRegistered":
            self._turn(subscription_id, namespace, "Unregistering", "arm.provider_unregistered")

    def set_provider(self, subscription_id: str, namespace: str, state: str) -> None:
        """Put a provider into a state at once: how a world begins."""
        self.provider_state(subscription_id, namespace)
        self.subscription(subscription_id).providers[namespace.lower()] = state

    def require_provider(self, subscription_id: str, namespace: str) -> None:
        """Insist that a provider is registered.

        Raises:
            ArmRefusal: MissingSubscriptionRegistration (azure.md 1.2).
        """
        if self.provider_state(subscription_id, namespace) != "Registered":
            raise ArmRefusal("MissingSubscriptionRegistration", namespace)

    def _turn(self, subscription_id: str, namespace: str, state: str, kind: str) -> None:
        self.set_provider(subscription_id, namespace, state)
        delay = self._world.knobs.provider_registration_s
        self._world.schedule(delay, kind, f"{subscription_id.lower()}/{namespace.lower()}")

    def _provider_registered(self, subject: str) -> None:
        self._settle(subject, "Registering", "Registered")

    def _provider_unregistered(self, subject: str) -> None:
        self._settle(subject, "Unregistering", "NotRegistered")

    def _settle(self, subject: str, from_state: str, to_state: str) -> None:
        subscription_id, _, namespace = subject.partition("/")
        providers = self._state.subscriptions[subscription_id].providers
        if providers[namespace] == from_state:
            providers[namespace] = to_state

    def add_resource_group(
        self, subscription_id: str, name: str, location: str, tags: dict[str, str] | None = None
    ) -> ResourceGroup:
        """Create a resource group, or replace the tags of one that exists.

        Raises:
            ArmRefusal: SubscriptionNotFound, LocationNotAvailableForResourceGroup, InvalidResourceGroupLocation (it
                exists elsewhere).
        """
        self.subscription(subscription_id)
        location = canonical_location(location)
        if location not in LOCATIONS:
            raise ArmRefusal("LocationNotAvailableForResourceGroup", location)
        key = (subscription_id.lower(), name.lower())
        group = self._state.resource_groups.get(key)
        if group is None:
            group = self._state.resource_groups[key] = ResourceGroup(key[0], name, location)
        elif group.location != location:
            raise ArmRefusal("InvalidResourceGroupLocation", name, group.location)
        group.tags = dict(tags or {})
        return group

    def resource_group(self, subscription_id: str, name: str) -> ResourceGroup:
        """The resource group.

        Raises:
            ArmRefusal: SubscriptionNotFound, ResourceGroupNotFound.
        """
        self.subscription(subscription_id)
        group = self._state.resource_groups.get((subscription_id.lower(), name.lower()))
        if group is None:
            raise ArmRefusal("ResourceGroupNotFound", name)
        return group

    def delete_resource_group(self, group: ResourceGroup) -> Operation:
        """Start the deletion of a resource group; it and all in it are gone after the knob `arm_operation_s`.

        Vaults in it are soft-deleted as by a deletion of their own.
        """
        if group.provisioning_state != "Deleting":
            group.provisioning_state = "Deleting"
            subject = f"{group.subscription_id}/{group.name.lower()}"
            self._world.schedule(self._world.knobs.arm_operation_s, "arm.group_gone", subject)
        return self.start_operation()

    def _group_gone(self, subject: str) -> None:
        subscription_id, _, name = subject.partition("/")
        group = self._state.resource_groups.pop((subscription_id, name), None)
        if group is None:
            return
        arm, inside = self._world.arm, f"{group.id.lower()}/"
        for endpoint_id in [one for one in self._state.private_endpoints if one.startswith(inside)]:
            del self._state.private_endpoints[endpoint_id]
            arm.disconnect(endpoint_id)
        for vault in [one for one in self._state.vaults.values() if one.id.lower().startswith(inside)]:
            arm.delete_vault(vault)
        for network_id in [one for one in self._state.networks if one.startswith(inside)]:
            del self._state.networks[network_id]
        arm.forget_roles_within(group.id)

    def start_operation(self) -> Operation:
        """A long-running operation that ends after the knob `arm_operation_s`."""
        operation = Operation(
            self._world.streams.guid("arm.operation"), self._world.now + self._world.knobs.arm_operation_s
        )
        self._state.operations[operation.id] = operation
        return operation

    def operation(self, operation_id: str) -> Operation | None:
        """The operation with this id."""
        return self._state.operations.get(operation_id.lower())


def canonical_location(location: str) -> str:
    """`East US 2` and `eastus2` are the same region."""
    return location.replace(" ", "").lower()
