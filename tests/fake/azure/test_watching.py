"""Diagnostic settings and Defender plans over the wire, and what else an auditor reads around a vault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fake.azure.conftest import Answer, Estate, Person

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w"
AUDIT = {"workspaceId": WORKSPACE, "logs": [{"categoryGroup": "audit", "enabled": True}]}


def setting(
    estate: Estate, method: str, name: str = "", properties: object = None, who: Person | None = None
) -> Answer:
    path = f"{estate.vault.id}/providers/microsoft.insights/diagnosticSettings{name and '/'}{name}"
    body = None if properties is None else {"properties": properties}
    return estate.arm(method, path, body, version="2021-05-01-preview", who=who)


def plan(estate: Estate, method: str, name: str, tier: str = "", who: Person | None = None) -> Answer:
    path = f"/subscriptions/{estate.subscription}/providers/Microsoft.Security/pricings{name and '/'}{name}"
    body = {"properties": {"pricingTier": tier}} if tier else None
    return estate.arm(method, path, body, version="2024-01-01", who=who)


def grant_reader(estate: Estate, person: Person) -> None:
    estate.world.arm.assign_role(f"/subscriptions/{estate.subscription}", READER, person.principal_id, settled=True)


def test_a_setting_is_made_shown_listed_and_removed(estate: Estate) -> None:
    made = setting(estate, "PUT", "Audit", AUDIT)
    assert made.status == 200
    shown: dict[str, Any] = setting(estate, "GET", "audit").body
    assert shown == made.body
    assert shown["id"] == f"{estate.vault.id}/providers/Microsoft.Insights/diagnosticSettings/Audit"
    assert shown["properties"]["workspaceId"] == WORKSPACE
    assert shown["properties"]["storageAccountId"] is None
    assert shown["properties"]["logs"] == [
        {
            "category": None,
            "categoryGroup": "audit",
            "enabled": True,
            "retentionPolicy": {"enabled": False, "days": 0},
        }
    ]
    assert setting(estate, "GET").body == {"value": [shown]}
    assert [setting(estate, "DELETE", "audit").status for _ in range(2)] == [200, 204]
    assert setting(estate, "GET", "audit").error == "ResourceNotFound"


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"logs": AUDIT["logs"]}, "data sink"),
        ({**AUDIT, "logs": [{"category": "Gossip", "enabled": True}]}, "Gossip"),
        ({**AUDIT, "logs": [{"categoryGroup": "gossip", "enabled": True}]}, "gossip"),
        ({**AUDIT, "logs": [{"category": "AuditEvent", "categoryGroup": "audit", "enabled": True}]}, "either"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(estate: Estate, properties: dict[str, Any], words: str) -> None:
    answer = setting(estate, "PUT", "x", properties)
    assert (answer.status, answer.error) == (400, "BadRequest")
    assert words in answer.body["error"]["message"]
    assert setting(estate, "GET").body == {"value": []}


def test_a_vault_has_five_settings_at_most_and_any_of_them_can_be_replaced(estate: Estate) -> None:
    assert {setting(estate, "PUT", f"s{number}", AUDIT).status for number in range(5)} == {200}
    assert setting(estate, "PUT", "s5", AUDIT).status == 400
    assert setting(estate, "PUT", "S4", AUDIT).status == 200


def test_defender_is_off_until_somebody_pays_for_it(estate: Estate) -> None:
    assert plan(estate, "GET", "KeyVaults").body["properties"]["pricingTier"] == "Free"
    paid = plan(estate, "PUT", "keyvaults", "Standard")
    assert (paid.status, paid.body["name"], paid.body["properties"]["subPlan"]) == (200, "KeyVaults", "PerKeyVault")
    tiers = {one["name"]: one["properties"]["pricingTier"] for one in plan(estate, "GET", "").body["value"]}
    assert {name for name, tier in tiers.items() if tier == "Standard"} == {"KeyVaults"}
    assert plan(estate, "PUT", "KeyVaults", "Free").body["properties"]["pricingTier"] == "Free"
    assert plan(estate, "GET", "Toasters").error == "ResourceNotFound"
    assert plan(estate, "PUT", "KeyVaults", "Platinum").status == 400


def test_a_reader_reads_and_nobody_else_does(estate: Estate) -> None:
    guest = estate.person("guest")
    looks = [setting(estate, "GET", who=guest), plan(estate, "GET", "KeyVaults", who=guest)]
    assert {one.error for one in looks} == {"AuthorizationFailed"}
    assert "Microsoft.Insights/diagnosticSettings/read" in looks[0].body["error"]["message"]
    assert "Microsoft.Security/pricings/read" in looks[1].body["error"]["message"]
    grant_reader(estate, guest)
    assert setting(estate, "GET", who=guest).status == plan(estate, "GET", "KeyVaults", who=guest).status == 200
    changes = [setting(estate, "PUT", "x", AUDIT, who=guest), plan(estate, "PUT", "KeyVaults", "Standard", who=guest)]
    assert {one.error for one in changes} == {"AuthorizationFailed"}


@pytest.mark.parametrize(("version", "shown"), [("2026-05-15", True), ("2022-07-01", False)])
def test_a_connection_tells_since_when_it_is_there_in_newer_versions(estate: Estate, version: str, shown: bool) -> None:
    made = estate.world.arm.connect(estate.vault, "/subscriptions/x/resourceGroups/y/providers/z/e", "please")
    body = estate.arm("GET", made.id, version=version).body
    assert ("systemData" in body) is shown
    listed = estate.arm("GET", made.id.rpartition("/")[0], version=version).body["value"]
    assert ("systemData" in listed[0]) is shown
