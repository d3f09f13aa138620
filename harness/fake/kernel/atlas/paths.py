"""Which way the nodes of a cluster go to the vault: publicly, or only by the private endpoint (EAR-069 to EAR-072)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.reachability import Source

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import Cluster, Placement
    from harness.fake.kernel.world import World

CARRIES = ("ACTIVE", "DELETING")
"""Statuses in which an endpoint may carry traffic, the better first; one that awaits approval never does (EAR-055)."""

PRIVATE_ADDRESS = "192.0.2.10"
"""Address of Atlas's private endpoints in Atlas's own networks; a documentation address (RFC 5737)."""


class Paths:
    """Moves clusters between the public and the private path."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.path.migrated", self._migrated)

    def sources(self, cluster: Cluster) -> dict[str, list[Source]]:
        """Region to where its nodes' requests come from; an empty list where a private region has no link.

        Regions that a simulated outage cuts off are left out: nobody asks from there.
        """
        found: dict[str, list[Source]] = {}
        for shard in cluster.shards:
            for placement in shard.placements:
                if self._world.atlas.outages.is_down(cluster, placement):
                    continue
                kept = found.setdefault(placement.region, [])
                if self._is_private(cluster, placement):
                    kept[:] = self._link(cluster.project_id, placement.region)
                else:
                    addresses = self._world.atlas.addresses.of_placement(cluster, shard.id, placement)
                    kept.extend(Source("internet", address) for address in addresses)
        return found

    def egress(self, cluster: Cluster, region: str, source: Source) -> str:
        """Public address from which the nodes of a region sign in: the way to Entra is always public (EAR-012)."""
        if source.kind == "internet":
            return source.address
        for shard in cluster.shards:
            for placement in shard.placements:
                if placement.region == region:
                    return self._world.atlas.addresses.of_placement(cluster, shard.id, placement)[0]
        raise ValueError(f"{cluster.name} has no nodes in {region}")

    def settle_new_nodes(self, cluster: Cluster, new_regions: set[str]) -> None:
        """Nodes that start in a region with an active endpoint use only that one (EAR-071); others stay public."""
        present = {p.region for p in cluster.placements if p.provider == "AZURE"}
        active = self._world.atlas.endpoints.active_regions(cluster.project_id)
        cluster.private_regions = (cluster.private_regions | (new_regions & active)) & present

    def begin_migration(self, project_id: str, endpoint_id: str) -> None:
        """An endpoint became active: move the clusters of its region in `knobs.private_migration_s` (EAR-069)."""
        delay = self._world.knobs.private_migration_s
        self._world.schedule(delay, "atlas.path.migrated", f"{project_id}/{endpoint_id}")

    def leave(self, project_id: str, region: str) -> None:
        """The last endpoint of a region is gone on request: its nodes use the public path again."""
        for cluster in self._world.atlas.clusters.using_key(project_id, "AZURE"):
            cluster.private_regions.discard(region)

    def _migrated(self, subject: str) -> None:
        """All clusters with a customer's key move, those of the public days too (EAR-069)."""
        project_id, endpoint_id = subject.split("/")
        endpoint = self._world.atlas.endpoints.find(project_id, endpoint_id)
        if endpoint is None or endpoint.status != "ACTIVE":
            return
        for cluster in self._world.atlas.clusters.using_key(project_id, "AZURE"):
            if any(p.region == endpoint.region and p.provider == "AZURE" for p in cluster.placements):
                cluster.private_regions.add(endpoint.region)

    @staticmethod
    def _is_private(cluster: Cluster, placement: Placement) -> bool:
        return placement.provider == "AZURE" and placement.region in cluster.private_regions

    def _link(self, project_id: str, region: str) -> list[Source]:
        """The endpoint of the same region carries the traffic, never that of another one (EAR-009)."""
        endpoints = self._world.atlas.endpoints.of_project(project_id)
        for status in CARRIES:
            for endpoint in endpoints:
                if endpoint.region == region and endpoint.status == status:
                    return [Source("private_endpoint", PRIVATE_ADDRESS, endpoint.private_endpoint_id)]
        return []
