"""Snapshots of a cluster and their restore (EAR-130 to EAR-136; recorded answers; SPEC DiskBackupReplicaSet)."""

from __future__ import annotations

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import OBJECT_ID, Echo, Number, Record, Text
from harness.fake.faces.atlas.cluster_view import release_of
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation, Reply
from harness.fake.faces.atlas.query import Parameter, QueryRules
from harness.fake.faces.atlas.times import iso
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.state import RestoreJob, Snapshot

CLUSTER = "/api/atlas/v2/groups/{groupId}/clusters/{clusterName}"
PATH = CLUSTER + "/backup/snapshots"
RESTORES = CLUSTER + "/backup/restoreJobs"
VERSIONS = Versions(Version("2023-01-01", "ApiAtlasDiskBackupSnapshotsResource"))
RESTORE_VERSIONS = Versions(Version("2023-01-01", "ApiAtlasDiskBackupRestoreJobsResource"))
DAY_S = 86_400
BYTES = 1_582_854_144
"""Size that every completed snapshot shows (recorded); no law reads it."""

TAKE = Record({"description": Text(longest=1000), "links": Echo(), "retentionInDays": Number(least=1, most=36_500)})

DAYS = {"DAYS": 1, "WEEKS": 7, "MONTHS": 31, "YEARS": 366}
"""Length of a unit of retention; of months and years the longest there are, so that nothing goes too early (ours)."""

RETAIN = Record(
    {"links": Echo(), "retentionUnit": Text(choices=frozenset(DAYS)), "retentionValue": Number(least=-(2**31))},
    required=("retentionUnit", "retentionValue"),
)

RESTORE = Record(
    {
        "deliveryType": Text(choices=frozenset({"automated", "download", "pointInTime"})),
        "snapshotId": Text(OBJECT_ID),
        "targetClusterName": Text(longest=64),
        "targetGroupId": Text(OBJECT_ID),
    },
    required=("deliveryType",),
)


def list_all(call: Call) -> Listing:
    """GET the list; for a point in time only the closest snapshot before it (SPEC)."""
    found = call.atlas.backups.of_cluster(call.group, call.path["clusterName"])
    point = _point_in_time(call)
    if point is not None:
        found = [snapshot for snapshot in found if snapshot.created < point][-1:]
    return Listing(found, lambda snapshot: render(call, snapshot))


def _point_in_time(call: Call) -> float | None:
    """Seconds, or an oplog timestamp of two parts, the first of which is seconds; one of the two (SPEC)."""
    seconds, oplog = call.query.first("pointInTimeUtcSeconds"), call.query.first("oplogTs")
    if (oplog is None) != (call.query.first("oplogInc") is None) or (seconds is not None and oplog is not None):
        raise Problem("INVALID_QUERY_PARAMETER", "oplogTs")
    text = seconds if oplog is None else oplog
    return None if text is None else float(text)


def get(call: Call) -> Json:
    """GET one."""
    name, snapshot_id = call.path["clusterName"], call.path["snapshotId"]
    return render(call, call.atlas.backups.get(call.group, name, snapshot_id))


def retain(call: Call) -> Json:
    """PATCH: how long it is kept, from when it was taken."""
    days = call.body["retentionValue"] * DAYS[call.body["retentionUnit"]]
    name, snapshot_id = call.path["clusterName"], call.path["snapshotId"]
    return render(call, call.atlas.backups.retain(call.group, name, snapshot_id, days))


def delete(call: Call) -> Reply:
    """DELETE: 204 (recorded)."""
    call.atlas.backups.delete(call.group, call.path["clusterName"], call.path["snapshotId"])
    return Reply(None, 204)


def take(call: Call) -> Json:
    """POST: an on-demand snapshot; 200 (recorded)."""
    description, days = call.body.get("description", ""), call.body.get("retentionInDays", 7)
    return render(call, call.atlas.backups.take(call.group, call.path["clusterName"], description, days))


def restore(call: Call) -> Json:
    """POST a restore job, or one that hands the snapshot out as files."""
    body, name = call.body, call.path["clusterName"]
    if "snapshotId" not in body:
        raise Problem("MISSING_ATTRIBUTE", "snapshotId")
    if body["deliveryType"] == "download":
        return render_job(call, call.atlas.backups.download(call.group, name, body["snapshotId"]))
    if "targetClusterName" not in body:
        raise Problem("MISSING_ATTRIBUTE", "targetClusterName")
    target_group = body.get("targetGroupId", call.group)
    if target_group != call.group:
        roles.backup_administrator(call.atlas.callers, call.identity, target_group)
    job = call.atlas.backups.restore(call.group, name, body["snapshotId"], target_group, body["targetClusterName"])
    return render_job(call, job)


