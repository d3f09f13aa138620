"""Initial syncs and search nodes: rebuilt with the data, removed without the key, and back with it."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.atlas.clusters import Clusters
from harness.fake.kernel.atlas.search_nodes import SearchNodes
from harness.fake.kernel.atlas.state import Cluster
from harness.fake.kernel.atlas.validation import Validation
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-091", "EAR-092")
def switch_without_a_sync(b: Break) -> None:
    """A cluster is switched to another key without writing its data anew."""

    def apply(original: Any, self: Clusters, cluster: Cluster, change: Any) -> None:
        original(self, cluster, change)
        if change.key_provider is not None:
            self._settle(cluster)

    b.wrap(Clusters, "_apply", apply)


@mutant("EAR-091")
def no_sync_on_the_way_back(b: Break) -> None:
    """A cluster goes back to Atlas's own key without writing its data anew."""

    def apply(original: Any, self: Clusters, cluster: Cluster, change: Any) -> None:
        original(self, cluster, change)
        if change.key_provider == "NONE":
            self._settle(cluster)

    b.wrap(Clusters, "_apply", apply)


@mutant("EAR-091")
def every_cluster_is_synchronised(b: Break) -> None:
    """Switching one cluster synchronises all clusters of the project."""

    def apply(original: Any, self: Clusters, cluster: Cluster, change: Any) -> None:
        original(self, cluster, change)
        if change.key_provider is not None:
            for other in self.of_project(cluster.project_id):
                self.begin(other, "UPDATING", self._world.knobs.cluster_update_s)

    b.wrap(Clusters, "_apply", apply)


@mutant("EAR-091")
def sync_without_a_switch(b: Break) -> None:
    """Asking for the key that a cluster already has synchronises it again."""

    def apply(original: Any, self: Clusters, cluster: Cluster, change: Any) -> None:
        original(self, cluster, change)
        if change.key_provider is not None and cluster.state_name == "IDLE":
            self.begin(cluster, "UPDATING", self._world.knobs.cluster_update_s)

    b.wrap(Clusters, "_apply", apply)


@mutant("EAR-091")
def indexes_are_not_rebuilt(b: Break) -> None:
    """Search indexes stay as they are when the data is written anew."""
    b.drop(SearchNodes, "rebuild")


@mutant("EAR-091")
def indexes_are_rebuilt_one_way_only(b: Break) -> None:
    """Search indexes are rebuilt on the way to the customer's key, not on the way back."""

    def rebuild(original: Any, self: SearchNodes, cluster: Cluster) -> None:
        if cluster.key_provider != "NONE":
            original(self, cluster)

    b.wrap(SearchNodes, "rebuild", rebuild)


@mutant("EAR-091")
def all_indexes_are_rebuilt(b: Break) -> None:
    """Switching one cluster rebuilds the search indexes of all clusters."""

    def rebuild(original: Any, self: SearchNodes, cluster: Cluster) -> None:
        for other in self._world.atlas.clusters.of_project(cluster.project_id):
            original(self, other)

    b.wrap(SearchNodes, "rebuild", rebuild)


@mutant("EAR-139")
def search_nodes_outlive_the_key(b: Break) -> None:
    """A cluster without its key keeps its search nodes."""
    b.drop(SearchNodes, "remove_all")


@mutant("EAR-139")
def search_nodes_never_return(b: Break) -> None:
    """Search nodes that were removed are not provisioned again."""
    b.drop(SearchNodes, "provision_again")


@mutant("EAR-139")
def search_nodes_return_as_they_were(b: Break) -> None:
    """Search nodes come back without being synchronised."""

    def provision(_: SearchNodes, cluster: Cluster) -> None:
        if cluster.search is not None:
            cluster.search.removed = False

    b.replace(SearchNodes, "provision_again", provision)


@mutant("EAR-139")
def search_nodes_return_only_once(b: Break) -> None:
    """Search nodes that are removed a second time do not come back."""
    returned: set[str] = set()

    def provision(original: Any, self: SearchNodes, cluster: Cluster) -> None:
        if cluster.id not in returned:
            original(self, cluster)
        if cluster.search is not None:
            returned.add(cluster.id)

    b.wrap(SearchNodes, "provision_again", provision)


@mutant("EAR-139")
def all_search_nodes_go(b: Break) -> None:
    """One lost key removes the search nodes of clusters on Atlas's own key as well."""

    def halt(original: Any, self: Clusters, cluster: Cluster, why: str) -> None:
        original(self, cluster, why)
        for other in self.of_project(cluster.project_id):
            self._world.atlas.search_nodes.remove_all(other)

    b.wrap(Clusters, "halt", halt)


@mutant("EAR-139")
def search_nodes_go_with_the_link(b: Break) -> None:
    """A cluster whose vault cannot be reached loses its search nodes."""

    def act(original: Any, self: Validation, cluster: Cluster, condition: str, report: Any, *, shut_down: bool) -> None:
        original(self, cluster, condition, report, shut_down=shut_down)
        if condition == "unreachable":
            self._world.atlas.search_nodes.remove_all(cluster)

    b.wrap(Validation, "_act", act)
