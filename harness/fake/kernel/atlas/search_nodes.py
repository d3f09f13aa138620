"""Dedicated search nodes and their encryption with the customer's key (EAR-137 to EAR-139)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.state import SearchDeployment

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class SearchNodes:
    """The search deployment of each cluster."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get(self, project_id: str, cluster: str) -> SearchDeployment | None:
        """The deployment, or None where there are no search nodes now (EAR-139: removed without the key).

        Raises:
            AtlasRefusal: those of `Clusters.get`.
        """
        raise NotImplementedError

    def key_provider(self, project_id: str, cluster: str) -> str:
        """`encryptionAtRestProvider` of the search nodes: the cluster's, where the project asks for it (EAR-137)."""
        raise NotImplementedError

    def create(self, project_id: str, cluster: str, size: str, count: int) -> SearchDeployment:
        """Ask for search nodes: UPDATING, IDLE after `knobs.cluster_update_s`.

        Raises:
            AtlasRefusal: those of `Clusters.get`, CANNOT_UPDATE_PAUSED_CLUSTER, placeholder SEARCH_DEPLOYMENT_EXISTS.
        """
        raise NotImplementedError

    def update(self, project_id: str, cluster: str, size: str, count: int) -> SearchDeployment:
        """Change size or number of the search nodes.

        Raises:
            AtlasRefusal: those of `create`, placeholder SEARCH_DEPLOYMENT_NOT_FOUND.
        """
        raise NotImplementedError

    def delete(self, project_id: str, cluster: str) -> None:
        """Remove the search nodes.

        Raises:
            AtlasRefusal: those of `Clusters.get`, placeholder SEARCH_DEPLOYMENT_NOT_FOUND.
        """
        raise NotImplementedError
