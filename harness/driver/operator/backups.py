"""Backups: snapshots taken, restored and downloaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.driver.operator.desk import Desk
from harness.errors import Undecided
from harness.model.resource import Snapshot


class Backups:
    """What the operator does to the backups of a cluster."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def take_snapshot(self, cluster: str) -> None:
        """Take a backup snapshot of a cluster."""
        project = self._desk.project_id
        self._desk.perform(
            "takes a snapshot of",
            f"cluster {cluster}",
            lambda: self._desk.atlas.take_snapshot(project, cluster, "cmkproof"),
        )

    def restore(self, cluster: str, target: str) -> None:
        """Restore the latest snapshot of a cluster onto another cluster.

        Raises:
            Undecided: there is no snapshot.
        """
        listed = self._desk.backend.clusters("reader").snapshots(self._desk.project_id, cluster)
        self._restore(cluster, target, listed, self._desk.atlas.restore_snapshot)

    def set_policy(self, *, encryption_required: bool) -> None:
        """Set a backup compliance policy for the project, which requires encryption or does not."""
        project = self._desk.project_id
        self._desk.perform(
            "sets the backup compliance policy of",
            "project",
            lambda: self._desk.atlas.set_compliance_policy(project, encryption_required=encryption_required),
            documented=[200],
            encryption_required=encryption_required,
        )

    def restore_flex(self, cluster: str, target: str) -> None:
        """Restore the latest snapshot of a Flex cluster onto another cluster.

        Raises:
            Undecided: there is no snapshot.
        """
        listed = self._desk.backend.clusters("reader").flex_snapshots(self._desk.project_id, cluster)
        self._restore(cluster, target, listed, self._desk.atlas.restore_flex_snapshot)

    def download(self, cluster: str) -> None:
        """Ask for the latest snapshot of a cluster as files.

        Raises:
            Undecided: there is no snapshot.
        """
        project = self._desk.project_id
        latest = self._latest(cluster, self._desk.backend.clusters("reader").snapshots(project, cluster))
        self._desk.perform(
            "downloads a snapshot of",
            f"cluster {cluster}",
            lambda: self._desk.atlas.download_snapshot(project, cluster, latest),
        )

    def _restore(
        self, cluster: str, target: str, listed: Sequence[Snapshot], restore: Callable[[str, str, str, str], None]
    ) -> None:
        project, latest = self._desk.project_id, self._latest(cluster, listed)
        self._desk.perform("restores onto", f"cluster {target}", lambda: restore(project, cluster, latest, target))

    @staticmethod
    def _latest(cluster: str, listed: Sequence[Snapshot]) -> str:
        if not listed:
            raise Undecided(f"cluster {cluster} has no snapshot")
        return listed[0].id
