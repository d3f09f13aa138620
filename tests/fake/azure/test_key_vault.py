"""The data plane over the wire: path, token, permission, key (azure.md 1.9, 2 and 6)."""

from __future__ import annotations

from typing import Any

import pytest

from harness.fake.kernel.arm import AccessPolicy, NetworkRules, VaultSettings
from harness.fake.kernel.key_vault import KeyVault
from harness.fake.kernel.reachability import Source
from harness.fake.kernel.refusal import Unanswered, VaultRefusal
from tests.fake.azure.conftest import CRYPTO_USER, KEYS, Estate

GET = f"{KEYS}/keys/cmk/?api-version=7.6"


def close(estate: Estate) -> None:
    estate.world.arm.update_vault(estate.vault, VaultSettings(public_network_access="Disabled"))


def path_to(estate: Estate, operation: str) -> str:
    return f"/keys/cmk/{estate.key.version}/{operation}"


def wrapped(estate: Estate) -> str:
    answer = estate.keys("POST", path_to(estate, "wrapkey"), {"alg": "RSA-OAEP", "value": "AQID"})
    return str(answer.body["value"])


def test_challenge_is_exactly_one(estate: Estate) -> None:
    answer = estate.wire.call("GET", GET)
    assert (answer.status, answer.error) == (401, "Unauthorized")
    assert answer.headers["www-authenticate"] == (
        f'Bearer authorization="https://login.microsoftonline.com/{estate.tenant}", resource="https://vault.azure.net"'
    )


def test_closed_vault_still_challenges_but_refuses_the_bearer(estate: Estate) -> None:
    close(estate)
    assert estate.wire.call("GET", GET).status == 401
    assert estate.keys("GET", "/keys/cmk/").error == "Forbidden/ForbiddenByConnection"


def test_path_is_judged_before_identity(estate: Estate) -> None:
    close(estate)
    assert estate.wire.call("GET", GET, token="made up").error == "Forbidden/ForbiddenByConnection"


def test_token_for_arm_is_no_token_for_the_vault(estate: Estate) -> None:
    answer = estate.wire.call("GET", GET, token=estate.owner.token())
    assert answer.status == 401
    assert answer.body["error"]["message"].startswith("AKV10022: Invalid audience")


def test_token_of_another_tenant_is_refused(estate: Estate) -> None:
    entra = estate.world.entra
    other = entra.add_tenant("other.example")
    entra.add_service_principal(other, estate.owner.client_id)
    token = entra.sign_in(other, estate.owner.client_id, estate.owner.secret, "https://vault.azure.net", "x").text
    assert estate.wire.call("GET", GET, token=token).body["error"]["message"].startswith("AKV10032")


def test_firewall_names_the_address(estate: Estate) -> None:
    rules = NetworkRules("Deny", ip_rules=("198.51.100.0/24",))
    estate.world.arm.update_vault(estate.vault, VaultSettings(network_rules=rules))
    answer = estate.keys("GET", "/keys/cmk/")
    assert answer.error == "Forbidden/ForbiddenByFirewall"
    assert "Client address: 203.0.113.10\r\n" in answer.body["error"]["message"]
    assert f"appid={estate.owner.client_id};oid={estate.owner.principal_id}" in answer.body["error"]["message"]
    estate.wire.address = "198.51.100.9"
    assert estate.keys("GET", "/keys/cmk/").status == 200


def test_trusted_service_passes_only_with_the_bypass(estate: Estate) -> None:
    close(estate)
    source = Source("trusted_service", "20.1.2.3")
    estate.world.reachability.admit(estate.vault, source)
    rules = NetworkRules("Deny", bypass="None")
    estate.world.arm.update_vault(estate.vault, VaultSettings(network_rules=rules))
    with pytest.raises(VaultRefusal, match="ForbiddenByConnection"):
        estate.world.reachability.admit(estate.vault, source)


