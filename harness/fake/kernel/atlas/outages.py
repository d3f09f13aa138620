"""Simulated outages of regions of a cluster (SPEC ClusterOutageSimulation; docs, simulate regional outage).

The nodes of the regions lose their network: they use no key, report nothing and come back when the simulation ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.records import Outage, Region
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import Cluster, Placement
    from harness.fake.kernel.world import World

EXPIRES_S = 3 * 86_400.0
"""A simulation ends by itself three days after its start (SPEC expirationDate)."""

STEPS: dict[str, tuple[str, float]] = {
    "START_REQUESTED": ("STARTING", 30.0),
    "STARTING": ("SIMULATING", 90.0),
    "SIMULATING": ("RECOVERY_REQUESTED", EXPIRES_S),
    "RECOVERY_REQUESTED": ("RECOVERING", 30.0),
    "RECOVERING": ("COMPLETE", 90.0),
    "COMPLETE": ("", 60.0),
}
"""State to the one that follows by itself and after how many seconds; nothing is left of the record after COMPLETE.
Durations but the expiry are ours: clients poll every half minute and wait for the record to be gone (TF)."""

DOWN = frozenset({"SIMULATING", "RECOVERY_REQUESTED"})
"""States in which the regions are cut off."""


class Outages:
    """Starts, follows and ends simulated outages."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.outage.step", self._step)

    def get(self, project_id: str, name: str) -> Outage:
        """The simulation of a cluster.

        Raises:
            AtlasRefusal: those of `Clusters.get`, RESOURCE_NOT_FOUND (cluster name): there is none (TF expects 404).
        """
        outage = self._world.atlas.clusters.get(project_id, name).outage
        if outage is None:
            raise AtlasRefusal("RESOURCE_NOT_FOUND", name)
        return outage

    def start(self, project_id: str, name: str, regions: tuple[Region, ...]) -> Outage:
        """Cut off regions of a cluster; at least one electable node of each shard stays.

        Raises:
            AtlasRefusal: those of `Clusters.get`, INSUFFICIENT_INSTANCE_SIZE (tenant clusters), INVALID_REGION,
                INVALID_CLUSTER_OUTAGE_SIMULATION_STATE (one is going on), INVALID_CLUSTER_CONFIGURATION (no node would
                be left, or the cluster has none yet), CANNOT_UPDATE_PAUSED_CLUSTER.
        """
        cluster = self._world.atlas.clusters.get(project_id, name)
        if cluster.kind != "dedicated":
            raise AtlasRefusal("INSUFFICIENT_INSTANCE_SIZE", "M10")
        if cluster.outage is not None:
            raise AtlasRefusal("INVALID_CLUSTER_OUTAGE_SIMULATION_STATE", cluster.outage.state, "COMPLETE")
        if self._world.atlas.clusters.reads_paused(cluster):
            raise AtlasRefusal("CANNOT_UPDATE_PAUSED_CLUSTER", name)
        _require_regions(cluster, regions)
        now = self._world.now
        outage_id = self._world.streams.object_id("atlas.outage", self._world.now)
        cluster.outage = Outage(outage_id, regions, started=now, expires=now + EXPIRES_S)
        self._schedule(cluster, cluster.outage)
        return cluster.outage

    def end(self, project_id: str, name: str) -> Outage:
        """Ask for recovery.

        Raises:
            AtlasRefusal: those of `get`, INVALID_CLUSTER_OUTAGE_SIMULATION_STATE (state, expected state; TF).
        """
        outage = self.get(project_id, name)
        if outage.state != "SIMULATING":
            raise AtlasRefusal("INVALID_CLUSTER_OUTAGE_SIMULATION_STATE", outage.state, "SIMULATING")
        self._enter(self._world.atlas.clusters.get(project_id, name), outage, "RECOVERY_REQUESTED")
        return outage

    def is_down(self, cluster: Cluster, placement: Placement) -> bool:
        """The nodes of this placement are cut off."""
        outage = cluster.outage
        return outage is not None and outage.state in DOWN and _region_of(placement) in outage.regions

    def _step(self, subject: str) -> None:
        project_id, cluster_id, outage_id, state = subject.split("/")
        cluster = self._world.atlas.clusters.by_id(project_id, cluster_id)
        outage = None if cluster is None else cluster.outage
        if cluster is None or outage is None or (outage.id, outage.state) != (outage_id, state):
            return
        self._enter(cluster, outage, STEPS[state][0])

    def _enter(self, cluster: Cluster, outage: Outage, state: str) -> None:
        if not state:
            cluster.outage = None
            return
        outage.state = state
        self._schedule(cluster, outage)

    def _schedule(self, cluster: Cluster, outage: Outage) -> None:
        subject = f"{cluster.project_id}/{cluster.id}/{outage.id}/{outage.state}"
        delay = STEPS[outage.state][1]
        if outage.state == "SIMULATING":
            delay = outage.expires - self._world.now
        self._world.schedule(delay, "atlas.outage.step", subject)


def _require_regions(cluster: Cluster, regions: tuple[Region, ...]) -> None:
    present = {_region_of(placement) for placement in cluster.placements}
    for region in regions:
        if region not in present:
            raise AtlasRefusal("INVALID_REGION", region.name, region.cloud)
    for shard in cluster.shards:
        left = [p for p in shard.placements if p.electable and p.electable.count and _region_of(p) not in regions]
        if not left or cluster.state_name in ("CREATING", "DELETING"):
            raise AtlasRefusal("INVALID_CLUSTER_CONFIGURATION")


def _region_of(placement: Placement) -> Region:
    return Region(placement.backing_provider or placement.provider, placement.region)
