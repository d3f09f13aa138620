"""System status and addresses (atlas.md 3.8)."""

from __future__ import annotations

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.operation import Call, Json, Operation
from harness.fake.faces.atlas.query import QueryRules
from harness.fake.faces.atlas.versions import Version, Versions

ROOT = "/api/atlas/v2"
GROUP = ROOT + "/groups/{groupId}"


def status(call: Call) -> Json:
    """GET the system status: who is calling, as Atlas knows it. Only API keys are shown (SPEC ApiKey is nullable)."""
    caller = call.identity
    granted = [{"groupId": group, "roleName": role} for group, held in caller.project_roles.items() for role in held]
    belongs = [{"orgId": caller.organisation_id, "roleName": role} for role in caller.organisation_roles]
    key: Json = {
        "accessList": [_entry(entry) for entry in caller.access_list],
        "id": caller.id,
        "publicKey": caller.public,
        "roles": sorted(granted + belongs, key=lambda role: sorted(role.items())),
    }
    return {
        "apiKey": key if caller.kind == "api_key" else None,
        "appName": "MongoDB Atlas",
        "build": "0" * 40,
        "links": [{"href": f"{call.base}{ROOT}", "rel": "self"}],
        "throttling": False,
    }


def addresses(call: Call) -> Json:
    """GET the addresses of the project's nodes."""
    clusters = [
        {
            "clusterName": name,
            "futureInbound": [],
            "futureOutbound": [],
            "inbound": list(nodes),
            "outbound": list(nodes),
        }
        for name, nodes in call.atlas.addresses.of_project(call.group).items()
    ]
    return {"groupId": call.group, "services": {"clusters": clusters}}


def control_plane(call: Call) -> Json:
    """GET the addresses of the control plane; needs no sign-in."""
    clouds = {
        cloud: {region: [f"{address}/32" for address in block] for region, block in regions.items()}
        for cloud, regions in call.atlas.addresses.control_plane().items()
    }
    return {"inbound": clouds, "outbound": clouds}


def _entry(entry: str) -> Json:
    block = entry if "/" in entry else f"{entry}/32"
    return {"cidrBlock": block, "ipAddress": block.partition("/")[0]}


OPERATIONS = (
    Operation("GET", ROOT, "getSystemStatus", Versions(Version("2023-01-01", "ApiAtlasRootResource")), status),
    Operation(
        "GET",
        GROUP + "/ipAddresses",
        "getIPAddresses",
        Versions(Version("2023-01-01", "ApiAtlasIPAddressesResource")),
        addresses,
        authorise=roles.reader,
    ),
    Operation(
        "GET",
        ROOT + "/unauth/controlPlaneIPAddresses",
        "getControlPlaneIPAddresses",
        Versions(Version("2023-11-15", "ApiAtlasControlPlaneIPAddressesResource")),
        control_plane,
        rules=QueryRules(pretty=False),
        public=True,
    ),
)
