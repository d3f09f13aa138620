"""Diagnostic settings of a vault and Defender plans of a subscription over the wire.

Bodies as in the vendor's reference: Diagnostic Settings 2021-05-01-preview, Pricings 2024-01-01.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from harness.fake.faces.arm.call import Call
from harness.fake.faces.wire import Reply, iso
from harness.fake.kernel.arm import DiagnosticSetting, LogRule, Vault
from harness.fake.kernel.arm.records import Subscription
from harness.fake.kernel.arm.watching import PLANS
from harness.fake.kernel.refusal import ArmRefusal

Params = dict[str, str]

_SETTINGS = "Microsoft.Insights/diagnosticSettings"
_PRICINGS = "Microsoft.Security/pricings"

DESTINATIONS = (
    "storageAccountId",
    "serviceBusRuleId",
    "eventHubAuthorizationRuleId",
    "workspaceId",
    "marketplacePartnerId",
)
"""Fields that name where logs go."""

SUB_PLANS = {"keyvaults": "PerKeyVault"}
"""`subPlan` of a plan that is paid for, where it has several."""


class LogBody(msgspec.Struct, rename="camel"):
    """`properties.logs[]`; retention is deprecated and has no meaning here."""

    enabled: bool
    category: str | None = None
    category_group: str | None = None


class SettingProperties(msgspec.Struct, rename="camel"):
    """`properties` of a diagnostic setting; metrics have no meaning here."""

    storage_account_id: str | None = None
    service_bus_rule_id: str | None = None
    event_hub_authorization_rule_id: str | None = None
    event_hub_name: str | None = None
    workspace_id: str | None = None
    marketplace_partner_id: str | None = None
    logs: list[LogBody] = []


class SettingBody(msgspec.Struct):
    """`PUT …/diagnosticSettings/{name}`."""

    properties: SettingProperties


class PricingProperties(msgspec.Struct, rename="camel"):
    """`properties` of a Defender plan as clients send them."""

    pricing_tier: Literal["Free", "Standard"]


class PricingBody(msgspec.Struct):
    """`PUT …/pricings/{name}`."""

    properties: PricingProperties


def list_settings(call: Call, params: Params) -> Reply:
    """`GET …/diagnosticSettings`."""
    vault = _vault(call, params, "read")
    return Reply(200, {"value": [_setting_body(one, vault) for one in vault.diagnostics.values()]})


def get_setting(call: Call, params: Params) -> Reply:
    """`GET …/diagnosticSettings/{name}`."""
    vault = _vault(call, params, "read")
    return Reply(200, _setting_body(call.arm.diagnostic_setting(vault, params["setting"]), vault))


def put_setting(call: Call, params: Params) -> Reply:
    """`PUT …/diagnosticSettings/{name}`: 200."""
    vault = _vault(call, params, "write")
    properties = call.body(SettingBody).properties
    sent: dict[str, Any] = msgspec.to_builtins(properties)
    setting = DiagnosticSetting(
        params["setting"],
        tuple(LogRule(one.category or "", one.category_group or "", one.enabled) for one in properties.logs),
        tuple((name, sent[name]) for name in DESTINATIONS if sent[name]),
    )
    return Reply(200, _setting_body(call.arm.put_diagnostic_setting(vault, setting), vault))


def delete_setting(call: Call, params: Params) -> Reply:
    """`DELETE …/diagnosticSettings/{name}`: 200; 204 when there is none."""
    vault = _vault(call, params, "delete")
    return Reply(200 if call.arm.remove_diagnostic_setting(vault, params["setting"]) else 204)


def list_pricings(call: Call, params: Params) -> Reply:
    """`GET /subscriptions/{id}/…/pricings`."""
    subscription = _subscription(call, params, "read")
    return Reply(200, {"value": [_pricing_body(subscription, plan) for plan in PLANS]})


def get_pricing(call: Call, params: Params) -> Reply:
    """`GET /subscriptions/{id}/…/pricings/{plan}`."""
    return Reply(200, _pricing_body(_subscription(call, params, "read"), _plan(params)))


def put_pricing(call: Call, params: Params) -> Reply:
    """`PUT /subscriptions/{id}/…/pricings/{plan}`."""
    subscription, plan = _subscription(call, params, "write"), _plan(params)
    call.arm.set_defender(subscription, plan, on=call.body(PricingBody).properties.pricing_tier == "Standard")
    return Reply(200, _pricing_body(subscription, plan))


def _setting_body(setting: DiagnosticSetting, vault: Vault) -> dict[str, Any]:
    kept = dict(setting.destinations)
    logs = [
        {
            "category": one.category or None,
            "categoryGroup": one.group or None,
            "enabled": one.enabled,
            "retentionPolicy": {"enabled": False, "days": 0},
        }
        for one in setting.logs
    ]
    return {
        "id": f"{vault.id}/providers/{_SETTINGS}/{setting.name}",
        "type": _SETTINGS,
        "name": setting.name,
        "location": None,
        "kind": None,
        "tags": None,
        "identity": None,
        "properties": {
            **{name: kept.get(name) for name in DESTINATIONS},
            "eventHubName": None,
            "metrics": [],
            "logs": logs,
            "logAnalyticsDestinationType": None,
        },
    }


def _pricing_body(subscription: Subscription, plan: str) -> dict[str, Any]:
    since = subscription.defender.get(plan.lower())
    properties: dict[str, Any] = {
        "pricingTier": "Free" if since is None else "Standard",
        "freeTrialRemainingTime": "PT0S",
    }
    if since is not None:
        properties["enablementTime"] = iso(since)
        if plan.lower() in SUB_PLANS:
            properties["subPlan"] = SUB_PLANS[plan.lower()]
    scope = f"/subscriptions/{subscription.id}/providers/{_PRICINGS}"
    return {"id": f"{scope}/{plan}", "name": plan, "type": _PRICINGS, "properties": properties}


def _plan(params: Params) -> str:
    for plan in PLANS:
        if plan.lower() == params["plan"].lower():
            return plan
    raise ArmRefusal("ResourceNotFound", f"{_PRICINGS}/{params['plan']}", "")


def _vault(call: Call, params: Params, action: str) -> Vault:
    vault = call.arm.require_vault(params["subscription"], params["group"], params["vault"])
    call.require(f"{_SETTINGS}/{action}", vault.id)
    return vault


def _subscription(call: Call, params: Params, action: str) -> Subscription:
    subscription = call.arm.subscription(params["subscription"])
    call.require(f"{_PRICINGS}/{action}", f"/subscriptions/{subscription.id}")
    return subscription
