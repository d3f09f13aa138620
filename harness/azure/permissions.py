"""What each of our requests to Azure needs: the one table from which roles and plans are made (azure.md 1.3 to 1.9).

The custodian's roles in `docs/azure-role.json` and `docs/azure-subscription-role.json` are exactly the actions of this
table, by where they have to be granted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from re import IGNORECASE, Match, Pattern, compile
from typing import Literal
from urllib.parse import urlsplit

Plane = Literal["control", "data", "directory"]
"""Resource Manager, the vault itself, Microsoft Graph."""

Where = Literal["subscription", "resource group", "tenant"]
"""The narrowest scope at which Azure looks for the permission."""

OWNED_BY = "Application.ReadWrite.OwnedBy"
"""Application permission of Microsoft Graph: create applications, manage those that are one's own, read all."""

READ_ALL = "Application.Read.All"
"""Application permission of Microsoft Graph: read applications; `OWNED_BY` contains it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of request and what it needs; all of `actions` are needed."""

    method: str
    path: Pattern[str]
    """What differs from request to request stands in named groups."""
    what: str
    """What the request is for, in words that follow "to"."""
    actions: tuple[str, ...]
    plane: Plane
    where: Where
    always: bool = True
    """Whether an audit needs it; else only a run that makes its own vault, application or lease."""
    optional: bool = False
    """An audit goes on without it, and says what it could not see."""


_SUBSCRIPTION = r"/subscriptions/(?P<subscriptionId>[^/]+)"
_GROUP = _SUBSCRIPTION + r"/resourceGroups/(?P<resourceGroup>[^/]+)"
_LOCATION = _SUBSCRIPTION + r"/providers/Microsoft\.Network/locations/(?P<location>[^/]+)"
_VAULT = _GROUP + r"/providers/Microsoft\.KeyVault/vaults/(?P<vault>[^/]+)"
_LINK = _VAULT + r"/privateEndpointConnections"
_OWN = _GROUP + r"/providers/Microsoft\.Network/privateEndpoints/(?P<endpoint>[^/]+)"
_GRANT = "/(?P<assignmentId>[^/]+)"
_ROLE = "/(?P<roleId>[^/]+)"
_GRANTS = r"/(?P<scope>.+)/providers/Microsoft\.Authorization/roleAssignments"
_ROLES = r"/(?P<scope>.+)/providers/Microsoft\.Authorization/roleDefinitions"
_APPLICATION = r"/v1\.0/applications(/(?P<applicationId>[^/]+)|\(appId='(?P<appId>[^/]+)'\))"
_PRINCIPAL = r"/v1\.0/servicePrincipals/(?P<servicePrincipalId>[^/]+)"
_KEY = r"/keys/(?P<key>[^/]+)"
_KEYS = "Microsoft.KeyVault/vaults/keys"
_APPROVAL = "Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action"


def _control(
    method: str,
    path: str,
    what: str,
    *actions: str,
    where: Where = "resource group",
    always: bool = True,
    optional: bool = False,
) -> Row:
    return Row(method, compile(f"{path}/?", IGNORECASE), what, actions, "control", where, always, optional)


def _data(method: str, path: str, what: str, action: str, *, optional: bool = False) -> Row:
    pattern = compile(f"{path}/?", IGNORECASE)
    return Row(method, pattern, what, (action,), "data", "resource group", optional=optional)


def _directory(method: str, path: str, what: str) -> Row:
    return Row(method, compile(f"{path}/?", IGNORECASE), what, (OWNED_BY,), "directory", "tenant", always=False)


