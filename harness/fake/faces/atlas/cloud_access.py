"""`cloudProviderAccess` of a project (atlas.md 3.8; SPEC CloudProviderAccessRole; EAR-140 to EAR-145)."""

from __future__ import annotations

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import UUID, Echo, Record, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Operation, Reply
from harness.fake.faces.atlas.times import iso
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.cloud_access import APPLICATION_ID
from harness.fake.kernel.atlas.records import CloudRole

PATH = "/api/atlas/v2/groups/{groupId}/cloudProviderAccess"
ONE = PATH + "/{roleId}"
DEAUTHORIZED = PATH + "/{cloudProvider}/{roleId}"
VERSIONS = Versions(Version("2023-01-01", "ApiAtlasCloudProviderAccessResource"))
LIMIT = "cloud_provider_access"
PROVIDERS = frozenset({"AWS", "AZURE", "GCP"})
ATLAS_AT_AWS = "arn:aws:iam::000000000000:root"
"""AWS account of Atlas: this world has none, so its number is nobody's."""

_SET_BY_ATLAS = (
    "_id",
    "atlasAWSAccountArn",
    "atlasAssumedRoleExternalId",
    "authorizedDate",
    "createdDate",
    "featureUsages",
    "gcpServiceAccountForAtlas",
    "lastUpdatedDate",
    "roleId",
    "status",
)

BODY = Record(
    {
        **{name: Echo() for name in _SET_BY_ATLAS},
        "atlasAzureAppId": Text(UUID),
        "iamAssumedRoleArn": Text(shortest=20, longest=2048),
        "providerName": Text(choices=PROVIDERS),
        "servicePrincipalId": Text(UUID),
        "tenantId": Text(UUID),
    },
    required=("providerName",),
)


def list_all(call: Call) -> Json:
    """GET the roles, in a list for each cloud."""
    found = call.atlas.cloud_access.of_project(call.group)
    of = {provider: [render(call, role) for role in found if role.provider == provider] for provider in PROVIDERS}
    return {"awsIamRoles": of["AWS"], "azureServicePrincipals": of["AZURE"], "gcpServiceAccounts": of["GCP"]}


def get(call: Call) -> Json:
    """GET one."""
    return render(call, call.atlas.cloud_access.get(call.group, call.path["roleId"]))


def create(call: Call) -> Json:
    """POST: 200 (SPEC); of Azure the service principal is checked at once (TFCI)."""
    provider, access = call.body["providerName"], call.atlas.cloud_access
    if provider == "AWS":
        return render(call, access.create_aws(call.group))
    if provider == "GCP":
        return render(call, access.create_gcp(call.group))
    missing = [name for name in ("servicePrincipalId", "tenantId") if name not in call.body]
    if missing:
        raise Problem("MISSING_ATTRIBUTE", missing[0])
    return render(call, access.create_azure(call.group, *_azure(call)))


def authorise(call: Call) -> Json:
    """PATCH: names the customer's side of a role; a role of GCP needs no such step (SPEC)."""
    provider, role_id, access = call.body["providerName"], call.path["roleId"], call.atlas.cloud_access
    if provider == "GCP":
        return render(call, access.get(call.group, role_id, "GCP"))
    if provider == "AZURE":
        return render(call, access.authorise_azure(call.group, role_id, *_azure(call)))
    if "iamAssumedRoleArn" not in call.body:
        raise Problem("MISSING_ATTRIBUTE", "iamAssumedRoleArn")
    return render(call, access.authorise_aws(call.group, role_id, call.body["iamAssumedRoleArn"]))


def deauthorise(call: Call) -> Reply:
    """DELETE: 204, unless encryption goes through the role (EAR-143)."""
    provider = call.path["cloudProvider"]
    if provider not in PROVIDERS:
        raise Problem("INVALID_ENUM_VALUE", provider)
    call.atlas.cloud_access.delete(call.group, provider, call.path["roleId"])
    return Reply(None, 204)


def render(call: Call, role: CloudRole) -> Json:
    """A role on the wire: each cloud has its own fields, and Azure calls the id `_id` (atlas.md 6 #20)."""
    usage = {"featureId": None, "featureType": "ENCRYPTION_AT_REST"}
    shown: Json = {
        "createdDate": iso(role.created),
        "featureUsages": [usage] if call.atlas.cloud_access.in_use(role) else [],
        "providerName": role.provider,
    }
    if role.provider == "AZURE":
        azure = {"servicePrincipalId": role.service_principal_id, "tenantId": role.tenant_id}
        dates = {"lastUpdatedDate": iso(role.updated)}
        return {**shown, **azure, **dates, "_id": role.id, "atlasAzureAppId": APPLICATION_ID}
    if role.provider == "GCP":
        account = {"gcpServiceAccountForAtlas": role.service_account, "status": "COMPLETE"}
        return {**shown, **account, "roleId": role.id}
    atlas = {"atlasAWSAccountArn": ATLAS_AT_AWS, "atlasAssumedRoleExternalId": role.external_id}
    shown |= {**atlas, "roleId": role.id}
    if role.authorised is not None:
        shown |= {"authorizedDate": iso(role.authorised), "iamAssumedRoleArn": role.arn}
    return shown


def _azure(call: Call) -> tuple[str, str, str]:
    body = call.body
    return body.get("atlasAzureAppId", ""), body.get("tenantId", ""), body.get("servicePrincipalId", "")


BODIES = {"2023-01-01": BODY}

OPERATIONS = (
    Operation("GET", PATH, "getCloudProviderAccess", VERSIONS, list_all, limit=LIMIT, authorise=roles.reader),
    Operation(
        "POST",
        PATH,
        "addCloudProviderAccessRole",
        VERSIONS,
        create,
        bodies=BODIES,
        limit=LIMIT,
        authorise=roles.owner,
    ),
    Operation("GET", ONE, "getCloudProviderAccessRole", VERSIONS, get, limit=LIMIT, authorise=roles.reader),
    Operation(
        "PATCH",
        ONE,
        "authorizeCloudProviderAccessRole",
        VERSIONS,
        authorise,
        bodies=BODIES,
        limit=LIMIT,
        authorise=roles.owner,
    ),
    Operation(
        "DELETE",
        DEAUTHORIZED,
        "deauthorizeCloudProviderAccessRole",
        VERSIONS,
        deauthorise,
        success=204,
        limit=LIMIT,
        authorise=roles.owner,
    ),
)
