"""Private endpoints towards the vault: the state machine T1 to T15 of atlas.md 2.1, and the reconciler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.state import Endpoint

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class Endpoints:
    """Creates, watches, recreates and deletes private endpoints."""

    def __init__(self, world: World) -> None:
        self._world = world

    def of_project(self, project_id: str, provider: str = "AZURE") -> list[Endpoint]:
        """Every record of the project for a provider, in any state, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        raise NotImplementedError

    def get(self, project_id: str, provider: str, endpoint_id: str) -> Endpoint:
        """One record.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, RESOURCE_NOT_FOUND (endpoint id).
        """
        raise NotImplementedError

    def create(self, project_id: str, provider: str, region: str) -> Endpoint:
        """Ask for an endpoint: a record in INITIATING (T1).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, UNEXPECTED_ERROR (knob `random_500_rate`), INVALID_REGION (region, provider),
                and the placeholders PROJECT_INACTIVE, PRIVATE_NETWORKING_NOT_REQUIRED, DUPLICATE_REGION.
        """
        raise NotImplementedError

    def delete(self, project_id: str, provider: str, endpoint_id: str) -> None:
        """Ask for the deletion of an endpoint: DELETING at once (T10), gone later (T11).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, RESOURCE_NOT_FOUND,
                ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING (one parameter: a list with the
                id, EAR-062), and the placeholders ENDPOINT_ALREADY_DELETING (T15), ENDPOINT_BEING_RECREATED (T14).
        """
        raise NotImplementedError
