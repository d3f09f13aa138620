"""The auditor looks. It has no method that changes anything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from harness.driver.journal import Journal
from harness.driver.settling import Settling
from harness.driver.sightings import Sightings
from harness.driver.vocabulary import ALERTS
from harness.model.resource import Alert, Cluster, Encryption, Event, VaultConnection
from harness.ports import Backend

PARTY = "auditor"
PAGE_SIZE = 2
"""Small enough for a project with a few endpoints to have several pages."""
ROTATION = ALERTS["the key needs rotation"]
GONE: Mapping[str, Any] = {"present": False}


class Auditor:
    """Reads both clouds and writes down what it sees, subject by subject.

    Subjects are words: `encryption`, `endpoints`, `endpoint US_EAST_2 #1`, `region US_EAST_2`, `record US_EAST_2 #1`
    (by its identifier), `listing` (page by page), `cluster payments`,
    `search nodes payments`, `snapshots payments`, `vault`, `connection US_EAST_2`, `provider Microsoft.Network`,
    `key payments-cmk`, `alerts`, `alert rules`, `events`, `addresses`, `access role` (the latest that
    was asked for), `access roles`, `policy`. Looking at `encryption` makes Atlas validate the
    key at once (KMS, Validate); looking at anything else does not.
    """

    def __init__(self, journal: Journal, backend: Backend, sightings: Sightings) -> None:
        self._journal = journal
        self._backend = backend
        self._sightings = sightings
        self._project = backend.site.project_id
        self._settling = Settling()
        self._seen: dict[str, Mapping[str, Any]] = {}
        """What the look that is going on has shown so far."""
        self._came = journal.clock.now()
        """What the activity feed tells of before is not this scenario's: a named project lives on."""
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
            "access": self._access,
            "policy": self._policy,
        }

    def look(self, subject: str) -> None:
        """Look at one subject now; twice when it seems to be in a state that it has left."""
        seen = self._read(subject)
        if self._settling.runs_back(seen):
            seen = self._read(subject)
        self._settling.note(seen)
        self._journal.observe_together(PARTY, seen)

    def _read(self, subject: str) -> Mapping[str, Mapping[str, Any]]:
        kind, _, rest = subject.partition(" ")
        self._seen = {}
        self._looks[kind](rest)
        return self._seen

    def published_addresses(self, *, control_plane: bool = True) -> list[str]:
        """Every address that Atlas publishes for the project's nodes and, if wanted, its control plane (EAR-012)."""
        seen = self._backend.clusters("reader").addresses(self._project)
        nodes = {address for addresses in seen.clusters.values() for address in addresses}
        return sorted(nodes | set(seen.control_plane if control_plane else ()))

    def _see(self, subject: str, facts: Mapping[str, Any]) -> None:
        self._seen[subject] = facts

    def _encryption(self, _: str) -> None:
        facts = encryption_facts(self._backend.clusters("reader").encryption(self._project))
        self._see("encryption", {**facts, "secret_revealed": self._backend.recorder.secret_revealed})

    def _endpoints(self, _: str) -> None:
        listed = self._backend.clusters("owner").private_endpoints(self._project)
        self._seen.update(self._sightings.facts(listed))

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
        listed = {name: list(seen[name]) for name in ("allowed_addresses", "access_policies")}
        self._see("vault", {**seen, **listed})

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
        standing = [alert for alert in listed if alert.status in ("OPEN", "TRACKING")]
        stands = Counter(about(alert.kind, alert.cluster) for alert in standing)
        facts = {
            "open": _labels(standing),
            "ever": _labels(listed),
            "open_twice": sorted(label for label, times in stands.items() if times > 1),
        }
        self._see("alerts", facts)

    def _alert_rules(self, _: str) -> None:
        listed = self._backend.clusters("reader").alert_rules(self._project)
        enabled = [rule for rule in listed if rule.enabled]
        facts = {
            "enabled": {rule.kind: rule.threshold for rule in enabled},
            "kinds": sorted({rule.kind for rule in enabled}),
            "mailing_owners": sorted({rule.kind for rule in enabled if rule.mails_owners}),
            "rotation": next((rule.threshold for rule in enabled if rule.kind == ROTATION), None),
        }
        self._see("alert rules", facts)

    def _events(self, _: str) -> None:
        listed = self._backend.clusters("reader").events(self._project)
        since = datetime.fromtimestamp(int(self._came), UTC)
        own = [event for event in listed if event.created >= since]
        counts = Counter(label for event in own for label in {event.kind, about(event.kind, event.cluster)})
        self._see("events", {"kinds": _labels(own), "counts": {label: counts[label] for label in sorted(counts)}})

    def _addresses(self, _: str) -> None:
        seen = self._backend.clusters("reader").addresses(self._project)
        clusters = {name: list(addresses) for name, addresses in sorted(seen.clusters.items())}
        without = sorted(name for name, addresses in clusters.items() if not addresses)
        control_plane = list(seen.control_plane)
        self._see("addresses", {"clusters": clusters, "clusters_without": without, "control_plane": control_plane})

    def _policy(self, _: str) -> None:
        seen = self._backend.clusters("owner").compliance_policy(self._project)
        self._see("policy", {"present": True, **asdict(seen)} if seen else GONE)

    def _access(self, _: str) -> None:
        """Roles of cloud provider access, and among them the one that was asked for."""
        listed = {role.id: role for role in self._backend.clusters("reader").cloud_roles(self._project)}
        self._see("access roles", {"ids": sorted(listed)})
        if self._sightings.role_id is not None:
            seen = listed.get(self._sightings.role_id)
            facts = {"present": True, **asdict(seen), "used_for": list(seen.used_for)} if seen else GONE
            self._see("access role", facts)


def encryption_facts(seen: Encryption) -> dict[str, Any]:
    """What is written down about a project's key configuration."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(seen).items()}


def about(kind: str, cluster: str | None) -> str:
    """What an alert or an entry of the feed is about: its kind, and the cluster that it names."""
    return f"{kind} {cluster}" if cluster else kind


def _labels(listed: Iterable[Alert | Event]) -> list[str]:
    """Every kind, by itself and with each cluster that it was told of."""
    return sorted({label for one in listed for label in (one.kind, about(one.kind, one.cluster))})


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
