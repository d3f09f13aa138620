"""The Atlas side, as steps and runs need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from harness.model.resource import (
    Addresses,
    Alert,
    AlertRule,
    CloudRole,
    Cluster,
    CompliancePolicy,
    Encryption,
    EndpointPage,
    Event,
    PrivateEndpoint,
    SearchDeployment,
    Snapshot,
)


class ClusterService(Protocol):
    """The Atlas side, signed in as one identity."""

    def encryption(self, project_id: str) -> Encryption:
        """Configuration of the project; reading it makes Atlas validate the key on demand (KMS, Validate)."""

    def update_encryption(self, project_id: str, change: Mapping[str, Any]) -> Encryption:
        """Change the configuration; `change` is the body in Atlas's own field names."""

    def cloud_roles(self, project_id: str) -> Sequence[CloudRole]:
        """Roles through which Atlas signs in to tenants of Azure without a secret."""

    def create_cloud_role(self, project_id: str, application_id: str, tenant_id: str, principal_id: str) -> CloudRole:
        """Ask for a role by which an application signs in as its service principal in a tenant (EAR-140)."""

    def delete_cloud_role(self, project_id: str, role_id: str) -> None:
        """Give a role up (EAR-143)."""

    def private_endpoints(self, project_id: str) -> Sequence[PrivateEndpoint]:
        """Every endpoint record of the project, all pages."""

    def private_endpoint(self, project_id: str, endpoint_id: str) -> PrivateEndpoint | None:
        """One endpoint record, or None when Atlas says it does not exist."""

    def create_private_endpoint(self, project_id: str, region: str) -> PrivateEndpoint:
        """Ask for an endpoint. At most once: after an unknown outcome the list is read back before trying again."""

    def private_endpoint_ids(self, project_id: str, provider: str) -> Sequence[str]:
        """Identifiers of the endpoints of a cloud: `AZURE`, `AWS`, or one that has none (EAR-085)."""

    def create_private_endpoint_at(self, project_id: str, provider: str, region: str) -> str:
        """Ask for an endpoint of a cloud that is named (EAR-085); returns its identifier."""

    def delete_private_endpoint(self, project_id: str, endpoint_id: str) -> None:
        """Ask for the deletion of an endpoint."""

    def alter_private_endpoint(
        self, project_id: str, endpoint_id: str, change: Mapping[str, Any], *, whole: bool
    ) -> None:
        """Try to change (PATCH) or, `whole`, to replace (PUT) an endpoint: Atlas offers neither (EAR-086)."""

    def private_endpoint_pages(self, project_id: str, page_size: int) -> Sequence[EndpointPage]:
        """The list of endpoints page by page, as Atlas hands it out."""

    def clusters(self, project_id: str) -> Sequence[Cluster]:
        """Every cluster of the project."""

    def cluster(self, project_id: str, name: str) -> Cluster | None:
        """One cluster, or None when Atlas says it does not exist."""

    def create_cluster(
        self,
        project_id: str,
        name: str,
        placements: Sequence[tuple[str, str, str, int]],
        key_provider: str,
        *,
        backup: bool,
    ) -> Cluster:
        """Create a cluster; placements are (provider, region, size, nodes)."""

    def create_flex_cluster(
        self, project_id: str, name: str, region: str, extra: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Create a Flex cluster; `extra` adds fields, also ones that Flex does not have."""

    def update_cluster(self, project_id: str, name: str, change: Mapping[str, Any]) -> Cluster:
        """Change a cluster; `change` is the body in Atlas's own field names."""

    def place_cluster(self, project_id: str, name: str, placements: Sequence[tuple[str, str, str, int]]) -> Cluster:
        """Give a cluster other nodes; placements are (provider, region, size, nodes)."""

    def delete_cluster(self, project_id: str, name: str) -> None:
        """Delete a cluster."""

    def restart_primaries(self, project_id: str, name: str) -> None:
        """Restart the primaries of a cluster (test failover)."""

    def outage(self, project_id: str, name: str) -> str | None:
        """State of the simulated outage of a cluster's regions, or None when there is none."""

    def start_outage(self, project_id: str, name: str, regions: Sequence[tuple[str, str]]) -> None:
        """Simulate the outage of regions of a cluster; regions are (provider, region)."""

    def end_outage(self, project_id: str, name: str) -> None:
        """Ask for recovery from a simulated outage."""

    def create_search_nodes(self, project_id: str, cluster: str, size: str, nodes: int) -> SearchDeployment:
        """Create dedicated search nodes."""

    def search_nodes(self, project_id: str, cluster: str) -> SearchDeployment | None:
        """Dedicated search nodes of a cluster, or None when it has none."""

    def take_snapshot(self, project_id: str, cluster: str, description: str) -> Snapshot:
        """Take an on-demand backup snapshot."""

    def snapshots(self, project_id: str, cluster: str) -> Sequence[Snapshot]:
        """Backup snapshots of a cluster."""

    def restore_snapshot(self, project_id: str, cluster: str, snapshot_id: str, target: str) -> None:
        """Restore a snapshot of `cluster` onto the cluster `target` of the same project."""

    def compliance_policy(self, project_id: str) -> CompliancePolicy | None:
        """Backup compliance policy of the project, or None."""

    def set_compliance_policy(self, project_id: str, *, encryption_required: bool) -> None:
        """Set a backup compliance policy, which no request can take away again (EAR-146)."""

    def download_snapshot(self, project_id: str, cluster: str, snapshot_id: str) -> None:
        """Ask for a snapshot to be handed out as files."""

    def flex_snapshots(self, project_id: str, cluster: str) -> Sequence[Snapshot]:
        """Backup snapshots of a Flex cluster, which Atlas takes by itself."""

    def restore_flex_snapshot(self, project_id: str, cluster: str, snapshot_id: str, target: str) -> None:
        """Restore a snapshot of a Flex cluster onto the cluster `target` of the same project."""

    def alerts(self, project_id: str) -> Sequence[Alert]:
        """Alerts of the project, open and closed."""

    def alert_rules(self, project_id: str) -> Sequence[AlertRule]:
        """Alert configurations of the project."""

    def set_alert_threshold(self, project_id: str, kind: str, days: int) -> None:
        """Change the threshold of the alert configuration of a kind, in days."""

    def events(self, project_id: str) -> Sequence[Event]:
        """Activity feed of the project, oldest first, all pages."""

    def event_page(self, project_id: str) -> Sequence[str]:
        """Identifiers on the first page of the activity feed, as Atlas hands it out."""

    def addresses(self, project_id: str) -> Addresses:
        """Addresses of the project's nodes and of the control plane."""
