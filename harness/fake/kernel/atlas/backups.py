"""Backup snapshots of clusters and their restore, with the customer's key or without (EAR-130 to EAR-136)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.state import RestoreJob, Snapshot

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class Backups:
    """Takes, lists and restores snapshots."""

    def __init__(self, world: World) -> None:
        self._world = world

    def take(self, project_id: str, cluster: str, description: str = "", retention_days: int = 7) -> Snapshot:
        """Ask for a snapshot on demand: `queued`, `completed` after `knobs.snapshot_s`.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND, CANNOT_UPDATE_PAUSED_CLUSTER (paused or without its key),
                placeholder BACKUP_NOT_ENABLED.
        """
        raise NotImplementedError

    def of_cluster(self, project_id: str, cluster: str) -> list[Snapshot]:
        """Snapshots of a cluster, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND.
        """
        raise NotImplementedError

    def get(self, project_id: str, cluster: str, snapshot_id: str) -> Snapshot:
        """One snapshot.

        Raises:
            AtlasRefusal: those of `of_cluster`, placeholder SNAPSHOT_NOT_FOUND.
        """
        raise NotImplementedError

    def restore(
        self, project_id: str, cluster: str, snapshot_id: str, target_project_id: str, target_cluster: str
    ) -> RestoreJob:
        """Restore a snapshot to a cluster with the same encryption provider; finished after `knobs.cluster_update_s`.

        Raises:
            AtlasRefusal: those of `get`, CLUSTER_NOT_FOUND (target), INVALID_SNAPSHOT_RESTORE_ENCRYPTION (EAR-133),
                TENANT_RESTORE_DESTINATION_ENCRYPTION (EAR-135), CANNOT_UPDATE_PAUSED_CLUSTER, and the placeholders
                SNAPSHOT_NOT_COMPLETED and SNAPSHOT_KEY_UNAVAILABLE (EAR-132).
        """
        raise NotImplementedError

    def restores(self, project_id: str, cluster: str) -> list[RestoreJob]:
        """Restore jobs of a cluster's snapshots, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND.
        """
        raise NotImplementedError
