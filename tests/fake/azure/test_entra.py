"""Sign-in over the wire: what is given, and every documented refusal (azure.md 1.1)."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from tests.fake.azure.conftest import Answer, Estate

AUTHORITY = "https://login.microsoftonline.com"


def sign_in(estate: Estate, tenant: str = "", **changes: str) -> Answer:
    form = {
        "grant_type": "client_credentials",
        "client_id": estate.owner.client_id,
        "client_secret": estate.owner.secret,
        "scope": "https://vault.azure.net/.default",
    } | changes
    body = urlencode({name: value for name, value in form.items() if value}).encode()
    return estate.wire.call("POST", f"{AUTHORITY}/{tenant or estate.tenant}/oauth2/v2.0/token", body)


def test_token_lives_an_hour(estate: Estate) -> None:
    answer = sign_in(estate)
    assert answer.status == 200
    assert (answer.body["token_type"], answer.body["expires_in"]) == ("Bearer", 3600)


def test_metadata_names_the_issuer_of_the_authority(estate: Estate) -> None:
    answer = estate.wire.call("GET", f"{AUTHORITY}/acme.example/v2.0/.well-known/openid-configuration")
    assert answer.body["issuer"] == f"{AUTHORITY}/{estate.tenant}/v2.0"
    assert answer.body["token_endpoint"].startswith(AUTHORITY)


@pytest.mark.parametrize(
    ("changes", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_id": "00000000-0000-4000-8000-000000000000"}, 400, "unauthorized_client", 700016),
        ({"scope": "https://unknown.example/.default"}, 400, "invalid_resource", 500011),
        ({"scope": "https://vault.azure.net/read"}, 400, "invalid_scope", 1002012),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"client_secret": ""}, 400, "invalid_request", 900144),
    ],
)
def test_wrong_requests_are_named(
    estate: Estate, changes: dict[str, str], status: int, error: str, number: int
) -> None:
    answer = sign_in(estate, **changes)
    assert (answer.status, answer.body["error"], answer.body["error_codes"]) == (status, error, [number])
    assert f"AADSTS{number}" in answer.body["error_description"]
    wanted = {"error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id", "error_uri"}
    assert set(answer.body) == wanted


def test_unknown_tenant_is_refused(estate: Estate) -> None:
    assert sign_in(estate, tenant="nowhere.example").body["error_codes"] == [90002]


def test_application_of_another_tenant_needs_a_principal_here(estate: Estate) -> None:
    other = estate.world.entra.add_tenant("other.example")
    assert sign_in(estate, tenant=other).body["error_codes"] == [700016]
    estate.world.entra.add_service_principal(other, estate.owner.client_id)
    assert sign_in(estate, tenant=other).status == 200


def test_expired_secret_stops_sign_in_but_not_the_token_in_hand(estate: Estate) -> None:
    token = sign_in(estate).body["access_token"]
    estate.world.entra.expire_secret(estate.owner.client_id, 60)
    assert sign_in(estate).status == 200
    estate.wait(60)
    assert sign_in(estate).body["error_codes"] == [7000222]
    url = "https://acme-kv.vault.azure.net/keys/cmk/?api-version=7.6"
    assert estate.wire.call("GET", url, token=token).status == 200
    estate.wait(3600)
    assert estate.wire.call("GET", url, token=token).status == 401


def test_new_secret_works_beside_an_expired_one(estate: Estate) -> None:
    estate.world.entra.expire_secret(estate.owner.client_id, 0)
    fresh = estate.world.entra.add_secret(estate.owner.client_id, 3600)
    assert sign_in(estate, client_secret=fresh).status == 200


def test_secret_lives_two_years_at_most(estate: Estate) -> None:
    long = estate.world.entra.add_secret(estate.owner.client_id, 10 * 365 * 86_400.0)
    estate.wait(2 * 365 * 86_400.0 - 1)
    assert sign_in(estate, client_secret=long).status == 200
    estate.wait(1)
    assert sign_in(estate, client_secret=long).body["error_codes"] == [7000222]


def test_conditional_access_lets_only_listed_addresses_in(estate: Estate) -> None:
    estate.world.entra.restrict_sign_in(estate.owner.client_id, ("198.51.100.7",))
    assert sign_in(estate).body["error_codes"] == [53003]
    estate.wire.address = "198.51.100.7"
    assert sign_in(estate).status == 200
    estate.world.entra.restrict_sign_in(estate.owner.client_id, None)
    estate.wire.address = "203.0.113.10"
    assert sign_in(estate).status == 200


def test_no_secret_stands_in_the_state(estate: Estate) -> None:
    assert estate.owner.secret not in repr(estate.world.state)
    token = sign_in(estate).body["access_token"]
    assert token not in re.sub(r"\s", "", repr(estate.world.state))
