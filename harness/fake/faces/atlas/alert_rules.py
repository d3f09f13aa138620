"""Alert configurations: asking for one, changing and removing it (SPEC GroupAlertsConfig; EAR-123, EAR-125).

Alerts about encryption are opened by this world's laws; the other kinds of the list are kept and shown, and never fire.
"""

from __future__ import annotations

import re
from typing import Any

from harness.fake.faces.atlas import monitoring, roles
from harness.fake.faces.atlas.bodies import OBJECT_ID, Echo, Flag, Many, Number, Record, Shape, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Operation, Reply
from harness.fake.kernel.atlas.feed import ROTATION, ROTATION_DAYS

PATH = monitoring.GROUP + "/alertConfigs"
ONE = PATH + "/{alertConfigId}"

KINDS = frozenset(
    """
    AWS_ENCRYPTION_KEY_INVALID AWS_ENCRYPTION_KEY_NEEDS_ROTATION AZURE_ENCRYPTION_KEY_INVALID
    AZURE_ENCRYPTION_KEY_NEEDS_ROTATION GCP_ENCRYPTION_KEY_INVALID GCP_ENCRYPTION_KEY_NEEDS_ROTATION
    ACTIVE_LEGACY_TLS_CONNECTIONS ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED
    GROUP_SERVICE_ACCOUNT_SECRETS_EXPIRED GROUP_SERVICE_ACCOUNT_SECRETS_EXPIRING USERS_WITHOUT_MULTI_FACTOR_AUTH
    CPS_RESTORE_FAILED CPS_RESTORE_SUCCESSFUL CPS_SNAPSHOT_FAILED CPS_SNAPSHOT_STARTED CPS_SNAPSHOT_SUCCESSFUL
    CPS_DATA_PROTECTION_ENABLED CPS_DATA_PROTECTION_UPDATED
    CLUSTER_MONGOS_IS_MISSING CLUSTER_TAGS_MODIFIED GROUP_TAGS_MODIFIED HOST_DOWN JOINED_GROUP REMOVED_FROM_GROUP
    MAINTENANCE_AUTO_DEFERRED MAINTENANCE_COMPLETED MAINTENANCE_IN_ADVANCED MAINTENANCE_STARTED
    NETWORK_PERMISSION_ENTRY_ADDED NETWORK_PERMISSION_ENTRY_REMOVED USER_ROLES_CHANGED_AUDIT
    """.split()  # noqa: SIM905 - a list of quoted lines would hide the names
)
"""Kinds of events that can be alerted about: those of encryption, backup, maintenance and access."""

OPERATORS = ("EQUALS", "CONTAINS", "STARTS_WITH", "ENDS_WITH", "NOT_EQUALS", "NOT_CONTAINS", "REGEX")

MATCHER = Record(
    {"fieldName": Text(longest=64), "operator": Text(choices=frozenset(OPERATORS)), "value": Text(longest=255)},
    required=("fieldName", "operator", "value"),
)

NOTIFICATION = Record(
    {
        "delayMin": Number(),
        "emailAddress": Text(re.compile(r"[^@\s]+@[^@\s]+"), longest=255),
        "emailEnabled": Flag(),
        "intervalMin": Number(least=5),
        "mobileNumber": Text(longest=64),
        "notifierId": Text(OBJECT_ID),
        "roles": Many(Text(longest=64), most=50),
        "smsEnabled": Flag(),
        "typeName": Text(choices=frozenset({"EMAIL", "GROUP", "ORG", "SMS"})),
    },
    required=("typeName",),
)
"""Ways to tell people; this world knows none that goes through another service."""

THRESHOLD = Record(
    {
        "operator": Text(choices=frozenset({"GREATER_THAN"})),
        "threshold": Number(least=1, most=36_500),
        "units": Text(choices=frozenset({"DAYS"})),
    },
    required=("threshold",),
)

_FIELDS: dict[str, Shape] = {
    "created": Echo(),
    "enabled": Flag(),
    "eventTypeName": Text(longest=128),
    "groupId": Echo(),
    "id": Echo(),
    "links": Echo(),
    "matchers": Many(MATCHER, most=50),
    "notifications": Many(NOTIFICATION, least=1, most=25),
    "severityOverride": Text(choices=frozenset({"INFO", "WARNING", "ERROR", "CRITICAL"})),
    "threshold": THRESHOLD,
    "updated": Echo(),
}

BODY = Record(_FIELDS, required=("eventTypeName", "notifications"))
TOGGLE = Record({"enabled": Flag()}, required=("enabled",))


def create(call: Call) -> Json:
    """POST: 200 (SPEC), for this resource."""
    kind, threshold_days = _kind(call.body), _threshold(call.body)
    enabled = call.body.get("enabled", False)
    made = call.atlas.feed.add_rule(
        call.group, kind, enabled=enabled, threshold_days=threshold_days, settings=_settings(call.body)
    )
    return monitoring.render_rule(call, made)


def replace(call: Call) -> Json:
    """PUT: the whole configuration; its kind stays."""
    rule = call.atlas.feed.rule(call.group, call.path["alertConfigId"])
    if _kind(call.body) != rule.kind:
        raise Problem("ATTRIBUTE_READ_ONLY", "eventTypeName")
    rule.settings = _settings(call.body)
    changed = call.atlas.feed.set_rule(
        call.group, rule.id, enabled=call.body.get("enabled", False), threshold_days=_threshold(call.body)
    )
    return monitoring.render_rule(call, changed)


def toggle(call: Call) -> Json:
    """PATCH: on or off, nothing else."""
    rule_id = call.path["alertConfigId"]
    return monitoring.render_rule(call, call.atlas.feed.set_rule(call.group, rule_id, enabled=call.body["enabled"]))


def delete(call: Call) -> Reply:
    """DELETE: 204."""
    call.atlas.feed.delete_rule(call.group, call.path["alertConfigId"])
    return Reply(None, 204)


def _kind(body: Json) -> str:
    kind: str = body["eventTypeName"]
    if kind not in KINDS:
        raise Problem("INVALID_EVENT_TYPE_FOR_ALERT", kind)
    return kind


def _threshold(body: Json) -> int | None:
    """Only the age of a key is measured; it has a threshold even where none is named."""
    if not body["eventTypeName"].endswith("_NEEDS_ROTATION"):
        return None
    default = ROTATION_DAYS if body["eventTypeName"] == ROTATION else None
    given: int | None = body.get("threshold", {}).get("threshold", default)
    return given


def _settings(body: Json) -> dict[str, Any]:
    kept = ("matchers", "notifications", "severityOverride")
    return {name: body[name] for name in kept if name in body}


VERSIONS = monitoring.RULE_VERSIONS
BODIES = {"2023-01-01": BODY}
MANAGER = roles.alerts_manager

OPERATIONS = (
    Operation("POST", PATH, "addAlertConfig", VERSIONS, create, bodies=BODIES, authorise=MANAGER),
    Operation("PUT", ONE, "updateAlertConfig", VERSIONS, replace, bodies=BODIES, authorise=MANAGER),
    Operation("PATCH", ONE, "toggleAlertConfig", VERSIONS, toggle, bodies={"2023-01-01": TOGGLE}, authorise=MANAGER),
    Operation("DELETE", ONE, "deleteAlertConfig", VERSIONS, delete, success=204, authorise=MANAGER),
)
