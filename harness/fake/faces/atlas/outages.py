"""Simulated outages of a cluster's regions (SPEC ClusterOutageSimulation)."""

from __future__ import annotations

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import Echo, Many, Record, Text
from harness.fake.faces.atlas.operation import Call, Json, Operation
from harness.fake.faces.atlas.times import iso
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.records import Outage, Region

PATH = "/api/atlas/v2/groups/{groupId}/clusters/{clusterName}/outageSimulation"
VERSIONS = Versions(Version("2023-01-01", "ApiAtlasClusterOutageSimulationResource"))

_SET_BY_ATLAS = ("clusterName", "expirationDate", "groupId", "id", "startRequestDate", "state")

FILTER = Record(
    {
        "cloudProvider": Text(choices=frozenset({"AWS", "AZURE", "GCP"})),
        "regionName": Text(longest=64),
        "type": Text(choices=frozenset({"REGION"})),
    },
    required=("cloudProvider", "regionName"),
)
BODY = Record(
    {"outageFilters": Many(FILTER, least=1, most=50), **{name: Echo() for name in _SET_BY_ATLAS}},
    required=("outageFilters",),
)


def get(call: Call) -> Json:
    """GET: 404 where none is going on."""
    return render(call, call.atlas.outages.get(call.group, call.path["clusterName"]))


def start(call: Call) -> Json:
    """POST: 200 (SPEC)."""
    regions = tuple(Region(one["cloudProvider"], one["regionName"]) for one in call.body["outageFilters"])
    return render(call, call.atlas.outages.start(call.group, call.path["clusterName"], regions))


def end(call: Call) -> Json:
    """DELETE: 200 with the simulation that is now to recover (SPEC)."""
    return render(call, call.atlas.outages.end(call.group, call.path["clusterName"]))


def render(call: Call, outage: Outage) -> Json:
    """A simulation on the wire."""
    filters = [{"cloudProvider": r.cloud, "regionName": r.name, "type": "REGION"} for r in outage.regions]
    return {
        "clusterName": call.path["clusterName"],
        "expirationDate": iso(outage.expires),
        "groupId": call.group,
        "id": outage.id,
        "outageFilters": filters,
        "startRequestDate": iso(outage.started),
        "state": outage.state,
    }


OPERATIONS = (
    Operation("GET", PATH, "getOutageSimulation", VERSIONS, get, authorise=roles.outage_tester),
    Operation(
        "POST",
        PATH,
        "startOutageSimulation",
        VERSIONS,
        start,
        bodies={"2023-01-01": BODY},
        authorise=roles.outage_tester,
    ),
    Operation("DELETE", PATH, "endOutageSimulation", VERSIONS, end, authorise=roles.outage_tester),
)
