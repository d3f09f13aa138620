"""Faults of several links, or of one again and again (F-04, F-22)."""

from __future__ import annotations

from collections.abc import Sequence

from harness.faults.injection import Image
from harness.faults.links import LinkFault


class FlappingLink(LinkFault):
    """F-04: the endpoint is rejected, its replacement is approved, and that one is rejected too."""

    replacement = ""
    """Connection of the replacement."""

    def inject(self) -> None:
        """Lose it, wait for its replacement to work, and lose that one."""
        self._reject(self._before["connection"])
        limits, region = self._tools.limits, self.target["region"]
        within_s = limits.detection_s + limits.recreation_s
        self._wait("the replacement", lambda: self._approve_until_good(region, self._before), within_s)
        self.replacement = next(one.connection_name or "" for one in self._records(region))
        self._reject(self.replacement)

    def observed(self) -> bool:
        """The replacement no longer carries anything."""
        return bool(self.replacement) and self._connections().get(self.replacement) != "Approved"


class LoseEveryLink(LinkFault):
    """F-22: the endpoints of all regions are rejected."""

    def capture(self) -> Image:
        """Read every endpoint; all must be active, and there must be one."""
        records, statuses = self._atlas.private_endpoints(self._site.project_id), self._connections()
        if not records or any(statuses.get(one.connection_name or "") != "Approved" for one in records):
            raise self._unfit("the project has no private endpoints, or not all of them are active and approved")
        return self._keep({"links": {one.region: one.connection_name for one in records}})

    def inject(self) -> None:
        """Reject all of them."""
        for name in self._before["links"].values():
            self._reject(name)

    def observed(self) -> bool:
        """None carries anything any more."""
        statuses = self._connections()
        return all(statuses.get(name) != "Approved" for name in self._before["links"].values())

    def undo(self, image: Image) -> None:
        """Approve what Atlas makes in place of each."""
        limits = self._tools.limits
        within_s = limits.detection_s + limits.recreation_s
        self._wait("the endpoints of all regions", lambda: self._approve_all(_regions(image), image), within_s)

    def restored(self, image: Image) -> bool:
        """Every region has one endpoint, which is active and approved."""
        return all(self._good(region) for region in _regions(image))

    def _approve_all(self, regions: Sequence[str], image: Image) -> bool:
        good = [self._approve_until_good(region, image) for region in regions]  # each is looked at, whatever the others
        return all(good)


def _regions(image: Image) -> Sequence[str]:
    return sorted(image["links"])
