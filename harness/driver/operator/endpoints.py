"""Private endpoints: asked for, deleted, and what cannot be done to them."""

from __future__ import annotations

from harness.driver.operator.desk import Desk
from harness.driver.sightings import Sightings, subject
from harness.errors import Undecided


class Endpoints:
    """What the operator does to the private endpoints of the project."""

    def __init__(self, desk: Desk, sightings: Sightings) -> None:
        self._desk = desk
        self._sightings = sightings

    def ask_for(self, region: str) -> None:
        """Ask for a private endpoint."""
        project = self._desk.project_id
        self._sightings.expect(region)
        endpoint = self._desk.perform(
            "asks for",
            f"endpoint {region}",
            lambda: self._desk.atlas.create_private_endpoint(project, region),
            documented=[202],
        )
        if endpoint is not None:
            self._sightings.note([endpoint])

    def ask_elsewhere(self, provider: str, region: str) -> None:
        """Ask for a private endpoint of another cloud than Azure (EAR-085)."""
        project = self._desk.project_id
        self._desk.perform(
            "asks another cloud for",
            f"endpoint {region}",
            lambda: self._desk.atlas.create_private_endpoint_at(project, provider, region),
            provider=provider,
        )

    def look_for(self, provider: str) -> None:
        """Ask which private endpoints of a cloud there are (EAR-085)."""
        project = self._desk.project_id
        self._desk.perform(
            "looks for",
            "endpoints",
            lambda: self._desk.atlas.private_endpoint_ids(project, provider),
            documented=[200],
            provider=provider,
        )

    def delete(self, region: str, order: int = 1) -> None:
        """Delete an endpoint record."""
        project, endpoint_id = self._desk.project_id, self.id(region, order)
        name = subject(region, order)
        documented = int(self._desk.backend.readings.get("endpoint_delete_status", "204"))
        self._desk.perform(
            "deletes",
            name,
            lambda: self._desk.atlas.delete_private_endpoint(project, endpoint_id),
            documented=[documented],
        )

    def alter(self, region: str, *, whole: bool) -> None:
        """Try to change an endpoint in place, or to replace it as a whole."""
        project, endpoint_id = self._desk.project_id, self.id(region)
        change = {"regionName": region}
        self._desk.perform(
            "replaces" if whole else "alters",
            subject(region),
            lambda: self._desk.atlas.alter_private_endpoint(project, endpoint_id, change, whole=whole),
        )

    def id(self, region: str, order: int = 1) -> str:
        """Identifier of a record that has come into sight.

        Raises:
            Undecided: no such record has been seen.
        """
        endpoint_id = self._sightings.id(region, order)
        if endpoint_id is None:
            raise Undecided(f"there is no {subject(region, order)} to act on")
        return endpoint_id

    def connection(self, region: str, order: int = 1) -> str:
        """Name of the vault connection that Atlas reports for an endpoint.

        Raises:
            Undecided: Atlas does not name one.
        """
        record = self._desk.backend.clusters("owner").private_endpoint(self._desk.project_id, self.id(region, order))
        if record is None or not record.connection_name:
            raise Undecided(f"Atlas names no connection for {subject(region, order)}")
        return record.connection_name
