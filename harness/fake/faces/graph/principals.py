"""Service principals over the wire: the identities that applications have in a tenant."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.fake.faces.graph.call import CLIENT_ID_KEY, Call
from harness.fake.faces.wire import Reply
from harness.fake.kernel.entra import GraphRefusal
from harness.fake.kernel.entra.applications import PUBLISHED

Params = dict[str, str]

KIND = "servicePrincipals"


class PrincipalBody(msgspec.Struct, rename="camel"):
    """`POST /servicePrincipals`; whatever else clients send has no meaning here."""

    app_id: str


class PrincipalChange(msgspec.Struct, rename="camel"):
    """`PATCH /servicePrincipals/{id}`; of all that the real service can change, what a fault needs."""

    account_enabled: bool


def find(call: Call, _: Params) -> Reply:
    """`GET /servicePrincipals`."""
    call.entra.require_reader(call.token.principal_id)
    return call.page(KIND, bodies(call))


def create(call: Call, _: Params) -> Reply:
    """`POST /servicePrincipals`: 201; for an application of this tenant, or one that another company publishes."""
    call.entra.require_creator(call.token.principal_id)
    client_id, tenant = call.body(PrincipalBody).app_id.lower(), call.token.tenant_id
    application = call.world.state.entra.applications.get(client_id)
    if client_id not in PUBLISHED and (application is None or application.tenant_id != tenant):
        raise GraphRefusal("NoBackingApplicationObject", client_id)
    if (tenant, client_id) in call.world.state.entra.principals:
        raise GraphRefusal("Request_MultipleObjectsWithSameKeyValue", client_id)
    principal_id = call.entra.add_service_principal(tenant, client_id)
    call.world.state.entra.principal_owners.setdefault(principal_id, set()).add(call.token.principal_id)
    return call.one(201, KIND, principal_body(call, client_id, principal_id))


def get(call: Call, params: Params) -> Reply:
    """`GET /servicePrincipals/{id}`."""
    call.entra.require_reader(call.token.principal_id)
    return call.one(200, KIND, principal_body(call, *_find(call, params["id"])))


def change(call: Call, params: Params) -> Reply:
    """`PATCH /servicePrincipals/{id}`: 204."""
    _, principal_id = _managed(call, params)
    call.entra.enable(principal_id, enabled=call.body(PrincipalChange).account_enabled)
    return Reply(204)


def delete(call: Call, params: Params) -> Reply:
    """`DELETE /servicePrincipals/{id}`: 204."""
    client_id, _ = _managed(call, params)
    call.entra.remove_service_principal(call.token.tenant_id, client_id)
    return Reply(204)


def bodies(call: Call) -> list[dict[str, Any]]:
    """Every service principal of the caller's tenant."""
    known = call.world.state.entra.principals.items()
    return [
        principal_body(call, client_id, principal_id)
        for (tenant, client_id), principal_id in known
        if tenant == call.token.tenant_id
    ]


def principal_body(call: Call, client_id: str, principal_id: str) -> dict[str, Any]:
    """A service principal."""
    application = call.world.state.entra.applications.get(client_id)
    return {
        "id": principal_id,
        "deletedDateTime": None,
        "accountEnabled": principal_id not in call.world.state.entra.disabled,
        "appId": client_id,
        "appDisplayName": PUBLISHED[client_id] if application is None else application.name,
        "displayName": PUBLISHED[client_id] if application is None else application.name,
        "appOwnerOrganizationId": None if application is None else application.tenant_id,
        "servicePrincipalNames": [client_id],
        "servicePrincipalType": "Application",
    }


def _managed(call: Call, params: Params) -> tuple[str, str]:
    """(client id, object id) of one that the caller may change: its own, or that of an application of its own."""
    client_id, principal_id = _find(call, params["id"])
    owners = set(call.world.state.entra.principal_owners.get(principal_id, set()))
    if application := call.world.state.entra.applications.get(client_id):
        owners |= application.owners
    call.entra.require_manager(call.token.principal_id, owners)
    return client_id, principal_id


def _find(call: Call, key: str) -> tuple[str, str]:
    """(client id, object id) by object id, or by client id after `appId=`."""
    wanted = key.removeprefix(CLIENT_ID_KEY).lower()
    for (tenant, client_id), principal_id in call.world.state.entra.principals.items():
        known = client_id if key.startswith(CLIENT_ID_KEY) else principal_id
        if tenant == call.token.tenant_id and known == wanted:
            return client_id, principal_id
    raise GraphRefusal("Request_ResourceNotFound", wanted)
