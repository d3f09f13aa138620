"""Clusters: creation, change, pause, the customer's key per cluster, and shutdown without it (atlas.md 1d, 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.state import Cluster, ClusterChange, ClusterRequest

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class Clusters:
    """The clusters of all projects; Flex clusters are apart, as on the wire."""

    def __init__(self, world: World) -> None:
        self._world = world

    def of_project(self, project_id: str) -> list[Cluster]:
        """Dedicated and tenant clusters of a project, oldest first; no Flex clusters.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        raise NotImplementedError

    def get(self, project_id: str, name: str) -> Cluster:
        """One cluster.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND (name, project id), CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API.
        """
        raise NotImplementedError

    def create(self, project_id: str, request: ClusterRequest) -> Cluster:
        """Ask for a cluster: CREATING, IDLE after `knobs.cluster_create_s`.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, DUPLICATE_CLUSTER_NAME (name), CANNOT_CREATE_PAUSED_CLUSTER,
                INVALID_REGION (region, provider), MULTI_CLOUD_CLUSTER_INVALID, INVALID_ENCRYPTION_AT_REST_PROVIDER,
                CANNOT_USE_ENCRYPTION_AT_REST_TENANT, ENCRYPTION_AT_REST_NOT_ENABLED,
                ENCRYPTION_AT_REST_PROVIDER_NOT_SUPPORTED, ENCRYPTION_AT_REST_SETTINGS_INVALID, and the placeholders
                REGION_NOT_COVERED (region) and BACKUP_NOT_SUPPORTED.
        """
        raise NotImplementedError

    def update(self, project_id: str, name: str, change: ClusterChange) -> Cluster:
        """Change a cluster: UPDATING, IDLE after `knobs.cluster_update_s`; pausing and resuming are immediate.

        Raises:
            AtlasRefusal: those of `get` and `create`, CANNOT_UPDATE_PAUSED_CLUSTER, CANNOT_UPDATE_AND_PAUSE_CLUSTER,
                CLUSTER_ALREADY_PAUSED, CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER, CANNOT_PAUSE_CLUSTER_WITH_PENDING_CHANGES,
                CANNOT_CHANGE_ENCRYPTION_AT_REST_PROVIDER, CLUSTER_BEING_DELETED; all with the cluster's name.
        """
        raise NotImplementedError

    def delete(self, project_id: str, name: str) -> None:
        """Ask for the deletion of a cluster: DELETING, gone after `knobs.cluster_delete_s`; twice is no error.

        Raises:
            AtlasRefusal: those of `get`, CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED.
        """
        raise NotImplementedError

    def restart_primaries(self, project_id: str, name: str) -> None:
        """Restart the primaries; a node that cannot reach the key then does not come back (EAR-104).

        Raises:
            AtlasRefusal: those of `get`, CANNOT_UPDATE_PAUSED_CLUSTER.
        """
        raise NotImplementedError

    def reads_paused(self, cluster: Cluster) -> bool:
        """What the field `paused` shows, by reading `key_disabled_rendering` (atlas.md 6 #6)."""
        raise NotImplementedError

    def create_flex(self, project_id: str, name: str, backing_provider: str, region: str) -> Cluster:
        """Ask for a Flex cluster; it has no customer's key (EAR-002).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, DUPLICATE_CLUSTER_NAME, INVALID_REGION.
        """
        raise NotImplementedError

    def flex_of_project(self, project_id: str) -> list[Cluster]:
        """Flex clusters of a project, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        raise NotImplementedError

    def get_flex(self, project_id: str, name: str) -> Cluster:
        """One Flex cluster.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND, CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API.
        """
        raise NotImplementedError

    def delete_flex(self, project_id: str, name: str) -> None:
        """Ask for the deletion of a Flex cluster.

        Raises:
            AtlasRefusal: those of `get_flex`, CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED.
        """
        raise NotImplementedError
