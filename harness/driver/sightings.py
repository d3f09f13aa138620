"""Names for endpoint records as they come into sight.

A region can hold several records at once: one being recreated beside its replacement. Scenarios call them by region and
order of appearance: `endpoint US_EAST_2 #1` is the first that was ever seen there, `#2` its replacement, and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from harness.model.resource import PrivateEndpoint

ABSENT = {"present": False, "status": None, "connection_name": None, "error_message": None}


def subject(region: str, order: int = 1) -> str:
    """The name under which a record is observed."""
    return f"endpoint {region} #{order}"


def region_subject(region: str) -> str:
    """The name under which all records of a region are observed together."""
    return f"region {region}"


def is_well_formed(record: PrivateEndpoint) -> bool:
    """24 lower-case hexadecimal digits, and a region in Atlas's spelling (EAR-084, EAR-087)."""
    return bool(re.fullmatch("[0-9a-f]{24}", record.id) and re.fullmatch("[A-Z]+(_[A-Z0-9]+)+", record.region))


@dataclass(slots=True)
class Sightings:
    """Which records have been seen, by region, in order of appearance."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    connections: dict[str, str] = field(default_factory=dict)
    """Connection on the vault of each record that has ever named one."""
    role_id: str | None = None
    """The access role that was asked for latest."""
    expected: dict[str, int] = field(default_factory=dict)
    """How many records of a region are reported on at least, seen or not."""

    def note(self, records: Iterable[PrivateEndpoint]) -> None:
        """Remember records that are new."""
        for record in records:
            known = self.ids.setdefault(record.region, [])
            if record.id not in known:
                known.append(record.id)
            if record.connection_name:
                self.connections[record.id] = record.connection_name

    def expect(self, region: str, order: int = 1) -> None:
        """Report on this record from now on, even while it has not been seen."""
        self.ids.setdefault(region, [])
        self.expected[region] = max(order, self.expected.get(region, 1))

    def id(self, region: str, order: int = 1) -> str | None:
        """Identifier of a record that has been seen."""
        known = self.ids.get(region, [])
        return known[order - 1] if len(known) >= order else None

    def connection(self, region: str, order: int = 1) -> str | None:
        """The connection that a record has named, also after the record is gone."""
        return self.connections.get(self.id(region, order) or "")

    def facts(self, records: Iterable[PrivateEndpoint]) -> dict[str, dict[str, Any]]:
        """What a listing says about every record known so far, those that are gone included, and about each region."""
        listed = list(records)
        self.note(listed)
        by_id = {record.id: record for record in listed}
        facts: dict[str, dict[str, Any]] = {
            "endpoints": {
                "count": len(listed),
                "regions": sorted({record.region for record in listed}),
                "active_regions": sorted({record.region for record in listed if record.status == "ACTIVE"}),
                "statuses": sorted(record.status for record in listed),
                "well_formed": all(is_well_formed(record) for record in listed),
            }
        }
        for region, ids in self.ids.items():
            statuses = sorted(record.status for record in listed if record.region == region)
            facts[region_subject(region)] = {"statuses": statuses, "count": len(statuses)}
            for order in range(1, max(len(ids), self.expected.get(region, 1)) + 1):
                known = self.id(region, order)
                seen = by_id.get(known or "")
                absent = {**ABSENT, "seen": known is not None}
                facts[subject(region, order)] = {"present": True, "seen": True, **asdict(seen)} if seen else absent
        return facts
