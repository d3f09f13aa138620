"""Taking note of an alert (SPEC AlertView, AcknowledgeAlert)."""

from __future__ import annotations

from harness.fake.faces.atlas import monitoring, roles
from harness.fake.faces.atlas.bodies import Echo, Flag, Instant, Record, Shape, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Operation
from harness.fake.faces.atlas.times import iso, unix
from harness.fake.faces.atlas.versions import Version, Versions

PATH = monitoring.GROUP + "/alerts/{alertId}"
VERSIONS = Versions(
    Version("2023-01-01", "ApiAlertsResource", sunset="2027-07-01"), Version("2024-05-30", "ApiAlertsResource")
)

_SHOWN = (
    "acknowledgingUsername",
    "alertConfigId",
    "clusterName",
    "created",
    "eventTypeName",
    "groupId",
    "id",
    "lastNotified",
    "links",
    "orgId",
    "resolved",
    "status",
    "updated",
)
_NOTE: dict[str, Shape] = {"acknowledgedUntil": Instant(), "acknowledgementComment": Text(longest=200)}

OLDER = Record({**_NOTE, **{name: Echo() for name in _SHOWN}})
NEWER = Record({**_NOTE, "links": Echo(), "unacknowledgeAlert": Flag()})


def acknowledge(call: Call) -> Json:
    """PATCH: until an instant; without one, or told so, it is taken back."""
    text = call.body.get("acknowledgedUntil")
    if call.body.get("unacknowledgeAlert", False):
        text = None
    comment = call.body.get("acknowledgementComment")
    alert = call.atlas.feed.acknowledge(call.group, call.path["alertId"], _until(text), comment)
    return monitoring.render_alert(call, alert)


def _until(text: str | None) -> float | None:
    """An instant that can be shown again: with its offset it may lie beyond the calendar."""
    if text is None:
        return None
    try:
        until = unix(text)
        iso(until)
    except (ValueError, OverflowError):
        raise Problem("INVALID_DATE_FORMAT", text) from None
    return until


OPERATIONS = (
    Operation(
        "PATCH",
        PATH,
        "acknowledgeAlert",
        VERSIONS,
        acknowledge,
        bodies={"2023-01-01": OLDER, "2024-05-30": NEWER},
        authorise=roles.alerts_manager,
    ),
)
