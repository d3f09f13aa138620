"""Access to Azure without a secret: roles through which Atlas signs in as its own application (SECL)."""

from __future__ import annotations

from harness.driver.operator.desk import Desk
from harness.driver.sightings import Sightings
from harness.errors import Undecided, Unsupported
from harness.model.resource import ATLAS_APPLICATION

OTHER_APPLICATION = "00000000-0000-4000-8000-000000000005"
OTHER_PRINCIPAL = "00000000-0000-4000-8000-000000000006"
"""An application and a service principal that do not exist."""


class Access:
    """What the operator does to the access roles of the project; the latest that was asked for is `the role`."""

    def __init__(self, desk: Desk, sightings: Sightings) -> None:
        self._desk = desk
        self._sightings = sightings

    def ask(self, *, application_id: str = ATLAS_APPLICATION, principal_id: str = "") -> None:
        """Ask for a role: of Atlas's own application as its service principal in the tenant, or of what is named.

        Raises:
            Unsupported: the tenant has no service principal of Atlas's own application.
        """
        site = self._desk.backend.site
        if not site.atlas_principal_id:
            raise Unsupported("the tenant has no service principal of Atlas's own application")
        role = self._desk.perform(
            "asks for",
            "access role",
            lambda: self._desk.atlas.create_cloud_role(
                site.project_id, application_id, site.tenant_id, principal_id or site.atlas_principal_id
            ),
            documented=[200],
            application=application_id,
        )
        if role is not None:
            self._sightings.role_id = role.id

    def give_up(self) -> None:
        """Remove the role."""
        project, role_id = self._desk.project_id, self.role_id
        self._desk.perform(
            "gives up", "access role", lambda: self._desk.atlas.delete_cloud_role(project, role_id), documented=[204]
        )

    @property
    def role_id(self) -> str:
        """Identifier of the role.

        Raises:
            Undecided: none was given.
        """
        if self._sightings.role_id is None:
            raise Undecided("there is no access role to act with")
        return self._sightings.role_id
