"""Clusters and their search nodes: created, switched, placed, paused, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.driver.operator.desk import Desk
from harness.errors import Undecided
from harness.model.resource import Placement

LARGER = "M40"
"""Tier of a cluster that was enlarged: one above the usual one of scenarios."""


class Clusters:
    """What the operator does to the clusters of the project."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def create(
        self,
        name: str,
        placements: Sequence[tuple[str, str, str, int]],
        key_provider: str,
        *,
        backup: bool = False,
    ) -> None:
        """Create a cluster; placements are (provider, region, size, nodes)."""
        project = self._desk.project_id
        self._desk.perform(
            "creates",
            f"cluster {name}",
            lambda: self._desk.atlas.create_cluster(project, name, placements, key_provider, backup=backup),
            placements=[list(placement) for placement in placements],
            key_provider=key_provider,
        )

    def create_flex(self, name: str, region: str, key_provider: str) -> None:
        """Create a Flex cluster; with a customer's key it carries a setting that Flex does not have (EAR-002)."""
        extra = {} if key_provider == "NONE" else {"encryptionAtRestProvider": key_provider}
        project = self._desk.project_id
        self._desk.perform(
            "creates",
            f"flex cluster {name}",
            lambda: self._desk.atlas.create_flex_cluster(project, name, region, extra),
            **extra,
        )

    def encrypt(self, name: str, key_provider: str) -> None:
        """Switch a cluster to another owner of its key."""
        self._change_cluster("changes the key of", name, {"encryptionAtRestProvider": key_provider})

    def pause(self, name: str, *, paused: bool) -> None:
        """Pause or resume a cluster."""
        self._change_cluster("pauses" if paused else "resumes", name, {"paused": paused})

    def place(self, name: str, placements: Sequence[tuple[str, str, str, int]]) -> None:
        """Give a cluster other nodes."""
        self._resize("places", name, placements)

    def delete(self, name: str) -> None:
        """Delete a cluster."""
        project = self._desk.project_id
        self._desk.perform("deletes", f"cluster {name}", lambda: self._desk.atlas.delete_cluster(project, name))

    def enlarge(self, name: str) -> None:
        """Give a cluster larger nodes, in the same regions."""
        self._resize("enlarges", name, [(one.provider, one.region, LARGER, one.nodes) for one in self._placed(name)])

    def add_nodes(self, name: str, count: int) -> None:
        """Give a cluster more nodes in the region that it prefers."""
        first, *rest = self._placed(name)
        more = replace(first, nodes=first.nodes + count)
        placements = [(one.provider, one.region, one.size, one.nodes) for one in (more, *rest)]
        self._resize("adds nodes to", name, placements)

    def cut_off(self, name: str) -> None:
        """Simulate the outage of the region that a cluster prefers."""
        project, first = self._desk.project_id, self._placed(name)[0]
        region = (first.provider, first.region)
        self._desk.perform(
            "cuts off a region of",
            f"cluster {name}",
            lambda: self._desk.atlas.start_outage(project, name, [region]),
            region=first.region,
        )

    def end_outage(self, name: str) -> None:
        """End the simulated outage of a region."""
        project = self._desk.project_id
        self._desk.perform("ends the outage of", f"cluster {name}", lambda: self._desk.atlas.end_outage(project, name))

    def restart_primaries(self, name: str) -> None:
        """Restart the primaries of a cluster."""
        project = self._desk.project_id
        self._desk.perform("restarts", f"cluster {name}", lambda: self._desk.atlas.restart_primaries(project, name))

    def add_search_nodes(self, cluster: str) -> None:
        """Give a cluster dedicated search nodes."""
        project = self._desk.project_id
        self._desk.perform(
            "adds search nodes to",
            f"cluster {cluster}",
            lambda: self._desk.atlas.create_search_nodes(project, cluster, "S20_HIGHCPU_NVME", 2),
        )

    def _placed(self, name: str) -> Sequence[Placement]:
        """Where the nodes of a cluster stand.

        Raises:
            Undecided: there is no such cluster.
        """
        found = self._desk.backend.clusters("reader").cluster(self._desk.project_id, name)
        if found is None or not found.placements:
            raise Undecided(f"there is no cluster {name} with nodes")
        return found.placements

    def _resize(self, verb: str, name: str, placements: Sequence[tuple[str, str, str, int]]) -> None:
        project = self._desk.project_id
        self._desk.perform(
            verb,
            f"cluster {name}",
            lambda: self._desk.atlas.place_cluster(project, name, placements),
            placements=[list(placement) for placement in placements],
        )

    def _change_cluster(self, verb: str, name: str, change: Mapping[str, Any]) -> None:
        project = self._desk.project_id
        self._desk.perform(
            verb,
            f"cluster {name}",
            lambda: self._desk.atlas.update_cluster(project, name, change),
            change=dict(change),
        )
