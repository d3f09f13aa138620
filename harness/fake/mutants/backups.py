"""Snapshots: which key they name, where they may go, and what a restore does to its target."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.atlas.backups import Backups
from harness.fake.kernel.atlas.rotation import Rotation
from harness.fake.kernel.atlas.state import Cluster, RestoreJob, Snapshot
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-131", "EAR-130")
def every_snapshot_names_a_key(b: Break) -> None:
    """A snapshot of a cluster on Atlas's own key names a key all the same."""

    def snapshot_of(original: Any, self: Backups, cluster: Cluster, description: str, days: int) -> Snapshot:
        snapshot: Snapshot = original(self, cluster, description, days)
        snapshot.master_key_id = snapshot.master_key_id or self._world.streams.guid("atlas.master_key")
        return snapshot

    b.wrap(Backups, "snapshot_of", snapshot_of)


@mutant("EAR-130", "EAR-131")
def snapshots_are_not_encrypted(b: Break) -> None:
    """A snapshot of an encrypted cluster is encrypted with no key."""

    def snapshot_of(original: Any, self: Backups, cluster: Cluster, description: str, days: int) -> Snapshot:
        snapshot: Snapshot = original(self, cluster, description, days)
        snapshot.master_key_id = snapshot.key_identifier = ""
        return snapshot

    b.wrap(Backups, "snapshot_of", snapshot_of)


@mutant("EAR-133", "EAR-135")
def snapshots_go_anywhere(b: Break) -> None:
    """A snapshot goes to any cluster, however that is encrypted."""
    b.replace(Backups, "_require_same_encryption", staticmethod(lambda *_: None))


@mutant("EAR-133")
def plain_snapshots_go_anywhere(b: Break) -> None:
    """Only encrypted snapshots need a cluster with the same owner of its key."""

    def require(snapshot: Snapshot, target: Cluster) -> None:
        if snapshot.cluster_kind == "flex" and target.key_provider != "NONE":
            raise AtlasRefusal("TENANT_RESTORE_DESTINATION_ENCRYPTION")
        if snapshot.key_provider != "NONE" and snapshot.key_provider != target.key_provider:
            raise AtlasRefusal("INVALID_SNAPSHOT_RESTORE_ENCRYPTION")

    b.replace(Backups, "_require_same_encryption", staticmethod(require))


@mutant("EAR-133")
def encrypted_snapshots_stay_at_home(b: Break) -> None:
    """An encrypted snapshot goes only to the cluster that it was taken of."""

    def require(original: Any, snapshot: Snapshot, target: Cluster) -> None:
        original(snapshot, target)
        if snapshot.key_provider != "NONE" and snapshot.cluster_id != target.id:
            raise AtlasRefusal("INVALID_SNAPSHOT_RESTORE_ENCRYPTION")

    b.replace(Backups, "_require_same_encryption", staticmethod(_around(Backups._require_same_encryption, require)))


@mutant("EAR-133")
def refused_restore_starts(b: Break) -> None:
    """A restore that is refused has begun to change its target."""

    def restore(original: Any, self: Backups, project_id: str, cluster: str, snapshot: str, group: str, to: str) -> Any:
        try:
            return original(self, project_id, cluster, snapshot, group, to)
        except AtlasRefusal:
            target = self._world.atlas.clusters.find(group, to)
            self._world.atlas.clusters.begin(target, "UPDATING", self._world.knobs.cluster_update_s)
            raise

    b.wrap(Backups, "restore", restore)


@mutant("EAR-133")
def wrong_reason_for_another_encryption(b: Break) -> None:
    """A restore to a cluster with another owner of its key is refused for a reason that does not say so."""

    def require(original: Any, snapshot: Snapshot, target: Cluster) -> None:
        try:
            original(snapshot, target)
        except AtlasRefusal as refusal:
            if refusal.code == "INVALID_SNAPSHOT_RESTORE_ENCRYPTION":
                raise AtlasRefusal("UNSUPPORTED_FEATURE") from None
            raise

    b.replace(Backups, "_require_same_encryption", staticmethod(_around(Backups._require_same_encryption, require)))


