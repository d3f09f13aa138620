"""Alerts, alert configurations and events of a project (atlas.md 3.8; SPEC DefaultAlertViewForNdsGroup)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation
from harness.fake.faces.atlas.query import Parameter, QueryRules
from harness.fake.faces.atlas.times import iso, unix
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.state import Alert, AlertRule, Event

T = TypeVar("T")

GROUP = "/api/atlas/v2/groups/{groupId}"
ALERT_VERSIONS = Versions(Version("2023-01-01", "ApiAlertsResource"))
RULE_VERSIONS = Versions(Version("2023-01-01", "ApiAlertConfigsResource"))
EVENT_VERSIONS = Versions(Version("2023-01-01", "ApiEventsResource"))
STATUSES = frozenset({"OPEN", "CLOSED", "TRACKING", "CANCELLED"})

NOTIFICATION: Json = {
    "delayMin": 0,
    "emailEnabled": True,
    "intervalMin": 60,
    "roles": ["GROUP_OWNER"],
    "smsEnabled": False,
    "typeName": "GROUP",
}
"""Project Owners are told by mail (EAR-107)."""


def alerts(call: Call) -> Listing:
    """GET the alerts, newest first."""
    wanted = call.query.first("status")
    found = [a for a in reversed(call.atlas.feed.alerts(call.group)) if wanted in (None, a.status)]
    return Listing(told(call, found), lambda alert: render_alert(call, alert))


def alert(call: Call) -> Json:
    """GET one alert."""
    return render_alert(call, call.atlas.feed.alert(call.group, call.path["alertId"]))


def rules(call: Call) -> Listing:
    """GET the alert configurations."""
    return Listing(call.atlas.feed.rules(call.group), lambda rule: render_rule(call, rule))


def rule(call: Call) -> Json:
    """GET one alert configuration."""
    return render_rule(call, call.atlas.feed.rule(call.group, call.path["alertConfigId"]))


def events(call: Call) -> Listing:
    """GET the activity feed, newest first, filtered."""
    found = filtered(call, call.atlas.feed.events(call.group))
    return Listing(told(call, found), lambda event: render_event(call, event))


def told(call: Call, entries: Sequence[T]) -> list[T]:
    """Entries as they are handed out: under `knobs.repeat_events` each twice, and the oldest first."""
    if not call.world.knobs.repeat_events:
        return list(entries)
    return [one for entry in reversed(entries) for one in (entry, entry)]


def filtered(call: Call, feed: list[Event]) -> list[Event]:
    """Events of a feed, oldest first, that the query asks for, newest first."""
    wanted, unwanted = call.query.own.get("eventType"), call.query.own.get("excludedEventType", ())
    clusters = call.query.own.get("clusterNames")
    earliest, latest = _instant(call, "minDate"), _instant(call, "maxDate")
    if earliest is not None and latest is not None and latest < earliest:
        raise Problem("INVALID_DATE_RANGE", call.query.first("minDate"), call.query.first("maxDate"))
    return [
        event
        for event in reversed(feed)
        if (wanted is None or event.kind in wanted)
        and event.kind not in unwanted
        and (clusters is None or event.cluster in clusters)
        and (earliest is None or event.created >= earliest)
        and (latest is None or event.created <= latest)
    ]


def event(call: Call) -> Json:
    """GET one event."""
    return render_event(call, call.atlas.feed.event(call.group, call.path["eventId"]))


def render_alert(call: Call, alert: Alert) -> Json:
    """An alert on the wire."""
    shown: Json = {
        "alertConfigId": alert.rule_id,
        "created": iso(alert.created),
        "eventTypeName": alert.kind,
        "groupId": alert.project_id,
        "id": alert.id,
        "links": _self(call, alert.project_id, f"alerts/{alert.id}"),
        "orgId": call.atlas.projects.get(alert.project_id).organisation_id,
        "status": alert.status,
        "updated": iso(alert.updated),
    }
    if alert.resolved is not None:
        shown["resolved"] = iso(alert.resolved)
    if alert.cluster is not None:
        shown["clusterName"] = alert.cluster
    if alert.acknowledged_until is not None:
        shown["acknowledgedUntil"] = iso(alert.acknowledged_until)
        shown |= {"acknowledgementComment": alert.comment} if alert.comment else {}
    return shown


def render_rule(call: Call, rule: AlertRule) -> Json:
    """An alert configuration on the wire."""
    shown: Json = {
        "created": iso(rule.created),
        "enabled": rule.enabled,
        "eventTypeName": rule.kind,
        "groupId": rule.project_id,
        "id": rule.id,
        "links": _self(call, rule.project_id, f"alertConfigs/{rule.id}"),
        "matchers": [],
        "notifications": [NOTIFICATION],
        "updated": iso(rule.updated),
        **rule.settings,
    }
    if rule.threshold_days is not None:
        shown["threshold"] = {"operator": "GREATER_THAN", "threshold": rule.threshold_days, "units": "DAYS"}
    return shown


def render_event(call: Call, event: Event) -> Json:
    """An event on the wire."""
    shown: Json = {
        "created": iso(event.created),
        "eventTypeName": event.kind,
        "groupId": event.project_id,
        "id": event.id,
        "isGlobalAdmin": False,
        "links": _self(call, event.project_id, f"events/{event.id}"),
        "orgId": call.atlas.projects.get(event.project_id).organisation_id,
    }
    if event.cluster is not None:
        shown["clusterName"] = event.cluster
    return shown


def _self(call: Call, project_id: str, tail: str) -> list[Json]:
    return [{"href": f"{call.base}/api/atlas/v2/groups/{project_id}/{tail}", "rel": "self"}]


def _instant(call: Call, name: str) -> float | None:
    text = call.query.first(name)
    if text is None:
        return None
    try:
        return unix(text)
    except (ValueError, OverflowError):
        raise Problem("INVALID_DATE_FORMAT", text) from None


EVENT_RULES = QueryRules(
    own={
        "clusterNames": Parameter(many=True),
        "eventType": Parameter(many=True),
        "excludedEventType": Parameter(many=True),
        "includeRaw": Parameter("flag"),
        "maxDate": Parameter(),
        "minDate": Parameter(),
    },
    paged=True,
    counted=False,
)

OPERATIONS = (
    Operation(
        "GET",
        GROUP + "/alerts",
        "getAllAlerts",
        ALERT_VERSIONS,
        alerts,
        rules=QueryRules(own={"status": Parameter(choices=STATUSES)}, paged=True),
        authorise=roles.reader,
    ),
    Operation("GET", GROUP + "/alerts/{alertId}", "getAlert", ALERT_VERSIONS, alert, authorise=roles.reader),
    Operation(
        "GET",
        GROUP + "/alertConfigs",
        "getAllAlertConfigs",
        RULE_VERSIONS,
        rules,
        rules=QueryRules(paged=True),
        authorise=roles.reader,
    ),
    Operation(
        "GET",
        GROUP + "/alertConfigs/{alertConfigId}",
        "getAlertConfig",
        RULE_VERSIONS,
        rule,
        authorise=roles.reader,
    ),
    Operation(
        "GET",
        GROUP + "/events/{eventId}",
        "getEvent",
        EVENT_VERSIONS,
        event,
        rules=QueryRules(own={"includeRaw": Parameter("flag")}),
        limit="events",
        authorise=roles.reader,
    ),
    Operation(
        "GET",
        GROUP + "/events",
        "getAllEvents",
        EVENT_VERSIONS,
        events,
        rules=EVENT_RULES,
        limit="events",
        authorise=roles.reader,
    ),
)
