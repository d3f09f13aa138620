"""A customer whose custodian holds the documented roles and nothing else, and what that custodian asks of Azure."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from harness.azure.permissions import OWNED_BY, READ_ALL
from harness.fake.estate import Estate, furnish
from harness.fake.kernel.arm.role_definitions import RoleDefinition
from harness.fake.kernel.world import World

DOCS = Path(__file__).parents[2] / "docs"
GROUP_ROLE = json.loads((DOCS / "azure-role.json").read_text(encoding="utf-8"))
SUBSCRIPTION_ROLE = json.loads((DOCS / "azure-subscription-role.json").read_text(encoding="utf-8"))

IDS = ("00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b")

Asked = tuple[str, str, str]
"""Method, host and path."""


def furnish_least(world: World, without: Collection[str] = ()) -> Estate:
    """The usual customer, its custodian with the documented roles, less some actions."""
    estate = furnish(world)
    custodian = estate.custodian.principal_id
    for name, one in list(world.state.arm.assignments.items()):
        if one.principal_id == custodian:
            del world.state.arm.assignments[name]
    if {OWNED_BY, READ_ALL} & set(without):  # the one contains the other
        world.state.entra.graph_permissions.clear()
    subscription = f"/subscriptions/{estate.subscription_id}"
    scopes = (f"{subscription}/resourceGroups/{estate.resource_group}", subscription)
    for role_id, scope, document in zip(IDS, scopes, (GROUP_ROLE, SUBSCRIPTION_ROLE), strict=True):
        world.arm.put_role_definition(_role(role_id, scope, document, without))
        world.arm.assign_role(scope, role_id, custodian, settled=True)
    return estate


def _role(role_id: str, scope: str, document: dict[str, Any], without: Collection[str]) -> RoleDefinition:
    def kept(key: str) -> tuple[str, ...]:
        return tuple(one for one in document[key] if one not in without)

    return RoleDefinition(
        role_id,
        document["Name"],
        kept("Actions"),
        kept("NotActions"),
        kept("DataActions"),
        kept("NotDataActions"),
        assignable_scopes=(scope,),
        custom=True,
    )


class Eavesdropper:
    """Stands before an application and notes what clients ask of Azure and of Atlas, but for signing in."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self.asked: set[Asked] = set()
        """Of Azure."""
        self.asked_of_atlas: set[Asked] = set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method, host, path = environ["REQUEST_METHOD"], environ["HTTP_HOST"], environ["PATH_INFO"]
        if host == "cloud.mongodb.com" and path != "/api/oauth/token":
            self.asked_of_atlas.add((method, host, path))
        elif host not in ("cloud.mongodb.com", "login.microsoftonline.com"):
            self.asked.add((method, host, path))
        return self._app(environ, start_response)
