"""Subscriptions, providers, resource groups and resource lists over the wire (azure.md 1.3, 1.4)."""

from __future__ import annotations

from re import fullmatch
from typing import Any

import msgspec

from harness.fake.faces.arm.call import Call
from harness.fake.faces.wire import Reply
from harness.fake.kernel.arm.directory import NAMESPACES
from harness.fake.kernel.arm.records import ResourceGroup, Subscription
from harness.fake.kernel.refusal import ArmRefusal

Params = dict[str, str]

_READ_SUBSCRIPTION = "Microsoft.Resources/subscriptions/read"


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


def list_groups(call: Call, params: Params) -> Reply:
    """`GET …/resourcegroups`."""
    call.require("Microsoft.Resources/subscriptions/resourceGroups/read", f"/subscriptions/{params['subscription']}")
    groups = call.world.state.arm.resource_groups.values()
    wanted = params["subscription"].lower()
    return Reply(200, {"value": [_group_body(one) for one in groups if one.subscription_id == wanted]})


def list_resources(call: Call, params: Params) -> Reply:
    """`GET /subscriptions/{id}/resources?$filter=resourceType eq 'Microsoft.KeyVault/vaults'`, as the CLI asks."""
    call.require("Microsoft.Resources/subscriptions/resources/read", f"/subscriptions/{params['subscription']}")
    text = call.req.get_param("$filter", default="")
    match = fullmatch(r"resourceType eq '([\w./]+)'", text)
    if match is None or match[1].lower() != "microsoft.keyvault/vaults":
        raise ArmRefusal("InvalidParameter", "$filter", text)
    wanted = params["subscription"].lower()
    vaults = [one for one in call.world.state.arm.vaults.values() if one.subscription_id == wanted]
    kind = "Microsoft.KeyVault/vaults"
    return Reply(200, {"value": [
        {"id": one.id, "name": one.name, "type": kind, "location": one.location, "tags": one.tags} for one in vaults
    ]})  # fmt: skip


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
    types = [
        {"resourceType": kind, "locations": [], "apiVersions": [], "capabilities": "None"} for kind in NAMESPACES[name]
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
        "properties": {"provisioningState": "Succeeded"},
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
