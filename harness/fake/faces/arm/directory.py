"""Subscriptions, providers, resource groups and resource lists over the wire (azure.md 1.3, 1.4)."""

from __future__ import annotations

from re import fullmatch, split
from typing import Any

import msgspec

from harness.fake.faces.arm.call import Call
from harness.fake.faces.wire import Reply
from harness.fake.kernel.arm.directory import NAMESPACES
from harness.fake.kernel.arm.records import Operation, ResourceGroup, Subscription, Vault
from harness.fake.kernel.refusal import ArmRefusal

Params = dict[str, str]

_READ_SUBSCRIPTION = "Microsoft.Resources/subscriptions/read"

_VAULT_TYPE = "Microsoft.KeyVault/vaults"

DELETION_RETRY_S = "15"
"""`Retry-After` while a resource group is being deleted; Resource Manager's own default."""

API_VERSIONS: dict[str, tuple[str, ...]] = {
    "Microsoft.Authorization": ("2022-05-01-preview", "2022-04-01", "2018-01-01-preview", "2015-07-01"),
    "Microsoft.KeyVault": ("2026-05-15", "2026-02-01", "2023-07-01", "2022-07-01", "2019-09-01"),
    "Microsoft.Network": ("2026-03-01", "2026-01-01", "2021-05-01", "2020-11-01"),
    "Microsoft.Resources": ("2025-04-01", "2024-11-01", "2021-04-01"),
}
"""Versions a provider announces, newest first: those clients were seen to use (azure.md 1.2). A generic client takes
the version of its requests from here; any other well-formed version is served too."""


class GroupBody(msgspec.Struct):
    """`PUT …/resourcegroups/{name}`."""

    location: str
    tags: dict[str, str] | None = None


class GroupPatch(msgspec.Struct):
    """`PATCH …/resourcegroups/{name}`."""

    tags: dict[str, str] | None = None


def list_subscriptions(call: Call, _: Params) -> Reply:
    """`GET /subscriptions`: those in which the caller may read."""
    visible = [
        _subscription_body(one)
        for one in call.world.state.arm.subscriptions.values()
        if one.tenant_id == call.token.tenant_id
        and call.arm.allows(call.token.principal_id, _READ_SUBSCRIPTION, f"/subscriptions/{one.id}")
    ]
    return Reply(200, {"value": visible, "count": {"type": "Total", "value": len(visible)}})


def get_subscription(call: Call, params: Params) -> Reply:
    """`GET /subscriptions/{id}`."""
    subscription = call.arm.subscription(params["subscription"])
    call.require(_READ_SUBSCRIPTION, f"/subscriptions/{subscription.id}")
    return Reply(200, _subscription_body(subscription))


def get_provider(call: Call, params: Params) -> Reply:
    """`GET …/providers/{namespace}`."""
    return _provider(call, params, "read")


def register_provider(call: Call, params: Params) -> Reply:
    """`POST …/providers/{namespace}/register`: 200 with Registering; the caller polls the provider."""
    _authorise_provider(call, params, "register/action")
    call.arm.register_provider(params["subscription"], params["namespace"])
    return _provider(call, params, "read")


def unregister_provider(call: Call, params: Params) -> Reply:
    """`POST …/providers/{namespace}/unregister`."""
    _authorise_provider(call, params, "unregister/action")
    call.arm.unregister_provider(params["subscription"], params["namespace"])
    return _provider(call, params, "read")


def list_providers(call: Call, params: Params) -> Reply:
    """`GET …/providers`."""
    call.require("Microsoft.Resources/subscriptions/providers/read", f"/subscriptions/{params['subscription']}")
    return Reply(200, {"value": [_provider_body(call, params["subscription"], name) for name in NAMESPACES]})


def get_group(call: Call, params: Params) -> Reply:
    """`GET …/resourcegroups/{name}`."""
    _authorise_group(call, params, "read")
    return Reply(200, _group_body(call.arm.resource_group(params["subscription"], params["group"])))


def put_group(call: Call, params: Params) -> Reply:
    """`PUT …/resourcegroups/{name}`: 201 when new, else 200."""
    _authorise_group(call, params, "write")
    body = call.body(GroupBody)
    key = (params["subscription"].lower(), params["group"].lower())
    status = 200 if key in call.world.state.arm.resource_groups else 201
    group = call.arm.add_resource_group(params["subscription"], params["group"], body.location, body.tags)
    return Reply(status, _group_body(group))


def patch_group(call: Call, params: Params) -> Reply:
    """`PATCH …/resourcegroups/{name}`: tags."""
    _authorise_group(call, params, "write")
    group = call.arm.resource_group(params["subscription"], params["group"])
    tags = call.body(GroupPatch).tags
    group.tags = group.tags if tags is None else tags
    return Reply(200, _group_body(group))


def check_group(call: Call, params: Params) -> Reply:
    """`HEAD …/resourcegroups/{name}`: 204 when it exists, else 404 without a body."""
    _authorise_group(call, params, "read")
    exists = (params["subscription"].lower(), params["group"].lower()) in call.world.state.arm.resource_groups
    return Reply(204 if exists else 404)


