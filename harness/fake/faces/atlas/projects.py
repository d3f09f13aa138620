"""Projects (`groups` on the wire) and organisations (atlas.md 3.8; recorded answers; SPEC Group, AtlasOrganization)."""

from __future__ import annotations

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import OBJECT_ID, Echo, Flag, ReadOnly, Record, Text
from harness.fake.faces.atlas.cluster_body import TAGS
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation, Reply
from harness.fake.faces.atlas.query import Parameter, QueryRules
from harness.fake.faces.atlas.times import iso
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.callers import ORGANISATION_OWNER
from harness.fake.kernel.atlas.state import Organisation, Project

PATH = "/api/atlas/v2/groups"
ONE = PATH + "/{groupId}"
ORGANISATIONS = "/api/atlas/v2/orgs"
VERSIONS = Versions(Version("2023-01-01", "ApiAtlasGroupsResource"))
ORGANISATION_VERSIONS = Versions(Version("2023-01-01", "ApiOrganizationsResource"))
CREATORS = frozenset({ORGANISATION_OWNER, "ORG_GROUP_CREATOR"})
RELATED = ("containers", "clusters", "databaseUsers", "peers", "processes", "whitelist")
NAME_LONGEST = 64
NAME_MARKS = frozenset(" -_.(),:&@+'")

REGIONS = Text(choices=frozenset({"COMMERCIAL_FEDRAMP_REGIONS_ONLY", "GOV_REGIONS_ONLY"}))

CREATE = Record(
    {
        "clusterCount": Echo(),
        "created": Echo(),
        "id": Echo(),
        "links": Echo(),
        "name": Text(),
        "orgId": Text(OBJECT_ID, wrong="INVALID_ORG_ID"),
        "regionUsageRestrictions": REGIONS,
        "tags": TAGS,
        "withDefaultAlertsSettings": Flag(),
    },
    required=("name", "orgId"),
)

FIXED = ("clusterCount", "created", "id", "links", "orgId", "regionUsageRestrictions")
"""What no update of a project can change."""

UPDATE = Record(
    {"name": Text(), "tags": TAGS, "withDefaultAlertsSettings": Flag(), **{name: ReadOnly() for name in FIXED}}
)


def list_all(call: Call) -> Listing:
    """GET the projects that the caller has a role in."""
    return _listing(call, call.atlas.projects.all())


def list_of_organisation(call: Call) -> Listing:
    """GET the projects of one organisation."""
    organisation_id = call.path["orgId"]
    call.atlas.callers.require_organisation(call.identity, organisation_id)
    wanted = call.query.first("name")
    found = call.atlas.projects.all(organisation_id)
    return _listing(call, [p for p in found if wanted is None or wanted.lower() in p.name.lower()])


def get(call: Call) -> Json:
    """GET one."""
    return render(call, call.atlas.projects.get(call.group))


def by_name(call: Call) -> Json:
    """GET one by its name (SPEC getGroupByName)."""
    found = call.atlas.projects.named(call.path["groupName"])
    mine = [p for p in found if call.atlas.callers.roles_in(call.identity, p.id)]
    if not mine:
        raise Problem("GROUP_NAME_NOT_FOUND", call.path["groupName"])
    if len(mine) > 1:
        raise Problem("MULTIPLE_GROUPS")
    return render(call, mine[0])


def create(call: Call) -> Reply:
    """POST: 201 and a `Location` of little use (recorded; SPEC says 200). The creator becomes Project Owner."""
    organisation_id, name = call.body["orgId"], _checked_name(call.body["name"])
    call.atlas.callers.require_organisation(call.identity, organisation_id)
    if not call.identity.organisation_roles & CREATORS:
        raise Problem("NOT_ORG_GROUP_CREATOR", organisation_id)
    project = call.atlas.projects.create(organisation_id, name)
    call.atlas.callers.grant(call.identity, project.id, ["GROUP_OWNER"])
    shown = render(call, project)
    if "tags" in call.body:
        project.tags = _tags(call.body)
        shown["tags"] = call.body["tags"]
    else:
        del shown["tags"]
    return Reply(shown, 201, (("location", f"{call.base}//api/atlas/v1.0"),))