def restores(call: Call) -> Listing:
    """GET the restore jobs."""
    found = call.atlas.backups.restores(call.group, call.path["clusterName"])
    return Listing(found, lambda job: render_job(call, job))


def restore_job(call: Call) -> Json:
    """GET one restore job."""
    name, job_id = call.path["clusterName"], call.path["restoreJobId"]
    return render_job(call, call.atlas.backups.restore_job(call.group, name, job_id))


def render(call: Call, snapshot: Snapshot) -> Json:
    """A snapshot on the wire: some fields appear only once it is completed (recorded)."""
    cluster = call.atlas.clusters.get(call.group, snapshot.cluster)
    here = f"{call.base}/api/atlas/v2/groups/{snapshot.project_id}/clusters/{snapshot.cluster}"
    shown: Json = {
        "copyRegions": [],
        "description": snapshot.description,
        "expiresAt": iso(snapshot.created + snapshot.retention_days * DAY_S),
        "frequencyType": "ondemand",
        "id": snapshot.id,
        "links": [
            {"href": f"{here}/backup/snapshots/{snapshot.id}", "rel": "self"},
            {"href": here, "rel": "https://cloud.mongodb.com/cluster"},
        ],
        "policyItems": [],
        "replicaSetName": snapshot.cluster,
        "snapshotType": "onDemand",
        "status": snapshot.status,
        "storageSizeBytes": BYTES if snapshot.status == "completed" else 0,
        "type": "replicaSet",
    }
    if snapshot.status == "completed":
        placement = cluster.placements[0]
        shown["cloudProvider"] = placement.backing_provider or placement.provider
        shown["createdAt"] = iso(snapshot.created)
        shown["mongodVersion"] = release_of(cluster)
    if snapshot.master_key_id:
        shown["masterKeyUUID"] = snapshot.master_key_id
    return shown


def render_job(call: Call, job: RestoreJob) -> Json:
    """A restore job on the wire."""
    jobs = f"/api/atlas/v2/groups/{call.group}/clusters/{call.path['clusterName']}/backup/restoreJobs"
    shown: Json = {
        "cancelled": False,
        "deliveryType": job.delivery,
        "expired": False,
        "failed": job.failed,
        "id": job.id,
        "links": [{"href": f"{call.base}{jobs}/{job.id}", "rel": "self"}],
        "snapshotId": job.snapshot_id,
        "timestamp": iso(job.created),
    }
    if job.delivery == "automated":
        shown |= {"targetClusterName": job.target_cluster, "targetGroupId": job.target_project_id}
    if job.finished is not None:
        shown["finishedAt"] = iso(job.finished)
        if job.delivery == "download":
            shown["deliveryUrl"] = [f"https://restore-{job.id}.mongodb.net:27017/{job.snapshot_id}.tar.gz"]
    return shown


POINTS = ("oplogInc", "oplogTs", "pointInTimeUtcSeconds")
"""Parameters that name a point in time."""

OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "getSnapshots",
        VERSIONS,
        list_all,
        rules=QueryRules(own=dict.fromkeys(POINTS, Parameter("whole")), paged=True),
        authorise=roles.reader,
    ),
    Operation("GET", PATH + "/{snapshotId}", "getSnapshot", VERSIONS, get, authorise=roles.reader),
    Operation(
        "PATCH",
        PATH + "/{snapshotId}",
        "patchSnapshotRetention",
        VERSIONS,
        retain,
        bodies={"2023-01-01": RETAIN},
        authorise=roles.backup_administrator,
    ),
    Operation(
        "DELETE",
        PATH + "/{snapshotId}",
        "deleteSnapshot",
        VERSIONS,
        delete,
        success=204,
        authorise=roles.backup_administrator,
    ),
    Operation(
        "POST",
        PATH,
        "onDemandSnapshot",
        VERSIONS,
        take,
        bodies={"2023-01-01": TAKE},
        authorise=roles.backup_administrator,
    ),
    Operation(
        "GET",
        RESTORES,
        "getRestoreJobs",
        RESTORE_VERSIONS,
        restores,
        rules=QueryRules(paged=True),
        authorise=roles.reader,
    ),
    Operation(
        "GET",
        RESTORES + "/{restoreJobId}",
        "getRestoreJob",
        RESTORE_VERSIONS,
        restore_job,
        authorise=roles.reader,
    ),
    Operation(
        "POST",
        RESTORES,
        "createRestoreJob",
        RESTORE_VERSIONS,
        restore,
        bodies={"2023-01-01": RESTORE},
        authorise=roles.backup_administrator,
    ),
)
