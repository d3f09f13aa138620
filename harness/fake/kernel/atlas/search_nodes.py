"""Dedicated search nodes and their encryption with the customer's key (EAR-091, EAR-137 to EAR-139)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas.state import SearchDeployment
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import Cluster
    from harness.fake.kernel.world import World


class SearchNodes:
    """The search deployment of each cluster."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.search.done", self._done)

    def get(self, project_id: str, cluster: str) -> SearchDeployment | None:
        """The deployment, or None where there are no search nodes now (EAR-139: removed without the key).

        Raises:
            AtlasRefusal: those of `Clusters.get`.
        """
        found = self._world.atlas.clusters.get(project_id, cluster).search
        return None if found is None or found.removed else found

    def key_provider(self, project_id: str, cluster: str) -> str:
        """`encryptionAtRestProvider` of the search nodes: the cluster's, where the project asks for it (EAR-137).

        Raises:
            AtlasRefusal: those of `Clusters.get`.
        """
        found = self._world.atlas.clusters.get(project_id, cluster)
        wanted = self._world.atlas.encryption.configuration(project_id).search_nodes
        return found.key_provider if wanted else "NONE"

    def create(self, project_id: str, cluster: str, size: str, count: int) -> SearchDeployment:
        """Ask for search nodes: UPDATING, IDLE after `knobs.cluster_update_s`.

        Raises:
            AtlasRefusal: those of `Clusters.get`, CANNOT_UPDATE_PAUSED_CLUSTER, placeholder SEARCH_DEPLOYMENT_EXISTS.
        """
        found = self._running(project_id, cluster)
        if found.search is not None:
            raise AtlasRefusal(codes.SEARCH_DEPLOYMENT_EXISTS, cluster)
        found.search = SearchDeployment(self._world.streams.object_id("atlas.search", self._world.now), size, count)
        self._provision(found, found.search)
        return found.search

    def update(self, project_id: str, cluster: str, size: str, count: int) -> SearchDeployment:
        """Change size or number of the search nodes.

        Raises:
            AtlasRefusal: those of `create`, placeholder SEARCH_DEPLOYMENT_NOT_FOUND.
        """
        found = self._running(project_id, cluster)
        if found.search is None:
            raise AtlasRefusal(codes.SEARCH_DEPLOYMENT_NOT_FOUND, cluster)
        found.search.size, found.search.count = size, count
        self._provision(found, found.search)
        return found.search

    def delete(self, project_id: str, cluster: str) -> None:
        """Remove the search nodes.

        Raises:
            AtlasRefusal: those of `Clusters.get`, placeholder SEARCH_DEPLOYMENT_NOT_FOUND.
        """
        found = self._world.atlas.clusters.get(project_id, cluster)
        if found.search is None:
            raise AtlasRefusal(codes.SEARCH_DEPLOYMENT_NOT_FOUND, cluster)
        found.search = None

    def remove_all(self, cluster: Cluster) -> None:
        """The cluster was shut down: its search nodes are removed (EAR-139)."""
        if cluster.search is not None:
            cluster.search.removed = True

    def provision_again(self, cluster: Cluster) -> None:
        """The cluster is back: its search nodes are provisioned and synchronised anew (EAR-139)."""
        if cluster.search is not None and cluster.search.removed:
            cluster.search.removed = False
            self._provision(cluster, cluster.search)

    def rebuild(self, cluster: Cluster) -> None:
        """The cluster's data is encrypted anew: an initial sync rebuilds its search indexes (EAR-091)."""
        if cluster.search is not None and not cluster.search.removed:
            self._provision(cluster, cluster.search)

    def _running(self, project_id: str, name: str) -> Cluster:
        cluster = self._world.atlas.clusters.get(project_id, name)
        if cluster.paused or cluster.halted:
            raise AtlasRefusal("CANNOT_UPDATE_PAUSED_CLUSTER", name)
        return cluster

    def _provision(self, cluster: Cluster, search: SearchDeployment) -> None:
        search.state_name = "UPDATING"
        search.operation += 1
        subject = f"{cluster.project_id}/{cluster.id}/{search.id}/{search.operation}"
        self._world.schedule(self._world.knobs.cluster_update_s, "atlas.search.done", subject)

    def _done(self, subject: str) -> None:
        project_id, cluster_id, search_id, operation = subject.split("/")
        cluster = self._world.atlas.clusters.by_id(project_id, cluster_id)
        if cluster is None or cluster.search is None:
            return
        if (cluster.search.id, str(cluster.search.operation)) != (search_id, operation):
            return
        if cluster.search.state_name == "UPDATING" and not cluster.search.removed:
            cluster.search.state_name = "IDLE"
