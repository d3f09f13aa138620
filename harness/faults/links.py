"""Faults of approved private endpoints: rejected, removed, flapping, all at once (F-01, F-02, F-04, F-22)."""

from __future__ import annotations

from collections.abc import Sequence

from harness.faults.injection import Bound, Image
from harness.model.resource import PrivateEndpoint

NOTE = "cmkproof"
"""What is noted on the vault beside a decision about a connection."""


class LinkFault(Bound):
    """Strikes the active endpoint of a region, and approves what Atlas makes in its place.

    There is no inverse: a connection that was rejected is not taken back (azure.md 2; atlas.md 2.1 T7 to T9).
    """

    def capture(self) -> Image:
        """Read the region's endpoint, which must be active and alone."""
        records, statuses = self._records(self.target["region"]), self._connections()
        if len(records) != 1 or not _works(records[0], statuses):
            raise self._unfit(f"{self.target['region']} has no private endpoint that is active and approved")
        return self._keep({"endpoint": records[0].id, "connection": records[0].connection_name})

    def inject(self) -> None:
        """Reject the connection."""
        self._reject(self._before["connection"])

    def observed(self) -> bool:
        """The connection no longer carries anything."""
        return self._connections().get(self._before["connection"]) != "Approved"

    def undo(self, image: Image) -> None:
        """Wait for the replacement, approve it, and wait until nothing else is left of the region's endpoints."""
        limits = self._tools.limits
        within_s = limits.detection_s + limits.recreation_s
        region = self.target["region"]
        self._wait(f"the endpoint of {region}", lambda: self._approve_until_good(region, image), within_s)

    def restored(self, image: Image) -> bool:  # noqa: ARG002 - a replacement is as good as what was there
        """The region has one endpoint, which is active and approved."""
        return self._good(self.target["region"])

    def _approve_until_good(self, region: str, image: Image) -> bool:
        statuses = self._connections()
        for record in self._records(region):
            name = record.connection_name
            if record.status == "PENDING_ACCEPTANCE" and name and statuses.get(name) == "Pending":
                self._approve(name)
        return self.restored(image)

    def _good(self, region: str) -> bool:
        records, statuses = self._records(region), self._connections()
        return len(records) == 1 and _works(records[0], statuses)

    def _records(self, region: str) -> Sequence[PrivateEndpoint]:
        return [one for one in self._atlas.private_endpoints(self._site.project_id) if one.region == region]

    def _connections(self) -> dict[str, str]:
        """Status on the vault of every connection, by its name."""
        return {one.name: one.status for one in self._keys.connections()}

    def _approve(self, name: str) -> None:
        self._act("approves", "connection", lambda: self._keys.approve_connection(name, NOTE), name=name)

    def _reject(self, name: str) -> None:
        self._act("rejects", "connection", lambda: self._keys.reject_connection(name, NOTE), name=name)


class RemoveEndpoint(LinkFault):
    """F-02: the connection is removed."""

    def inject(self) -> None:
        """Remove the connection."""
        name = self._before["connection"]
        self._act("removes", "connection", lambda: self._keys.remove_connection(name), name=name)


def _works(record: PrivateEndpoint, statuses: dict[str, str]) -> bool:
    return record.status == "ACTIVE" and statuses.get(record.connection_name or "") == "Approved"
