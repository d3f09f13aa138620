"""Backup snapshots of clusters and their restore, with the customer's key or without (EAR-130 to EAR-136)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas.state import RestoreJob, Snapshot
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import Cluster
    from harness.fake.kernel.world import World

RETENTION_DAYS_MOST = 36_500
"""Longest retention taken: a hundred years, so that every expiry is a date of the calendar; ours."""


class Backups:
    """Takes, lists and restores snapshots."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.snapshot.done", self._taken)
        world.law("atlas.restore.done", self._restored)
        world.law("atlas.download.ready", self._ready)

    def take(self, project_id: str, cluster: str, description: str = "", retention_days: int = 7) -> Snapshot:
        """Ask for a snapshot on demand: `queued`, `completed` after `knobs.snapshot_s`.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND, CANNOT_UPDATE_PAUSED_CLUSTER (paused or without its key),
                placeholder BACKUP_NOT_ENABLED.
        """
        found = self._world.atlas.clusters.find(project_id, cluster)
        if not found.backup and found.kind != "flex":
            raise AtlasRefusal(codes.BACKUP_NOT_ENABLED, cluster)
        _require_running(found)
        snapshot = self.snapshot_of(found, description, retention_days)
        self._world.state.atlas.snapshots.setdefault(project_id, []).append(snapshot)
        self._world.schedule(self._world.knobs.snapshot_s, "atlas.snapshot.done", f"{project_id}/{snapshot.id}")
        return snapshot

    def of_cluster(self, project_id: str, cluster: str) -> list[Snapshot]:
        """Snapshots of a cluster, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND.
        """
        cluster_id = self._world.atlas.clusters.find(project_id, cluster).id
        return [s for s in self._world.state.atlas.snapshots.get(project_id, ()) if s.cluster_id == cluster_id]

    def get(self, project_id: str, cluster: str, snapshot_id: str) -> Snapshot:
        """One snapshot.

        Raises:
            AtlasRefusal: those of `of_cluster`, placeholder SNAPSHOT_NOT_FOUND.
        """
        for snapshot in self.of_cluster(project_id, cluster):
            if snapshot.id == snapshot_id:
                return snapshot
        raise AtlasRefusal(codes.SNAPSHOT_NOT_FOUND, snapshot_id)

    def retain(self, project_id: str, cluster: str, snapshot_id: str, days: int) -> Snapshot:
        """Keep a snapshot so many days from when it was taken.

        Raises:
            AtlasRefusal: those of `get`, CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION,
                BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID (ERR).
        """
        snapshot = self.get(project_id, cluster, snapshot_id)
        if snapshot.status != "completed":
            raise AtlasRefusal("CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION")
        if not 1 <= days <= RETENTION_DAYS_MOST:
            raise AtlasRefusal("BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID")
        snapshot.retention_days = days
        return snapshot

    def delete(self, project_id: str, cluster: str, snapshot_id: str) -> None:
        """Remove a snapshot.

        Raises:
            AtlasRefusal: those of `get`, CANNOT_DELETE_IN_PROGRESS_SNAPSHOT (id),
                CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY (ERR).
        """
        snapshot = self.get(project_id, cluster, snapshot_id)
        self._world.atlas.compliance.require_snapshots_may_go(project_id)
        if snapshot.status != "completed":
            raise AtlasRefusal("CANNOT_DELETE_IN_PROGRESS_SNAPSHOT", snapshot_id)
        self._world.state.atlas.snapshots[project_id].remove(snapshot)

    def restore(
        self, project_id: str, cluster: str, snapshot_id: str, target_project_id: str, target_cluster: str
    ) -> RestoreJob:
        """Restore a snapshot to a cluster with the same encryption provider; finished after `knobs.cluster_update_s`.

        Raises:
            AtlasRefusal: those of `get`, CLUSTER_NOT_FOUND (target), INVALID_SNAPSHOT_RESTORE_ENCRYPTION (EAR-133),
                TENANT_RESTORE_DESTINATION_ENCRYPTION (EAR-135), CANNOT_UPDATE_PAUSED_CLUSTER, and the placeholders
                SNAPSHOT_NOT_COMPLETED and SNAPSHOT_KEY_UNAVAILABLE (EAR-132).
        """
        snapshot = self.get(project_id, cluster, snapshot_id)
        clusters = self._world.atlas.clusters
        find = clusters.find if snapshot.cluster_kind == "flex" else clusters.get
        target = find(target_project_id, target_cluster)
        if snapshot.status != "completed":
            raise AtlasRefusal(codes.SNAPSHOT_NOT_COMPLETED, snapshot_id)
        _require_running(target)
        self._require_same_encryption(snapshot, target)
        self._require_usable_key(snapshot, target)
        return self._start_restore(snapshot, target)

    def download(self, project_id: str, cluster: str, snapshot_id: str) -> RestoreJob:
        """Hand out a snapshot as files, ready after `knobs.snapshot_s`.

        Raises:
            AtlasRefusal: those of `get`, placeholder SNAPSHOT_NOT_COMPLETED and, by reading `encrypted_download`,
                CANNOT_DOWNLOAD_SNAPSHOT_WITH_ENCRYPTION (EAR-136).
        """
        snapshot = self.get(project_id, cluster, snapshot_id)
        if snapshot.status != "completed":
            raise AtlasRefusal(codes.SNAPSHOT_NOT_COMPLETED, snapshot_id)
        self._require_downloadable(snapshot)
        job = RestoreJob(
            self._world.streams.object_id("atlas.restore", self._world.now), snapshot_id, "", "", self._world.now
        )
        job.cluster_id, job.delivery = snapshot.cluster_id, "download"
        self._world.state.atlas.restores.setdefault(project_id, []).append(job)
        self._world.schedule(self._world.knobs.snapshot_s, "atlas.download.ready", f"{project_id}/{job.id}")
        return job

    def restores(self, project_id: str, cluster: str) -> list[RestoreJob]:
        """Restore jobs of a cluster's snapshots, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND.
        """
        cluster_id = self._world.atlas.clusters.find(project_id, cluster).id
        return [j for j in self._world.state.atlas.restores.get(project_id, ()) if j.cluster_id == cluster_id]

    def restore_job(self, project_id: str, cluster: str, job_id: str) -> RestoreJob:
        """One restore job of a cluster's snapshots.

        Raises:
            AtlasRefusal: those of `restores`, RESOURCE_NOT_FOUND.
        """
        for job in self.restores(project_id, cluster):
            if job.id == job_id:
                return job
        raise AtlasRefusal("RESOURCE_NOT_FOUND", job_id)

    def snapshot_of(self, cluster: Cluster, description: str, retention_days: int) -> Snapshot:
        """A snapshot as it would be now: encrypted with the key that is in use (EAR-130, EAR-131)."""
        return Snapshot(
            id=self._world.streams.object_id("atlas.snapshot", self._world.now),
            project_id=cluster.project_id,
            cluster=cluster.name,
            cluster_id=cluster.id,
            cluster_kind=cluster.kind,
            created=self._world.now,
            description=description,
            retention_days=retention_days,
            key_provider=cluster.key_provider,
            key_identifier=cluster.key_identifier,
            master_key_id=cluster.master_key_id,
        )

    @staticmethod
    def _require_same_encryption(snapshot: Snapshot, target: Cluster) -> None:
        """Source and target use the same encryption provider (EAR-133); a Flex snapshot none at all (EAR-135)."""
        if snapshot.cluster_kind == "flex" and target.key_provider != "NONE":
            raise AtlasRefusal("TENANT_RESTORE_DESTINATION_ENCRYPTION")
        if snapshot.key_provider != target.key_provider:
            raise AtlasRefusal("INVALID_SNAPSHOT_RESTORE_ENCRYPTION")

    def _require_downloadable(self, snapshot: Snapshot) -> None:
        """One page describes how to read what was downloaded encrypted, the list of errors refuses it (EAR-136)."""
        if snapshot.key_provider != "NONE" and self._world.readings.encrypted_download == "refused":
            raise AtlasRefusal("CANNOT_DOWNLOAD_SNAPSHOT_WITH_ENCRYPTION")

    def _require_usable_key(self, snapshot: Snapshot, target: Cluster) -> None:
        """The key that the snapshot was taken under must still work for the target's nodes (EAR-132)."""
        if not snapshot.key_identifier:
            return
        azure = self._world.atlas.encryption.configuration(target.project_id).azure
        if self._world.atlas.probe.nodes(target, azure, snapshot.key_identifier).condition != "valid":
            raise AtlasRefusal(codes.SNAPSHOT_KEY_UNAVAILABLE, snapshot.id)

    def _start_restore(self, snapshot: Snapshot, target: Cluster) -> RestoreJob:
        job_id = self._world.streams.object_id("atlas.restore", self._world.now)
        job = RestoreJob(job_id, snapshot.id, target.project_id, target.name, self._world.now)
        job.cluster_id = snapshot.cluster_id
        self._world.state.atlas.restores.setdefault(snapshot.project_id, []).append(job)
        duration = self._world.knobs.cluster_update_s
        self._world.atlas.clusters.begin(target, "UPDATING", duration)
        self._world.schedule(duration, "atlas.restore.done", f"{snapshot.project_id}/{job_id}/{target.id}")
        return job

    def _taken(self, subject: str) -> None:
        project_id, snapshot_id = subject.split("/")
        for snapshot in self._world.state.atlas.snapshots.get(project_id, ()):
            if snapshot.id == snapshot_id:
                snapshot.status = "completed"

    def _ready(self, subject: str) -> None:
        project_id, job_id = subject.split("/")
        for job in self._world.state.atlas.restores.get(project_id, ()):
            if job.id == job_id:
                job.finished = self._world.now

    def _restored(self, subject: str) -> None:
        """A finished restore rotates the master key of its target (EAR-134)."""
        project_id, job_id, target_id = subject.split("/")
        job = next(j for j in self._world.state.atlas.restores[project_id] if j.id == job_id)
        target = self._world.atlas.clusters.by_id(job.target_project_id, target_id)
        job.finished, job.failed = self._world.now, target is None or bool(target.halted)
        if target is not None and target.master_key_id and not job.failed:
            self._world.atlas.rotation.rotate_master_key(target)


def _require_running(cluster: Cluster) -> None:
    if cluster.paused or cluster.halted:
        raise AtlasRefusal("CANNOT_UPDATE_PAUSED_CLUSTER", cluster.name)
