"""Atlas's field names and what they mean in `harness.model.resource`: only this place knows both (atlas.md 3.5, 3.8).

Structures name only the fields that the harness uses; everything else in an answer is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from harness.atlas.paging import Item
from harness.model import resource

TENANT_SIZES = frozenset({"M0", "M2", "M5"})
"""Shared tiers: their provider is TENANT, and the cloud moves to another field."""
PRIORITY_FIRST = 7
"""Election priority of the first region; each further one has one less."""
SNAPSHOT_KEPT_DAYS = 1
OWNER_ROLE = "GROUP_OWNER"
"""Project Owner, as notifications of alerts name it."""


class AzureBlock(msgspec.Struct, rename="camel"):
    """`azureKeyVault` of an encryption configuration."""

    enabled: bool = False
    valid: bool | None = None
    require_private_networking: bool | None = None
    key_identifier: str | None = None
    key_vault_name: str | None = None
    resource_group_name: str | None = None
    azure_environment: str | None = None
    role_id: str | None = None
    subscription_id: str | None = msgspec.field(default=None, name="subscriptionID")
    tenant_id: str | None = msgspec.field(default=None, name="tenantID")
    client_id: str | None = msgspec.field(default=None, name="clientID")


class ProviderBlock(msgspec.Struct):
    """The part that the blocks of all providers share."""

    enabled: bool = False


class EncryptionAtRest(msgspec.Struct, rename="camel"):
    """Encryption configuration of a project."""

    aws_kms: ProviderBlock | None = None
    azure_key_vault: dict[str, Any] | None = None
    google_cloud_kms: ProviderBlock | None = None
    enabled_for_search_nodes: bool | None = None

    def __post_init__(self) -> None:
        """Let a block of the wrong shape fail here already; it stays a mapping to tell which fields were sent."""
        msgspec.convert(self.azure_key_vault or {}, AzureBlock)

    def model(self) -> resource.Encryption:
        """The configuration in our words."""
        sent = self.azure_key_vault
        azure = msgspec.convert(sent or {}, AzureBlock)
        blocks = {
            "aws": self.aws_kms,
            "azure": None if sent is None else ProviderBlock(azure.enabled),
            "gcp": self.google_cloud_kms,
        }
        present = {name: block for name, block in blocks.items() if block is not None}
        return resource.Encryption(
            enabled=azure.enabled,
            valid=azure.valid,
            require_private_networking=azure.require_private_networking,
            key_identifier=azure.key_identifier,
            key_vault_name=azure.key_vault_name,
            subscription_id=azure.subscription_id,
            resource_group_name=azure.resource_group_name,
            tenant_id=azure.tenant_id,
            client_id=azure.client_id,
            azure_environment=azure.azure_environment,
            role_id=azure.role_id,
            search_nodes=self.enabled_for_search_nodes,
            providers=tuple(present),
            providers_enabled=tuple(name for name, block in present.items() if block.enabled),
            fields=tuple(sorted(sent or ())),
        )


class FeatureUsage(msgspec.Struct, rename="camel"):
    """What uses a role."""

    feature_type: str


class CloudRole(msgspec.Struct, rename="camel"):
    """A role of cloud provider access to Azure; what other roles call `roleId` is `_id` here (atlas.md 6 #20)."""

    id: str = msgspec.field(name="_id")
    atlas_azure_app_id: str = ""
    service_principal_id: str = ""
    tenant_id: str = ""
    feature_usages: list[FeatureUsage] = []

    def model(self) -> resource.CloudRole:
        """The role in our words."""
        return resource.CloudRole(
            id=self.id,
            application_id=self.atlas_azure_app_id,
            principal_id=self.service_principal_id,
            tenant_id=self.tenant_id,
            used_for=tuple(usage.feature_type for usage in self.feature_usages),
        )


class CloudRoles(msgspec.Struct):
    """The roles of a project, of Azure only."""

    roles: list[CloudRole] = msgspec.field(name="azureServicePrincipals", default_factory=list)


class BackupPolicy(msgspec.Struct, rename="camel"):
    """A backup compliance policy; without fields where there is none."""

    encryption_at_rest_enabled: bool = False
    state: str | None = None

    def model(self) -> resource.CompliancePolicy | None:
        """The policy in our words."""
        return None if self.state is None else resource.CompliancePolicy(self.encryption_at_rest_enabled, self.state)


class Endpoint(Item, rename="camel"):
    """An encryption-at-rest private endpoint."""

    region_name: str
    status: str
    cloud_provider: str = "AZURE"
    private_endpoint_connection_name: str | None = None
    error_message: str | None = None

    def model(self) -> resource.PrivateEndpoint:
        """The endpoint in our words."""
        return resource.PrivateEndpoint(
            id=self.id,
            region=self.region_name,
            status=self.status,
            connection_name=self.private_endpoint_connection_name,
            error_message=self.error_message,
            provider=self.cloud_provider,
        )


class Link(msgspec.Struct):
    """A link of a list."""

    rel: str


class EndpointList(msgspec.Struct, rename="camel"):
    """One page of endpoints."""

    results: list[Endpoint]
    total_count: int | None = None
    links: list[Link] = []

    def model(self) -> resource.EndpointPage:
        """In our words."""
        ids = tuple(entry.id for entry in self.results)
        return resource.EndpointPage(ids, self.total_count, tuple(link.rel for link in self.links))


class Hardware(msgspec.Struct, rename="camel"):
    """Size and number of nodes."""

    instance_size: str = ""
    node_count: int = 0


class RegionConfig(msgspec.Struct, rename="camel"):
    """Nodes of a shard in one region."""

    provider_name: str
    region_name: str
    electable_specs: Hardware | None = None

    def model(self) -> resource.Placement:
        """The nodes in our words."""
        nodes = self.electable_specs or Hardware()
        return resource.Placement(self.provider_name, self.region_name, nodes.instance_size, nodes.node_count)


class ReplicationSpec(msgspec.Struct, rename="camel"):
    """One shard."""

    region_configs: list[RegionConfig] = []


class ClusterDescription(Item, rename="camel"):
    """A cluster."""

    name: str
    state_name: str
    paused: bool = False
    encryption_at_rest_provider: str = "NONE"
    backup_enabled: bool = False
    replication_specs: list[ReplicationSpec] = msgspec.field(default_factory=list)

    def model(self) -> resource.Cluster:
        """The cluster in our words."""
        return resource.Cluster(
            id=self.id,
            name=self.name,
            state=self.state_name,
            paused=self.paused,
            key_provider=self.encryption_at_rest_provider,
            placements=tuple(region.model() for spec in self.replication_specs for region in spec.region_configs),
            backup_enabled=self.backup_enabled,
        )


class SearchSpec(msgspec.Struct, rename="camel"):
    """Search nodes of one shard."""

    node_count: int = 0


class SearchNodes(msgspec.Struct, rename="camel"):
    """A search deployment; Atlas answers an empty object when there is none (atlas.md 3.8)."""

    id: str | None = None
    state_name: str = ""
    encryption_at_rest_provider: str = "NONE"
    specs: list[SearchSpec] = []

    def model(self) -> resource.SearchDeployment | None:
        """The deployment in our words."""
        if self.id is None:
            return None
        nodes = sum(spec.node_count for spec in self.specs)
        return resource.SearchDeployment(self.state_name, self.encryption_at_rest_provider, nodes)


class BackupSnapshot(Item, rename="camel"):
    """A backup snapshot."""

    status: str = ""
    description: str | None = None
    master_key_uuid: str | None = msgspec.field(default=None, name="masterKeyUUID")

    def model(self) -> resource.Snapshot:
        """The snapshot in our words."""
        return resource.Snapshot(self.id, self.status, self.master_key_uuid)


class FlexSnapshot(Item, rename="camel"):
    """A snapshot of a Flex cluster; what it tells of its state is spelled in capitals."""

    status: str = ""

    def model(self) -> resource.Snapshot:
        """The snapshot in our words."""
        return resource.Snapshot(self.id, self.status.lower(), None)


class OutageSimulation(msgspec.Struct):
    """A simulated outage of a cluster's regions."""

    state: str = ""


class AlertEntry(Item, rename="camel"):
    """An alert."""

    event_type_name: str
    status: str
    cluster_name: str | None = None

    def model(self) -> resource.Alert:
        """The alert in our words."""
        return resource.Alert(self.id, self.event_type_name, self.status, self.cluster_name)


class Threshold(msgspec.Struct):
    """When an alert is raised."""

    operator: str = ""
    threshold: float = 0
    units: str = ""

    def __str__(self) -> str:
        return f"{self.operator} {self.threshold:g} {self.units}".strip()


class AlertConfig(Item, rename="camel"):
    """An alert configuration; whom it tells, and about what, is sent back as it came."""

    event_type_name: str
    enabled: bool = False
    threshold: Threshold | None = None
    matchers: list[dict[str, Any]] = msgspec.field(default_factory=list)
    notifications: list[dict[str, Any]] = msgspec.field(default_factory=list)

    def model(self) -> resource.AlertRule:
        """The rule in our words."""
        threshold = None if self.threshold is None else str(self.threshold)
        mails = any(_mails_owners(notification) for notification in self.notifications)
        return resource.AlertRule(self.id, self.event_type_name, self.enabled, threshold, mails)

    def with_threshold(self, days: int) -> Mapping[str, Any]:
        """Body that replaces the rule by one that only differs in its threshold."""
        return {
            "eventTypeName": self.event_type_name,
            "enabled": self.enabled,
            "matchers": self.matchers,
            "notifications": self.notifications,
            "threshold": {"operator": "GREATER_THAN", "threshold": days, "units": "DAYS"},
        }


def _mails_owners(notification: Mapping[str, Any]) -> bool:
    """A notification to the project by e-mail; without roles it goes to everybody in it."""
    told = notification.get("roles") or [OWNER_ROLE]
    return notification.get("typeName") == "GROUP" and bool(notification.get("emailEnabled")) and OWNER_ROLE in told


class EventEntry(Item, rename="camel"):
    """An entry of the activity feed."""

    event_type_name: str
    created: datetime
    cluster_name: str | None = None

    def model(self) -> resource.Event:
        """The entry in our words."""
        return resource.Event(self.id, self.event_type_name, self.created, self.cluster_name)


class EventList(msgspec.Struct):
    """One page of the activity feed."""

    results: list[EventEntry]

    def ids(self) -> list[str]:
        """Identifiers, as often and in the order in which they stand there."""
        return [entry.id for entry in self.results]


class ClusterAddresses(msgspec.Struct, rename="camel"):
    """Addresses of one cluster's nodes."""

    cluster_name: str
    inbound: list[str] = []
    outbound: list[str] = []


class AddressServices(msgspec.Struct):
    """Addresses by service."""

    clusters: list[ClusterAddresses] = []


class GroupAddresses(msgspec.Struct):
    """Addresses of a project."""

    services: AddressServices = msgspec.field(default_factory=AddressServices)


class ControlPlaneAddresses(msgspec.Struct):
    """Addresses of the control plane, by provider and region."""

    outbound: dict[str, dict[str, list[str]]] = {}
    """Where Atlas's own requests come from; inbound is where clients go to."""


def addresses(group: GroupAddresses, control_plane: ControlPlaneAddresses) -> resource.Addresses:
    """Addresses in our words, each once."""
    every_region = (ips for regions in control_plane.outbound.values() for ips in regions.values())
    return resource.Addresses(
        clusters={entry.cluster_name: _once(entry.inbound, entry.outbound) for entry in group.services.clusters},
        control_plane=_once(*every_region),
    )


def _once(*lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def replication_specs(placements: Sequence[tuple[str, str, str, int]]) -> Sequence[Mapping[str, Any]]:
    """One shard; placements are (provider, region, size, nodes), most preferred first."""
    return [{"regionConfigs": [_region_config(rank, *placement) for rank, placement in enumerate(placements)]}]


def new_cloud_role(application_id: str, tenant_id: str, principal_id: str) -> dict[str, Any]:
    """Body that asks for a role in a tenant of Azure."""
    return {
        "providerName": "AZURE",
        "atlasAzureAppId": application_id,
        "servicePrincipalId": principal_id,
        "tenantId": tenant_id,
    }


def backup_policy(project_id: str, *, encryption_required: bool) -> dict[str, Any]:
    """Body of a backup compliance policy that asks for nothing but, perhaps, encryption."""
    return {
        "authorizedEmail": "cmkproof@example.com",
        "authorizedUserFirstName": "Key",
        "authorizedUserLastName": "Custodian",
        "copyProtectionEnabled": False,
        "encryptionAtRestEnabled": encryption_required,
        "pitEnabled": False,
        "projectId": project_id,
    }


def new_cluster(
    name: str, placements: Sequence[tuple[str, str, str, int]], key_provider: str, backup: bool
) -> Mapping[str, Any]:
    """Body that asks for a replica set."""
    return {
        "name": name,
        "clusterType": "REPLICASET",
        "backupEnabled": backup,
        "encryptionAtRestProvider": key_provider,
        "replicationSpecs": replication_specs(placements),
    }


def _region_config(rank: int, provider: str, region: str, size: str, nodes: int) -> Mapping[str, Any]:
    where = {"regionName": region, "priority": PRIORITY_FIRST - rank}
    if size in TENANT_SIZES:
        tenant = {"providerName": "TENANT", "backingProviderName": provider}
        return {**where, **tenant, "electableSpecs": {"instanceSize": size}}
    return {**where, "providerName": provider, "electableSpecs": {"instanceSize": size, "nodeCount": nodes}}


def new_flex_cluster(name: str, region: str, extra: Mapping[str, Any]) -> Mapping[str, Any]:
    """Body that asks for a Flex cluster on Azure."""
    return {"name": name, "providerSettings": {"backingProviderName": "AZURE", "regionName": region}, **extra}


def new_search_nodes(size: str, nodes: int) -> Mapping[str, Any]:
    """Body that asks for dedicated search nodes."""
    return {"specs": [{"instanceSize": size, "nodeCount": nodes}]}


def new_snapshot(description: str) -> Mapping[str, Any]:
    """Body that asks for an on-demand snapshot."""
    return {"description": description, "retentionInDays": SNAPSHOT_KEPT_DAYS}


def new_restore(project_id: str, snapshot_id: str, target: str) -> Mapping[str, Any]:
    """Body that asks for the restore of a snapshot onto a cluster."""
    where = {"targetGroupId": project_id, "targetClusterName": target}
    return {"deliveryType": "automated", "snapshotId": snapshot_id, **where}


def new_download(snapshot_id: str) -> Mapping[str, Any]:
    """Body that asks for a snapshot to be handed out."""
    return {"deliveryType": "download", "snapshotId": snapshot_id}


def new_flex_restore(project_id: str, snapshot_id: str, target: str) -> Mapping[str, Any]:
    """Body that asks for the restore of a Flex cluster's snapshot onto another cluster."""
    return {"snapshotId": snapshot_id, "targetProjectId": project_id, "targetDeploymentItemName": target}


def new_outage(regions: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
    """Body that asks for the simulated outage of regions; each is (provider, region)."""
    return {
        "outageFilters": [
            {"cloudProvider": provider, "regionName": region, "type": "REGION"} for provider, region in regions
        ]
    }
