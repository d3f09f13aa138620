"""Flex clusters, which have no customer's key (EAR-002; atlas.md 3.8)."""

from __future__ import annotations

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import Flag, Record, Text
from harness.fake.faces.atlas.cluster_body import NAME, TAGS
from harness.fake.faces.atlas.cluster_view import connection_strings, release_of
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation, Reply
from harness.fake.faces.atlas.query import QueryRules
from harness.fake.faces.atlas.times import iso
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.state import Cluster

PATH = "/api/atlas/v2/groups/{groupId}/flexClusters"
ONE = PATH + "/{name}"
VERSIONS = Versions(Version("2024-11-13", "ApiAtlasFlexClusterResource"))
DISK_GB = 5.0

BODY = Record(
    {
        "name": NAME,
        "providerSettings": Record(
            {
                "backingProviderName": Text(choices=frozenset({"AWS", "AZURE", "GCP"})),
                "regionName": Text(longest=64),
            },
            required=("backingProviderName", "regionName"),
        ),
        "tags": TAGS,
        "terminationProtectionEnabled": Flag(),
    },
    required=("name", "providerSettings"),
)
"""There is no field for a key provider: naming one is an invalid attribute (EAR-002)."""


def list_all(call: Call) -> Listing:
    """GET the list."""
    return Listing(call.atlas.clusters.flex_of_project(call.group), render)


def get(call: Call) -> Json:
    """GET one."""
    return render(call.atlas.clusters.get_flex(call.group, call.path["name"]))


def create(call: Call) -> Json:
    """POST: the answer shows tags only if they were given (recorded)."""
    where = call.body["providerSettings"]
    cluster = call.atlas.clusters.create_flex(
        call.group, call.body["name"], where["backingProviderName"], where["regionName"]
    )
    cluster.settings.update({"tags": call.body["tags"]} if "tags" in call.body else {})
    cluster.termination_protection = call.body.get("terminationProtectionEnabled", False)
    shown = render(cluster)
    if "tags" not in call.body:
        del shown["tags"]
    return shown


def delete(call: Call) -> Reply:
    """DELETE: 204."""
    call.atlas.clusters.delete_flex(call.group, call.path["name"])
    return Reply(None, 204)


def render(cluster: Cluster) -> Json:
    """A Flex cluster on the wire (recorded)."""
    placement = cluster.placements[0]
    return {
        "backupSettings": {"enabled": True},
        "clusterType": cluster.cluster_type,
        "connectionStrings": connection_strings(cluster),
        "createDate": iso(cluster.created),
        "groupId": cluster.project_id,
        "id": cluster.id,
        "mongoDBVersion": release_of(cluster),
        "name": cluster.name,
        "providerSettings": {
            "backingProviderName": placement.backing_provider,
            "diskSizeGB": DISK_GB,
            "providerName": "FLEX",
            "regionName": placement.region,
        },
        "stateName": cluster.state_name,
        "tags": cluster.settings.get("tags", []),
        "terminationProtectionEnabled": cluster.termination_protection,
        "versionReleaseSystem": "LTS",
    }


OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "getAllFlexClusters",
        VERSIONS,
        list_all,
        rules=QueryRules(paged=True),
        authorise=roles.reader,
    ),
    Operation("GET", ONE, "getFlexCluster", VERSIONS, get, authorise=roles.reader),
    Operation(
        "POST",
        PATH,
        "createFlexCluster",
        VERSIONS,
        create,
        success=201,
        bodies={"2024-11-13": BODY},
        authorise=roles.owner,
    ),
    Operation("DELETE", ONE, "deleteFlexCluster", VERSIONS, delete, success=204, authorise=roles.owner),
)
