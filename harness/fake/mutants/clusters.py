"""Clusters: who may use the key, where nodes may stand, which way they take to the vault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.fake.kernel.atlas import cluster_rules, codes
from harness.fake.kernel.atlas.addresses import Addresses
from harness.fake.kernel.atlas.cluster_rules import ClusterRules
from harness.fake.kernel.atlas.clusters import Clusters
from harness.fake.kernel.atlas.disabling import Disabling
from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.paths import Paths
from harness.fake.kernel.atlas.pausing import Pausing
from harness.fake.kernel.atlas.state import Cluster, Placement
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant, other_code


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


@mutant("EAR-088")
def project_key_encrypts_its_clusters(b: Break) -> None:
    """Turning on the project's key switches all its clusters to it."""

    def apply(original: Any, self: EncryptionAtRest, project_id: str, current: Any, target: Any) -> None:
        original(self, project_id, current, target)
        for cluster in self._world.atlas.clusters.of_project(project_id):
            if cluster.kind == "dedicated" and not current.enabled:
                self._world.atlas.clusters._set_key_provider(cluster, "AZURE")

    b.wrap(EncryptionAtRest, "_apply_azure", apply)


@mutant("EAR-088")
def switching_one_switches_all(b: Break) -> None:
    """Switching one cluster to the customer's key switches every cluster of the project."""

    def set_provider(original: Any, self: Clusters, cluster: Cluster, provider: str | None) -> None:
        for other in self.of_project(cluster.project_id):
            original(self, other, provider)

    b.wrap(Clusters, "_set_key_provider", set_provider)


@mutant("EAR-089")
def switched_cluster_reads_none(b: Break) -> None:
    """A cluster with the customer's key reads as one with Atlas's own."""

    def set_provider(original: Any, self: Clusters, cluster: Cluster, provider: str | None) -> None:
        original(self, cluster, provider)
        cluster.key_provider = "NONE"

    b.wrap(Clusters, "_set_key_provider", set_provider)


@mutant("EAR-092")
def change_does_not_show(b: Break) -> None:
    """A cluster reads IDLE while it is being re-encrypted."""

    def begin(original: Any, self: Clusters, cluster: Cluster, state_name: str, duration: float) -> None:
        original(self, cluster, "IDLE" if state_name == "UPDATING" else state_name, duration)

    b.wrap(Clusters, "begin", begin)


@mutant("EAR-092")
def change_never_ends(b: Break) -> None:
    """A cluster that is being re-encrypted stays UPDATING."""

    def settle(original: Any, self: Clusters, cluster: Cluster) -> None:
        if cluster.state_name != "UPDATING":
            original(self, cluster)

    b.wrap(Clusters, "_settle", settle)


@mutant("EAR-097")
def paused_cluster_can_be_switched(b: Break) -> None:
    """A paused cluster can be switched to the customer's key."""
    b.replace(Pausing, "takes", lambda _, __, change: change.paused is not None)


@mutant("EAR-093")
def clusters_hold_with_another_status(b: Break) -> None:
    """The key cannot be turned off under clusters, but the refusal is one of validity."""
    b.wrap(Disabling, "_require_no_clusters", other_code("ENCRYPTION_AT_REST_SETTINGS_INVALID"))


@mutant("EAR-093")
def paused_cluster_holds_nothing(b: Break) -> None:
    """A paused cluster does not keep the key from being turned off."""
    b.wrap(Clusters, "using_key", lambda original, self, *names: [c for c in original(self, *names) if not c.paused])


@mutant("EAR-094")
def cluster_holds_after_it_went_back(b: Break) -> None:
    """A cluster that went back to Atlas's own key still holds the customer's."""

    def settle(original: Any, self: Clusters, cluster: Cluster) -> None:
        kept = cluster.key_identifier
        original(self, cluster)
        cluster.key_identifier = kept

    b.wrap(Clusters, "_settle", settle)


@mutant("EAR-094")
def deleted_cluster_still_holds(b: Break) -> None:
    """A deleted cluster still holds the customer's key."""
    ghosts: list[Cluster] = []

    def remove(original: Any, self: Clusters, cluster: Cluster) -> None:
        original(self, cluster)
        ghosts.append(cluster)

    def require(original: Any, self: Disabling, project_id: str, provider: str) -> None:
        original(self, project_id, provider)
        if any(ghost.project_id == project_id for ghost in ghosts):
            raise AtlasRefusal("CANNOT_DISABLE_ENCRYPTION_AT_REST")

    b.wrap(Clusters, "_remove", remove)
    b.wrap(Disabling, "_require_no_clusters", require)