def test_private_link_follows_the_state_of_its_connection(estate: Estate) -> None:
    close(estate)
    name = estate.request_link()
    arm = estate.world.arm
    source = Source("private_endpoint", "10.0.0.4", arm.connection(estate.vault, name).private_endpoint_id)
    admit = estate.world.reachability.admit
    with pytest.raises(VaultRefusal, match="ForbiddenByConnection"):
        admit(estate.vault, source)
    arm.set_connection_status(estate.vault, name, "Approved", "")
    estate.wait(41)
    admit(estate.vault, source)
    arm.update_vault(estate.vault, VaultSettings(network_rules=NetworkRules("Deny")))
    admit(estate.vault, source)
    arm.set_connection_status(estate.vault, name, "Rejected", "")
    admit(estate.vault, source)
    estate.wait(41)
    with pytest.raises(Unanswered):
        admit(estate.vault, source)
    arm.delete_connection(estate.vault, name)
    estate.wait(31)
    with pytest.raises(Unanswered):
        admit(estate.vault, source)


def test_link_to_one_vault_does_not_lead_to_another(estate: Estate) -> None:
    other = estate.world.arm.put_vault(estate.subscription, "Keys", "other-kv", "eastus2")
    name = estate.request_link()
    connection = estate.world.arm.set_connection_status(estate.vault, name, "Approved", "")
    estate.wait(41)
    with pytest.raises(Unanswered):
        estate.world.reachability.admit(other, Source("private_endpoint", "10.0.0.4", connection.private_endpoint_id))


def test_outage_answers_nobody_not_even_with_a_challenge(estate: Estate) -> None:
    estate.world.knobs.vault_outage = True
    with pytest.raises(Unanswered):
        estate.wire.call("GET", GET)


def test_name_without_a_vault_does_not_resolve(estate: Estate) -> None:
    with pytest.raises(Unanswered):
        estate.wire.call("GET", GET.replace("acme-kv", "absent-kv"))


def test_health_shows_the_path_without_a_token(estate: Estate) -> None:
    answer = estate.wire.call("GET", f"{KEYS}/healthstatus")
    assert answer.status == 200
    assert "addr=203.0.113.10;" in answer.headers["x-ms-keyvault-network-info"]
    assert answer.headers["x-ms-keyvault-region"] == "eastus2"


def test_rbac_refusal_says_what_was_wanted(estate: Estate) -> None:
    answer = estate.keys("GET", "/keys/cmk/", who=estate.person("stranger"))
    assert (answer.status, answer.error) == (403, "Forbidden/ForbiddenByRbac")
    message = answer.body["error"]["message"]
    assert "Action: 'Microsoft.KeyVault/vaults/keys/read'" in message
    assert "Assignment: (not found)" in message


def test_role_at_one_key_opens_only_that_key(estate: Estate) -> None:
    worker = estate.person("worker")
    estate.world.key_vault.create_key(estate.vault, "other")
    estate.world.arm.assign_role(f"{estate.vault.id}/keys/cmk", CRYPTO_USER, worker.principal_id, settled=True)
    assert estate.keys("GET", "/keys/cmk/", who=worker).status == 200
    assert estate.keys("GET", "/keys/other/", who=worker).status == 403


def test_access_policies_hold_until_rbac_is_switched_on(estate: Estate) -> None:
    worker = estate.person("worker")
    arm = estate.world.arm
    arm.update_vault(estate.vault, VaultSettings(rbac=False))
    assert estate.keys("GET", "/keys/cmk/", who=worker).error == "Forbidden/AccessDenied"
    policy = AccessPolicy(estate.tenant, worker.principal_id, ("get",))
    arm.update_vault(estate.vault, VaultSettings(access_policies=(policy,)))
    assert estate.keys("GET", "/keys/cmk/", who=worker).status == 200
    assert estate.keys("GET", "/keys", who=worker).error == "Forbidden/ForbiddenByPolicy"
    arm.update_vault(estate.vault, VaultSettings(rbac=True))
    assert estate.keys("GET", "/keys/cmk/", who=worker).error == "Forbidden/ForbiddenByRbac"