def update(call: Call) -> Json:
    """PATCH: name and tags."""
    project = call.atlas.projects.get(call.group)
    if "name" in call.body:
        project = call.atlas.projects.rename(call.group, _checked_name(call.body["name"]))
    if "tags" in call.body:
        project.tags = _tags(call.body)
    return render(call, project)


def delete(call: Call) -> Reply:
    """DELETE: 202 with an empty object (recorded; SPEC says 204)."""
    call.atlas.projects.delete(call.group)
    return Reply({}, 202)


def organisations(call: Call) -> Listing:
    """GET the organisations of the caller: a service account or key belongs to one."""
    wanted = call.query.first("name")
    own = [o for o in call.atlas.projects.organisations() if o.id == call.identity.organisation_id]
    found = [o for o in own if wanted is None or o.name.lower().startswith(wanted.lower())]
    return Listing(found, lambda organisation: render_organisation(call, organisation))


def organisation(call: Call) -> Json:
    """GET one organisation: a member sees its own."""
    call.atlas.callers.require_organisation(call.identity, call.path["orgId"])
    return render_organisation(call, call.atlas.projects.organisation(call.path["orgId"]))


def render(call: Call, project: Project, *, brief: bool = False) -> Json:
    """A project on the wire; in lists only the link to itself (recorded)."""
    here = f"{call.base}{PATH}/{project.id}"
    related = [] if brief else [{"href": f"{here}/{r}", "rel": f"https://cloud.mongodb.com/{r}"} for r in RELATED]
    return {
        "clusterCount": len(call.world.state.atlas.clusters.get(project.id, {})),
        "created": iso(project.created),
        "id": project.id,
        "links": [{"href": here, "rel": "self"}, *related],
        "name": project.name,
        "orgId": project.organisation_id,
        "tags": [{"key": key, "value": value} for key, value in project.tags.items()],
        "withDefaultAlertsSettings": True,
    }


def render_organisation(call: Call, organisation: Organisation) -> Json:
    """An organisation on the wire."""
    return {
        "id": organisation.id,
        "isDeleted": False,
        "links": [{"href": f"{call.base}{ORGANISATIONS}/{organisation.id}", "rel": "self"}],
        "name": organisation.name,
        "skipDefaultAlertsSettings": False,
    }


def _listing(call: Call, projects: list[Project]) -> Listing:
    mine = [p for p in projects if call.atlas.callers.roles_in(call.identity, p.id)]
    return Listing(mine, lambda project: render(call, project, brief=True))


def _checked_name(name: str) -> str:
    """Letters, digits and a few marks, at most 64 (SPEC Group.name)."""
    if not is_name(name):
        raise Problem("INVALID_GROUP_NAME", name)
    return name


def is_name(name: str) -> bool:
    """A project or an organisation can be called this."""
    return 1 <= len(name) <= NAME_LONGEST and all(c.isalnum() or c in NAME_MARKS for c in name)


def _tags(body: Json) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in body["tags"]}


BY_NAME = QueryRules(own={"name": Parameter()}, paged=True)

OPERATIONS = (
    Operation("GET", PATH, "getAllGroups", VERSIONS, list_all, rules=QueryRules(paged=True)),
    Operation(
        "POST",
        PATH,
        "addGroup",
        VERSIONS,
        create,
        success=201,
        bodies={"2023-01-01": CREATE},
        rules=QueryRules(own={"projectOwnerId": Parameter()}),
    ),
    Operation("GET", PATH + "/byName/{groupName}", "getGroupByName", VERSIONS, by_name),
    Operation("GET", ONE, "getGroup", VERSIONS, get, authorise=roles.reader),
    Operation("PATCH", ONE, "patchGroup", VERSIONS, update, bodies={"2023-01-01": UPDATE}, authorise=roles.owner),
    Operation("DELETE", ONE, "deleteGroup", VERSIONS, delete, success=202, authorise=roles.owner),
    Operation("GET", ORGANISATIONS, "getAllOrganizations", ORGANISATION_VERSIONS, organisations, rules=BY_NAME),
    Operation("GET", ORGANISATIONS + "/{orgId}", "getOrganization", ORGANISATION_VERSIONS, organisation),
    Operation(
        "GET",
        ORGANISATIONS + "/{orgId}/groups",
        "getOrganizationGroups",
        ORGANISATION_VERSIONS,
        list_of_organisation,
        rules=BY_NAME,
    ),
)
