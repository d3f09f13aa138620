"""Service accounts of projects and organisations (SPEC GroupServiceAccount, OrgServiceAccount; SDK).

The secret is shown once, in the answer that makes it; afterwards only that there is one.
"""

from __future__ import annotations

import re

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import Many, Number, Record, Shape, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation, Reply
from harness.fake.faces.atlas.query import QueryRules
from harness.fake.faces.atlas.times import iso
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.callers import ORGANISATION_ROLES, READER
from harness.fake.kernel.atlas.state import Caller

GROUP = "/api/atlas/v2/groups/{groupId}/serviceAccounts"
ORGANISATION = "/api/atlas/v2/orgs/{orgId}/serviceAccounts"
OF_GROUP = Versions(Version("2024-08-05", "ApiGroupServiceAccountsResource"))
OF_ORGANISATION = Versions(Version("2024-08-05", "ApiOrgServiceAccountsResource"))
SECRET_HOURS_MOST = 8760
"""A secret lives a year at most (docs, service accounts)."""

_WORDS = re.compile(r"[\w\-.,' ]*")


def body_for(choices: frozenset[str]) -> Record:
    """What a service account with roles of a closed list is asked for with."""
    fields: dict[str, Shape] = {
        "description": Text(_WORDS, shortest=1, longest=250),
        "name": Text(_WORDS, shortest=1, longest=64),
        "roles": Many(Text(choices=choices), least=1, most=50),
        "secretExpiresAfterHours": Number(least=1),
    }
    return Record(fields, required=tuple(fields))


def list_of_project(call: Call) -> Listing:
    """GET those with a role in the project."""
    found = call.atlas.service_accounts.of_project(call.group)
    return Listing(found, lambda account: render(account, _group_roles(call, account)))


def list_of_organisation(call: Call) -> Listing:
    """GET those of the organisation."""
    call.atlas.callers.require_organisation(call.identity, call.path["orgId"])
    found = call.atlas.service_accounts.of_organisation(call.path["orgId"])
    return Listing(found, lambda account: render(account, sorted(account.organisation_roles)))


def get_in_project(call: Call) -> Json:
    """GET one of the project."""
    account = call.atlas.service_accounts.in_project(call.group, call.path["clientId"])
    return render(account, _group_roles(call, account))


def get_in_organisation(call: Call) -> Json:
    """GET one of the organisation."""
    call.atlas.callers.require_organisation(call.identity, call.path["orgId"])
    account = call.atlas.service_accounts.in_organisation(call.path["orgId"], call.path["clientId"])
    return render(account, sorted(account.organisation_roles))


def create_in_project(call: Call) -> Json:
    """POST to the project: 201, with the secret."""
    account = call.atlas.service_accounts.create_in_project(call.group, *_wanted(call.body))
    return render(account, _group_roles(call, account), secret=account.secret)


def create_in_organisation(call: Call) -> Json:
    """POST to the organisation: 201, with the secret; for its owners only."""
    call.atlas.callers.require_organisation(call.identity, call.path["orgId"], owner=True)
    return make_in_organisation(call, call.path["orgId"], call.body)


def make_in_organisation(call: Call, organisation_id: str, body: Json) -> Json:
    """A new service account of an organisation, with its secret."""
    account = call.atlas.service_accounts.create_in_organisation(organisation_id, *_wanted(body))
    return render(account, sorted(account.organisation_roles), secret=account.secret)


def unassign(call: Call) -> Reply:
    """DELETE from the project: it stays in the organisation (SDK)."""
    call.atlas.service_accounts.unassign(call.group, call.path["clientId"])
    return Reply(None, 204)


def delete(call: Call) -> Reply:
    """DELETE from the organisation, for good; its owners only."""
    call.atlas.callers.require_organisation(call.identity, call.path["orgId"], owner=True)
    call.atlas.service_accounts.delete(call.path["orgId"], call.path["clientId"])
    return Reply(None, 204)


def render(account: Caller, held: list[str], *, secret: str = "") -> Json:
    """A service account on the wire."""
    shown: Json = {
        "createdAt": iso(account.created),
        "expiresAt": iso(account.secret_expires or account.created + SECRET_HOURS_MOST * 3600.0),
        "id": account.secret_id,
    }
    if account.last_used is not None:
        shown["lastUsedAt"] = iso(account.last_used)
    shown |= {"secret": secret} if secret else {"maskedSecretValue": f"mdb_sa_sk_...{account.secret[-4:]}"}
    return {
        "clientId": account.public,
        "createdAt": iso(account.created),
        "description": account.description,
        "name": account.name,
        "roles": held,
        "secrets": [shown],
    }


def _group_roles(call: Call, account: Caller) -> list[str]:
    return sorted(account.project_roles[call.group])


def _wanted(body: Json) -> tuple[str, str, list[str], int]:
    if body["secretExpiresAfterHours"] > SECRET_HOURS_MOST:
        raise Problem("INVALID_ATTRIBUTE", "secretExpiresAfterHours")
    return body["name"], body["description"], body["roles"], body["secretExpiresAfterHours"]


PAGED = QueryRules(paged=True)
ORGANISATION_BODY = body_for(ORGANISATION_ROLES)

OPERATIONS = (
    Operation("GET", GROUP, "list", OF_GROUP, list_of_project, rules=PAGED, authorise=roles.owner),
    Operation("GET", GROUP + "/{clientId}", "get", OF_GROUP, get_in_project, authorise=roles.owner),
    Operation(
        "POST",
        GROUP,
        "create",
        OF_GROUP,
        create_in_project,
        success=201,
        bodies={"2024-08-05": body_for(READER)},
        authorise=roles.owner,
    ),
    Operation("DELETE", GROUP + "/{clientId}", "delete", OF_GROUP, unassign, success=204, authorise=roles.owner),
    Operation("GET", ORGANISATION, "list", OF_ORGANISATION, list_of_organisation, rules=PAGED),
    Operation("GET", ORGANISATION + "/{clientId}", "get", OF_ORGANISATION, get_in_organisation),
    Operation(
        "POST",
        ORGANISATION,
        "create",
        OF_ORGANISATION,
        create_in_organisation,
        success=201,
        bodies={"2024-08-05": ORGANISATION_BODY},
    ),
    Operation("DELETE", ORGANISATION + "/{clientId}", "delete", OF_ORGANISATION, delete, success=204),
)
