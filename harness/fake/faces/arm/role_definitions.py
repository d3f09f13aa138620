"""Role definitions, and what the caller may do, over the wire (azure.md 1.8)."""

from __future__ import annotations

from re import fullmatch
from typing import Any

import msgspec

from harness.fake.faces.arm.call import Call
from harness.fake.faces.arm.roles import GUID, scope_of
from harness.fake.faces.wire import BadBody, Reply
from harness.fake.kernel.arm.role_definitions import RoleDefinition
from harness.fake.kernel.refusal import ArmRefusal

Params = dict[str, str]


class Permissions(msgspec.Struct, rename="camel"):
    """`properties.permissions[]`."""

    actions: list[str] = []
    not_actions: list[str] = []
    data_actions: list[str] = []
    not_data_actions: list[str] = []


class Properties(msgspec.Struct, rename="camel"):
    """`properties` of a role definition as clients send them."""

    role_name: str
    assignable_scopes: list[str]
    permissions: list[Permissions]
    description: str = ""


class DefinitionBody(msgspec.Struct):
    """`PUT …/roleDefinitions/{id}`."""

    properties: Properties


def get(call: Call, params: Params) -> Reply:
    """`GET {scope}/…/roleDefinitions/{id}`."""
    scope = scope_of(call, params)
    call.require("Microsoft.Authorization/roleDefinitions/read", scope)
    role = call.arm.role_definition(params["name"])
    if role is None:
        raise ArmRefusal("RoleDefinitionNotFound", params["name"])
    return Reply(200, _body(role, scope))


def find(call: Call, params: Params) -> Reply:
    """`GET {scope}/…/roleDefinitions`, all or by `roleName eq`."""
    scope = scope_of(call, params)
    call.require("Microsoft.Authorization/roleDefinitions/read", scope)
    text = call.req.get_param("$filter", default="")
    match = fullmatch(r"(?:roleName eq '(?P<name>[^']+)')?", text)
    if match is None:
        raise ArmRefusal("InvalidParameter", "$filter", text)
    wanted = match["name"]
    roles = [role for role in call.arm.role_definitions(scope) if wanted in (None, role.name)]
    return Reply(200, {"value": [_body(role, scope) for role in roles]})


def put(call: Call, params: Params) -> Reply:
    """`PUT {scope}/…/roleDefinitions/{id}`: 201; the caller must hold the right to it at every assignable scope."""
    scope = scope_of(call, params)
    role = _role(params["name"], call.body(DefinitionBody).properties)
    for one in (scope, *role.assignable_scopes):
        call.require("Microsoft.Authorization/roleDefinitions/write", one)
    call.arm.put_role_definition(role)
    return Reply(201, _body(role, scope))


def delete(call: Call, params: Params) -> Reply:
    """`DELETE {scope}/…/roleDefinitions/{id}`: 200 with what it was; 204 when there is none."""
    scope = scope_of(call, params)
    call.require("Microsoft.Authorization/roleDefinitions/delete", scope)
    removed = call.arm.remove_role_definition(params["name"])
    return Reply(204) if removed is None else Reply(200, _body(removed, scope))


def permissions(call: Call, params: Params) -> Reply:
    """`GET {scope}/…/permissions`: what the caller may do there, one entry for each role that it holds."""
    scope = scope_of(call, params)
    call.require("Microsoft.Authorization/permissions/read", scope)
    held = call.arm.held_roles(call.token.principal_id, scope)
    return Reply(200, {"value": [_permissions_body(role) for role in held]})


def _role(name: str, properties: Properties) -> RoleDefinition:
    if not fullmatch(GUID, name):
        raise ArmRefusal("InvalidParameter", "roleDefinitionId", name)
    if not properties.assignable_scopes or len(properties.permissions) != 1:
        raise BadBody("at least one assignable scope and exactly one set of permissions are expected")
    (allowed,) = properties.permissions
    return RoleDefinition(
        name.lower(),
        properties.role_name,
        tuple(allowed.actions),
        tuple(allowed.not_actions),
        tuple(allowed.data_actions),
        tuple(allowed.not_data_actions),
        properties.description,
        tuple(properties.assignable_scopes),
        custom=True,
    )


def _body(role: RoleDefinition, scope: str) -> dict[str, Any]:
    subscription = "/".join(scope.split("/")[:3])
    return {
        "id": f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role.id}",
        "name": role.id,
        "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": role.name,
            "type": "CustomRole" if role.custom else "BuiltInRole",
            "description": role.description,
            "assignableScopes": list(role.assignable_scopes),
            "permissions": [_permissions_body(role)],
        },
    }


def _permissions_body(role: RoleDefinition) -> dict[str, Any]:
    return {
        "actions": list(role.actions),
        "notActions": list(role.not_actions),
        "dataActions": list(role.data_actions),
        "notDataActions": list(role.not_data_actions),
    }
