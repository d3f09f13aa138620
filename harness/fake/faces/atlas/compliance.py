"""Backup compliance policy of a project (recorded answers; SPEC DataProtectionSettings20231001; EAR-146)."""

from __future__ import annotations

from hashlib import blake2b

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import OBJECT_ID, Echo, Flag, Many, Number, Record, Shape, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Operation
from harness.fake.faces.atlas.query import Parameter, QueryRules
from harness.fake.faces.atlas.times import iso
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.records import CompliancePolicy

PATH = "/api/atlas/v2/groups/{groupId}/backupCompliancePolicy"
RESOURCE = "ApiDiskBackupDataProtectionResource"
VERSIONS = Versions(Version("2023-01-01", RESOURCE), Version("2023-10-01", RESOURCE))

ITEM = Record(
    {
        "frequencyInterval": Number(),
        "frequencyType": Text(choices=frozenset({"daily", "hourly", "monthly", "ondemand", "weekly", "yearly"})),
        "id": Echo(),
        "retentionUnit": Text(choices=frozenset({"days", "weeks", "months", "years"})),
        "retentionValue": Number(least=1),
    },
    required=("frequencyInterval", "frequencyType", "retentionUnit", "retentionValue"),
)

_KEPT: dict[str, Shape] = {
    "authorizedEmail": Text(longest=255),
    "authorizedUserFirstName": Text(longest=255),
    "authorizedUserLastName": Text(longest=255),
    "copyProtectionEnabled": Flag(),
    "onDemandPolicyItem": ITEM,
    "pitEnabled": Flag(),
    "restoreWindowDays": Number(),
    "scheduledPolicyItems": Many(ITEM, most=50),
}
_FIELDS: dict[str, Shape] = {
    **_KEPT,
    "deletable": Echo(),
    "encryptionAtRestEnabled": Flag(),
    "projectId": Text(OBJECT_ID),
    "state": Echo(),
    "updatedDate": Echo(),
    "updatedUser": Echo(),
}

NAMES = ("authorizedUserFirstName", "authorizedUserLastName")
"""Fields that version 2023-10-01 added, and needs."""

OLDER = Record({n: s for n, s in _FIELDS.items() if n not in NAMES}, required=("authorizedEmail",))
NEWER = Record(_FIELDS, required=("authorizedEmail", *NAMES))


def get(call: Call) -> Json:
    """GET: an empty object where there is none (INF: no recording of that)."""
    policy = call.atlas.compliance.get(call.group)
    return {} if policy is None else render(call, policy)


def put(call: Call) -> Json:
    """PUT: 200 with the policy in ENABLING or UPDATING (recorded)."""
    if call.body.get("projectId", call.group) != call.group:
        raise Problem("GROUP_MISMATCH", call.body["projectId"])
    kept = {name: value for name, value in call.body.items() if name in _KEPT}
    policy = call.atlas.compliance.put(
        call.group,
        encryption_required=call.body.get("encryptionAtRestEnabled", False),
        updated_by=call.identity.public,
        settings=kept,
    )
    return render(call, policy)


def render(call: Call, policy: CompliancePolicy) -> Json:
    """A policy on the wire."""
    settings = policy.settings
    shown: Json = {
        "authorizedEmail": settings["authorizedEmail"],
        "copyProtectionEnabled": settings.get("copyProtectionEnabled", False),
        "deletable": False,
        "encryptionAtRestEnabled": policy.encryption_required,
        "onDemandPolicyItem": _item(call, settings.get("onDemandPolicyItem"), 0),
        "pitEnabled": settings.get("pitEnabled", False),
        "projectId": call.group,
        "restoreWindowDays": settings.get("restoreWindowDays", 0),
        "scheduledPolicyItems": [
            _item(call, item, index) for index, item in enumerate(settings.get("scheduledPolicyItems", ()), 1)
        ],
        "state": policy.state,
        "updatedDate": iso(policy.updated),
        "updatedUser": policy.updated_by,
    }
    if call.version != "2023-01-01":
        shown |= {name: settings.get(name, "") for name in NAMES}
    return shown


def _item(call: Call, item: Json | None, index: int) -> Json | None:
    """A policy item, with an id that follows from its place."""
    if item is None:
        return None
    return {**item, "id": blake2b(f"{call.group}/{index}".encode(), digest_size=12).hexdigest()}


OPERATIONS = (
    Operation("GET", PATH, "getDataProtectionSettings", VERSIONS, get, authorise=roles.owner),
    Operation(
        "PUT",
        PATH,
        "updateDataProtectionSettings",
        VERSIONS,
        put,
        bodies={"2023-01-01": OLDER, "2023-10-01": NEWER},
        rules=QueryRules(own={"overwriteBackupPolicies": Parameter("flag")}),
        authorise=roles.owner,
    ),
)
