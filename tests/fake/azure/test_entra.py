"""Sign-in over the wire: what is given, and every documented refusal (azure.md 1.1)."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
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
        ({"client_secret": ""}, 401, "invalid_client", 7000216),
        ({"scope": ""}, 400, "invalid_request", 900144),
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


ISSUER = "https://token.actions.example"
SUBJECT = "repo:acme/keys:ref:refs/heads/main"
EXCHANGE = "api://AzureADTokenExchange"


def assertion(estate: Estate, **changes: Any) -> str:
    now = estate.clock.now
    claims = {"iss": ISSUER, "sub": SUBJECT, "aud": EXCHANGE, "nbf": now, "exp": now + 600} | changes
    parts = (b'{"alg":"RS256"}', json.dumps(claims).encode(), b"signature")
    return ".".join(urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts)


def federated(estate: Estate, text: str, **changes: str) -> Answer:
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    proof = {"client_secret": "", "client_assertion_type": kind, "client_assertion": text}
    return sign_in(estate, **(proof | changes))


@pytest.fixture
def trusting(estate: Estate) -> Estate:
    estate.world.entra.add_federated_credential(estate.owner.client_id, "ci", ISSUER, SUBJECT, (EXCHANGE,))
    return estate


def test_a_token_of_a_trusted_issuer_signs_in(trusting: Estate) -> None:
    answer = federated(trusting, assertion(trusting))
    assert answer.status == 200
    known = trusting.world.entra.token(answer.body["access_token"])
    assert known is not None
    assert known.principal_id == trusting.owner.principal_id


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"iss": "https://elsewhere.example"}, 700211),
        ({"sub": "repo:acme/keys:pull_request"}, 700213),
        ({"aud": "api://else"}, 700212),
        ({"aud": ["api://else"]}, 700212),
        ({"exp": 0}, 700024),
        ({"nbf": 2**32}, 700024),
        ({"exp": "soon"}, 50027),
    ],
)
def test_a_token_that_does_not_fit_the_federated_credential_is_named(
    trusting: Estate, changes: dict[str, Any], number: int
) -> None:
    answer = federated(trusting, assertion(trusting, **changes))
    assert (answer.status, answer.body["error"], answer.body["error_codes"]) == (401, "invalid_client", [number])


@pytest.mark.parametrize("text", ["nonsense", "a.b.c", "a.W10.c"])
def test_an_assertion_that_is_no_token_is_named(trusting: Estate, text: str) -> None:
    assert federated(trusting, text).body["error_codes"] == [50027]


def test_an_assertion_without_its_type_is_no_proof(trusting: Estate) -> None:
    assert federated(trusting, assertion(trusting), client_assertion_type="").body["error_codes"] == [7000216]


def test_without_a_federated_credential_no_issuer_is_trusted(estate: Estate) -> None:
    assert federated(estate, assertion(estate)).body["error_codes"] == [700211]


def test_a_token_for_the_directory_carries_the_permissions_that_are_held(estate: Estate) -> None:
    estate.world.entra.permit(estate.owner.principal_id, "Application.ReadWrite.OwnedBy")
    token = sign_in(estate, scope="https://graph.microsoft.com/.default").body["access_token"]
    payload = token.split(".")[1]
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["roles"] == ["Application.ReadWrite.OwnedBy"]
