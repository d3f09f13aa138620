"""Clusters: who may use the key, where nodes may stand, which way they take to the vault."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas.addresses import Addresses
from harness.fake.kernel.atlas.cluster_rules import ClusterRules
from harness.fake.kernel.atlas.paths import Paths
from harness.fake.kernel.atlas.state import Placement
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-021")
def cluster_before_project(b: Break) -> None:
    """A cluster can use a customer's key that its project does not have."""
    b.drop(ClusterRules, "_require_enabled_project")


@mutant("EAR-001")
def free_cluster_with_key(b: Break) -> None:
    """A free cluster can use a customer's key."""
    b.drop(ClusterRules, "_require_dedicated")


@mutant("EAR-005")
def several_clouds_privately(b: Break) -> None:
    """Clusters on two clouds are accepted under private networking."""
    b.drop(ClusterRules, "_require_one_cloud")
    b.drop(ClusterRules, "_require_azure_nodes")


@mutant("EAR-067", "EAR-068")
def nodes_anywhere(b: Break) -> None:
    """Nodes may start in regions without an approved endpoint."""
    b.drop(ClusterRules, "check_coverage")


@mutant("EAR-069", "EAR-070")
def clusters_stay_public(b: Break) -> None:
    """Clusters of the public days never move to the private path."""
    b.drop(Paths, "_migrated")


@mutant("EAR-071", "EAR-070", "EAR-072")
def new_clusters_start_publicly(b: Break) -> None:
    """New clusters use the public path although an endpoint is active."""
    b.drop(Paths, "settle_new_nodes")


@mutant("EAR-068")
def known_regions_may_grow(b: Break) -> None:
    """More nodes are accepted in a region that a cluster already stands in, with an approved endpoint or without."""

    def check(original: Any, self: ClusterRules, project_id: str, old: Any, new: tuple[Placement, ...]) -> None:
        known = {placement.region for placement in old}
        original(self, project_id, old, tuple(one for one in new if one.region not in known))

    b.wrap(ClusterRules, "check_coverage", check)


@mutant("EAR-068")
def known_regions_may_not_grow(b: Break) -> None:
    """More nodes are refused in a region that a cluster already stands in, although its endpoint is approved."""

    def check(original: Any, self: ClusterRules, project_id: str, old: Any, new: tuple[Placement, ...]) -> None:
        original(self, project_id, old, new)
        before = {placement.region: placement.nodes for placement in old}
        if any(one.nodes > before.get(one.region, one.nodes) for one in new):
            raise AtlasRefusal(codes.REGION_NOT_COVERED, "")

    b.wrap(ClusterRules, "check_coverage", check)


@mutant("EAR-099", "EAR-012")
def one_address_is_not_published(b: Break) -> None:
    """The last node of each cluster is missing from the addresses that Atlas publishes."""
    b.wrap(Addresses, "of_cluster", lambda original, self, cluster: original(self, cluster)[:-1])
