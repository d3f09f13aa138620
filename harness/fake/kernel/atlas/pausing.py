"""Pausing and resuming clusters (PAUSE; EAR-097, atlas.md 2.3): each in a call of its own."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.clusters import Clusters
    from harness.fake.kernel.atlas.state import Cluster, ClusterChange
    from harness.fake.kernel.world import World

RESUME_LOCK_S = 60 * 60.0
"""A resumed cluster cannot be paused again for 60 minutes (PAUSE)."""

PAUSE_MAX_S = 30 * 86_400.0
"""Atlas resumes a paused cluster after 30 days (PAUSE)."""


class Pausing:
    """Pauses and resumes; says which changes are about that."""

    def __init__(self, world: World, clusters: Clusters) -> None:
        self._world = world
        self._clusters = clusters
        world.law("atlas.cluster.resume", self._resume_due)

    def takes(self, cluster: Cluster, change: ClusterChange) -> bool:
        """The change pauses or resumes, or would touch a paused cluster."""
        if cluster.paused or change.paused is True:
            return True
        return bool(cluster.halted) and change.paused is False and _only_pause(change)

    def apply(self, cluster: Cluster, change: ClusterChange) -> None:
        """Pause or resume a cluster.

        Raises:
            AtlasRefusal: CANNOT_UPDATE_PAUSED_CLUSTER, CANNOT_UPDATE_AND_PAUSE_CLUSTER, CLUSTER_ALREADY_PAUSED,
                CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER, CANNOT_PAUSE_CLUSTER_WITH_PENDING_CHANGES,
                ENCRYPTION_AT_REST_SETTINGS_INVALID, MULTI_CLOUD_CLUSTER_INVALID.
        """
        if change.paused is None:
            raise AtlasRefusal("CANNOT_UPDATE_PAUSED_CLUSTER", cluster.name)
        if not _only_pause(change):
            raise AtlasRefusal("CANNOT_UPDATE_AND_PAUSE_CLUSTER", cluster.name)
        if change.paused:
            self._check_pausable(cluster)
            self._pause(cluster)
        else:
            self._require_no_shutdown(cluster)
            self._resume(cluster)

    def _check_pausable(self, cluster: Cluster) -> None:
        """Not twice, not within an hour of resuming, not during a change (atlas.md 2.3, 3.6)."""
        if self._clusters.reads_paused(cluster):
            raise AtlasRefusal("CLUSTER_ALREADY_PAUSED", cluster.name)
        if cluster.resumed is not None and self._world.now < cluster.resumed + RESUME_LOCK_S:
            raise AtlasRefusal("CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER", cluster.name)
        if cluster.state_name != "IDLE":
            raise AtlasRefusal("CANNOT_PAUSE_CLUSTER_WITH_PENDING_CHANGES", cluster.name)

    @staticmethod
    def _require_no_shutdown(cluster: Cluster) -> None:
        """What Atlas shut down, its owner cannot resume: the cause has to go first (EAR-108, EAR-111)."""
        if cluster.halted == "key":
            raise AtlasRefusal("ENCRYPTION_AT_REST_SETTINGS_INVALID")
        if cluster.halted:
            raise AtlasRefusal("MULTI_CLOUD_CLUSTER_INVALID")

    def _pause(self, cluster: Cluster) -> None:
        cluster.paused, cluster.paused_since = True, self._world.now
        if cluster.search is not None:
            cluster.search.state_name = "PAUSED"
        subject = f"{cluster.project_id}/{cluster.id}/{self._world.now}"
        self._world.schedule(PAUSE_MAX_S, "atlas.cluster.resume", subject)

    def _resume(self, cluster: Cluster) -> None:
        """Running again at once; the nodes need their key to start."""
        cluster.paused, cluster.paused_since, cluster.resumed = False, None, self._world.now
        if cluster.search is not None:
            cluster.search.state_name = "IDLE"
        self._clusters.start_processes(cluster)

    def _resume_due(self, subject: str) -> None:
        project_id, cluster_id, since = subject.split("/")
        cluster = self._clusters.by_id(project_id, cluster_id)
        if cluster is not None and cluster.paused and str(cluster.paused_since) == since:
            self._resume(cluster)


def _only_pause(change: ClusterChange) -> bool:
    return all(getattr(change, f.name) is None for f in fields(change) if f.name != "paused")
