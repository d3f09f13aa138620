"""Vaults over the wire (azure.md 1.2, 1.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import msgspec

from harness.fake.faces.arm.call import Call
from harness.fake.faces.arm.connections import connection_body
from harness.fake.faces.wire import Reply, iso
from harness.fake.kernel.arm import AccessPolicy, NetworkRules, Vault, VaultSettings
from harness.fake.kernel.arm.records import DeletedVault
from harness.fake.kernel.refusal import ArmRefusal

RBAC_BY_DEFAULT_FROM = "2026-02-01"
"""From this api-version on a new vault uses RBAC unless told otherwise (azure.md 1.2)."""

PUBLIC_ACCESS_SHOWN_FROM = "2021-06-01"
"""Earlier api-versions show neither `publicNetworkAccess` nor `systemData` (azure.md 1.2)."""

Params = dict[str, str]


class Sku(msgspec.Struct):
    """`properties.sku`."""

    name: Literal["standard", "premium"]
    family: str = "A"


class Permissions(msgspec.Struct):
    """Permissions of an access policy; those for other things than keys are not modelled."""

    keys: list[str] | None = None


class PolicyEntry(msgspec.Struct, rename="camel"):
    """`properties.accessPolicies[]`."""

    tenant_id: str
    object_id: str
    permissions: Permissions


class IpRule(msgspec.Struct):
    """`properties.networkAcls.ipRules[]`."""

    value: str


class SubnetRule(msgspec.Struct):
    """`properties.networkAcls.virtualNetworkRules[]`."""

    id: str


class NetworkAcls(msgspec.Struct, rename="camel"):
    """`properties.networkAcls`."""

    default_action: Literal["Allow", "Deny"] = "Allow"
    bypass: Literal["AzureServices", "None"] = "AzureServices"
    ip_rules: list[IpRule] = msgspec.field(default_factory=list)
    virtual_network_rules: list[SubnetRule] = msgspec.field(default_factory=list)


class Properties(msgspec.Struct, rename="camel"):
    """`properties` of a vault as clients send them; None is not mentioned."""

    tenant_id: str | None = None
    sku: Sku | None = None
    access_policies: list[PolicyEntry] | None = None
    enable_rbac_authorization: bool | None = None
    enable_soft_delete: bool | None = None
    soft_delete_retention_in_days: int | None = None
    enable_purge_protection: bool | None = None
    public_network_access: Literal["Enabled", "Disabled", "enabled", "disabled"] | None = None
    network_acls: NetworkAcls | None = None
    create_mode: Literal["default", "recover"] = "default"


class VaultBody(msgspec.Struct):
    """`PUT …/vaults/{name}`."""

    location: str
    properties: Properties
    tags: dict[str, str] | None = None


class VaultPatch(msgspec.Struct):
    """`PATCH …/vaults/{name}`."""

    properties: Properties = msgspec.field(default_factory=Properties)
    tags: dict[str, str] | None = None


class NameBody(msgspec.Struct):
    """`POST …/checkNameAvailability`."""

    name: str
    type: str


def get(call: Call, params: Params) -> Reply:
    """`GET …/vaults/{name}`."""
    return Reply(200, vault_body(_vault(call, params, "read"), call))


def put(call: Call, params: Params) -> Reply:
    """`PUT …/vaults/{name}`: 200, and the body says whether the name is registered yet."""
    _authorise(call, params, "write")
    body = call.body(VaultBody)
    where = (params["subscription"], params["group"], params["vault"])
    if body.properties.create_mode == "recover":
        deleted = call.arm.deleted_vault(where[0], body.location, where[2])
        return Reply(200, vault_body(call.arm.recover_vault(deleted), call))
    _check_complete(body.properties)
    _check_tenant(call, params, body.properties)
    settings = _settings(body.properties, body.tags)
    if settings.rbac is None and call.arm.vault(*where) is None and call.api_version >= RBAC_BY_DEFAULT_FROM:
        settings = replace(settings, rbac=True)
    vault = call.arm.put_vault(*where, body.location, settings, by=call.token.principal_id)
    return Reply(200, vault_body(vault, call))


def patch(call: Call, params: Params) -> Reply:
    """`PATCH …/vaults/{name}`: only what is mentioned."""
    vault = _vault(call, params, "write")
    body = call.body(VaultPatch)
    _check_tenant(call, params, body.properties)
    changed = call.arm.update_vault(vault, _settings(body.properties, body.tags), by=call.token.principal_id)
    return Reply(200, vault_body(changed, call))


def delete(call: Call, params: Params) -> Reply:
    """`DELETE …/vaults/{name}`: soft; 204 when there is none."""
    _authorise(call, params, "delete")
    vault = call.arm.vault(params["subscription"], params["group"], params["vault"])
    if vault is None:
        return Reply(204)
    call.arm.delete_vault(vault)
    return Reply(200)


def list_in_group(call: Call, params: Params) -> Reply:
    """`GET …/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults`."""
    group = call.arm.resource_group(params["subscription"], params["group"])
    call.require("Microsoft.KeyVault/vaults/read", group.id)
    vaults = (one for one in _vaults(call, params) if one.resource_group == group.name)
    return Reply(200, {"value": [vault_body(one, call) for one in vaults]})


def list_in_subscription(call: Call, params: Params) -> Reply:
    """`GET /subscriptions/{id}/providers/Microsoft.KeyVault/vaults`."""
    call.require("Microsoft.KeyVault/vaults/read", f"/subscriptions/{params['subscription']}")
    return Reply(200, {"value": [vault_body(one, call) for one in _vaults(call, params)]})


def check_name(call: Call, params: Params) -> Reply:
    """`POST …/checkNameAvailability`."""
    call.require("Microsoft.KeyVault/checkNameAvailability/read", f"/subscriptions/{params['subscription']}")
    name = call.body(NameBody).name
    problem = call.arm.name_problem(name)
    if not problem:
        return Reply(200, {"nameAvailable": True})
    message = f"The vault name '{name}' is {'already in use' if problem == 'AlreadyExists' else 'invalid'}."
    return Reply(200, {"nameAvailable": False, "reason": problem, "message": message})


def get_deleted(call: Call, params: Params) -> Reply:
    """`GET …/locations/{location}/deletedVaults/{name}`."""
    _authorise_deleted(call, params, "read")
    deleted = call.arm.deleted_vault(params["subscription"], params["location"], params["vault"])
    return Reply(200, _deleted_body(deleted))


def list_deleted(call: Call, params: Params) -> Reply:
    """`GET …/deletedVaults`."""
    _authorise_deleted(call, params, "read")
    wanted = params["subscription"].lower()
    found = call.world.state.arm.deleted_vaults.values()
    return Reply(200, {"value": [_deleted_body(one) for one in found if one.vault.subscription_id == wanted]})


def purge(call: Call, params: Params) -> Reply:
    """`POST …/locations/{location}/deletedVaults/{name}/purge`."""
    _authorise_deleted(call, params, "purge/action")
    call.arm.purge_vault(call.arm.deleted_vault(params["subscription"], params["location"], params["vault"]))
    return Reply(200)


def vault_body(vault: Vault, call: Call) -> dict[str, Any]:
    """A vault as this api-version shows it."""
    body: dict[str, Any] = {
        "id": vault.id,
        "name": vault.name,
        "type": "Microsoft.KeyVault/vaults",
        "location": vault.location,
        "tags": vault.tags,
        "properties": _properties(vault, call),
    }
    if call.api_version >= PUBLIC_ACCESS_SHOWN_FROM:
        body["systemData"] = {
            "createdBy": vault.created_by,
            "createdByType": "Application",
            "createdAt": iso(vault.created),
            "lastModifiedBy": vault.modified_by,
            "lastModifiedByType": "Application",
            "lastModifiedAt": iso(vault.modified),
        }
    return body


def _properties(vault: Vault, call: Call) -> dict[str, Any]:
    registered = call.world.now >= vault.provisioned_at
    body: dict[str, Any] = {
        "sku": {"family": "A", "name": vault.sku},
        "tenantId": vault.tenant_id,
        "accessPolicies": [
            {"tenantId": one.tenant_id, "objectId": one.object_id, "permissions": {"keys": list(one.keys)}}
            for one in vault.access_policies
        ],
        "enabledForDeployment": False,
        "enableSoftDelete": True,
        "softDeleteRetentionInDays": vault.soft_delete_days,
        "vaultUri": vault.uri,
        "provisioningState": "Succeeded" if registered else "RegisteringDns",
    }
    if vault.rbac is not None:
        body["enableRbacAuthorization"] = vault.rbac
    if vault.purge_protection:
        body["enablePurgeProtection"] = True
    if vault.network_rules is not None:
        body["networkAcls"] = _acls(vault.network_rules)
    if vault.connections:
        body["privateEndpointConnections"] = [_connection_item(one) for one in _bodies(vault, call)]
    if call.api_version >= PUBLIC_ACCESS_SHOWN_FROM:
        body["publicNetworkAccess"] = vault.public_network_access
    return body


def _bodies(vault: Vault, call: Call) -> list[dict[str, Any]]:
    return [connection_body(one, vault, call.api_version) for one in vault.connections.values()]


def _connection_item(body: dict[str, Any]) -> dict[str, Any]:
    """A connection inside a vault has id, etag and properties only (azure.md 1.4)."""
    return {name: body[name] for name in ("id", "etag", "properties") if name in body}


def _acls(rules: NetworkRules) -> dict[str, Any]:
    return {
        "bypass": rules.bypass,
        "defaultAction": rules.default_action,
        "ipRules": [{"value": one} for one in rules.ip_rules],
        "virtualNetworkRules": [{"id": one} for one in rules.subnets],
    }


def _settings(properties: Properties, tags: dict[str, str] | None) -> VaultSettings:
    policies = None
    if properties.access_policies is not None:
        policies = tuple(
            AccessPolicy(one.tenant_id, one.object_id, tuple(key.lower() for key in one.permissions.keys or ()))
            for one in properties.access_policies
        )
    access = properties.public_network_access
    return VaultSettings(
        tenant_id=properties.tenant_id,
        sku=None if properties.sku is None else properties.sku.name,
        access_policies=policies,
        rbac=properties.enable_rbac_authorization,
        soft_delete=properties.enable_soft_delete,
        soft_delete_days=properties.soft_delete_retention_in_days,
        purge_protection=properties.enable_purge_protection,
        public_network_access=None if access is None else "Enabled" if access.lower() == "enabled" else "Disabled",
        network_rules=None if properties.network_acls is None else _rules(properties.network_acls),
        tags=tags,
    )


def _rules(acls: NetworkAcls) -> NetworkRules:
    addresses = tuple(one.value for one in acls.ip_rules)
    subnets = tuple(one.id for one in acls.virtual_network_rules)
    return NetworkRules(acls.default_action, acls.bypass, addresses, subnets)


def _check_complete(properties: Properties) -> None:
    for name, value in (("tenantId", properties.tenant_id), ("sku", properties.sku)):
        if value is None:
            raise ArmRefusal("InvalidRequestContent", f"properties.{name} is required")


def _check_tenant(call: Call, params: Params, properties: Properties) -> None:
    tenant_id = properties.tenant_id
    if tenant_id is not None and tenant_id.lower() != call.arm.subscription(params["subscription"]).tenant_id:
        raise ArmRefusal("BadRequest", "tenant-mismatch", tenant_id)


def _deleted_body(deleted: DeletedVault) -> dict[str, Any]:
    vault = deleted.vault
    base = f"/subscriptions/{vault.subscription_id}/providers/Microsoft.KeyVault/locations/{vault.location}"
    properties: dict[str, Any] = {
        "vaultId": vault.id,
        "location": vault.location,
        "tags": vault.tags,
        "deletionDate": iso(deleted.deleted_at),
        "scheduledPurgeDate": iso(deleted.purge_at),
    }
    if vault.purge_protection:
        properties["purgeProtectionEnabled"] = True
    return {
        "id": f"{base}/deletedVaults/{vault.name}",
        "name": vault.name,
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": properties,
    }


def _vaults(call: Call, params: Params) -> list[Vault]:
    wanted = params["subscription"].lower()
    return [one for one in call.world.state.arm.vaults.values() if one.subscription_id == wanted]


def _vault(call: Call, params: Params, action: str) -> Vault:
    _authorise(call, params, action)
    return call.arm.require_vault(params["subscription"], params["group"], params["vault"])


def _authorise(call: Call, params: Params, action: str) -> None:
    group = f"/subscriptions/{params['subscription']}/resourceGroups/{params['group']}"
    scope = f"{group}/providers/Microsoft.KeyVault/vaults/{params['vault']}"
    call.require(f"Microsoft.KeyVault/vaults/{action}", scope)


def _authorise_deleted(call: Call, params: Params, action: str) -> None:
    kind = "Microsoft.KeyVault/locations/deletedVaults"
    call.require(f"{kind}/{action}", f"/subscriptions/{params['subscription']}")
