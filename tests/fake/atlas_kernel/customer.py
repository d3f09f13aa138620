"""A small customer: one application, one vault with one key, one Atlas project."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.fake.kernel.arm import Connection, Vault, VaultSettings
from harness.fake.kernel.atlas import Atlas
from harness.fake.kernel.atlas.state import (
    AzureChange,
    AzureKeyVault,
    Cluster,
    ClusterChange,
    ClusterRequest,
    EncryptionChange,
    Endpoint,
    NodeSpec,
    Placement,
    Shard,
)
from harness.fake.kernel.knobs import Knobs
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.world import World

CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
READER = "21090545-7ca7-4776-b22c-e363652d74d2"
US, EU = "US_EAST_2", "EUROPE_NORTH"


@dataclass
class Customer:
    """A world with a customer in it, and short words for what the tests do there."""

    world: World
    project_id: str
    vault: Vault
    other_vault: Vault
    tenant_id: str
    client_id: str
    principal_id: str
    secret: str
    role: str
    key: str

    @property
    def atlas(self) -> Atlas:
        return self.world.atlas

    @property
    def azure(self) -> AzureKeyVault:
        return self.atlas.encryption.configuration(self.project_id).azure

    def wait(self, seconds: float) -> None:
        self.world.advance_to(self.world.now + seconds)

    def complete(self, **changes: object) -> AzureChange:
        """Everything that enabling needs, with some of it changed."""
        change = AzureChange(
            enabled=True,
            azure_environment="AZURE",
            client_id=self.client_id,
            tenant_id=self.tenant_id,
            secret=self.secret,
            subscription_id=self.vault.subscription_id,
            resource_group_name=self.vault.resource_group,
            key_vault_name=self.vault.name,
            key_identifier=self.key,
        )
        return replace(change, **changes)  # type: ignore[arg-type]

    def change(self, **changes: object) -> None:
        """A partial update of the Azure block."""
        azure = AzureChange(**changes)  # type: ignore[arg-type]
        self.atlas.encryption.update(self.project_id, EncryptionChange(azure=azure))

    def enable(self, *, private: bool = False, **changes: object) -> None:
        azure = self.complete(**changes)
        if private:
            azure = replace(azure, require_private_networking=True)
        self.atlas.encryption.update(self.project_id, EncryptionChange(azure=azure))

    def disable(self) -> None:
        self.change(enabled=False)

    def rotate(self) -> str:
        """Make a new version of the key; returns its identifier."""
        return self.world.key_vault.rotate(self.vault, "cmk").id

    def set_key(self, *, enabled: bool, identifier: str = "") -> None:
        version = (identifier or self.key).rsplit("/", 1)[1]
        self.world.key_vault.set_attributes(self.vault, "cmk", version, enabled=enabled)

    def close_vault(self) -> None:
        self.world.arm.update_vault(self.vault, VaultSettings(public_network_access="Disabled"))

    def endpoint(self, region: str = US, status: str = "INITIATING") -> Endpoint:
        """An endpoint brought into a status by the documented way."""
        endpoint = self.atlas.endpoints.create(self.project_id, "AZURE", region)
        if status == "INITIATING":
            return endpoint
        if status == "FAILED":
            self.world.knobs.fail_create = "no capacity"
            self.wait(self.world.knobs.initiating_delay_s)
            self.world.knobs.fail_create = ""
            return endpoint
        self.wait(self.world.knobs.initiating_delay_s)
        if status in ("ACTIVE", "PENDING_RECREATION"):
            self.approve(endpoint)
        if status == "PENDING_RECREATION":
            self.reject(endpoint)
        if status == "DELETING":
            self.delete(endpoint)
        assert endpoint.status == status
        return endpoint

    def delete(self, endpoint: Endpoint) -> None:
        self.atlas.endpoints.delete(self.project_id, "AZURE", endpoint.id)

    def endpoints(self, region: str = US) -> list[Endpoint]:
        return [e for e in self.atlas.endpoints.of_project(self.project_id) if e.region == region]

    def statuses(self, region: str = US) -> list[str]:
        return [e.status for e in self.endpoints(region)]

    def connection(self, endpoint: Endpoint) -> Connection:
        connection = self.world.arm.connection_of(endpoint.private_endpoint_id)
        assert connection is not None
        return connection

    def approve(self, endpoint: Endpoint) -> None:
        self._set(endpoint, "Approved")

    def reject(self, endpoint: Endpoint) -> None:
        self._set(endpoint, "Rejected")

    def remove(self, endpoint: Endpoint) -> None:
        self.world.arm.delete_connection(self.vault, self.connection(endpoint).name)
        self.wait(self.world.knobs.arm_operation_s + self.world.knobs.pending_detect_delay_s)

    def _set(self, endpoint: Endpoint, status: str) -> None:
        name = self.connection(endpoint).name
        self.world.arm.set_connection_status(self.vault, name, status, "")  # type: ignore[arg-type]
        self.wait(self.world.knobs.connection_settle_s + self.world.knobs.pending_detect_delay_s)

    def cluster(self, name: str = "payments", regions: tuple[str, ...] = (US,), key: str = "AZURE") -> Cluster:
        """A running cluster."""
        cluster = self.atlas.clusters.create(self.project_id, request(name, regions, key))
        self.wait(self.world.knobs.cluster_create_s)
        assert cluster.state_name == "IDLE"
        return cluster

    def update(self, cluster: Cluster, **changes: object) -> Cluster:
        change = ClusterChange(**changes)  # type: ignore[arg-type]
        return self.atlas.clusters.update(self.project_id, cluster.name, change)

    def events(self, kind: str) -> list[float]:
        """Instants at which the feed says something of a kind."""
        return [e.created for e in self.atlas.feed.events(self.project_id) if e.kind.endswith(kind)]

    def open_alerts(self) -> list[tuple[str, str | None]]:
        alerts = self.atlas.feed.alerts(self.project_id)
        return [(a.kind, a.cluster) for a in alerts if a.status == "OPEN"]


def request(
    name: str = "payments", regions: tuple[str, ...] = (US,), key: str = "AZURE", **more: object
) -> ClusterRequest:
    shard = Shard(tuple(Placement("AZURE", region, electable=NodeSpec("M30", 3)) for region in regions))
    return ClusterRequest(name, (shard,), key_provider=key, **more)  # type: ignore[arg-type]


def multi_cloud_request(name: str = "global", key: str = "AZURE") -> ClusterRequest:
    nodes = NodeSpec("M30", 2)
    placements = (Placement("AZURE", US, electable=nodes), Placement("AWS", "US_EAST_1", electable=nodes))
    return ClusterRequest(name, (Shard(placements),), key_provider=key)


def build(seed: int = 1, *, readings: Readings | None = None, knobs: Knobs | None = None) -> Customer:
    world = World(seed, readings=readings, knobs=knobs)
    tenant_id = world.entra.add_tenant("customer.example")
    client_id = world.entra.add_application(tenant_id, "atlas").client_id
    principal_id = world.entra.add_service_principal(tenant_id, client_id)
    secret = world.entra.add_secret(client_id, 700 * 86_400.0)
    subscription_id = world.arm.add_subscription(tenant_id, "production")
    world.arm.add_resource_group(subscription_id, "keys", "eastus2")
    settings = VaultSettings(tenant_id=tenant_id, rbac=True)
    vault = world.arm.put_vault(subscription_id, "keys", "acme-kv", "eastus2", settings)
    other_vault = world.arm.put_vault(subscription_id, "keys", "other-kv", "eastus2", settings)
    role = world.arm.assign_role(vault.id, CRYPTO_USER, principal_id)[0].name
    world.arm.assign_role(other_vault.id, CRYPTO_USER, principal_id)
    for one in (vault, other_vault):
        world.arm.assign_role(one.id, READER, principal_id)
    key = world.key_vault.create_key(vault, "cmk").id
    world.key_vault.create_key(other_vault, "cmk")
    world.advance_to(world.now + 600)
    organisation = world.atlas.projects.add_organisation("Acme")
    project = world.atlas.projects.create(organisation.id, "production")
    return Customer(world, project.id, vault, other_vault, tenant_id, client_id, principal_id, secret, role, key)