@pytest.mark.parametrize("spelling", ["wrapkey", "wrapKey", "WRAPKEY"])
def test_operations_match_in_any_case(estate: Estate, spelling: str) -> None:
    answer = estate.keys("POST", path_to(estate, spelling), {"alg": "RSA-OAEP", "value": "AQID"})
    assert (answer.status, answer.body["kid"]) == (200, estate.key.id)


@pytest.mark.parametrize(("wrap", "unwrap"), [("wrapkey", "unwrapkey"), ("encrypt", "decrypt")])
def test_disabled_key_still_protects_but_does_not_reveal(estate: Estate, wrap: str, unwrap: str) -> None:
    blob = wrapped(estate)
    estate.keys("PATCH", "/keys/cmk/", {"attributes": {"enabled": False}})
    assert estate.keys("GET", "/keys/cmk/").body["attributes"]["enabled"] is False
    assert estate.keys("POST", path_to(estate, wrap), {"alg": "RSA-OAEP", "value": "AQID"}).status == 200
    answer = estate.keys("POST", path_to(estate, unwrap), {"alg": "RSA-OAEP", "value": blob})
    assert (answer.status, answer.error) == (403, "Forbidden/KeyDisabled")


def test_expired_key_reveals_but_protects_nothing_new(estate: Estate) -> None:
    blob = wrapped(estate)
    estate.keys("PATCH", "/keys/cmk/", {"attributes": {"exp": int(estate.clock.now) + 10}})
    estate.wait(9)
    body = {"alg": "RSA-OAEP", "value": "AQID"}
    assert estate.keys("POST", path_to(estate, "wrapkey"), body).status == 200
    estate.wait(1)
    assert estate.keys("POST", path_to(estate, "wrapkey"), body).error == "Forbidden/KeyExpired"
    assert estate.keys("POST", path_to(estate, "unwrapkey"), {"alg": "RSA-OAEP", "value": blob}).body["value"] == "AQID"


def test_key_before_its_time_protects_nothing(estate: Estate) -> None:
    estate.keys("PATCH", "/keys/cmk/", {"attributes": {"nbf": int(estate.clock.now) + 10}})
    body = {"alg": "RSA-OAEP", "value": "AQID"}
    assert estate.keys("POST", path_to(estate, "encrypt"), body).error == "Forbidden/KeyNotYetValid"
    estate.wait(10)
    assert estate.keys("POST", path_to(estate, "encrypt"), body).status == 200


def test_rotated_key_reads_only_with_the_version_that_wrote(estate: Estate) -> None:
    blob = wrapped(estate)
    fresh = estate.keys("POST", "/keys/cmk/rotate").body["key"]["kid"]
    body = {"alg": "RSA-OAEP", "value": blob}
    assert estate.keys("POST", f"{fresh.removeprefix(KEYS)}/unwrapkey", body).status == 400
    assert estate.keys("POST", path_to(estate, "unwrapkey"), body).body["value"] == "AQID"


def test_soft_deleted_key_is_gone_and_its_name_locked(estate: Estate) -> None:
    blob = wrapped(estate)
    assert estate.keys("DELETE", "/keys/cmk").status == 200
    assert estate.keys("POST", path_to(estate, "unwrapkey"), {"alg": "RSA-OAEP", "value": blob}).error == "KeyNotFound"
    assert estate.keys("GET", "/deletedkeys/cmk").status == 404
    assert estate.keys("POST", "/keys/cmk/create", {"kty": "RSA"}).error == "Conflict/ObjectIsBeingDeleted"
    estate.wait(5)
    assert estate.keys("GET", "/deletedkeys/cmk").body["recoveryId"] == f"{KEYS}/deletedkeys/cmk"
    assert estate.keys("POST", "/keys/cmk/create", {"kty": "RSA"}).error == "Conflict/ObjectIsDeletedButRecoverable"
    assert estate.keys("POST", "/deletedkeys/cmk/recover").status == 200
    estate.wait(5)
    body = {"alg": "RSA-OAEP", "value": blob}
    assert estate.keys("POST", path_to(estate, "unwrapkey"), body).body["value"] == "AQID"


