"""Clusters of a project and their primaries' restart (atlas.md 3.8)."""

from __future__ import annotations

from harness.fake.faces.atlas import cluster_body, cluster_view, legacy_cluster_body, roles
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation, Reply
from harness.fake.faces.atlas.query import Parameter, QueryRules
from harness.fake.faces.atlas.versions import Version, Versions

PATH = "/api/atlas/v2/groups/{groupId}/clusters"
ONE = PATH + "/{clusterName}"
LIMIT = "clusters"
LEGACY = "2023-01-01"
"""Version whose bodies are another resource."""

_LEGACY = Version("2023-01-01", "ApiAtlasLegacyClusterDescriptionResource", sunset="2027-07-01")
_V15 = Version("2023-02-01", "ApiAtlasClusterDescriptionV15Resource", sunset="2027-07-01")
_V15_LASTING = Version("2023-02-01", "ApiAtlasClusterDescriptionV15Resource")
_SHARDS = Version("2024-08-05", "ApiAtlasClusterDescriptionResource20240805")
_SHARDS_SUNSET = Version("2024-08-05", "ApiAtlasClusterDescriptionResource20240805", sunset="2027-03-01")
_SCALING = Version("2024-10-23", "ApiAtlasClusterDescriptionResource20241023")

READS = Versions(_LEGACY, _V15, _SHARDS)
WRITES = Versions(_LEGACY, _V15, _SHARDS_SUNSET, _SCALING)
ENDS = Versions(_LEGACY, _V15_LASTING)


def list_all(call: Call) -> Listing:
    """GET the list: no Flex clusters."""
    return Listing(call.atlas.clusters.of_project(call.group), lambda c: cluster_view.render(call, c))


def get(call: Call) -> Json:
    """GET one."""
    return cluster_view.render(call, call.atlas.clusters.get(call.group, call.path["clusterName"]))


def create(call: Call) -> Json:
    """POST; asking for a customer's key may need more than the right to create (atlas.md 6 #9)."""
    body = legacy_cluster_body.modern(call.body) if call.content_version == LEGACY else call.body
    request = cluster_body.request_of(body)
    if request.key_provider != "NONE" and call.world.readings.cluster_cmk_role == "docs":
        call.atlas.callers.require_cluster_key(call.identity, call.group)
    return cluster_view.render(call, call.atlas.clusters.create(call.group, request), created_now=True)


def update(call: Call) -> Json:
    """PATCH; the answer shows the target values already (atlas.md 2.3)."""
    cluster = call.atlas.clusters.get(call.group, call.path["clusterName"])
    body = legacy_cluster_body.modern(call.body, cluster) if call.content_version == LEGACY else call.body
    change = cluster_body.change_of(body, cluster)
    if change.key_provider is not None:
        call.atlas.callers.require_cluster_key(call.identity, call.group)
    return cluster_view.render(call, call.atlas.clusters.update(call.group, cluster.name, change))


def delete(call: Call) -> Reply:
    """DELETE: 202 with an empty object (recorded)."""
    call.atlas.clusters.delete(call.group, call.path["clusterName"])
    return Reply({}, 202)


def restart_primaries(call: Call) -> Json:
    """POST: the failover test."""
    call.atlas.clusters.restart_primaries(call.group, call.path["clusterName"])
    return {}


OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "getAllClusters",
        READS,
        list_all,
        rules=QueryRules(
            own={"includeDeletedWithRetainedBackups": Parameter("flag", linked="false")},
            paged=True,
        ),
        limit=LIMIT,
        authorise=roles.reader,
    ),
    Operation("GET", ONE, "getCluster", READS, get, limit=LIMIT, authorise=roles.reader),
    Operation(
        "POST",
        PATH,
        "createCluster",
        WRITES,
        create,
        success=201,
        bodies=cluster_body.CREATE,
        limit=LIMIT,
        authorise=roles.cluster_creator,
    ),
    Operation(
        "PATCH",
        ONE,
        "updateCluster",
        WRITES,
        update,
        bodies=cluster_body.UPDATE,
        limit=LIMIT,
        authorise=roles.cluster_manager,
    ),
    Operation(
        "DELETE",
        ONE,
        "deleteCluster",
        ENDS,
        delete,
        success=202,
        rules=QueryRules(own={"retainBackups": Parameter("flag")}),
        limit=LIMIT,
        authorise=roles.owner,
    ),
    Operation(
        "POST",
        ONE + "/restartPrimaries",
        "restartPrimaries",
        ENDS,
        restart_primaries,
        limit=LIMIT,
        authorise=roles.cluster_manager,
    ),
)
