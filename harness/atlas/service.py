"""`harness.ports.ClusterService` on the Atlas Admin API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from harness.atlas import operations as op
from harness.atlas import wire
from harness.atlas.client import AtlasClient
from harness.atlas.paging import PAGES_MAX, ItemT, StructT, decode, every
from harness.atlas.retry import at_most_once
from harness.errors import ProtocolError, Refused
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

T = TypeVar("T")

CUTTING_OFF = frozenset({"START_REQUESTED", "STARTING", "SIMULATING"})
"""States of a simulated outage that nobody has asked to end (SPEC ClusterOutageSimulation)."""

NO_PROJECT_CODES = frozenset({"GROUP_NOT_FOUND", "INVALID_GROUP_ID"})
"""A 404 about the project is a refusal; any other says that the thing asked for does not exist (atlas.md 3.4)."""

REPLACED_STATES = frozenset({"DELETING", "PENDING_RECREATION"})
"""An endpoint record in one of these makes room for a new one in its region (atlas.md 2.1)."""


class AtlasService:
    """The Atlas side, signed in as one identity."""

    def __init__(self, client: AtlasClient) -> None:
        self._client = client

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def encryption(self, project_id: str) -> Encryption:
        """Configuration of the project; reading it makes Atlas validate the key on demand (KMS, Validate)."""
        return self._get(wire.EncryptionAtRest, op.GET_ENCRYPTION, project_id).model()

    def update_encryption(self, project_id: str, change: Mapping[str, Any]) -> Encryption:
        """Change the configuration; `change` is the body in Atlas's own field names."""
        return self._get(wire.EncryptionAtRest, op.UPDATE_ENCRYPTION, project_id, body=change).model()

    def cloud_roles(self, project_id: str) -> Sequence[CloudRole]:
        """Roles through which Atlas signs in to tenants of Azure."""
        return [role.model() for role in self._get(wire.CloudRoles, op.LIST_CLOUD_ROLES, project_id).roles]

    def create_cloud_role(self, project_id: str, application_id: str, tenant_id: str, principal_id: str) -> CloudRole:
        """Ask for a role, at most once: after an unknown outcome one that was not there before is the one asked for."""
        known = {role.id for role in self.cloud_roles(project_id)}
        body = wire.new_cloud_role(application_id, tenant_id, principal_id)
        return self._once(
            lambda: self._get(wire.CloudRole, op.CREATE_CLOUD_ROLE, project_id, body=body).model(),
            lambda: next((role for role in self.cloud_roles(project_id) if role.id not in known), None),
        )

    def delete_cloud_role(self, project_id: str, role_id: str) -> None:
        """Give a role up."""
        self._client.call(op.DELETE_CLOUD_ROLE, project_id, role_id)

    def private_endpoints(self, project_id: str) -> Sequence[PrivateEndpoint]:
        """Every endpoint record of the project, all pages."""
        return [entry.model() for entry in self._every(wire.Endpoint, op.LIST_ENDPOINTS, project_id)]

    def private_endpoint(self, project_id: str, endpoint_id: str) -> PrivateEndpoint | None:
        """One endpoint record, or None when Atlas says it does not exist."""
        record = absent_as_none(lambda: self._get(wire.Endpoint, op.GET_ENDPOINT, project_id, endpoint_id))
        return record.model() if record else None

    def create_private_endpoint(self, project_id: str, region: str) -> PrivateEndpoint:
        """Ask for an endpoint, at most once.

        After an unknown outcome a live record in the region is the one asked for: Atlas keeps at most one per region,
        so had there been one before, the request would have been refused (atlas.md 2.1).
        """

        def created() -> PrivateEndpoint | None:
            records = self.private_endpoints(project_id)
            live = [record for record in records if record.status not in REPLACED_STATES and record.region == region]
            return live[0] if live else None

        def create() -> PrivateEndpoint:
            return self._get(wire.Endpoint, op.CREATE_ENDPOINT, project_id, body={"regionName": region}).model()

        return self._once(create, created)

    def private_endpoint_ids(self, project_id: str, provider: str) -> Sequence[str]:
        """Identifiers of a cloud's endpoints (EAR-085)."""
        return [entry.id for entry in self._every(wire.Endpoint, op.LIST_ENDPOINTS_AT, project_id, provider)]

    def create_private_endpoint_at(self, project_id: str, provider: str, region: str) -> str:
        """Ask for an endpoint of a cloud that is named; returns its identifier (EAR-085)."""
        body = {"regionName": region}
        return self._get(wire.Endpoint, op.CREATE_ENDPOINT_AT, project_id, provider, body=body).id

    def delete_private_endpoint(self, project_id: str, endpoint_id: str) -> None:
        """Ask for the deletion of an endpoint; after an unknown outcome its record tells whether it was heard."""

        def heard() -> bool | None:
            record = self.private_endpoint(project_id, endpoint_id)
            return True if record is None or record.status == "DELETING" else None

        self._once(lambda: bool(self._client.call(op.DELETE_ENDPOINT, project_id, endpoint_id)), heard)

    def alter_private_endpoint(
        self, project_id: str, endpoint_id: str, change: Mapping[str, Any], *, whole: bool
    ) -> None:
        """Try to change (PATCH) or, `whole`, to replace (PUT) an endpoint: Atlas offers neither (EAR-086)."""
        self._client.call(op.REPLACE_ENDPOINT if whole else op.UPDATE_ENDPOINT, project_id, endpoint_id, body=change)

    def private_endpoint_pages(self, project_id: str, page_size: int) -> Sequence[EndpointPage]:
        """The list of endpoints page by page, as Atlas hands it out, up to the first page that is not full.

        Raises:
            ProtocolError: the list has no end.
        """
        pages: list[EndpointPage] = []
        for number in range(1, PAGES_MAX + 1):
            query: dict[str, str | int] = {"itemsPerPage": page_size, "pageNum": number}
            content = self._client.call(op.LIST_ENDPOINTS, project_id, query=query)
            pages.append(decode(wire.EndpointList, content, op.LIST_ENDPOINTS).model())
            if len(pages[-1].ids) < page_size:
                return pages
        raise ProtocolError(f"{op.LIST_ENDPOINTS.path}: more than {PAGES_MAX} pages")

    def clusters(self, project_id: str) -> Sequence[Cluster]:
        """Every cluster of the project."""
        return [entry.model() for entry in self._every(wire.ClusterDescription, op.LIST_CLUSTERS, project_id)]

    def cluster(self, project_id: str, name: str) -> Cluster | None:
        """One cluster, or None when Atlas says it does not exist."""
        found = absent_as_none(lambda: self._get(wire.ClusterDescription, op.GET_CLUSTER, project_id, name))
        return found.model() if found else None

    def create_cluster(
        self,
        project_id: str,
        name: str,
        placements: Sequence[tuple[str, str, str, int]],
        key_provider: str,
        *,
        backup: bool,
    ) -> Cluster:
        """Create a cluster, at most once; placements are (provider, region, size, nodes)."""
        body = wire.new_cluster(name, placements, key_provider, backup)
        return self._once(
            lambda: self._get(wire.ClusterDescription, op.CREATE_CLUSTER, project_id, body=body).model(),
            lambda: self.cluster(project_id, name),
        )

    def create_flex_cluster(
        self, project_id: str, name: str, region: str, extra: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Create a Flex cluster, at most once; `extra` adds fields, also ones that Flex does not have."""
        body = wire.new_flex_cluster(name, region, extra)
        return self._once(
            lambda: _mapping(self._client.call(op.CREATE_FLEX, project_id, body=body)),
            lambda: absent_as_none(lambda: _mapping(self._client.call(op.GET_FLEX, project_id, name))),
        )

    def update_cluster(self, project_id: str, name: str, change: Mapping[str, Any]) -> Cluster:
        """Change a cluster; `change` is the body in Atlas's own field names."""
        return self._get(wire.ClusterDescription, op.UPDATE_CLUSTER, project_id, name, body=change).model()

    def place_cluster(self, project_id: str, name: str, placements: Sequence[tuple[str, str, str, int]]) -> Cluster:
        """Give a cluster other nodes; placements are (provider, region, size, nodes)."""
        return self.update_cluster(project_id, name, {"replicationSpecs": wire.replication_specs(placements)})

    def delete_cluster(self, project_id: str, name: str) -> None:
        """Delete a cluster; after an unknown outcome the cluster itself tells whether it was heard."""

        def heard() -> bool | None:
            cluster = self.cluster(project_id, name)
            return True if cluster is None or cluster.state == "DELETING" else None

        self._once(lambda: bool(self._client.call(op.DELETE_CLUSTER, project_id, name)), heard)

    def restart_primaries(self, project_id: str, name: str) -> None:
        """Restart the primaries of a cluster; leaves no trace to read back, so an unknown outcome stays one."""
        self._client.call(op.RESTART_PRIMARIES, project_id, name)

    def outage(self, project_id: str, name: str) -> str | None:
        """State of the simulated outage of a cluster, or None when there is none."""
        found = absent_as_none(lambda: self._get(wire.OutageSimulation, op.GET_OUTAGE, project_id, name))
        return found.state if found else None

    def start_outage(self, project_id: str, name: str, regions: Sequence[tuple[str, str]]) -> None:
        """Simulate the outage of regions of a cluster, at most once; regions are (provider, region)."""
        body = wire.new_outage(regions)
        self._once(
            lambda: bool(self._client.call(op.START_OUTAGE, project_id, name, body=body)),
            lambda: True if self.outage(project_id, name) else None,
        )

    def end_outage(self, project_id: str, name: str) -> None:
        """Ask for recovery from a simulated outage; after an unknown outcome its state tells whether it was heard."""
        self._once(
            lambda: bool(self._client.call(op.END_OUTAGE, project_id, name)),
            lambda: True if self.outage(project_id, name) not in CUTTING_OFF else None,
        )

    def create_search_nodes(self, project_id: str, cluster: str, size: str, nodes: int) -> SearchDeployment:
        """Create dedicated search nodes, at most once."""
        body = wire.new_search_nodes(size, nodes)

        def create() -> SearchDeployment:
            created = self._get(wire.SearchNodes, op.CREATE_SEARCH, project_id, cluster, body=body).model()
            if created is None:
                raise ProtocolError("search nodes were created, but the answer holds none")
            return created

        return self._once(create, lambda: self.search_nodes(project_id, cluster))

    def search_nodes(self, project_id: str, cluster: str) -> SearchDeployment | None:
        """Dedicated search nodes of a cluster, or None when it has none."""
        return self._get(wire.SearchNodes, op.GET_SEARCH, project_id, cluster).model()

    def take_snapshot(self, project_id: str, cluster: str, description: str) -> Snapshot:
        """Take an on-demand backup snapshot, at most once: after an unknown outcome it is looked for by description."""

        def taken() -> Snapshot | None:
            found = self._every(wire.BackupSnapshot, op.LIST_SNAPSHOTS, project_id, cluster)
            return next((entry.model() for entry in found if entry.description == description), None)

        def take() -> Snapshot:
            body = wire.new_snapshot(description)
            return self._get(wire.BackupSnapshot, op.TAKE_SNAPSHOT, project_id, cluster, body=body).model()

        return self._once(take, taken)

    def snapshots(self, project_id: str, cluster: str) -> Sequence[Snapshot]:
        """Backup snapshots of a cluster."""
        return [entry.model() for entry in self._every(wire.BackupSnapshot, op.LIST_SNAPSHOTS, project_id, cluster)]

    def restore_snapshot(self, project_id: str, cluster: str, snapshot_id: str, target: str) -> None:
        """Restore a snapshot of `cluster` onto the cluster `target` of the same project.

        Restoring the same snapshot twice cannot be told from once, so an unknown outcome stays one.
        """
        body = wire.new_restore(project_id, snapshot_id, target)
        self._client.call(op.RESTORE_SNAPSHOT, project_id, cluster, body=body)

    def compliance_policy(self, project_id: str) -> CompliancePolicy | None:
        """Backup compliance policy of the project, or None."""
        return self._get(wire.BackupPolicy, op.GET_POLICY, project_id).model()

    def set_compliance_policy(self, project_id: str, *, encryption_required: bool) -> None:
        """Set a backup compliance policy, which no request can take away again."""
        body = wire.backup_policy(project_id, encryption_required=encryption_required)
        self._client.call(op.SET_POLICY, project_id, body=body)

    def download_snapshot(self, project_id: str, cluster: str, snapshot_id: str) -> None:
        """Ask for a snapshot to be handed out; twice cannot be told from once, so an unknown outcome stays one."""
        self._client.call(op.RESTORE_SNAPSHOT, project_id, cluster, body=wire.new_download(snapshot_id))

    def flex_snapshots(self, project_id: str, cluster: str) -> Sequence[Snapshot]:
        """Backup snapshots of a Flex cluster."""
        return [entry.model() for entry in self._every(wire.FlexSnapshot, op.LIST_FLEX_SNAPSHOTS, project_id, cluster)]

    def restore_flex_snapshot(self, project_id: str, cluster: str, snapshot_id: str, target: str) -> None:
        """Restore a snapshot of a Flex cluster onto the cluster `target`; an unknown outcome stays one."""
        body = wire.new_flex_restore(project_id, snapshot_id, target)
        self._client.call(op.RESTORE_FLEX_SNAPSHOT, project_id, cluster, body=body)

    def alerts(self, project_id: str) -> Sequence[Alert]:
        """Alerts of the project, open and closed."""
        return [entry.model() for entry in self._every(wire.AlertEntry, op.LIST_ALERTS, project_id)]

    def alert_rules(self, project_id: str) -> Sequence[AlertRule]:
        """Alert configurations of the project."""
        return [entry.model() for entry in self._every(wire.AlertConfig, op.LIST_ALERT_RULES, project_id)]

    def set_alert_threshold(self, project_id: str, kind: str, days: int) -> None:
        """Raise or lower the threshold of the rule for a kind of alert; all else of it stays as it is.

        Raises:
            ProtocolError: the project has no rule of that kind.
        """
        rules = self._every(wire.AlertConfig, op.LIST_ALERT_RULES, project_id)
        rule = next((one for one in rules if one.event_type_name == kind), None)
        if rule is None:
            raise ProtocolError(f"the project has no alert configuration for {kind}")
        self._client.call(op.REPLACE_ALERT_RULE, project_id, rule.id, body=rule.with_threshold(days))

    def events(self, project_id: str) -> Sequence[Event]:
        """Activity feed of the project, oldest first, all pages. Atlas sends the newest first."""
        newest_first = self._every(wire.EventEntry, op.LIST_EVENTS, project_id)
        return sorted((entry.model() for entry in reversed(newest_first)), key=lambda event: event.created)

    def event_page(self, project_id: str) -> Sequence[str]:
        """Identifiers on the first page of the activity feed, as Atlas hands it out."""
        return self._get(wire.EventList, op.LIST_EVENTS, project_id).ids()

    def addresses(self, project_id: str) -> Addresses:
        """Addresses of the project's nodes and of the control plane."""
        group = self._get(wire.GroupAddresses, op.GET_ADDRESSES, project_id)
        return wire.addresses(group, self._get(wire.ControlPlaneAddresses, op.GET_CONTROL_PLANE_ADDRESSES))

    def _get(
        self, kind: type[StructT], operation: op.Operation, *names: str, body: Mapping[str, Any] | None = None
    ) -> StructT:
        return decode(kind, self._client.call(operation, *names, body=body), operation)

    def _every(self, item: type[ItemT], operation: op.Operation, *names: str) -> list[ItemT]:
        return every(self._client, operation, *names, item=item)

    def _once(self, act: Callable[[], T], found: Callable[[], T | None]) -> T:
        return at_most_once(self._client.clock, self._client.patience, act, found)


def absent_as_none(read: Callable[[], T]) -> T | None:
    """What is read, or None when Atlas says that it does not exist while its project does."""
    try:
        return read()
    except Refused as refusal:
        if refusal.status == 404 and refusal.reason not in NO_PROJECT_CODES:
            return None
        raise


def _mapping(content: bytes) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.MsgspecError as difference:
        raise ProtocolError(f"{op.CREATE_FLEX.path}: unexpected answer: {difference}") from difference
