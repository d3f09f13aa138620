"""Backups: snapshots taken and restored."""

from __future__ import annotations

from harness.driver.operator.desk import Desk
from harness.errors import Undecided


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
        project = self._desk.project_id
        listed = self._desk.backend.clusters("reader").snapshots(project, cluster)
        if not listed:
            raise Undecided(f"cluster {cluster} has no snapshot to restore")
        latest = listed[0].id
        self._desk.perform(
            "restores onto",
            f"cluster {target}",
            lambda: self._desk.atlas.restore_snapshot(project, cluster, latest, target),
        )

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
