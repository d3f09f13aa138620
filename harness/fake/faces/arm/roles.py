"""Role assignments over the wire (azure.md 1.8)."""

from __future__ import annotations

from re import fullmatch
from typing import Any

import msgspec

from harness.fake.faces.arm.call import Call
from harness.fake.faces.wire import Reply, iso
from harness.fake.kernel.arm import RoleAssignment
from harness.fake.kernel.refusal import ArmRefusal

Params = dict[str, str]

SCOPES = (
    "/subscriptions/{subscription}",
    "/subscriptions/{subscription}/resourceGroups/{group}",
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}",
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}/keys/{key}",
)
"""Scopes at which roles can be assigned here."""


GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
"""What the name of an assignment or definition must be."""


class AssignmentProperties(msgspec.Struct, rename="camel"):
    """`properties` of a role assignment."""

    role_definition_id: str
    principal_id: str
    principal_type: str | None = None


class AssignmentBody(msgspec.Struct):
    """`PUT …/roleAssignments/{name}`."""

    properties: AssignmentProperties


def put(call: Call, params: Params) -> Reply:
    """`PUT {scope}/…/roleAssignments/{name}`: 201 when new, 200 when identical."""
    scope = scope_of(call, params)
    call.require("Microsoft.Authorization/roleAssignments/write", scope)
    if not fullmatch(GUID, params["name"]):
        raise ArmRefusal("InvalidParameter", "roleAssignmentName", params["name"])
    wanted = call.body(AssignmentBody).properties
    _check_principal(call, wanted)
    assignment, new = call.arm.assign_role(
        scope,
        wanted.role_definition_id.rpartition("/")[2],
        wanted.principal_id,
        name=params["name"],
        principal_type=wanted.principal_type or "ServicePrincipal",
        by=call.token.principal_id,
    )
    return Reply(201 if new else 200, _assignment_body(assignment))


def get(call: Call, params: Params) -> Reply:
    """`GET {scope}/…/roleAssignments/{name}`."""
    scope = scope_of(call, params)
    call.require("Microsoft.Authorization/roleAssignments/read", scope)
    assignment = call.arm.assignment(params["name"])
    if assignment is None or assignment.scope.lower() != scope.lower():
        raise ArmRefusal("ResourceNotFound", f"roleAssignments/{params['name']}", params.get("group", ""))
    return Reply(200, _assignment_body(assignment))


def delete(call: Call, params: Params) -> Reply:
    """`DELETE {scope}/…/roleAssignments/{name}`: 200 with what it was; 204 when there is none."""
    scope = scope_of(call, params)
    call.require("Microsoft.Authorization/roleAssignments/delete", scope)
    assignment = call.arm.assignment(params["name"])
    if assignment is None or assignment.scope.lower() != scope.lower():
        return Reply(204)
    call.arm.remove_role(params["name"])
    return Reply(200, _assignment_body(assignment))


def list_all(call: Call, params: Params) -> Reply:
    """`GET {scope}/…/roleAssignments`, filtered by `atScope()`, `principalId eq` or `assignedTo()`.

    Without a filter assignments below the scope are listed too.
    """
    scope = scope_of(call, params)
    call.require("Microsoft.Authorization/roleAssignments/read", scope)
    at_scope, principal_id = _filter(call.req.get_param("$filter", default=""))
    found = call.arm.assignments(scope)
    if not at_scope:
        below = f"{scope.lower()}/"
        found += [one for one in call.world.state.arm.assignments.values() if one.scope.lower().startswith(below)]
    return Reply(200, {"value": [_assignment_body(one) for one in found if principal_id in ("", one.principal_id)]})


def scope_of(call: Call, params: Params) -> str:
    """Canonical scope of the request, which must exist."""
    if "vault" in params:
        vault = call.arm.require_vault(params["subscription"], params["group"], params["vault"])
        return f"{vault.id}/keys/{params['key']}" if "key" in params else vault.id
    if "group" in params:
        return call.arm.resource_group(params["subscription"], params["group"]).id
    return f"/subscriptions/{call.arm.subscription(params['subscription']).id}"


def _check_principal(call: Call, wanted: AssignmentProperties) -> None:
    """Giving `principalType` skips the look-up (azure.md 1.8)."""
    tenant_id = call.token.tenant_id
    if wanted.principal_type is None and not call.world.entra.has_principal(tenant_id, wanted.principal_id):
        raise ArmRefusal("PrincipalNotFound", wanted.principal_id, tenant_id)


def _filter(text: str) -> tuple[bool, str]:
    """(only at or above the scope, principal id or empty).

    Raises:
        ArmRefusal: InvalidParameter.
    """
    at_scope, principal_id = False, ""
    for part in text.split(" and ") if text else ():
        match = fullmatch(r"principalId eq '([0-9A-Fa-f-]{36})'|assignedTo\('([0-9A-Fa-f-]{36})'\)", part.strip())
        if part.strip().lower() == "atscope()":
            at_scope = True
        elif match is not None:
            principal_id = (match[1] or match[2]).lower()
        else:
            raise ArmRefusal("InvalidParameter", "$filter", text)
    return at_scope, principal_id


def _assignment_body(one: RoleAssignment) -> dict[str, Any]:
    subscription = "/".join(one.scope.split("/")[:3])
    return {
        "id": one.id,
        "name": one.name,
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": {
            "roleDefinitionId": f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{one.role_id}",
            "principalId": one.principal_id,
            "principalType": one.principal_type,
            "scope": one.scope,
            "createdOn": iso(one.created),
            "updatedOn": iso(one.created),
            "createdBy": one.created_by,
            "updatedBy": one.created_by,
        },
    }
