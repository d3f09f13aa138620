"""Clusters and their search nodes: created, switched, placed, paused, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.driver.operator.desk import Desk


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
        project = self._desk.project_id
        self._desk.perform(
            "places",
            f"cluster {name}",
            lambda: self._desk.atlas.place_cluster(project, name, placements),
            placements=[list(placement) for placement in placements],
        )

    def delete(self, name: str) -> None:
        """Delete a cluster."""
        project = self._desk.project_id
        self._desk.perform("deletes", f"cluster {name}", lambda: self._desk.atlas.delete_cluster(project, name))

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

    def _change_cluster(self, verb: str, name: str, change: Mapping[str, Any]) -> None:
        project = self._desk.project_id
        self._desk.perform(
            verb,
            f"cluster {name}",
            lambda: self._desk.atlas.update_cluster(project, name, change),
            change=dict(change),
        )
