"""Azure's answers in our words, our wishes in Azure's, its failures as our errors."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from harness.azure import AzureKeyService, ServicePrincipal, VaultPlace
from harness.backends.transport import azure_transport, in_process
from harness.errors import (
    AccessError,
    ProtocolError,
    Refused,
    ServerFault,
    Throttled,
    Undecided,
    Unreachable,
    Unsupported,
)
from harness.model.resource import AccessPolicy, KeyVersion, RoleGrant, Vault, VaultConnection

ROLE = "e147488a-f6f5-4113-8e2d-b22465e65bf6"


def test_a_vault_is_read_in_our_words_and_what_is_absent_stays_absent(service, azure, place, vault_body):
    azure.answer(200, vault_body)
    assert service.vault() == Vault(
        id=place.vault_id,
        name="acme-kv",
        location="eastus2",
        tenant_id=vault_body["properties"]["tenantId"],
        public_access=None,
        default_action="Allow",
        allowed_addresses=("1.2.3.4/32",),
        rbac=True,
        access_policies=(),
        soft_delete=True,
        purge_protection=None,
        retention_days=7,
    )


def test_closing_public_access_changes_nothing_else(service, azure, vault_body):
    azure.answer(200, vault_body)
    service.set_public_access(enabled=False)
    assert azure.requests[0].method == "PATCH"
    assert azure.requests[0].body == {"properties": {"publicNetworkAccess": "Disabled"}}


def test_firewall_rules_keep_the_bypass_and_the_subnets(service, azure, vault_body):
    azure.answer(200, vault_body)
    azure.answer(200, vault_body)
    service.set_network_rules("Deny", ["5.6.7.8"])
    assert azure.requests[1].body["properties"]["networkAcls"] == {
        "bypass": "None",
        "defaultAction": "Deny",
        "ipRules": [{"value": "5.6.7.8"}],
        "virtualNetworkRules": [{"id": "/subnets/s"}],
    }


def test_an_approval_sends_the_etag_that_was_read_and_returns_the_unsettled_state(service, azure, connection_body):
    azure.answer(200, connection_body(etag="e1"))
    azure.answer(200, connection_body("Approved", "Updating", etag="e2"))
    decided = service.approve_connection("c1", "by cmkproof")
    assert azure.requests[1].method == "PUT"
    assert azure.requests[1].body == {
        "etag": "e1",
        "properties": {
            "privateLinkServiceConnectionState": {
                "status": "Approved",
                "description": "by cmkproof",
                "actionsRequired": "None",
            }
        },
    }
    assert (decided.status, decided.provisioning) == ("Approved", "Updating")


def test_a_first_rejection_sends_no_etag(service, azure, connection_body):
    azure.answer(200, connection_body())
    azure.answer(200, connection_body("Rejected", "Updating", etag="e1"))
    assert service.reject_connection("c1", "no").status == "Rejected"
    assert "etag" not in azure.requests[1].body


def test_a_stale_etag_is_refused(service, azure, connection_body):
    azure.answer(200, connection_body(etag="e1"))
    azure.refuse(412, "PreconditionFailed")
    with pytest.raises(Refused) as caught:
        service.approve_connection("c1", "")
    assert (caught.value.status, caught.value.reason) == (412, "PreconditionFailed")


def test_a_connection_that_azure_answers_with_nothing_does_not_exist(service, azure):
    azure.answer(204)
    with pytest.raises(Refused, match="no connection c1"):
        service.approve_connection("c1", "")


def test_removing_a_connection_waits_until_it_is_gone(service, azure, clock, connection_body):
    start = clock.now()
    own_url = "https://management.azure.com/own?api-version=1&kv-operation=x"
    azure.answer(202, headers={"Location": own_url})
    azure.answer(200, {"value": [connection_body(provisioning="Deleting")]})
    azure.answer(200, {"value": [connection_body(provisioning="Deleting")]})
    azure.answer(200, {"value": []})
    service.remove_connection("c1")
    assert [asked.method for asked in azure.requests] == ["DELETE", "GET", "GET", "GET"]
    assert clock.now() - start == 20


def test_a_connection_that_never_goes_is_undecided(service, azure, connection_body):
    azure.answer(202)
    for _ in range(200):
        azure.answer(200, {"value": [connection_body(provisioning="Deleting")]})
    with pytest.raises(Undecided, match="still there"):
        service.remove_connection("c1")


def test_connections_are_read_in_our_words(service, azure, place, connection_body):
    azure.answer(200, {"value": [connection_body()]})
    assert service.connections() == [
        VaultConnection(
            id=f"{place.vault_id}/privateEndpointConnections/c1",
            name="c1",
            status="Pending",
            provisioning="Succeeded",
            private_endpoint_id="/subscriptions/atlas/pe",
            description=None,
        )
    ]


def test_a_key_is_read_in_our_words(service, azure, key_body):
    azure.answer(200, key_body(exp=1780300800 + 86400))
    assert service.key("cmk") == KeyVersion(
        identifier="https://acme-kv.vault.azure.net/keys/cmk/v1",
        name="cmk",
        version="v1",
        enabled=True,
        created=datetime(2026, 6, 1, 8, tzinfo=UTC),
        expires=datetime(2026, 6, 2, 8, tzinfo=UTC),
        not_before=None,
    )


def test_unwrap_asks_the_vault_even_where_the_wall_clock_thinks_the_key_expired(service, azure, key_body):
    azure.answer(200, key_body(exp=1))
    plain = base64.urlsafe_b64encode(b"secret bytes").decode().rstrip("=")
    azure.answer(200, {"kid": key_body()["key"]["kid"], "value": plain})
    assert service.unwrap("cmk", "v1", b"wrapped") == b"secret bytes"
    assert azure.requests[1].path.lower().endswith("/keys/cmk/v1/unwrapkey")
    assert azure.requests[1].body["alg"] == "RSA-OAEP-256"


def test_a_refusal_by_the_vault_carries_both_codes(service, azure, key_body):
    azure.answer(200, key_body(enabled=False))
    azure.refuse(403, "Forbidden", "KeyDisabled")
    with pytest.raises(Refused) as caught:
        service.unwrap("cmk", "v1", b"wrapped")
    assert (caught.value.status, caught.value.reason) == (403, "Forbidden/KeyDisabled")
    assert caught.value.detail == "Forbidden said Azure"


def test_a_new_version_is_never_asked_for_twice(service, azure):
    azure.refuse(503, "ServiceUnavailable")
    with pytest.raises(ServerFault):
        service.rotate_key("cmk")
    assert len(azure.requests) == 1


def test_a_read_is_repeated_and_waits_by_the_injected_clock(service, azure, clock, vault_body):
    start = clock.now()
    azure.refuse(503, "ServiceUnavailable", headers={"Retry-After": "17"})
    azure.answer(200, vault_body)
    service.vault()
    assert clock.now() - start == 17


def test_throttling_without_end_is_reported_with_its_last_word(service, azure):
    for _ in range(4):
        azure.refuse(429, "TooManyRequests", headers={"Retry-After": "30"})
    with pytest.raises(Throttled) as caught:
        service.vault()
    assert caught.value.retry_after_s == 30


def test_silence_is_unreachable(service, azure):
    for _ in range(4):
        azure.silence()
    with pytest.raises(Unreachable, match="nobody there"):
        service.vault()


def test_a_token_that_the_control_plane_refuses_is_an_access_error(service, azure):
    azure.refuse(401, "AuthenticationFailed")
    with pytest.raises(AccessError, match="AuthenticationFailed"):
        service.vault()


def test_a_missing_role_is_a_refusal_of_the_act(service, azure):
    azure.refuse(403, "AuthorizationFailed")
    with pytest.raises(Refused, match="AuthorizationFailed"):
        service.vault()


def test_an_operation_that_the_other_side_lacks_is_named(service, azure):
    azure.refuse(501, "NotModelled")
    with pytest.raises(ProtocolError, match="reading the vault was answered 501"):
        service.vault()


@pytest.mark.parametrize("body", [b"<html>", {"id": 5}, {"id": "x", "name": "n", "properties": {"networkAcls": 3}}])
def test_an_answer_of_the_wrong_shape_is_a_protocol_error(service, azure, body):
    azure.answer(200, body)
    with pytest.raises(ProtocolError):
        service.vault()


def test_the_same_grant_always_has_the_same_name(service, azure, place):
    def granted(asked):
        return 201, {}, {"id": asked.path, "properties": asked.body["properties"] | {"scope": place.vault_id}}

    azure.script.extend([granted, granted])
    first, second = service.grant_role("p", ROLE), service.grant_role("p", ROLE)
    assert first == second == RoleGrant(first.id, ROLE, "p", place.vault_id)
    assert azure.requests[0].body["properties"]["principalType"] == "ServicePrincipal"


def test_access_policies_are_sent_as_a_whole_with_who_decides(service, azure, vault_body):
    theirs = AccessPolicy("p", {"keys": ("get",), "secrets": ("list",)}, "a")
    azure.answer(200, vault_body)
    azure.answer(200, vault_body)
    service.set_access(rbac=False, policies=[theirs])
    assert azure.requests[1].method == "PATCH"
    assert azure.requests[1].body["properties"] == {
        "enableRbacAuthorization": False,
        "accessPolicies": [
            {
                "tenantId": vault_body["properties"]["tenantId"],
                "objectId": "p",
                "applicationId": "a",
                "permissions": {"keys": ["get"], "secrets": ["list"]},
            }
        ],
    }


def test_access_policies_are_read_with_all_their_kinds_of_things(service, azure, vault_body):
    entry = {"tenantId": "t", "objectId": "p", "permissions": {"keys": ["get"], "secrets": ["list"], "storage": None}}
    vault_body["properties"]["accessPolicies"] = [entry]
    azure.answer(200, vault_body)
    assert service.vault().access_policies == (
        AccessPolicy("p", {"keys": ("get",), "secrets": ("list",), "storage": ()}),
    )


def test_the_role_of_the_customers_own_is_one_and_the_same_for_a_vault(service, azure, place):
    azure.answer(201, {"id": "/rd/1", "properties": {}})
    azure.answer(201, {"id": "/rd/1", "properties": {}})
    azure.answer(204)
    first, second = service.define_role("own", ["a"], ["d"]), service.define_role("own", [], [])
    service.remove_role()
    assert first == second
    assert {asked.path.rpartition("/")[2] for asked in azure.requests} == {first}
    properties = azure.requests[0].body["properties"]
    assert properties["assignableScopes"] == [place.resource_group_id]
    assert (properties["permissions"][0]["actions"], properties["permissions"][0]["dataActions"]) == (["a"], ["d"])


def test_roles_are_listed_for_one_principal(service, azure):
    grant = {"id": "/ra/1", "name": "1", "properties": {"roleDefinitionId": f"/rd/{ROLE}", "principalId": "p"}}
    azure.answer(200, {"value": [grant]})
    assert [grant.role for grant in service.role_grants("p")] == [ROLE]
    assert parse_qs(azure.requests[0].query)["$filter"] == ["principalId eq 'p'"]


def test_own_endpoints_are_awaited_on_the_injected_clock(service, azure, clock, place):
    start = clock.now()
    operation = "https://management.azure.com/subscriptions/s/providers/Microsoft.Network/locations/l/operations/o"
    endpoint = {"id": "/pe/own", "name": "own", "properties": {"provisioningState": "Updating"}}
    azure.answer(201, endpoint, {"Azure-AsyncOperation": f"{operation}?api-version=1"})
    for _ in range(4):
        azure.answer(200, {"status": "InProgress"})
    azure.answer(200, {"status": "Succeeded"})
    azure.answer(200, endpoint | {"properties": {"provisioningState": "Succeeded"}})
    assert service.create_own_endpoint("own") == "/pe/own"
    link = azure.requests[0].body["properties"]["privateLinkServiceConnections"][0]["properties"]
    assert link == {"privateLinkServiceId": place.vault_id, "groupIds": ["vault"]}
    assert clock.now() - start == 40


def test_without_a_subnet_there_are_no_own_endpoints(clock):
    place = VaultPlace("s", "rg", "kv", "eastus2")
    service = AzureKeyService(place, ServicePrincipal("t", "c", "s"), clock, lambda: pytest.fail("no request"))
    with pytest.raises(Unsupported, match="subnet"):
        service.create_own_endpoint("own")


def test_the_key_of_a_second_vault_is_read_with_the_same_sign_in(azure, clock, place, recorder, key_body):
    ways = in_process(azure, clock, recorder.record)
    other = VaultPlace(place.subscription_id, "rg", "acme-kv-2", "eastus2")
    service = AzureKeyService(
        place,
        ServicePrincipal("11111111-1111-4111-8111-111111111111", "c", "s"),
        clock,
        lambda: azure_transport(ways.adapter, clock, use_environment=False),
        other=(other, "other-cmk"),
    )
    azure.answer(200, key_body())
    azure.answer(200, key_body())
    service.key("cmk")
    service.other_key()
    assert [(asked.host, asked.path) for asked in azure.requests] == [
        ("acme-kv.vault.azure.net", "/keys/cmk/"),
        ("acme-kv-2.vault.azure.net", "/keys/other-cmk/"),
    ]
    assert len(azure.sign_ins) == 1


def test_without_a_second_vault_there_is_no_other_key(service):
    with pytest.raises(Unsupported, match="second vault"):
        service.other_key()


def test_regions_that_offer_vault_endpoints_are_known(service, azure):
    azure.answer(200, {"value": [{"name": "x", "resourceName": "microsoft.keyvault/Vaults"}]})
    azure.answer(200, {"value": [{"name": "x", "resourceName": "Microsoft.Sql/servers"}]})
    assert service.offers_vault_endpoints("eastus2") is True
    assert service.offers_vault_endpoints("moon") is False


def test_providers_are_read_and_registered(service, azure):
    body = {"id": "/p", "namespace": "Microsoft.Network", "registrationState": "NotRegistered"}
    azure.answer(200, body)
    azure.answer(200, body | {"registrationState": "Registering"})
    assert service.provider_state("Microsoft.Network") == "NotRegistered"
    service.register_provider("Microsoft.Network")
    assert azure.requests[1].path.endswith("/register")


@pytest.mark.parametrize("act", ["set_public_access", "create_own_endpoint", "grant_role"])
def test_a_provider_is_never_registered_behind_the_back_of_its_owner(service, azure, act):
    azure.refuse(409, "MissingSubscriptionRegistration")
    acts = {
        "set_public_access": lambda: service.set_public_access(enabled=False),
        "create_own_endpoint": lambda: service.create_own_endpoint("own"),
        "grant_role": lambda: service.grant_role("p", ROLE),
    }
    with pytest.raises(Refused) as caught:
        acts[act]()
    assert (caught.value.status, caught.value.reason) == (409, "MissingSubscriptionRegistration")
    assert len(azure.requests) == 1


def test_another_conflict_is_a_refusal_too(service, azure):
    azure.refuse(409, "AnotherOperationInProgress")
    with pytest.raises(Refused, match="AnotherOperationInProgress"):
        service.set_public_access(enabled=False)


def test_deleting_and_recovering_a_key_waits_on_the_injected_clock(service, azure, clock, key_body):
    start = clock.now()
    deleted = key_body() | {"recoveryId": "https://acme-kv.vault.azure.net/deletedkeys/cmk", "scheduledPurgeDate": 1}
    azure.answer(200, deleted)
    azure.refuse(404, "KeyNotFound")
    azure.answer(200, deleted)
    service.delete_key("cmk")
    azure.answer(200, key_body())
    azure.refuse(404, "KeyNotFound")
    azure.answer(200, key_body())
    service.recover_key("cmk")
    assert 0 < clock.now() - start < 60
