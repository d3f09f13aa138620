"""Private endpoint connections of a vault over the wire (azure.md 1.5)."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from json import loads
from typing import Any, Literal

import msgspec

from harness.fake.faces.arm.call import Call
from harness.fake.faces.wire import Reply, iso
from harness.fake.kernel.arm import Connection, Vault
from harness.fake.kernel.refusal import ArmRefusal

Params = dict[str, str]

LINK_GROUP = "vault"
SYSTEM_DATA_SHOWN_FROM = "2026-02-01"
"""From this api-version on a connection tells when it was made: the vendor's models of it have `systemData`, recorded
answers of 2022 have none (INF: which version brought it)."""
DELETION = "privateEndpointConnections/delete"
DECISIONS: dict[str, tuple[Literal["Approved", "Rejected"], str]] = {
    "approved": ("Approved", "privateEndpointConnections/approve"),
    "rejected": ("Rejected", "privateEndpointConnections/reject"),
}
"""Requested status to its canonical form and the name of the operation."""


class Decision(msgspec.Struct):
    """`properties.privateLinkServiceConnectionState` as clients send it."""

    status: str
    description: str | None = None


class ConnectionProperties(msgspec.Struct, rename="camel"):
    """`properties` as clients send them; whatever else they send back is ignored."""

    private_link_service_connection_state: Decision


class ConnectionBody(msgspec.Struct):
    """`PUT …/privateEndpointConnections/{name}`: `etag` stands in the body."""

    properties: ConnectionProperties
    etag: str | None = None


def get(call: Call, params: Params) -> Reply:
    """`GET …/privateEndpointConnections/{name}`, also as the status address of a change."""
    vault = _vault(call, params, "privateEndpointConnections/read")
    if _asks_about_deletion(call):
        return _deletion_status(call, vault, params["connection"])
    return Reply(200, connection_body(call.arm.connection(vault, params["connection"]), vault, call.api_version))


def list_all(call: Call, params: Params) -> Reply:
    """`GET …/privateEndpointConnections`."""
    vault = _vault(call, params, "privateEndpointConnections/read")
    return Reply(200, {"value": [connection_body(one, vault, call.api_version) for one in vault.connections.values()]})


def link_resources(call: Call, params: Params) -> Reply:
    """`GET …/privateLinkResources`: of a vault an endpoint can be linked to one group (azure.md 1.6)."""
    vault = _vault(call, params, "privateLinkResources/read")
    group = {
        "id": f"{vault.id}/privateLinkResources/{LINK_GROUP}",
        "name": LINK_GROUP,
        "type": "Microsoft.KeyVault/vaults/privateLinkResources",
        "properties": {
            "groupId": LINK_GROUP,
            "requiredMembers": ["default"],
            "requiredZoneNames": ["privatelink.vaultcore.azure.net"],
        },
    }
    return Reply(200, {"value": [group]})


def put(call: Call, params: Params) -> Reply:
    """Approve or reject: 200 at once with Updating and a new etag, and no Retry-After (azure.md 1.5)."""
    vault = _vault(call, params, "privateEndpointConnections/write")
    call.require("Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action", vault.id)
    body = call.body(ConnectionBody)
    wanted = body.properties.private_link_service_connection_state
    if wanted.status.lower() not in DECISIONS:
        raise ArmRefusal("BadRequest", "not-a-decision", wanted.status)
    status, code = DECISIONS[wanted.status.lower()]
    connection = call.arm.set_connection_status(
        vault, params["connection"], status, wanted.description or "", body.etag
    )
    address = call.url(connection.id, kv_operation=call.vault_operation(code, connection.etag))
    return Reply(200, connection_body(connection, vault, call.api_version), {"Azure-AsyncOperation": address})


def delete(call: Call, params: Params) -> Reply:
    """`DELETE …/privateEndpointConnections/{name}`: 202 with Location; 204 when there is none."""
    vault = _vault(call, params, "privateEndpointConnections/delete")
    if params["connection"].lower() not in vault.connections:
        return Reply(204)
    call.arm.delete_connection(vault, params["connection"])
    return _deletion_status(call, vault, params["connection"])


def connection_body(connection: Connection, vault: Vault, api_version: str) -> dict[str, Any]:
    """A connection as this api-version shows it; `etag` and `description` only when there is one."""
    state: dict[str, Any] = {"status": connection.status, "actionsRequired": "None"}
    if connection.description:
        state["description"] = connection.description
    body: dict[str, Any] = {
        "id": connection.id,
        "name": connection.name,
        "type": "Microsoft.KeyVault/vaults/privateEndpointConnections",
        "location": vault.location,
        "properties": {
            "provisioningState": connection.provisioning_state,
            "privateEndpoint": {"id": connection.private_endpoint_id},
            "privateLinkServiceConnectionState": state,
        },
    }
    if connection.etag is not None:
        body["etag"] = connection.etag
    if api_version >= SYSTEM_DATA_SHOWN_FROM:
        body["systemData"] = {"createdByType": "Application", "createdAt": iso(connection.created)}
    return body


def _deletion_status(call: Call, vault: Vault, name: str) -> Reply:
    connection = vault.connections.get(name.lower())
    if connection is None:
        return Reply(204)
    operation = call.vault_operation(DELETION, connection.etag)
    return Reply(202, headers={"Location": call.url(connection.id, kv_operation=operation)})


def _asks_about_deletion(call: Call) -> bool:
    text = call.req.get_param("kv-operation")
    if text is None:
        return False
    try:
        code = loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))["code"]
    except (Base64Error, ValueError, KeyError, TypeError):
        raise ArmRefusal("InvalidParameter", "kv-operation", text) from None
    return bool(code == DELETION)


def _vault(call: Call, params: Params, action: str) -> Vault:
    group = f"/subscriptions/{params['subscription']}/resourceGroups/{params['group']}"
    scope = f"{group}/providers/Microsoft.KeyVault/vaults/{params['vault']}"
    call.require(f"Microsoft.KeyVault/vaults/{action}", scope)
    return call.arm.require_vault(params["subscription"], params["group"], params["vault"])