@mutant("EAR-134")
def restore_rotates_nothing(b: Break) -> None:
    """A restore keeps the master key of its target."""

    def restored(original: Any, self: Backups, subject: str) -> None:
        project_id, job_id, target_id = subject.split("/")
        job = next(one for one in self._world.state.atlas.restores[project_id] if one.id == job_id)
        target = self._world.atlas.clusters.by_id(job.target_project_id, target_id)
        kept = target.master_key_id if target else ""
        if target:
            target.master_key_id = ""
        original(self, subject)
        if target:
            target.master_key_id = kept

    b.wrap(Backups, "_restored", restored)


@mutant("EAR-134")
def restore_rotates_its_source(b: Break) -> None:
    """A restore rotates the master key of the cluster that the snapshot is of."""

    def start(original: Any, self: Backups, snapshot: Snapshot, target: Cluster) -> RestoreJob:
        source = self._world.atlas.clusters.by_id(snapshot.project_id, snapshot.cluster_id)
        if source is not None and source.master_key_id:
            self._world.atlas.rotation.rotate_master_key(source)
        job: RestoreJob = original(self, snapshot, target)
        return job

    b.wrap(Backups, "_start_restore", start)


@mutant("EAR-134")
def only_the_first_restore_rotates(b: Break) -> None:
    """A second restore keeps the master key of its target."""
    rotated: set[str] = set()

    def rotate(original: Any, self: Rotation, cluster: Cluster) -> None:
        if cluster.id not in rotated:
            original(self, cluster)
        rotated.add(cluster.id)

    b.wrap(Rotation, "rotate_master_key", rotate)


@mutant("EAR-134")
def refused_restore_rotates(b: Break) -> None:
    """A restore that is refused rotates the master key of its target."""

    def restore(original: Any, self: Backups, project_id: str, cluster: str, snapshot: str, group: str, to: str) -> Any:
        try:
            return original(self, project_id, cluster, snapshot, group, to)
        except AtlasRefusal:
            self._world.atlas.rotation.rotate_master_key(self._world.atlas.clusters.find(group, to))
            raise

    b.wrap(Backups, "restore", restore)


@mutant("EAR-135")
def flex_snapshots_go_to_encrypted_clusters(b: Break) -> None:
    """A Flex snapshot goes to an encrypted cluster."""

    def require(original: Any, snapshot: Snapshot, target: Cluster) -> None:
        if snapshot.cluster_kind != "flex":
            original(snapshot, target)

    b.replace(Backups, "_require_same_encryption", staticmethod(_around(Backups._require_same_encryption, require)))


@mutant("EAR-135")
def flex_snapshots_go_nowhere(b: Break) -> None:
    """A Flex snapshot goes to no dedicated cluster at all."""

    def require(original: Any, snapshot: Snapshot, target: Cluster) -> None:
        if snapshot.cluster_kind == "flex" and target.kind != "flex":
            raise AtlasRefusal("TENANT_RESTORE_DESTINATION_ENCRYPTION")
        original(snapshot, target)

    b.replace(Backups, "_require_same_encryption", staticmethod(_around(Backups._require_same_encryption, require)))


@mutant("EAR-136")
def encrypted_snapshots_are_handed_out(b: Break) -> None:
    """An encrypted snapshot can be downloaded."""
    b.drop(Backups, "_require_downloadable")


@mutant("EAR-136")
def no_snapshot_is_handed_out(b: Break) -> None:
    """No snapshot can be downloaded where the project has a customer's key."""

    def require(original: Any, self: Backups, snapshot: Snapshot) -> None:
        original(self, snapshot)
        if self._world.atlas.encryption.configuration(snapshot.project_id).azure.enabled:
            raise AtlasRefusal("CANNOT_DOWNLOAD_SNAPSHOT_WITH_ENCRYPTION")

    b.wrap(Backups, "_require_downloadable", require)


def _around(original: Any, around: Any) -> Any:
    """`around(original, …)`, for a rule that is no method."""
    return lambda *args: around(original, *args)
