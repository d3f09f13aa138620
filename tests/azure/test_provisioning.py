"""What a live run makes and takes away, against the simulated Azure, and where only a script can misbehave so."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.azure import AzureAddresses, AzureKeyService, ServicePrincipal, VaultPlace
from harness.azure.provisioning import SECRET_LIFE_S, AzureProvisioner
from harness.backends.clocks import VirtualClock
from harness.backends.transport import azure_transport, in_process
from harness.errors import ProtocolError, Refused, Throttled
from harness.fake.estate import CRYPTO_OFFICER, CRYPTO_USER, CUSTODIAN_ADDRESS, LOCATION, Estate, furnish
from harness.fake.faces.app import Application
from harness.fake.kernel.world import World


@dataclass
class Site:
    """A furnished world, and the provisioner of its custodian."""

    world: World
    estate: Estate
    clock: VirtualClock
    place: VaultPlace
    provisioner: AzureProvisioner
    service: AzureKeyService


@pytest.fixture
def site() -> Site:
    world = World(11)
    estate, clock = furnish(world), VirtualClock(world.now)
    ways = in_process(Application(world, lambda: clock.now()), clock, lambda _: None, remote_address=CUSTODIAN_ADDRESS)
    place = VaultPlace(estate.subscription_id, estate.resource_group, estate.vault, LOCATION, estate.subnet_id)
    who = ServicePrincipal(estate.tenant_id, estate.custodian.client_id, estate.custodian.secret)

    def transport() -> Any:
        return azure_transport(ways.adapter, clock, use_environment=False)

    provisioner = AzureProvisioner(place, who, clock, transport)
    return Site(world, estate, clock, place, provisioner, AzureKeyService(place, who, clock, transport))


def test_a_vault_is_made_as_a_sandbox_needs_it(site: Site) -> None:
    made = site.provisioner.create_vault("cmkp-run1", LOCATION, {"cmkproof": "sandbox"})
    assert (made.rbac, made.soft_delete, made.purge_protection, made.retention_days) == (True, True, True, 7)
    assert (made.public_access, made.tenant_id) == ("Enabled", site.estate.tenant_id)
    vault = site.world.arm.vault_named("cmkp-run1")
    assert vault is not None
    assert vault.tags == {"cmkproof": "sandbox"}


def test_a_vault_that_is_made_can_be_used_once_its_roles_count(site: Site) -> None:
    site.provisioner.create_vault("cmkp-run1", LOCATION, {})
    site.provisioner.grant(site.provisioner.signed_in_as()["oid"], CRYPTO_OFFICER, vault="cmkp-run1")
    with pytest.raises(Refused, match="ForbiddenByRbac"):
        site.provisioner.create_key("k", vault="cmkp-run1")
    site.clock.sleep(site.world.knobs.role_propagation_s)
    assert site.provisioner.create_key("k", vault="cmkp-run1").name == "k"


def test_deleting_a_vault_twice_is_no_error(site: Site) -> None:
    site.provisioner.create_vault("cmkp-run1", LOCATION, {})
    site.provisioner.delete_vault("cmkp-run1")
    site.provisioner.delete_vault("cmkp-run1")
    assert site.world.arm.vault_named("cmkp-run1") is None


def test_deleting_a_key_waits_for_nothing_and_twice_is_no_error(site: Site) -> None:
    site.provisioner.create_key("k")
    before = site.clock.now()
    site.provisioner.delete_key("k")
    site.provisioner.delete_key("k")
    assert site.clock.now() == before


def test_deleting_where_nothing_is_allowed_is_still_an_error(site: Site) -> None:
    site.world.arm.set_provider(site.estate.subscription_id, "Microsoft.KeyVault", "NotRegistered")
    site.world.arm.forget_roles_within(f"/subscriptions/{site.estate.subscription_id}")
    with pytest.raises(Refused, match="AuthorizationFailed"):
        site.provisioner.delete_vault(site.estate.vault)
    with pytest.raises(Refused, match="ForbiddenByRbac"):
        site.provisioner.delete_key("k")


def test_a_key_is_revived_whatever_was_done_to_it(site: Site) -> None:
    key = site.provisioner.create_key("k")
    wrapped = site.service.wrap("k", key.version, b"data key")
    past = datetime.fromtimestamp(site.clock.now(), UTC) - timedelta(days=2)
    site.service.set_key_validity("k", key.version, not_before=past, expires=past + timedelta(days=1))
    site.service.set_key_enabled("k", key.version, enabled=False)
    site.service.delete_key("k")
    site.provisioner.revive_key("k")
    now = site.service.key("k", key.version)
    assert now.enabled
    assert now.expires is not None
    assert now.expires.timestamp() > site.clock.now()
    assert site.service.unwrap("k", key.version, wrapped) == b"data key"


def test_a_key_that_is_not_valid_yet_is_valid_after_revival(site: Site) -> None:
    key = site.provisioner.create_key("k")
    later = datetime.fromtimestamp(site.clock.now(), UTC) + timedelta(days=2)
    site.service.set_key_validity("k", key.version, not_before=later, expires=None)
    site.provisioner.revive_key("k")
    starts = site.service.key("k", key.version).not_before
    assert starts is not None
    assert starts.timestamp() <= site.clock.now()


def test_a_sound_key_is_left_as_it_is(site: Site) -> None:
    key = site.provisioner.create_key("k")
    site.provisioner.revive_key("k")
    assert site.service.key("k", key.version) == key


def test_tags_replace_those_that_were_there(site: Site) -> None:
    site.provisioner.set_resource_group_tags({"cmkproof": "sandbox", "lease": "me"})
    site.provisioner.set_resource_group_tags({"cmkproof": "sandbox"})
    assert site.provisioner.resource_group_tags() == {"cmkproof": "sandbox"}
    assert site.provisioner.resource_group_location() == LOCATION


def test_an_application_that_is_made_can_use_the_vault_and_is_gone_afterwards(site: Site) -> None:
    made = site.provisioner.create_application("cmkproof-run1")
    site.provisioner.grant(made.principal_id, CRYPTO_USER)
    signed_in = site.world.entra.authenticate(
        site.estate.tenant_id, made.client_id, made.secret, "https://vault.azure.net", "203.0.113.9"
    )
    assert signed_in == made.principal_id
    assert [grant.role for grant in site.service.role_grants(made.principal_id)] == [CRYPTO_USER]
    site.provisioner.delete_application_named("cmkproof-run1")
    site.provisioner.delete_application_named("cmkproof-run1")
    assert made.client_id not in site.world.state.entra.applications


def test_the_secret_of_an_application_lives_a_week_and_shows_in_no_repr(site: Site) -> None:
    made = site.provisioner.create_application("cmkproof-run1")
    (secret,) = site.world.state.entra.applications[made.client_id].secrets
    assert secret.expires == site.clock.now() + SECRET_LIFE_S
    assert made.secret not in repr(made)


def test_a_renewed_secret_signs_in_where_the_old_one_has_expired(site: Site) -> None:
    atlas, entra = site.estate.atlas, site.world.entra
    entra.expire_secret(atlas.client_id, 0)
    secret = site.provisioner.renew_secret(atlas.client_id)
    principal = entra.authenticate(
        site.estate.tenant_id, atlas.client_id, secret, "https://vault.azure.net", "203.0.113.9"
    )
    assert principal == atlas.principal_id


def test_who_is_signed_in_stands_in_the_token(site: Site) -> None:
    said = site.provisioner.signed_in_as()
    who = site.estate.custodian
    assert (said["oid"], said["appid"], said["tid"]) == (who.principal_id, who.client_id, site.estate.tenant_id)


def test_permissions_at_a_scope_are_those_of_every_role(site: Site) -> None:
    at_vault = site.provisioner.permissions(site.place.vault_id)
    above = site.provisioner.permissions(f"/subscriptions/{site.estate.subscription_id}")
    assert [one.actions for one in above] == [["*"]]
    assert ["Microsoft.KeyVault/vaults/keys/*" in one.data_actions for one in at_vault] == [False, True]


def scripted(azure: Any, clock: VirtualClock, addresses: AzureAddresses | None = None) -> AzureProvisioner:
    ways = in_process(azure, clock, lambda _: None)
    place = VaultPlace("s", "rg", "kv", "eastus2", addresses=addresses or AzureAddresses())
    who = ServicePrincipal("11111111-1111-4111-8111-111111111111", "33333333-3333-4333-8333-333333333333", "s3")
    return AzureProvisioner(place, who, clock, lambda: azure_transport(ways.adapter, clock, use_environment=False))


def not_yet(azure: Any, code: str, status: int) -> None:
    azure.answer(status, {"error": {"code": code, "message": "not yet"}})


def test_a_directory_that_lags_is_asked_again(azure: Any, clock: VirtualClock) -> None:
    azure.answer(201, {"id": "o1", "appId": "c1"})
    not_yet(azure, "NoBackingApplicationObject", 400)
    azure.answer(201, {"id": "p1"})
    not_yet(azure, "Request_ResourceNotFound", 404)
    azure.answer(200, {"keyId": "1", "secretText": "hush"})
    made = scripted(azure, clock).create_application("cmkproof-run1")
    assert (made.client_id, made.object_id, made.principal_id, made.secret) == ("c1", "o1", "p1", "hush")


def test_a_directory_that_never_knows_is_given_up(azure: Any, clock: VirtualClock) -> None:
    azure.answer(201, {"id": "o1", "appId": "c1"})
    for _ in range(40):
        not_yet(azure, "NoBackingApplicationObject", 400)
    before = clock.now()
    with pytest.raises(Refused, match="NoBackingApplicationObject"):
        scripted(azure, clock).create_application("cmkproof-run1")
    assert clock.now() - before == pytest.approx(120, abs=6)


def test_a_refusal_that_is_none_of_lag_is_passed_on_at_once(azure: Any, clock: VirtualClock) -> None:
    not_yet(azure, "Authorization_RequestDenied", 403)
    with pytest.raises(Refused, match="Authorization_RequestDenied"):
        scripted(azure, clock).create_application("cmkproof-run1")


def test_all_pages_of_a_list_are_read(azure: Any, clock: VirtualClock) -> None:
    further = "https://graph.microsoft.com/v1.0/applications?$skiptoken=2"
    azure.answer(200, {"value": [{"id": "o1"}], "@odata.nextLink": further})
    azure.answer(200, {"value": [{"id": "o2"}]})
    azure.answer(204)
    azure.answer(204)
    scripted(azure, clock).delete_application_named("cmkproof-run1")
    assert [asked.path for asked in azure.requests[2:]] == ["/v1.0/applications/o1", "/v1.0/applications/o2"]


@pytest.mark.parametrize("body", [b"<html>", {"value": 1}, []])
def test_an_answer_that_is_no_list_is_a_breach_of_the_contract(azure: Any, clock: VirtualClock, body: Any) -> None:
    azure.answer(200, body)
    with pytest.raises(ProtocolError):
        scripted(azure, clock).permissions("/subscriptions/s")


def test_a_directory_that_keeps_throttling_is_told_as_such(azure: Any, clock: VirtualClock) -> None:
    for _ in range(20):
        azure.answer(429, {"error": {"code": "TooManyRequests", "message": "slow"}}, {"Retry-After": "7"})
    with pytest.raises(Throttled) as caught:
        scripted(azure, clock).delete_application_named("cmkproof-run1")
    assert caught.value.retry_after_s == 7


def test_a_token_that_names_nobody_is_a_breach_of_the_contract(azure: Any, clock: VirtualClock) -> None:
    with pytest.raises(ProtocolError, match="whose"):
        scripted(azure, clock).signed_in_as()


def test_every_address_of_another_cloud_is_used(azure: Any, clock: VirtualClock) -> None:
    claims = urlsafe_b64encode(json.dumps({"oid": "o", "tid": "t"}).encode()).rstrip(b"=").decode()
    token = {"token_type": "Bearer", "access_token": f"a.{claims}.c", "expires_in": 3600}
    azure.sign_in_answers.extend([(200, {}, token)] * 4)
    there = AzureAddresses(
        "https://arm.staging.example",
        "https://login.microsoftonline.com",
        "vault.staging.example",
        "https://graph.staging.example",
    )
    provisioner = scripted(azure, clock, there)
    azure.answer(200, {"id": "/g", "name": "rg", "location": "eastus2"})
    azure.answer(200, {"value": []})
    azure.answer(200, {"value": []})
    assert provisioner.resource_group_location() == "eastus2"
    provisioner.permissions("/subscriptions/s")
    provisioner.delete_application_named("x")
    assert [one.host for one in azure.requests] == ["arm.staging.example"] * 2 + ["graph.staging.example"]
    scopes = {asked.raw.decode().rpartition("scope=")[2].partition("&")[0] for asked in azure.sign_ins}
    assert scopes == {
        "https%3A%2F%2Farm.staging.example%2F.default",
        "https%3A%2F%2Fgraph.staging.example%2F.default",
    }
