"""Public addresses: of the nodes of each cluster, and of the control plane (EAR-012, EAR-099; SPEC ipAddresses)."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.state import Cluster, Placement

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

CONTROL_PLANE: dict[str, dict[str, tuple[str, ...]]] = {
    "aws": {"us-east-1": ("198.51.100.10", "198.51.100.11")},
    "azure": {"eastus2": ("198.51.100.20", "198.51.100.21")},
    "gcp": {"us-east4": ("198.51.100.30",)},
}
"""Outbound addresses of the control plane by cloud and region; documentation addresses (RFC 5737)."""

VALIDATION_ADDRESS = "198.51.100.20"
"""Address from which the control plane validates keys and signs in to Entra."""


class Addresses:
    """Answers which addresses Atlas uses."""

    def __init__(self, world: World) -> None:
        self._world = world

    def of_project(self, project_id: str) -> dict[str, tuple[str, ...]]:
        """Cluster name to the public addresses of its nodes, inbound and outbound alike.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        clusters = self._world.state.atlas.clusters.get(project_id, {})
        return {name: self.of_cluster(cluster) for name, cluster in clusters.items()}

    def of_cluster(self, cluster: Cluster) -> tuple[str, ...]:
        """Public addresses of all nodes of a cluster."""
        return tuple(
            address
            for shard in cluster.shards
            for placement in shard.placements
            for address in self.of_placement(cluster, shard.id, placement)
        )

    def of_placement(self, cluster: Cluster, shard_id: str, placement: Placement) -> tuple[str, ...]:
        """Public addresses of the nodes of one shard in one region; a node keeps its address while it lives."""
        place = f"{cluster.id}/{shard_id}/{placement.provider}/{placement.region}"
        return tuple(_node_address(place, index) for index in range(placement.nodes))

    def control_plane(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Addresses of the control plane by cloud and region."""
        return CONTROL_PLANE


@lru_cache(maxsize=4096)
def _node_address(place: str, index: int) -> str:
    """An address in 20.0.0.0/8, where Azure's public addresses live, derived from the node's place."""
    a, b, c = blake2b(f"{place}/{index}".encode(), digest_size=3).digest()
    return f"20.{a}.{b}.{c}"
