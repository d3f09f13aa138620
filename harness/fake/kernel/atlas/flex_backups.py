"""Snapshots that Atlas takes of Flex clusters by itself (docs, Flex backups): one a day, the latest eight kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import Cluster
    from harness.fake.kernel.world import World

EVERY_S = 86_400.0
KEPT = 8


class FlexBackups:
    """Takes the daily snapshots; they are restored like any other (EAR-135)."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.flex.snapshot", self._due)

    def begin(self, cluster: Cluster) -> None:
        """A Flex cluster was asked for: its first snapshot is due a day later."""
        self._world.schedule(EVERY_S, "atlas.flex.snapshot", f"{cluster.project_id}/{cluster.id}")

    def _due(self, subject: str) -> None:
        project_id, cluster_id = subject.split("/")
        cluster = self._world.atlas.clusters.by_id(project_id, cluster_id)
        if cluster is None or cluster.state_name == "DELETING":
            return
        snapshot = self._world.atlas.backups.snapshot_of(cluster, "", KEPT)
        snapshot.status = "completed"
        kept = self._world.state.atlas.snapshots.setdefault(project_id, [])
        kept.append(snapshot)
        for outdated in [s for s in kept if s.cluster_id == cluster_id][:-KEPT]:
            kept.remove(outdated)
        self.begin(cluster)