def test_purge_protection_blocks_purging_until_retention_is_over(estate: Estate) -> None:
    estate.world.arm.update_vault(estate.vault, VaultSettings(purge_protection=True))
    officer_plus = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
    estate.world.arm.assign_role(estate.vault.id, officer_plus, estate.owner.principal_id, settled=True)
    estate.keys("DELETE", "/keys/cmk")
    estate.wait(5)
    assert estate.keys("DELETE", "/deletedkeys/cmk").status == 403
    estate.wait(90 * 86_400.0)
    assert estate.keys("GET", "/deletedkeys/cmk").status == 404
    assert estate.keys("POST", "/keys/cmk/create", {"kty": "RSA"}).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"nonsense", {}, {"alg": "RSA-OAEP"}, {"alg": "ROT13", "value": "AQID"},
        {"alg": "RSA-OAEP", "value": "@@"}, {"alg": "RSA-OAEP", "value": "A" * 1000}, {"alg": 5, "value": "AQID"},
    ],
)  # fmt: skip
def test_bad_crypto_requests_are_a_400(estate: Estate, body: Any) -> None:
    for operation in ("wrapkey", "unwrapkey"):
        answer = estate.keys("POST", path_to(estate, operation), body)
        assert (answer.status, answer.error) == (400, "BadParameter")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"kty": "oct"}, {"kty": "RSA", "key_size": 1024}, {"kty": "RSA-HSM"}, {"kty": "RSA", "key_ops": ["fly"]},
        {"kty": "RSA", "attributes": {"nbf": 20, "exp": 10}}, {"kty": "RSA", "attributes": {"exp": "soon"}},
    ],
)  # fmt: skip
def test_bad_keys_are_not_created(estate: Estate, body: dict[str, Any]) -> None:
    assert estate.keys("POST", "/keys/fresh/create", body).status == 400
    assert estate.keys("GET", "/keys/fresh/").error == "KeyNotFound"


def test_request_without_api_version_is_refused(estate: Estate) -> None:
    token = estate.owner.token("https://vault.azure.net")
    assert estate.wire.call("GET", f"{KEYS}/keys/cmk/", token=token).error == "BadParameter"


def test_long_lists_come_in_pages(estate: Estate) -> None:
    for number in range(30):
        estate.world.key_vault.create_key(estate.vault, f"k{number}")
    first = estate.keys("GET", "/keys").body
    token = estate.owner.token("https://vault.azure.net")
    second = estate.wire.call("GET", first["nextLink"], token=token).body
    assert (len(first["value"]), len(second["value"]), second["nextLink"]) == (25, 6, None)


@pytest.mark.parametrize("query", ["maxresults=0", "maxresults=26", "maxresults=x", "$skiptoken=-1"])
def test_bad_pages_are_a_400(estate: Estate, query: str) -> None:
    assert estate.keys("GET", f"/keys?{query}").status == 400


def test_usable_says_no_in_the_order_path_permission_key(estate: Estate) -> None:
    key_vault: KeyVault = estate.world.key_vault
    stranger = estate.person("stranger").principal_id
    source = Source("internet", "203.0.113.10")
    key_vault.set_attributes(estate.vault, "cmk", enabled=False)
    with pytest.raises(VaultRefusal, match="KeyDisabled"):
        key_vault.usable(estate.vault, "cmk", "", "decrypt", estate.owner.principal_id, source)
    with pytest.raises(VaultRefusal, match="ForbiddenByRbac"):
        key_vault.usable(estate.vault, "cmk", "", "decrypt", stranger, source)
    close(estate)
    with pytest.raises(VaultRefusal, match="ForbiddenByConnection"):
        key_vault.usable(estate.vault, "cmk", "", "decrypt", stranger, source)