TABLE: tuple[Row, ...] = (
    _control("GET", _SUBSCRIPTION, "read the subscription", "Microsoft.Resources/subscriptions/read",
             where="subscription", always=False),
    _control("GET", _SUBSCRIPTION + r"/providers/(?P<provider>[^/]+)", "read the registration of a provider",
             "Microsoft.Resources/subscriptions/providers/read", where="subscription"),
    _control("POST", _SUBSCRIPTION + r"/providers/Microsoft\.KeyVault/register", "register the provider of vaults",
             "Microsoft.KeyVault/register/action", where="subscription"),
    _control("POST", _SUBSCRIPTION + r"/providers/Microsoft\.Network/register", "register the provider of networks",
             "Microsoft.Network/register/action", where="subscription"),
    _control("GET", _LOCATION + "/availablePrivateEndpointTypes",
             "read what a region offers private endpoints to",
             "Microsoft.Network/locations/availablePrivateEndpointTypes/read", where="subscription"),
    _control("GET", _LOCATION + "/operations/(?P<operationId>[^/]+)",
             "follow a change of an own endpoint", "Microsoft.Network/locations/operations/read",
             where="subscription"),
    _control("GET", _GROUP, "read the opt-in tag and the lease",
             "Microsoft.Resources/subscriptions/resourceGroups/read", always=False),
    _control("PATCH", _GROUP, "take the lease", "Microsoft.Resources/subscriptions/resourceGroups/write",
             always=False),
    _control("GET", _VAULT, "read the vault", "Microsoft.KeyVault/vaults/read"),
    _control("PUT", _VAULT, "make a vault", "Microsoft.KeyVault/vaults/write", always=False),
    _control("PATCH", _VAULT, "change the vault's network rules and who decides over access",
             "Microsoft.KeyVault/vaults/write"),
    _control("DELETE", _VAULT, "delete a vault that was made", "Microsoft.KeyVault/vaults/delete", always=False),
    _control("GET", _LINK + "(/(?P<connection>[^/]+))?", "read connections",
             "Microsoft.KeyVault/vaults/privateEndpointConnections/read"),
    _control("PUT", _LINK + "/(?P<connection>[^/]+)", "approve and reject connections",
             "Microsoft.KeyVault/vaults/privateEndpointConnections/write", _APPROVAL),
    _control("DELETE", _LINK + "/(?P<connection>[^/]+)", "remove connections",
             "Microsoft.KeyVault/vaults/privateEndpointConnections/delete"),
    _control("GET", _OWN, "read an own endpoint", "Microsoft.Network/privateEndpoints/read"),
    _control("PUT", _OWN, "make an own endpoint", "Microsoft.Network/privateEndpoints/write",
             "Microsoft.Network/virtualNetworks/subnets/join/action", _APPROVAL),
    _control("DELETE", _OWN, "remove an own endpoint", "Microsoft.Network/privateEndpoints/delete"),
    _control("GET", _GRANTS, "read who holds roles on the vault", "Microsoft.Authorization/roleAssignments/read"),
    _control("PUT", _GRANTS + _GRANT, "grant roles on the vault", "Microsoft.Authorization/roleAssignments/write"),
    _control("DELETE", _GRANTS + _GRANT, "revoke roles on the vault",
             "Microsoft.Authorization/roleAssignments/delete"),
    _control("GET", _VAULT + r"/providers/Microsoft\.Authorization/roleDefinitions" + _ROLE, "read what roles allow",
             "Microsoft.Authorization/roleDefinitions/read", optional=True),
    _control("GET", _VAULT + r"/providers/Microsoft\.Insights/diagnosticSettings", "read where the vault's logs go",
             "Microsoft.Insights/diagnosticSettings/read", optional=True),
    _control("GET", _SUBSCRIPTION + r"/providers/Microsoft\.Security/pricings/KeyVaults",
             "read whether Defender watches over key vaults", "Microsoft.Security/pricings/read",
             where="subscription", optional=True),
    _control("PUT", _ROLES + _ROLE, "define the role that a scenario gives to Atlas",
             "Microsoft.Authorization/roleDefinitions/write"),
    _control("DELETE", _ROLES + _ROLE, "remove that role", "Microsoft.Authorization/roleDefinitions/delete"),
    _control("GET", r"/(?P<scope>.+)/providers/Microsoft\.Authorization/permissions", "read one's own permissions",
             "Microsoft.Authorization/permissions/read", always=False),
    _data("POST", _KEY + r"/create", "create keys", f"{_KEYS}/create/action"),
    _data("GET", _KEY + r"/rotationpolicy", "read rotation policies",
          "Microsoft.KeyVault/vaults/keyrotationpolicies/read", optional=True),
    _data("GET", "/keys", "find the keys that a run made", f"{_KEYS}/read"),
    _data("GET", _KEY + r"(/(?P<version>[^/]*))?", "read keys and list their versions", f"{_KEYS}/read"),
    _data("PATCH", _KEY + r"/(?P<version>[^/]*)", "enable, disable and date keys", f"{_KEYS}/update/action"),
    _data("POST", _KEY + r"/rotate", "rotate keys", f"{_KEYS}/rotate/action"),
    _data("POST", _KEY + r"/(?P<version>[^/]+)/unwrapkey", "prove that a key works", f"{_KEYS}/unwrap/action"),
    _data("DELETE", _KEY, "delete keys", f"{_KEYS}/delete"),
    _data("GET", r"/deletedkeys/(?P<key>[^/]+)", "read deleted keys", f"{_KEYS}/read"),
    _data("POST", r"/deletedkeys/(?P<key>[^/]+)/recover", "recover keys", f"{_KEYS}/recover/action"),
    Row("GET", compile(_APPLICATION, IGNORECASE), "read when the secret of Atlas's application ends", (READ_ALL,),
        "directory", "tenant", optional=True),
    _directory("GET", r"/v1\.0/applications", "find applications that a run made"),
    _directory("POST", r"/v1\.0/applications", "register an application for Atlas"),
    _directory("POST", r"/v1\.0/servicePrincipals", "give it a service principal"),
    _directory("GET", r"/v1\.0/servicePrincipals", "find the service principal of Atlas's own application"),
    _directory("DELETE", _PRINCIPAL, "delete it, where the run made it"),
    _directory("GET", _PRINCIPAL, "see whether it may sign in"),
    _directory("PATCH", _PRINCIPAL, "disable and enable it, as a fault"),
    _directory("POST", _APPLICATION + "/addPassword", "issue its secret"),
    _directory("POST", _APPLICATION + "/removePassword", "withdraw a secret that a fault needed"),
    _directory("DELETE", _APPLICATION, "delete it"),
)  # fmt: skip


def required(method: str, url: str) -> Row:
    """What a request to Azure needs; `url` with or without its host. Signing in needs nothing and has no row.

    Raises:
        LookupError: the table has no row for it.
    """
    return matched(method, url)[0]


def matched(method: str, url: str) -> tuple[Row, Match[str]]:
    """The row of a request to Azure, and in named groups what its path names; `url` with or without its host.

    Raises:
        LookupError: the table has no row for it.
    """
    path = urlsplit(url).path
    for row in TABLE:
        if row.method == method.upper() and (match := row.path.fullmatch(path)):
            return row, match
    raise LookupError(f"no row says what {method.upper()} {path} needs")


def actions(plane: Plane, where: Where, rows: Sequence[Row] = TABLE) -> tuple[str, ...]:
    """Every action of a plane that has to be granted at a scope, in order, each once."""
    found = {one for row in rows if (row.plane, row.where) == (plane, where) for one in row.actions}
    return tuple(sorted(found))
