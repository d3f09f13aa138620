"""Organisations: making one, and the activity feed of one (SPEC CreateOrganizationRequest, OrgEventViewForOrg)."""

from __future__ import annotations

from harness.fake.faces.atlas import monitoring, projects, service_accounts
from harness.fake.faces.atlas.bodies import OBJECT_ID, Flag, Many, Record, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation
from harness.fake.kernel.atlas.callers import ORGANISATION_OWNER, ORGANISATION_ROLES
from harness.fake.kernel.atlas.state import Caller, Event

EVENTS = projects.ORGANISATIONS + "/{orgId}/events"

API_KEY = Record(
    {
        "desc": Text(shortest=1, longest=250),
        "roles": Many(Text(choices=ORGANISATION_ROLES), least=1, most=50),
    },
    required=("desc", "roles"),
)

CREATE = Record(
    {
        "apiKey": API_KEY,
        "federationSettingsId": Text(OBJECT_ID),
        "name": Text(),
        "orgOwnerId": Text(OBJECT_ID),
        "serviceAccount": service_accounts.ORGANISATION_BODY,
        "skipDefaultAlertsSettings": Flag(),
    },
    required=("name",),
)


def create(call: Call) -> Json:
    """POST: 201. An API key must name the owner to be (SPEC); this world has neither users nor federations."""
    body, caller = call.body, call.identity
    name = _checked_name(body["name"])
    if ORGANISATION_OWNER not in caller.organisation_roles:
        raise Problem("USER_UNAUTHORIZED")
    if "orgOwnerId" in body:
        raise Problem("INVALID_USER", body["orgOwnerId"])
    if caller.kind == "api_key":
        raise Problem("MISSING_ATTRIBUTE", "orgOwnerId")
    if "federationSettingsId" in body:
        raise Problem("RESOURCE_NOT_FOUND", body["federationSettingsId"])
    if "apiKey" in body and "serviceAccount" in body:
        raise Problem("INVALID_ATTRIBUTE", "apiKey")
    made = call.atlas.projects.add_organisation(name)
    shown: Json = {"organization": projects.render_organisation(call, made)}
    shown["skipDefaultAlertsSettings"] = body.get("skipDefaultAlertsSettings", False)
    if "serviceAccount" in body:
        shown["serviceAccount"] = service_accounts.make_in_organisation(call, made.id, body["serviceAccount"])
    if "apiKey" in body:
        wanted = body["apiKey"]
        key = call.atlas.callers.add_api_key(made.id, {}, organisation_roles=wanted["roles"])
        key.description = wanted["desc"]
        shown["apiKey"] = _render_new_key(call, key)
    return shown


def events(call: Call) -> Listing:
    """GET the events of all projects of the organisation; this world has none of the organisation itself."""
    call.atlas.callers.require_organisation(call.identity, call.path["orgId"])
    feed: list[Event] = []
    for project in call.atlas.projects.all(call.path["orgId"]):
        feed += call.atlas.feed.events(project.id)
    found = monitoring.filtered(call, sorted(feed, key=lambda event: event.created))
    return Listing(found, lambda event: monitoring.render_event(call, event))


def _render_new_key(call: Call, key: Caller) -> Json:
    """A key that was just made: the only answer that shows its private part."""
    held = [{"orgId": key.organisation_id, "roleName": role} for role in sorted(key.organisation_roles)]
    here = f"{call.base}{projects.ORGANISATIONS}/{key.organisation_id}/apiKeys/{key.id}"
    return {
        "desc": key.description,
        "id": key.id,
        "links": [{"href": here, "rel": "self"}],
        "privateKey": key.secret,
        "publicKey": key.public,
        "roles": held,
    }


def _checked_name(name: str) -> str:
    """As a project's name (SPEC AtlasOrganization.name)."""
    if not projects.is_name(name):
        raise Problem("INVALID_ORG_NAME", name)
    return name


OPERATIONS = (
    Operation(
        "POST",
        projects.ORGANISATIONS,
        "createOrganization",
        projects.ORGANISATION_VERSIONS,
        create,
        success=201,
        bodies={"2023-01-01": CREATE},
    ),
    Operation(
        "GET",
        EVENTS,
        "getAllEvents",
        monitoring.EVENT_VERSIONS,
        events,
        rules=monitoring.EVENT_RULES,
        limit="events",
    ),
)