@mutant("EAR-067")
def covered_region_is_refused(b: Break) -> None:
    """Clusters are refused in regions with an approved endpoint as well."""

    def check(self: ClusterRules, project_id: str, old: Any, new: Any) -> None:
        if self._is_gated(project_id) and not old:
            raise AtlasRefusal(codes.REGION_NOT_COVERED, new[0].region)

    b.replace(ClusterRules, "check_coverage", check)


@mutant("EAR-067", "EAR-068")
def one_covered_region_is_enough(b: Break) -> None:
    """A cluster may have nodes anywhere once one of its regions has an approved endpoint."""

    def check(original: Any, self: ClusterRules, project_id: str, old: Any, new: Any) -> None:
        covered = self._world.atlas.endpoints.active_regions(project_id)
        if not any(place.region in covered for place in new):
            original(self, project_id, old, new)

    b.wrap(ClusterRules, "check_coverage", check)


@mutant("EAR-067")
def waiting_endpoint_opens_its_region(b: Break) -> None:
    """An endpoint that waits for approval opens its region for nodes."""

    def regions(self: Endpoints, project_id: str) -> set[str]:
        return {e.region for e in self.of_project(project_id) if e.status in ("ACTIVE", "PENDING_ACCEPTANCE")}

    b.replace(Endpoints, "active_regions", regions)


@mutant("EAR-068")
def refused_extension_happens(b: Break) -> None:
    """A cluster that may not grow into a region is refused, and grows."""

    def change(original: Any, self: Clusters, cluster: Cluster, wanted: Any) -> None:
        try:
            original(self, cluster, wanted)
        except AtlasRefusal:
            cluster.shards = wanted.shards or cluster.shards
            raise

    b.wrap(Clusters, "_check_change", change)


@mutant("EAR-001")
def free_cluster_is_refused_but_made(b: Break) -> None:
    """A free cluster with a customer's key is refused, and created with Atlas's own."""

    def create(original: Any, self: Clusters, project_id: str, request: Any) -> Any:
        try:
            return original(self, project_id, request)
        except AtlasRefusal as refusal:
            if refusal.code == "CANNOT_USE_ENCRYPTION_AT_REST_TENANT":
                self._create(project_id, replace(request, key_provider="NONE"), "tenant")
            raise

    b.wrap(Clusters, "create", create)


@mutant("EAR-004")
def smallest_dedicated_tier_is_refused(b: Break) -> None:
    """M10 clusters cannot use a customer's key."""
    b.replace(cluster_rules, "TENANT_SIZES", cluster_rules.TENANT_SIZES | {"M10"})


@mutant("EAR-006")
def several_clouds_go_on(b: Break) -> None:
    """Turning on private networking leaves clusters over several clouds running."""
    b.drop(Clusters, "disable_multi_cloud")


@mutant("EAR-006")
def one_cloud_is_disabled_too(b: Break) -> None:
    """Turning on private networking stops clusters on Azure alone as well."""

    def disable(self: Clusters, project_id: str) -> None:
        for cluster in self.of_project(project_id):
            cluster.halted = "multi_cloud"

    b.replace(Clusters, "disable_multi_cloud", disable)


@mutant("EAR-012")
def addresses_of_nodes_are_missing(b: Break) -> None:
    """Atlas does not publish the addresses of clusters with a customer's key."""
    b.replace(Addresses, "of_cluster", lambda *_: ())


@mutant("EAR-099")
def new_nodes_stay_public(b: Break) -> None:
    """Nodes in a new region go by the internet although an endpoint is active there."""

    def settle(original: Any, self: Paths, cluster: Cluster, new_regions: set[str]) -> None:
        original(self, cluster, set() if cluster.private_regions else new_regions)

    b.wrap(Paths, "settle_new_nodes", settle)


@mutant("EAR-069")
def only_the_first_cluster_moves(b: Break) -> None:
    """Of several clusters from the public days only one moves to the private path."""

    def migrated(original: Any, self: Paths, subject: str) -> None:
        project_id = subject.partition("/")[0]
        clusters = self._world.atlas.clusters.using_key(project_id, "AZURE")
        kept = [(cluster, set(cluster.private_regions)) for cluster in clusters[1:]]
        original(self, subject)
        for cluster, regions in kept:
            cluster.private_regions = regions

    b.wrap(Paths, "_migrated", migrated)


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
