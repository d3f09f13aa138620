"""Private endpoints of encryption at rest (atlas.md 3.5; SPEC EARPrivateEndpoint)."""

from __future__ import annotations

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import Echo, Record, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation, Reply
from harness.fake.faces.atlas.query import QueryRules
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.state import Endpoint

PATH = "/api/atlas/v2/groups/{groupId}/encryptionAtRest/{cloudProvider}/privateEndpoints"
ONE = PATH + "/{endpointId}"
VERSIONS = Versions(Version("2023-01-01", "ApiAtlasEncryptionAtRestPrivateEndpointResource"))
PROVIDERS = frozenset({"AZURE", "AWS"})
"""GCP is not offered (EAR-085)."""

BODY = Record(
    {
        "cloudProvider": Echo(),
        "errorMessage": Echo(),
        "id": Echo(),
        "privateEndpointConnectionName": Echo(),
        "regionName": Text(longest=64),
        "status": Echo(),
    },
    required=("regionName",),
)
"""Terraform sends `cloudProvider` although it is read-only; whether a region exists is for the kernel to say."""


def list_all(call: Call) -> Listing:
    """GET the list of one provider."""
    return Listing(call.atlas.endpoints.of_project(call.group, _provider(call)), lambda e: render(call, e))


def get(call: Call) -> Json:
    """GET one."""
    return render(call, call.atlas.endpoints.get(call.group, _provider(call), call.path["endpointId"]))


def create(call: Call) -> Json:
    """POST: 202, the record in INITIATING (EAR-051, EAR-053)."""
    return render(call, call.atlas.endpoints.create(call.group, _provider(call), call.body["regionName"]))


def delete(call: Call) -> Reply:
    """DELETE: the record reads DELETING at once; a body that documentation shows is ignored (atlas.md 6 #2)."""
    call.atlas.endpoints.delete(call.group, _provider(call), call.path["endpointId"])
    status = int(call.world.readings.endpoint_delete_status)
    return Reply(None if status == 204 else {}, status)


def render(call: Call, endpoint: Endpoint) -> Json:
    """A record on the wire; nulls are explicit, and only AZURE has a connection name (atlas.md 3.5)."""
    initiating = endpoint.status == "INITIATING"
    shown: Json = {
        "cloudProvider": endpoint.provider,
        "errorMessage": endpoint.error_message,
        "id": endpoint.id,
        "regionName": endpoint.region,
        "status": call.world.readings.initiating_spelling if initiating else endpoint.status,
    }
    if endpoint.provider == "AZURE":
        shown["privateEndpointConnectionName"] = endpoint.connection_name
    return shown


def _provider(call: Call) -> str:
    provider = call.path["cloudProvider"]
    if provider not in PROVIDERS:
        raise Problem("INVALID_ENUM_VALUE", provider)
    return provider


LIMIT = "encryption_at_rest"

OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "getAllPrivateEndpointsForCloudProvider",
        VERSIONS,
        list_all,
        rules=QueryRules(paged=True),
        limit=LIMIT,
        authorise=roles.endpoint_list,
    ),
    Operation(
        "POST",
        PATH,
        "createPrivateEndpoint",
        VERSIONS,
        create,
        success=202,
        bodies={"2023-01-01": BODY},
        limit=LIMIT,
        authorise=roles.owner,
    ),
    Operation("GET", ONE, "getPrivateEndpoint", VERSIONS, get, limit=LIMIT, authorise=roles.endpoint_list),
    Operation(
        "DELETE",
        ONE,
        "requestPrivateEndpointDeletion",
        VERSIONS,
        delete,
        success=204,
        limit=LIMIT,
        authorise=roles.owner,
    ),
)
