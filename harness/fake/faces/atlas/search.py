"""Search nodes of a cluster (EAR-137 to EAR-139; recorded answers; SPEC ApiSearchDeploymentResponseView)."""

from __future__ import annotations

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import Many, Number, Record, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Operation, Reply
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.state import SearchDeployment

PATH = "/api/atlas/v2/groups/{groupId}/clusters/{clusterName}/search/deployment"
RESOURCE = "ApiAtlasSearchDeploymentResource"
READS = Versions(
    Version("2023-01-01", RESOURCE, sunset="2027-07-01"),
    Version("2024-05-30", RESOURCE, sunset="2027-07-01"),
    Version("2025-03-12", RESOURCE),
)
WRITES = Versions(Version("2023-01-01", RESOURCE, sunset="2027-07-01"), Version("2024-05-30", RESOURCE))

BODY = Record(
    {
        "defaultNodeCount": Number(least=2, most=32),
        "specs": Many(
            Record(
                {
                    "cloudProvider": Text(choices=frozenset({"AWS", "AZURE", "GCP"})),
                    "instanceSize": Text(longest=64),
                    "nodeCount": Number(least=2, most=32),
                    "regionName": Text(longest=64),
                },
                required=("instanceSize",),
            ),
            most=1,
        ),
    },
    required=("specs",),
)
"""One specification serves every region of the cluster."""

BODIES = {"2023-01-01": BODY, "2024-05-30": BODY}


def get(call: Call) -> Json:
    """GET: an empty object where there are no search nodes (recorded)."""
    deployment = call.atlas.search_nodes.get(call.group, call.path["clusterName"])
    return {} if deployment is None else render(call, deployment)


def create(call: Call) -> Reply:
    """POST: 201, in the oldest version 200 (SPEC)."""
    size, count = _wanted(call)
    deployment = call.atlas.search_nodes.create(call.group, call.path["clusterName"], size, count)
    return Reply(render(call, deployment), 200 if call.version == "2023-01-01" else 201)


def update(call: Call) -> Json:
    """PATCH."""
    size, count = _wanted(call)
    return render(call, call.atlas.search_nodes.update(call.group, call.path["clusterName"], size, count))


def delete(call: Call) -> Reply:
    """DELETE: 204, in the oldest version 200 with an empty object (SPEC)."""
    call.atlas.search_nodes.delete(call.group, call.path["clusterName"])
    return Reply({}, 200) if call.version == "2023-01-01" else Reply(None, 204)


def render(call: Call, deployment: SearchDeployment) -> Json:
    """The deployment on the wire."""
    name = call.path["clusterName"]
    cluster = call.atlas.clusters.get(call.group, name)
    spec = {"instanceSize": deployment.size, "nodeCount": deployment.count}
    places = dict.fromkeys((p.backing_provider or p.provider, p.region) for p in cluster.placements)
    return {
        "effectiveSpecs": [{**spec, "cloudProvider": cloud, "regionName": region} for cloud, region in places],
        "encryptionAtRestProvider": call.atlas.search_nodes.key_provider(call.group, name),
        "groupId": call.group,
        "id": deployment.id,
        "specs": [spec],
        "stateName": deployment.state_name,
    }


def _wanted(call: Call) -> tuple[str, int]:
    if not call.body["specs"]:
        raise Problem("MISSING_ATTRIBUTE", "specs")
    spec = call.body["specs"][0]
    count = spec.get("nodeCount", call.body.get("defaultNodeCount"))
    if count is None:
        raise Problem("MISSING_ATTRIBUTE", "specs[0].nodeCount")
    return spec["instanceSize"], count


OPERATIONS = (
    Operation("GET", PATH, "getSearchDeployment", READS, get, authorise=roles.reader),
    Operation(
        "POST",
        PATH,
        "createSearchDeployment",
        WRITES,
        create,
        success=201,
        bodies=BODIES,
        authorise=roles.cluster_manager,
    ),
    Operation("PATCH", PATH, "updateSearchDeployment", WRITES, update, bodies=BODIES, authorise=roles.cluster_manager),
    Operation(
        "DELETE",
        PATH,
        "deleteSearchDeployment",
        WRITES,
        delete,
        success=204,
        authorise=roles.cluster_manager,
        typed_when_empty=False,
    ),
)
