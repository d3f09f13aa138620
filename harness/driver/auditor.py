"""The auditor looks. It has no method that changes anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from harness.driver.journal import Journal
from harness.driver.sightings import Sightings
from harness.model.resource import Cluster, VaultConnection
from harness.ports import Backend

PARTY = "auditor"
PAGE_SIZE = 2
"""Small enough for a project with a few endpoints to have several pages."""
GONE: Mapping[str, Any] = {"present": False}


class Auditor:
    """Reads both clouds and writes down what it sees, subject by subject.

    Subjects are words: `encryption`, `endpoints`, `endpoint US_EAST_2 #1`, `region US_EAST_2`, `record US_EAST_2 #1`
    (by its identifier), `listing` (page by page), `cluster payments`,
    `search nodes payments`, `snapshots payments`, `vault`, `connection US_EAST_2`, `provider Microsoft.Network`,
    `key payments-cmk`, `alerts`, `alert rules`, `events`, `addresses`. Looking at `encryption` makes Atlas validate the
    key at once (KMS, Validate); looking at anything else does not.
    """

    def __init__(self, journal: Journal, backend: Backend, sightings: Sightings) -> None:
        self._journal = journal
        self._backend = backend
        self._sightings = sightings
        self._project = backend.site.project_id
        self._looks: Mapping[str, Callable[[str], None]] = {
            "encryption": self._encryption,
            "endpoints": self._endpoints,
            "endpoint": self._endpoint,
            "region": self._endpoint,
            "record": self._record,
            "listing": self._listing,
            "cluster": self._cluster,
            "clusters": self._clusters,
            "search": self._search_nodes,
            "snapshots": self._snapshots,
            "vault": self._vault,
            "connection": self._connection,
            "provider": self._provider,
            "key": self._key,
            "alerts": self._alerts,
            "alert": self._alert_rules,
            "events": self._events,
            "addresses": self._addresses,
        }

    def look(self, subject: str) -> None:
        """Look at one subject now."""
        kind, _, rest = subject.partition(" ")
        self._looks[kind](rest)

    def published_addresses(self) -> list[str]:
        """Every address that Atlas publishes for the project's nodes and for its control plane (EAR-012)."""
        seen = self._backend.clusters("reader").addresses(self._project)
        nodes = {address for addresses in seen.clusters.values() for address in addresses}
        return sorted(nodes | set(seen.control_plane))

    def _see(self, subject: str, facts: Mapping[str, Any]) -> None:
        self._journal.observe(PARTY, subject, facts)

    def _encryption(self, _: str) -> None:
        seen = self._backend.clusters("reader").encryption(self._project)
        facts = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(seen).items()}
        self._see("encryption", {**facts, "secret_revealed": self._backend.recorder.secret_revealed})

    def _endpoints(self, _: str) -> None:
        listed = self._backend.clusters("owner").private_endpoints(self._project)
        self._journal.observe_together(PARTY, self._sightings.facts(listed))

    def _endpoint(self, rest: str) -> None:
        region, _, order = rest.partition(" #")
        self._sightings.expect(region, int(order or 1))
        self._endpoints("")

    def _record(self, rest: str) -> None:
        """One record, asked for by its identifier and not through the list."""
        region, _, order = rest.partition(" #")
        endpoint_id = self._sightings.id(region, int(order or 1))
        if endpoint_id is None:
            return
        seen = self._backend.clusters("owner").private_endpoint(self._project, endpoint_id)
        self._see(f"record {rest}", {"present": True, **asdict(seen)} if seen else GONE)

    def _listing(self, _: str) -> None:
        """The list of endpoints in pages as small as they come."""
        pages = self._backend.clusters("owner").private_endpoint_pages(self._project, PAGE_SIZE)
        ids = [endpoint_id for page in pages for endpoint_id in page.ids]
        last = len(pages) - 1
        facts = {
            "listed": len(ids),
            "each_once": len(ids) == len(set(ids)),
            "totals_agree": all(page.total == len(ids) for page in pages),
            "linked": all(
                "self" in page.links
                and ("previous" in page.links) == (at > 0)
                and (at == last or ("next" in page.links) == (at * PAGE_SIZE + len(page.ids) < len(ids)))
                for at, page in enumerate(pages)
            ),
        }
        self._see("listing", facts)

    def _cluster(self, name: str) -> None:
        seen = self._backend.clusters("reader").cluster(self._project, name)
        self._see(f"cluster {name}", cluster_facts(seen) if seen else GONE)

    def _clusters(self, _: str) -> None:
        listed = self._backend.clusters("reader").clusters(self._project)
        encrypted = [cluster for cluster in listed if cluster.key_provider != "NONE"]
        facts = {
            "names": sorted(cluster.name for cluster in listed),
            "regions": sorted({place.region for cluster in encrypted for place in cluster.placements}),
            "sizes": sorted({place.size for cluster in encrypted for place in cluster.placements}),
            "providers": sorted({place.provider for cluster in encrypted for place in cluster.placements}),
            "dedicated": all(is_dedicated(place.size) for cluster in encrypted for place in cluster.placements),
        }
        self._see("clusters", facts)

    def _search_nodes(self, rest: str) -> None:
        name = rest.removeprefix("nodes ")
        seen = self._backend.clusters("reader").search_nodes(self._project, name)
        self._see(f"search nodes {name}", {"present": True, **asdict(seen)} if seen else GONE)

    def _snapshots(self, name: str) -> None:
        listed = self._backend.clusters("reader").snapshots(self._project, name)
        facts = {
            "count": len(listed),
            "completed": sum(snapshot.status == "completed" for snapshot in listed),
            "encrypted": sum(snapshot.master_key_id is not None for snapshot in listed),
        }
        self._see(f"snapshots {name}", facts)

    def _vault(self, _: str) -> None:
        seen = asdict(self._backend.keys().vault())
        self._see("vault", {**seen, "allowed_addresses": list(seen["allowed_addresses"])})

    def _connection(self, rest: str) -> None:
        region, _, order = rest.partition(" #")
        name = self._sightings.connection(region, int(order or 1)) or self._connection_name(region, int(order or 1))
        listed = {connection.name: connection for connection in self._backend.keys().connections()}
        seen = listed.get(name or "")
        self._see(f"connection {rest}", {"present": True, **connection_facts(seen)} if seen else GONE)

    def _connection_name(self, region: str, order: int) -> str | None:
        endpoint_id = self._sightings.id(region, order)
        if endpoint_id is None:
            return None
        record = self._backend.clusters("owner").private_endpoint(self._project, endpoint_id)
        return record.connection_name if record else None

    def _provider(self, namespace: str) -> None:
        self._see(f"provider {namespace}", {"state": self._backend.keys().provider_state(namespace)})

    def _key(self, name: str) -> None:
        key = self._backend.keys().key(name)
        self._see(f"key {name}", {"identifier": key.identifier, "version": key.version, "enabled": key.enabled})

    def _alerts(self, _: str) -> None:
        listed = self._backend.clusters("reader").alerts(self._project)
        open_kinds = sorted({alert.kind for alert in listed if alert.status in ("OPEN", "TRACKING")})
        self._see("alerts", {"open": open_kinds, "ever": sorted({alert.kind for alert in listed})})

    def _alert_rules(self, _: str) -> None:
        listed = self._backend.clusters("reader").alert_rules(self._project)
        self._see("alert rules", {"enabled": {rule.kind: rule.threshold for rule in listed if rule.enabled}})

    def _events(self, _: str) -> None:
        kinds = [event.kind for event in self._backend.clusters("reader").events(self._project)]
        self._see(
            "events",
            {"kinds": sorted(set(kinds)), "counts": {kind: kinds.count(kind) for kind in sorted(set(kinds))}},
        )

    def _addresses(self, _: str) -> None:
        seen = self._backend.clusters("reader").addresses(self._project)
        clusters = {name: list(addresses) for name, addresses in sorted(seen.clusters.items())}
        without = sorted(name for name, addresses in clusters.items() if not addresses)
        control_plane = list(seen.control_plane)
        self._see("addresses", {"clusters": clusters, "clusters_without": without, "control_plane": control_plane})


def is_dedicated(size: str) -> bool:
    """M10 or larger, in any class: `M30`, `M40_NVME`, `R50` (EAR-004)."""
    tier = re.fullmatch(r"([MR])(\d+)(?:_\w+)?", size)
    return tier is not None and int(tier[2]) >= 10


def connection_facts(connection: VaultConnection) -> dict[str, Any]:
    """What is written down about a connection; times in unix seconds."""
    created = connection.created
    return {**asdict(connection), "created": created.timestamp() if created else None}


def cluster_facts(cluster: Cluster) -> dict[str, Any]:
    """What is written down about a cluster."""
    return {
        "present": True,
        "state": cluster.state,
        "paused": cluster.paused,
        "key_provider": cluster.key_provider,
        "regions": sorted({place.region for place in cluster.placements}),
        "providers": sorted({place.provider for place in cluster.placements}),
        "sizes": sorted({place.size for place in cluster.placements}),
        "nodes": sum(place.nodes for place in cluster.placements),
    }
