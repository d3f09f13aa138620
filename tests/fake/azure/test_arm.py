"""ARM over the wire: conventions, vaults, connections, endpoints, roles (azure.md 1.2 to 1.8)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from harness.fake.kernel.arm import VaultSettings
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.world import World
from tests.fake.azure.conftest import ARM, CRYPTO_USER, Estate

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
NAME = "5f4b7c3e-0a3a-4c8e-9d0f-7b1f6f1c2d3e"


def link(estate: Estate, name: str) -> str:
    return f"{estate.vault.id}/privateEndpointConnections/{name}"


def decide(estate: Estate, name: str, status: str, **more: Any) -> Any:
    state = {"status": status, "description": "because"}
    return estate.arm("PUT", link(estate, name), {"properties": {"privateLinkServiceConnectionState": state}} | more)


def test_without_a_token_there_is_a_challenge(estate: Estate) -> None:
    answer = estate.wire.call("GET", f"{ARM}{estate.vault.id}?api-version=2026-05-15")
    assert (answer.status, answer.error) == (401, "AuthenticationFailed")
    assert f"login.microsoftonline.com/{estate.tenant}" in answer.headers["www-authenticate"]


def test_token_for_the_vault_is_no_token_for_arm(estate: Estate) -> None:
    token = estate.owner.token("https://vault.azure.net")
    answer = estate.wire.call("GET", f"{ARM}{estate.vault.id}?api-version=2026-05-15", token=token)
    assert (answer.status, answer.error) == (401, "InvalidAuthenticationTokenAudience")


@pytest.mark.parametrize(
    ("query", "error"), [("", "MissingApiVersionParameter"), ("?api-version=now", "InvalidApiVersionParameter")]
)
def test_api_version_is_required(estate: Estate, query: str, error: str) -> None:
    answer = estate.wire.call("GET", f"{ARM}{estate.vault.id}{query}", token=estate.owner.token())
    assert (answer.status, answer.error) == (400, error)


def test_paths_match_in_any_case_and_ids_come_back_canonical(estate: Estate) -> None:
    path = estate.vault.id.replace("resourceGroups", "RESOURCEGROUPS").replace("KeyVault", "Keyvault")
    answer = estate.arm("GET", path.replace("Keys", "kEYS"))
    assert answer.body["id"] == estate.vault.id


def test_old_api_version_does_not_show_public_access(estate: Estate) -> None:
    old = estate.arm("GET", estate.vault.id, version="2019-09-01").body
    new = estate.arm("GET", estate.vault.id, version="2021-06-01-preview").body
    assert "publicNetworkAccess" not in old["properties"]
    assert "systemData" not in old
    assert new["properties"]["publicNetworkAccess"] == "Enabled"
    assert "systemData" in new


@pytest.mark.parametrize(("version", "rbac"), [("2026-02-01", True), ("2023-07-01", None)])
def test_default_of_rbac_depends_on_the_version(estate: Estate, version: str, rbac: bool | None) -> None:
    sku = {"family": "A", "name": "standard"}
    body = {"location": "eastus2", "properties": {"tenantId": estate.tenant, "sku": sku}}
    path = estate.vault.id.replace("acme-kv", "fresh-kv")
    answer = estate.arm("PUT", path, body, version=version)
    assert answer.body["properties"].get("enableRbacAuthorization") is rbac


def test_purge_protection_cannot_be_taken_back(estate: Estate) -> None:
    on = estate.arm("PATCH", estate.vault.id, {"properties": {"enablePurgeProtection": True}})
    off = estate.arm("PATCH", estate.vault.id, {"properties": {"enablePurgeProtection": False}})
    assert on.body["properties"]["enablePurgeProtection"] is True
    assert (off.status, off.error) == (400, "BadRequest")


@pytest.mark.parametrize(
    "properties",
    [
        {"softDeleteRetentionInDays": 30},
        {"softDeleteRetentionInDays": 91},
        {"enableSoftDelete": False},
        {"networkAcls": {"ipRules": [{"value": "999.1.1.1"}]}},
        {"publicNetworkAccess": "Perhaps"},
        {"enableRbacAuthorization": "yes"},
        {"tenantId": "11111111-1111-4111-8111-111111111111"},
    ],
)
def test_bad_settings_are_refused_and_change_nothing(estate: Estate, properties: dict[str, Any]) -> None:
    before = estate.arm("GET", estate.vault.id).body
    answer = estate.arm("PATCH", estate.vault.id, {"properties": {"publicNetworkAccess": "Disabled"} | properties})
    assert answer.status == 400
    assert estate.arm("GET", estate.vault.id).body == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"properties":7}', b"\xff", b"[" * 100_000])
def test_bad_bodies_are_a_400(estate: Estate, body: bytes) -> None:
    assert estate.arm("PATCH", estate.vault.id, body).status == 400
    assert estate.arm("PUT", link(estate, estate.request_link()), body).status == 400


def test_deleted_vault_drops_roles_and_connections_and_recovers_without_them(estate: Estate) -> None:
    endpoint = estate.world.arm.connection(estate.vault, estate.request_link()).private_endpoint_id
    assert estate.arm("DELETE", estate.vault.id).status == 200
    assert estate.arm("DELETE", estate.vault.id).status == 204
    assert estate.world.arm.connection_of(endpoint) is None
    properties = {"tenantId": estate.tenant, "sku": {"family": "A", "name": "standard"}, "createMode": "recover"}
    assert estate.arm("PUT", estate.vault.id, {"location": "eastus2", "properties": properties}).status == 200
    assert estate.keys("GET", "/keys/cmk/").error == "Forbidden/ForbiddenByRbac"


def test_purge_protected_vault_goes_only_with_time(estate: Estate) -> None:
    estate.arm("PATCH", estate.vault.id, {"properties": {"enablePurgeProtection": True}})
    estate.arm("DELETE", estate.vault.id)
    base = f"/subscriptions/{estate.subscription}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/acme-kv"
    assert estate.arm("POST", f"{base}/purge").status == 405
    estate.wait(90 * 86_400.0)
    assert estate.arm("GET", base).status == 404


def test_decision_shows_at_once_and_takes_effect_later(estate: Estate) -> None:
    name = estate.request_link()
    answer = decide(estate, name, "Approved")
    connection = estate.world.arm.connection(estate.vault, name)
    assert (answer.status, answer.body["properties"]["provisioningState"]) == (200, "Updating")
    assert "retry-after" not in answer.headers
    assert "location" not in answer.headers
    address = urlsplit(answer.headers["azure-asyncoperation"])
    text = parse_qs(address.query)["kv-operation"][0]
    operation = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert operation["code"] == "privateEndpointConnections/approve"
    assert operation["etag"] == answer.body["etag"]
    assert (connection.status, connection.effective) == ("Approved", "Pending")
    estate.wait(39.9)
    assert connection.effective == "Pending"
    estate.wait(0.2)
    assert connection.effective == "Approved"


def test_listeners_hear_when_a_decision_takes_effect(estate: Estate) -> None:
    heard: list[str] = []
    estate.world.arm.connection_changed.append(heard.append)
    name = estate.request_link()
    endpoint = estate.world.arm.connection(estate.vault, name).private_endpoint_id
    decide(estate, name, "Approved")
    assert heard == []
    estate.wait(41)
    assert heard == [endpoint]
    assert estate.arm("DELETE", link(estate, name)).status == 202
    assert heard == [endpoint]
    estate.wait(31)
    assert heard == [endpoint, endpoint]


def test_later_decision_replaces_one_that_is_settling(estate: Estate) -> None:
    name = estate.request_link()
    decide(estate, name, "Approved")
    estate.wait(20)
    decide(estate, name, "Rejected")
    estate.wait(21)
    connection = estate.world.arm.connection(estate.vault, name)
    assert (connection.effective, connection.provisioning_state) == ("Pending", "Updating")
    estate.wait(20)
    assert connection.effective == "Rejected"


def test_deletion_is_polled_at_the_connections_own_address(estate: Estate) -> None:
    name = estate.request_link()
    gone = estate.arm("DELETE", link(estate, name))
    assert (gone.status, gone.content) == (202, b"")
    token = estate.owner.token()
    assert estate.wire.call("GET", gone.headers["location"], token=token).status == 202
    estate.wait(31)
    assert estate.wire.call("GET", gone.headers["location"], token=token).status == 204
    assert estate.arm("DELETE", link(estate, name)).status == 204


@pytest.mark.parametrize("value", ["%25", "YWJj", "bnVsbA", "e30"])
def test_garbled_operation_is_a_400(estate: Estate, value: str) -> None:
    name = estate.request_link()
    assert estate.arm("GET", f"{link(estate, name)}?kv-operation={value}").status == 400


def test_connections_are_decided_only_as_approved_or_rejected(estate: Estate) -> None:
    name = estate.request_link()
    assert decide(estate, name, "Disconnected").status == 400
    assert decide(estate, "absent", "Approved").status == 404
    assert decide(estate, name, "Approved", etag="0" * 32).status == 412
    assert estate.world.arm.connection(estate.vault, name).status == "Pending"


@pytest.mark.parametrize(("reading", "status"), [("accepted", 200), ("refused", 400)])
def test_reading_decides_whether_a_rejected_link_can_be_approved(reading: str, status: int) -> None:
    estate = Estate(World(7, readings=Readings(reapprove_rejected=reading)))
    name = estate.request_link()
    decide(estate, name, "Rejected")
    estate.wait(41)
    assert decide(estate, name, "Approved").status == status


def test_consumer_without_key_vault_provider_blocks_approval(estate: Estate) -> None:
    consumer = estate.world.arm.add_subscription(estate.tenant, "consumer")
    estate.world.arm.set_provider(consumer, "Microsoft.KeyVault", "NotRegistered")
    endpoint = f"/subscriptions/{consumer}/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/pe"
    name = estate.world.arm.connect(estate.vault, endpoint, "").name
    answer = decide(estate, name, "Approved")
    assert (answer.status, answer.error) == (403, "AuthorizationFailed")
    assert "Microsoft.KeyVault provider must be registered" in answer.body["error"]["message"]


def test_strangers_may_not_look_and_readers_may_not_change(estate: Estate) -> None:
    reader = estate.person("reader")
    name = estate.request_link()
    path = link(estate, name)
    assert estate.arm("GET", path, who=reader).error == "AuthorizationFailed"
    estate.world.arm.assign_role(estate.vault.id, READER, reader.principal_id, settled=True)
    assert estate.arm("GET", path, who=reader).status == 200
    body = {"properties": {"privateLinkServiceConnectionState": {"status": "Approved"}}}
    assert estate.arm("PUT", path, body, who=reader).error == "AuthorizationFailed"
    assert estate.world.arm.connection(estate.vault, name).status == "Pending"


def test_unregistered_network_provider_is_a_409(estate: Estate) -> None:
    estate.world.arm.set_provider(estate.subscription, "Microsoft.Network", "NotRegistered")
    link_body = {"name": "own", "properties": {"privateLinkServiceId": estate.vault.id, "groupIds": ["vault"]}}
    properties = {"subnet": {"id": estate.subnet_id}, "privateLinkServiceConnections": [link_body]}
    path = estate.vault.id.replace("Microsoft.KeyVault/vaults/acme-kv", "Microsoft.Network/privateEndpoints/own")
    answer = estate.arm("PUT", path, {"location": "eastus2", "properties": properties})
    assert (answer.status, answer.error) == (409, "MissingSubscriptionRegistration")


def test_manual_endpoint_waits_for_approval_without_dns(estate: Estate) -> None:
    link_body = {"name": "own", "properties": {"privateLinkServiceId": estate.vault.id, "groupIds": ["vault"]}}
    properties = {"subnet": {"id": estate.subnet_id}, "manualPrivateLinkServiceConnections": [link_body]}
    path = estate.vault.id.replace("Microsoft.KeyVault/vaults/acme-kv", "Microsoft.Network/privateEndpoints/own")
    made = estate.arm("PUT", path, {"location": "eastus2", "properties": properties})
    assert made.status == 201
    assert "retry-after" not in made.headers
    assert "/operations/" in made.headers["azure-asyncoperation"]
    estate.wait(31)
    assert estate.arm("GET", path).body["properties"]["customDnsConfigs"] == []
    decide(estate, "own", "Approved")
    estate.wait(41)
    assert estate.arm("GET", path).body["properties"]["customDnsConfigs"][0]["ipAddresses"] == ["10.20.0.4"]
    estate.arm("DELETE", link(estate, "own"))
    estate.wait(31)
    state = estate.arm("GET", path).body["properties"]["manualPrivateLinkServiceConnections"][0]["properties"]
    assert state["privateLinkServiceConnectionState"]["status"] == "Disconnected"


def test_role_assignment_answers_by_what_stands_already(estate: Estate) -> None:
    worker = estate.person("worker")
    base = f"{estate.vault.id}/providers/Microsoft.Authorization/roleAssignments"
    body = {"properties": {"roleDefinitionId": f"/x/{CRYPTO_USER}", "principalId": worker.principal_id}}
    other = {"properties": {"roleDefinitionId": f"/x/{READER}", "principalId": worker.principal_id}}
    assert estate.arm("PUT", f"{base}/{NAME}", body).status == 201
    assert estate.arm("PUT", f"{base}/{NAME}", body).status == 200
    assert estate.arm("PUT", f"{base}/{NAME.replace('5', '6')}", body).error == "RoleAssignmentExists"
    assert estate.arm("PUT", f"{base}/{NAME}", other).error == "RoleAssignmentUpdateNotPermitted"
    assert estate.arm("DELETE", f"{base}/{NAME}").body["properties"]["principalId"] == worker.principal_id
    assert estate.arm("DELETE", f"{base}/{NAME}").status == 204


def test_unknown_principal_is_refused_unless_its_type_is_given(estate: Estate) -> None:
    base = f"{estate.vault.id}/providers/Microsoft.Authorization/roleAssignments/{NAME}"
    properties = {"roleDefinitionId": f"/x/{CRYPTO_USER}", "principalId": NAME}
    assert estate.arm("PUT", base, {"properties": properties}).error == "PrincipalNotFound"
    assert estate.arm("PUT", base, {"properties": properties | {"principalType": "ServicePrincipal"}}).status == 201


def test_rate_limit_counts_down_and_throttles(estate: Estate) -> None:
    assert estate.arm("GET", estate.vault.id).headers["x-ms-ratelimit-remaining-subscription-reads"] == "249"
    for _ in range(249):
        estate.arm("GET", estate.vault.id)
    answer = estate.arm("GET", estate.vault.id)
    assert (answer.status, answer.error, answer.headers["retry-after"]) == (429, "SubscriptionRequestsThrottled", "1")
    estate.wait(1)
    assert estate.arm("GET", estate.vault.id).status == 200


def test_cli_finds_vaults_among_the_resources(estate: Estate) -> None:
    path = f"/subscriptions/{estate.subscription}/resources?$filter=resourceType eq 'Microsoft.KeyVault/vaults'"
    assert [one["name"] for one in estate.arm("GET", path, version="2015-11-01").body["value"]] == ["acme-kv"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("resourceType eq 'Microsoft.Keyvault/vaults' and name eq 'ACME-kv'", ["acme-kv"]),
        ("resourceType eq 'Microsoft.KeyVault/vaults' and name eq 'acme-kv2'", []),
        ("resourceGroup eq 'keys'", ["acme-kv"]),
        ("", ["acme-kv"]),
    ],
)
def test_resources_are_found_by_type_name_and_group(estate: Estate, condition: str, names: list[str]) -> None:
    path = f"/subscriptions/{estate.subscription}/resources?$filter={condition}"
    assert [one["name"] for one in estate.arm("GET", path, version="2025-04-01").body["value"]] == names


@pytest.mark.parametrize(
    "condition",
    ["name", "name eq 'a' or name eq 'b'", "name eq 'a' and name eq 'b'", "resourceType eq 'Microsoft.Web/sites'"],
)
def test_a_filter_beyond_the_simulation_is_refused(estate: Estate, condition: str) -> None:
    answer = estate.arm("GET", f"/subscriptions/{estate.subscription}/resources?$filter={condition}")
    assert (answer.status, answer.error) == (400, "InvalidParameter")


def test_providers_announce_versions_that_serve_their_resources(estate: Estate) -> None:
    provider = estate.arm("GET", f"/subscriptions/{estate.subscription}/providers/Microsoft.KeyVault").body
    versions = next(one["apiVersions"] for one in provider["resourceTypes"] if one["resourceType"] == "vaults")
    assert versions == sorted(versions, reverse=True)
    assert {estate.arm("GET", estate.vault.id, version=version).status for version in versions} == {200}


def test_a_vault_offers_one_group_to_link_to(estate: Estate) -> None:
    groups = estate.arm("GET", f"{estate.vault.id}/privateLinkResources").body["value"]
    assert [one["properties"]["groupId"] for one in groups] == ["vault"]
    assert groups[0]["properties"]["requiredZoneNames"] == ["privatelink.vaultcore.azure.net"]


def test_subscription_of_another_tenant_is_not_there(estate: Estate) -> None:
    other = estate.world.arm.add_subscription(estate.world.entra.add_tenant("other.example"), "theirs")
    assert estate.arm("GET", f"/subscriptions/{other}/resourceGroups").error == "SubscriptionNotFound"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/subscriptions/x/providers/Microsoft.Storage/storageAccounts"),
        ("POST", "/subscriptions"),
        ("OPTIONS", "/subscriptions"),
    ],
)
def test_what_is_not_modelled_is_said_loudly(estate: Estate, method: str, path: str) -> None:
    answer = estate.arm(method, path)
    assert answer.status == 501
    assert (answer.body["method"], answer.body["path"], answer.body["host"]) == (method, path, "management.azure.com")


def test_unknown_host_is_said_loudly(estate: Estate) -> None:
    answer = estate.wire.call("GET", "https://graph.microsoft.com/v1.0/me")
    assert (answer.status, answer.body["host"]) == (501, "graph.microsoft.com")


def test_vault_needs_all_three_of_its_coordinates(estate: Estate) -> None:
    arm = estate.world.arm
    arm.add_resource_group(estate.subscription, "Other", "eastus2")
    assert arm.vault(estate.subscription.upper(), "keys", "ACME-KV") is estate.vault
    assert arm.vault(estate.subscription, "Other", "acme-kv") is None
    assert arm.vault(NAME, "Keys", "acme-kv") is None


def test_snapshot_brings_back_what_a_change_took(estate: Estate) -> None:
    before = estate.world.snapshot()
    estate.world.arm.update_vault(estate.vault, VaultSettings(public_network_access="Disabled"))
    estate.world.restore(before)
    assert estate.arm("GET", estate.vault.id).body["properties"]["publicNetworkAccess"] == "Enabled"


def test_same_seed_gives_the_same_bytes() -> None:
    first, second = Estate(World(3)), Estate(World(3))
    answers = [(one.arm("GET", one.vault.id), one.keys("GET", "/keys/cmk/")) for one in (first, second)]
    assert answers[0] == answers[1]
