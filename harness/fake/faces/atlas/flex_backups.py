"""Snapshots of Flex clusters and their restore (EAR-135; FlexBackupSnapshot and FlexBackupRestoreJob, from memory)."""

from __future__ import annotations

from harness.fake.faces.atlas import flex, roles
from harness.fake.faces.atlas.bodies import OBJECT_ID, Echo, Record, Text
from harness.fake.faces.atlas.cluster_view import release_of
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation
from harness.fake.faces.atlas.query import QueryRules
from harness.fake.faces.atlas.times import iso
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.state import RestoreJob, Snapshot

PATH = flex.ONE + "/backup/snapshots"
RESTORES = flex.ONE + "/backup/restoreJobs"
VERSIONS = Versions(Version("2024-11-13", "ApiAtlasFlexBackupResource"))
DAY_S = 86_400

RESTORE = Record(
    {
        "instanceName": Echo(),
        "snapshotId": Text(OBJECT_ID),
        "targetDeploymentItemName": Text(longest=64),
        "targetProjectId": Text(OBJECT_ID),
    },
    required=("snapshotId", "targetDeploymentItemName"),
)


def list_all(call: Call) -> Listing:
    """GET its snapshots."""
    call.atlas.clusters.get_flex(call.group, call.path["name"])
    return Listing(call.atlas.backups.of_cluster(call.group, call.path["name"]), lambda one: render(call, one))


def get(call: Call) -> Json:
    """GET one of its snapshots."""
    call.atlas.clusters.get_flex(call.group, call.path["name"])
    return render(call, call.atlas.backups.get(call.group, call.path["name"], call.path["snapshotId"]))


def restore(call: Call) -> Json:
    """POST a restore job: 200."""
    body, name = call.body, call.path["name"]
    call.atlas.clusters.get_flex(call.group, name)
    target_group = body.get("targetProjectId", call.group)
    if target_group != call.group:
        roles.owner(call.atlas.callers, call.identity, target_group)
    job = call.atlas.backups.restore(
        call.group, name, body["snapshotId"], target_group, body["targetDeploymentItemName"]
    )
    return render_job(call, job)


def render(call: Call, snapshot: Snapshot) -> Json:
    """A snapshot on the wire: words in capitals, and no word about a key."""
    cluster = call.atlas.clusters.get_flex(call.group, snapshot.cluster)
    return {
        "expiration": iso(snapshot.created + snapshot.retention_days * DAY_S),
        "finishTime": iso(snapshot.created),
        "id": snapshot.id,
        "mongoDBVersion": release_of(cluster),
        "scheduledTime": iso(snapshot.created),
        "startTime": iso(snapshot.created),
        "status": snapshot.status.upper(),
    }


def render_job(call: Call, job: RestoreJob) -> Json:
    """A restore job on the wire, as it reads when it was just asked for."""
    return {
        "deliveryType": "RESTORE",
        "id": job.id,
        "instanceName": call.path["name"],
        "projectId": call.group,
        "restoreScheduledDate": iso(job.created),
        "snapshotId": job.snapshot_id,
        "status": "PENDING",
        "targetDeploymentItemName": job.target_cluster,
        "targetProjectId": job.target_project_id,
    }


OPERATIONS = (
    Operation("GET", PATH, "getSnapshots", VERSIONS, list_all, rules=QueryRules(paged=True), authorise=roles.reader),
    Operation("GET", PATH + "/{snapshotId}", "getSnapshot", VERSIONS, get, authorise=roles.reader),
    Operation(
        "POST",
        RESTORES,
        "createRestoreJob",
        VERSIONS,
        restore,
        bodies={"2024-11-13": RESTORE},
        authorise=roles.owner,
    ),
)
