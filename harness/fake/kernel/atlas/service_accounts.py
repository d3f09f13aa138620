"""Service accounts and API keys that callers make for themselves (SPEC GroupServiceAccount, OrgServiceAccount)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.fake.kernel.atlas.state import Caller
    from harness.fake.kernel.world import World

HOUR_S = 3600.0


class ServiceAccounts:
    """Makes, lists and removes identities of projects and organisations."""

    def __init__(self, world: World) -> None:
        self._world = world

    def of_project(self, project_id: str) -> list[Caller]:
        """Service accounts with a role in a project, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        return [c for c in self._all() if c.project_roles.get(project_id)]

    def of_organisation(self, organisation_id: str) -> list[Caller]:
        """Service accounts of an organisation, oldest first.

        Raises:
            AtlasRefusal: ORG_NOT_FOUND.
        """
        self._world.atlas.projects.organisation(organisation_id)
        return [c for c in self._all() if c.organisation_id == organisation_id]

    def in_project(self, project_id: str, client_id: str) -> Caller:
        """One service account of a project.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, RESOURCE_NOT_FOUND (client id).
        """
        return _one(self.of_project(project_id), client_id)

    def in_organisation(self, organisation_id: str, client_id: str) -> Caller:
        """One service account of an organisation.

        Raises:
            AtlasRefusal: ORG_NOT_FOUND, RESOURCE_NOT_FOUND (client id).
        """
        return _one(self.of_organisation(organisation_id), client_id)

    def create_in_project(
        self, project_id: str, name: str, description: str, roles: Iterable[str], secret_hours: float
    ) -> Caller:
        """Make a service account of a project; it is a member of the organisation as well.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        organisation_id = self._world.atlas.projects.get(project_id).organisation_id
        made = self._world.atlas.callers.add_service_account(organisation_id, {project_id: roles})
        return self._describe(made, name, description, secret_hours)

    def create_in_organisation(
        self, organisation_id: str, name: str, description: str, roles: Iterable[str], secret_hours: float
    ) -> Caller:
        """Make a service account of an organisation.

        Raises:
            AtlasRefusal: ORG_NOT_FOUND.
        """
        self._world.atlas.projects.organisation(organisation_id)
        made = self._world.atlas.callers.add_service_account(organisation_id, {}, organisation_roles=roles)
        return self._describe(made, name, description, secret_hours)

    def unassign(self, project_id: str, client_id: str) -> None:
        """Take a service account out of a project; it stays a member of the organisation, and its secret holds.

        Raises:
            AtlasRefusal: those of `in_project`.
        """
        del self.in_project(project_id, client_id).project_roles[project_id]

    def delete(self, organisation_id: str, client_id: str) -> None:
        """Remove a service account and end its tokens.

        Raises:
            AtlasRefusal: those of `in_organisation`.
        """
        self._world.atlas.callers.remove(self.in_organisation(organisation_id, client_id))

    def _describe(self, made: Caller, name: str, description: str, secret_hours: float) -> Caller:
        made.name, made.description = name, description
        made.secret_expires = self._world.now + secret_hours * HOUR_S
        return made

    def _all(self) -> list[Caller]:
        return [c for c in self._world.state.atlas.callers.values() if c.kind == "service_account"]


def _one(callers: list[Caller], client_id: str) -> Caller:
    for caller in callers:
        if caller.public == client_id:
            return caller
    raise AtlasRefusal("RESOURCE_NOT_FOUND", client_id)
