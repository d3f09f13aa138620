"""An observer who misses nothing: after every timer and every request it writes down what has become different.

It speaks as the auditor does (`harness.driver.auditor`), subject by subject and in the same words, but names records
and connections by region and order of appearance only, so that histories can be compared whatever identifiers were
drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from harness.explore.moves import CLUSTER
from harness.fake.kernel.atlas.state import Alert, Cluster, Encryption, Endpoint
from harness.fake.kernel.world import World
from harness.model.history import Observed

PARTY = "auditor"
STANDING = ("OPEN", "TRACKING")
GONE: dict[str, Any] = {"present": False}
ABSENT: dict[str, Any] = {
    "present": False, "seen": True, "status": None, "connection_name": None, "error_message": None,
}  # fmt: skip
CONFIGURED = (
    "enabled", "valid", "require_private_networking", "key_identifier", "key_vault_name", "subscription_id",
    "resource_group_name", "tenant_id", "client_id", "azure_environment", "role_id",
)  # fmt: skip


class Watcher:
    """What was seen last, so that only changes are told."""

    __slots__ = ("_alerts", "_cluster", "_connections", "_counts", "_encryption", "_events", "_named", "_records",
                 "_regions", "_tells_feed", "project_id", "world")  # fmt: skip

    def __init__(self, world: World, project_id: str, *, feed: bool = True) -> None:
        self.world = world
        self._tells_feed = feed
        self.project_id = project_id
        self._records: tuple[tuple[Any, ...], ...] = ()
        self._named: dict[str, str] = {}
        """Record id to its subject."""
        self._regions: dict[str, int] = {}
        """Records that a region has had."""
        self._connections: dict[str, str] = {}
        """Name of a connection to the name of ours for it."""
        self._cluster: tuple[Any, ...] = ()
        self._encryption: tuple[Any, ...] = ()
        self._alerts: tuple[str, ...] = ()
        self._events = 0
        self._counts: dict[str, int] = {}

    def copy(self) -> Watcher:
        """The same memory, apart from this one."""
        other = Watcher.__new__(Watcher)
        other.world, other.project_id, other._tells_feed = self.world, self.project_id, self._tells_feed
        other._records, other._cluster, other._encryption = self._records, self._cluster, self._encryption
        other._alerts, other._events, other._counts = self._alerts, self._events, dict(self._counts)
        other._named, other._regions = dict(self._named), dict(self._regions)
        other._connections = dict(self._connections)
        return other

    def look(self, *, everything: bool = False) -> list[Observed]:
        """What is different from the last look; or everything, as far as there ever was anything to see of it."""
        if everything:
            self._records, self._alerts = (), ("",)
            self._encryption, self._cluster = (), self._cluster and ("",)
        state, project = self.world.state.atlas, self.project_id
        found: list[Observed] = []
        records = tuple(
            (e.id, e.status, e.connection_name, e.error_message) for e in state.endpoints.get(project, {}).values()
        )
        if records != self._records or (everything and self._named):
            found.extend(self._endpoints(state.endpoints.get(project, {}), records))
        found_cluster = state.clusters.get(project, {}).get(CLUSTER)
        cluster = () if found_cluster is None else _cluster_signature(found_cluster)
        if cluster != self._cluster:
            self._cluster = cluster
            found.append(Observed(PARTY, f"cluster {CLUSTER}", self._cluster_facts(found_cluster)))
        found.extend(self._configuration(state.encryptions[project]))
        found.extend(self._feed(state.alerts.get(project, [])))
        return found

    def subject(self, endpoint: Endpoint) -> str:
        """How a record is called."""
        if endpoint.id not in self._named:
            order = self._regions[endpoint.region] = self._regions.get(endpoint.region, 0) + 1
            self._named[endpoint.id] = f"endpoint {endpoint.region} #{order}"
        return self._named[endpoint.id]

    def connection(self, name: str, endpoint: Endpoint) -> str:
        """How a connection is called: as the record that named it first."""
        return self._connections.setdefault(name, self.subject(endpoint).removeprefix("endpoint "))

    def _endpoints(self, records: dict[str, Endpoint], now: tuple[tuple[Any, ...], ...]) -> Iterator[Observed]:
        before = dict.fromkeys(self._records)
        self._records = now
        listed = list(records.values())
        regions = list(dict.fromkeys(self._regions))
        yield Observed(PARTY, "endpoints", _endpoints_facts(listed))
        for one in now:
            if one not in before:
                yield Observed(PARTY, self.subject(records[one[0]]), self._endpoint_facts(records[one[0]]))
        gone = [one[0] for one in before if one[0] not in records]
        for endpoint_id in gone:
            yield Observed(PARTY, self._named[endpoint_id], ABSENT)
        for region in dict.fromkeys((*regions, *self._regions)):
            statuses = sorted(e.status for e in listed if e.region == region)
            yield Observed(PARTY, f"region {region}", {"statuses": statuses, "count": len(statuses)})

    def _endpoint_facts(self, endpoint: Endpoint) -> dict[str, Any]:
        name = endpoint.connection_name
        subject = self.subject(endpoint)
        return {
            "present": True,
            "seen": True,
            "id": subject,
            "region": endpoint.region,
            "status": endpoint.status,
            "connection_name": None if name is None else self.connection(name, endpoint),
            "error_message": endpoint.error_message,
            "provider": endpoint.provider,
        }

    def _cluster_facts(self, cluster: Cluster | None) -> dict[str, Any]:
        if cluster is None:
            return GONE
        specs = [spec for place in cluster.placements for spec in place.specs]
        return {
            "present": True,
            "state": cluster.state_name,
            "paused": self.world.atlas.clusters.reads_paused(cluster),
            "key_provider": cluster.key_provider,
            "regions": sorted({place.region for place in cluster.placements}),
            "providers": sorted({place.provider for place in cluster.placements}),
            "sizes": sorted({spec.size for spec in specs}),
            "nodes": sum(place.nodes for place in cluster.placements),
        }

    def _configuration(self, encryption: Encryption) -> Iterator[Observed]:
        azure = encryption.azure
        now = (azure.enabled, azure.valid, azure.require_private_networking, azure.key_identifier, azure.client_id,
               azure.secret, azure.key_vault_name)  # fmt: skip
        if now != self._encryption:
            self._encryption = now
            facts = {name: getattr(azure, name) for name in CONFIGURED}
            facts["search_nodes"] = encryption.search_nodes
            yield Observed(PARTY, "encryption", facts)

    def _feed(self, alerts: list[Alert]) -> Iterator[Observed]:
        statuses = tuple([alert.status for alert in alerts])
        if statuses != self._alerts:
            self._alerts = statuses
            yield Observed(PARTY, "alerts", _alerts_facts(alerts))
        events = self.world.state.atlas.events.get(self.project_id, ()) if self._tells_feed else ()
        if len(events) != self._events:
            for event in events[self._events :]:
                for label in {event.kind: 1, f"{event.kind} {event.cluster}" if event.cluster else event.kind: 1}:
                    self._counts[label] = self._counts.get(label, 0) + 1
            self._events = len(events)
            yield Observed(PARTY, "events", {"kinds": sorted(self._counts), "counts": dict(self._counts)})


def _cluster_signature(cluster: Cluster) -> tuple[Any, ...]:
    return cluster.id, cluster.state_name, cluster.paused, cluster.halted, cluster.key_provider


def _endpoints_facts(listed: list[Endpoint]) -> dict[str, Any]:
    return {
        "count": len(listed),
        "regions": sorted({e.region for e in listed}),
        "active_regions": sorted({e.region for e in listed if e.status == "ACTIVE"}),
        "statuses": sorted(e.status for e in listed),
        "well_formed": all(len(e.id) == 24 for e in listed),
    }


def _alerts_facts(alerts: list[Alert]) -> dict[str, Any]:
    standing = Counter(_about(alert) for alert in alerts if alert.status in STANDING)
    return {
        "open": _labels([alert for alert in alerts if alert.status in STANDING]),
        "ever": _labels(alerts),
        "open_twice": sorted(label for label, times in standing.items() if times > 1),
    }


def _about(alert: Alert) -> str:
    return f"{alert.kind} {alert.cluster}" if alert.cluster else alert.kind


def _labels(alerts: list[Alert]) -> list[str]:
    return sorted({label for alert in alerts for label in (alert.kind, _about(alert))})
