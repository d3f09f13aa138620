"""Organisations and projects; a project may be INACTIVE, which no API shows (EAR-007, atlas.md 6 #22)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.state import AtlasState, Encryption, Organisation, Project
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class Projects:
    """Creates, finds and closes projects."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _state(self) -> AtlasState:
        return self._world.state.atlas

    def add_organisation(self, name: str) -> Organisation:
        """Create an organisation."""
        organisation = Organisation(self._world.streams.object_id("atlas.organisation", self._world.now), name)
        self._state.organisations[organisation.id] = organisation
        return organisation

    def organisation(self, organisation_id: str) -> Organisation:
        """One organisation.

        Raises:
            AtlasRefusal: ORG_NOT_FOUND.
        """
        found = self._state.organisations.get(organisation_id)
        if found is None:
            raise AtlasRefusal("ORG_NOT_FOUND", organisation_id)
        return found

    def organisations(self) -> list[Organisation]:
        """All organisations, in order of creation."""
        return list(self._state.organisations.values())

    def create(self, organisation_id: str, name: str) -> Project:
        """Create a project with its default alert rules.

        Raises:
            AtlasRefusal: ORG_NOT_FOUND, GROUP_ALREADY_EXISTS (same name in the organisation).
        """
        self.organisation(organisation_id)
        self._check_name(organisation_id, name)
        streams = self._world.streams
        project = Project(
            id=streams.object_id("atlas.project", self._world.now),
            organisation_id=organisation_id,
            name=name,
            created=self._world.now,
            azure_subscription_id=streams.guid("atlas.azure_subscription"),
        )
        self._state.projects[project.id] = project
        self._state.encryptions[project.id] = Encryption()
        self._world.atlas.feed.add_default_rules(project.id)
        return project

    def get(self, project_id: str) -> Project:
        """One project.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        found = self._state.projects.get(project_id)
        if found is None:
            raise AtlasRefusal("GROUP_NOT_FOUND", project_id)
        return found

    def named(self, name: str) -> list[Project]:
        """Projects of this name, of whatever organisation."""
        return [p for p in self._state.projects.values() if p.name == name]

    def all(self, organisation_id: str = "") -> list[Project]:
        """All projects, or those of one organisation, in order of creation."""
        projects = self._state.projects.values()
        return [p for p in projects if organisation_id in ("", p.organisation_id)]

    def rename(self, project_id: str, name: str) -> Project:
        """Give a project another name.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, GROUP_ALREADY_EXISTS.
        """
        project = self.get(project_id)
        if name != project.name:
            self._check_name(project.organisation_id, name)
            project.name = name
        return project

    def delete(self, project_id: str) -> None:
        """Close a project, which must hold neither clusters nor private endpoints.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS,
                CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES (atlas.md 3.6).
        """
        self.get(project_id)
        state = self._state
        if state.clusters.get(project_id):
            raise AtlasRefusal("CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS", project_id)
        if state.endpoints.get(project_id):
            raise AtlasRefusal("CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES", project_id)
        del state.projects[project_id], state.encryptions[project_id]
        for by_project in (state.cloud_roles, state.policies):
            by_project.pop(project_id, None)
        for caller in state.callers.values():
            caller.project_roles.pop(project_id, None)
        kept: tuple[dict[str, list[object]], ...] = (state.events, state.alerts, state.rules)  # type: ignore[assignment]
        for records in kept:
            records.pop(project_id, None)

    def set_active(self, project_id: str, active: bool) -> None:
        """Put a project into state INACTIVE or back to ACTIVE: for the stage manager, no API does it.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self.get(project_id).active = active

    def _check_name(self, organisation_id: str, name: str) -> None:
        if any(p.name == name for p in self.all(organisation_id)):
            raise AtlasRefusal("GROUP_ALREADY_EXISTS", name)