def delete_group(call: Call, params: Params) -> Reply:
    """`DELETE …/resourcegroups/{name}`: 202 with a Location to poll."""
    _authorise_group(call, params, "delete")
    group = call.arm.resource_group(params["subscription"], params["group"])
    return _deletion_status(call, params, call.arm.delete_resource_group(group))


def deletion_status(call: Call, params: Params) -> Reply:
    """`GET …/operationresults/{id}`: 202 while the deletion goes on, then 200."""
    operation = call.arm.operation(params["operation"])
    if operation is None:
        raise ArmRefusal("ResourceNotFound", f"operationresults/{params['operation']}", "")
    return Reply(200) if call.world.now >= operation.due else _deletion_status(call, params, operation)


def _deletion_status(call: Call, params: Params, operation: Operation) -> Reply:
    path = f"/subscriptions/{params['subscription']}/operationresults/{operation.id}"
    return Reply(202, headers={"Location": call.url(path), "Retry-After": DELETION_RETRY_S})


def list_groups(call: Call, params: Params) -> Reply:
    """`GET …/resourcegroups`."""
    call.require("Microsoft.Resources/subscriptions/resourceGroups/read", f"/subscriptions/{params['subscription']}")
    groups = call.world.state.arm.resource_groups.values()
    wanted = params["subscription"].lower()
    return Reply(200, {"value": [_group_body(one) for one in groups if one.subscription_id == wanted]})


def list_resources(call: Call, params: Params) -> Reply:
    """`GET /subscriptions/{id}/resources`: the vaults, which the CLI looks for by type and name (azure.md 1.4)."""
    call.require("Microsoft.Resources/subscriptions/resources/read", f"/subscriptions/{params['subscription']}")
    wanted = _conditions(call.req.get_param("$filter", default=""))
    subscription_id = params["subscription"].lower()
    vaults = [one for one in call.world.state.arm.vaults.values() if one.subscription_id == subscription_id]
    return Reply(200, {"value": [_resource_body(one) for one in vaults if wanted.items() <= _filtered(one).items()]})


def _conditions(text: str) -> dict[str, str]:
    """A filter as the values it asks for, by field: comparisons with `eq`, joined by `and`."""
    wanted: dict[str, str] = {}
    for part in split(r"\s+and\s+", text.strip()) if text.strip() else ():
        match = fullmatch(r"(resourceType|name|resourceGroup|location)\s+eq\s+'([^']*)'", part)
        if match is None or wanted.setdefault(match[1], match[2].lower()) != match[2].lower():
            raise ArmRefusal("InvalidParameter", "$filter", text)
    if wanted.get("resourceType", _VAULT_TYPE.lower()) != _VAULT_TYPE.lower():
        raise ArmRefusal("InvalidParameter", "$filter", text)
    return wanted


def _filtered(vault: Vault) -> dict[str, str]:
    """What a filter can ask of a vault; ARM compares in any case."""
    return {
        "resourceType": _VAULT_TYPE.lower(),
        "name": vault.name.lower(),
        "resourceGroup": vault.resource_group.lower(),
        "location": vault.location.lower(),
    }


def _resource_body(vault: Vault) -> dict[str, Any]:
    return {
        "id": vault.id,
        "name": vault.name,
        "type": _VAULT_TYPE,
        "location": vault.location,
        "tags": vault.tags,
    }


def _provider(call: Call, params: Params, action: str) -> Reply:
    _authorise_provider(call, params, action)
    return Reply(200, _provider_body(call, params["subscription"], params["namespace"]))


def _authorise_provider(call: Call, params: Params, action: str) -> None:
    scope = f"/subscriptions/{params['subscription']}"
    if action == "read":
        call.require("Microsoft.Resources/subscriptions/providers/read", scope)
    else:
        call.require(f"{params['namespace']}/{action}", scope)


def _provider_body(call: Call, subscription_id: str, namespace: str) -> dict[str, Any]:
    state = call.arm.provider_state(subscription_id, namespace)
    name = next(one for one in NAMESPACES if one.lower() == namespace.lower())
    versions = API_VERSIONS[name]
    types = [
        {"resourceType": kind, "locations": [], "apiVersions": versions, "capabilities": "None"}
        for kind in NAMESPACES[name]
    ]
    return {
        "id": f"/subscriptions/{subscription_id}/providers/{name}",
        "namespace": name,
        "resourceTypes": types,
        "registrationState": state,
        "registrationPolicy": "RegistrationRequired",
    }


def _authorise_group(call: Call, params: Params, action: str) -> None:
    scope = f"/subscriptions/{params['subscription']}/resourceGroups/{params['group']}"
    call.require(f"Microsoft.Resources/subscriptions/resourceGroups/{action}", scope)


def _group_body(group: ResourceGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": group.location,
        "tags": group.tags,
        "properties": {"provisioningState": group.provisioning_state},
    }


def _subscription_body(subscription: Subscription) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{subscription.id}",
        "subscriptionId": subscription.id,
        "tenantId": subscription.tenant_id,
        "displayName": subscription.name,
        "state": "Enabled",
        "authorizationSource": "RoleBased",
    }
