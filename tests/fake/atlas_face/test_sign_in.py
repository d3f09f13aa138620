"""Digest, bearer tokens, roles and access lists (atlas.md 3.4)."""

from __future__ import annotations

import base64
import re

import httpx
import pytest

from harness.fake.kernel.readings import Readings
from tests.fake.atlas_face.stage import Client, Stage, media

CHALLENGE = re.compile(
    r'Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/]{32}", algorithm=MD5, qop="auth", stale=false'
)


def _basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def _token(stage: Stage, authorization: str | None, **form: str) -> httpx.Response:
    headers = {} if authorization is None else {"authorization": authorization}
    return stage.nobody().post("/api/oauth/token", headers=headers, data=form or {"grant_type": "client_credentials"})


def test_a_request_without_credentials_gets_the_recorded_challenge(stage: Stage) -> None:
    answer = stage.nobody().call("GET", stage.at)
    assert answer.status_code == 401
    assert CHALLENGE.fullmatch(answer.headers["www-authenticate"])
    assert answer.headers["content-type"] == "application/json"
    assert not {"x-error-code", "ratelimit-limit", "x-java-method"} & set(answer.headers)
    assert answer.text.startswith('{\n  "error" : 401,\n  "reason" : "Unauthorized"')


def test_digest_signs_in_also_with_a_query_and_a_trailing_slash(stage: Stage) -> None:
    auth = httpx.DigestAuth(stage.api_key.public, stage.api_key.secret)
    answer = stage.nobody().get(
        f"/api/atlas/v2{stage.at}/?pretty=true", headers={"accept": media("2023-01-01")}, auth=auth
    )
    assert answer.status_code == 200


def test_a_wrong_private_key_gets_the_same_challenge_again(stage: Stage) -> None:
    auth = httpx.DigestAuth(stage.api_key.public, "wrong")
    answer = stage.nobody().get(f"/api/atlas/v2{stage.at}", headers={"accept": media("2023-01-01")}, auth=auth)
    assert answer.status_code == 401
    assert CHALLENGE.fullmatch(answer.headers["www-authenticate"])


def test_an_old_nonce_is_called_stale_and_a_new_one_works(stage: Stage) -> None:
    client = stage.nobody()
    client.auth = httpx.DigestAuth(stage.api_key.public, stage.api_key.secret)
    assert client.call("GET", stage.at).status_code == 200
    stage.pass_time(stage.world.knobs.digest_nonce_s)
    answer = client.call("GET", stage.at)
    assert answer.status_code == 200
    assert "stale=true" in answer.history[0].headers["www-authenticate"]


def test_a_digest_for_another_address_is_refused(stage: Stage) -> None:
    client = stage.nobody()
    client.auth = httpx.DigestAuth(stage.api_key.public, stage.api_key.secret)
    signed = client.call("GET", stage.at).request.headers["authorization"]
    answer = stage.nobody().call("GET", "/groups", headers={"authorization": signed})
    assert answer.status_code == 401


def test_a_token_lives_an_hour_and_not_a_second_longer(stage: Stage, owner: Client) -> None:
    assert owner.call("GET", stage.at).status_code == 200
    stage.pass_time(3599)
    assert owner.call("GET", stage.at).status_code == 200
    stage.pass_time(1)
    assert owner.call("GET", stage.at).status_code == 401


def test_a_token_is_issued_for_client_credentials(stage: Stage) -> None:
    account = stage.owner_account
    answer = _token(stage, _basic(account.public, account.secret))
    assert answer.status_code == 200
    assert answer.json() == {
        "access_token": answer.json()["access_token"],
        "expires_in": 3600,
        "token_type": "Bearer",
    }


@pytest.mark.parametrize(
    ("authorization", "form", "status", "error"),
    [
        (None, {}, 401, "invalid_client"),
        ("Basic ???", {}, 401, "invalid_client"),
        ("wrong", {}, 401, "invalid_client"),
        ("right", {"grant_type": "password"}, 400, "unsupported_grant_type"),
        ("right", {"scope": "x"}, 400, "invalid_request"),
    ],
)
def test_a_bad_token_request_is_refused_as_rfc_6749_says(
    stage: Stage, authorization: str | None, form: dict[str, str], status: int, error: str
) -> None:
    account = stage.owner_account
    known = {"right": _basic(account.public, account.secret), "wrong": _basic(account.public, "wrong")}
    answer = _token(stage, known.get(authorization or "", authorization), **form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_an_unlisted_address_gets_no_token_where_the_reading_says_so() -> None:
    stage = Stage(readings=Readings(token_from_any_address="no"))
    stage.owner_account.access_list = ("203.0.113.0/24",)
    answer = _token(stage, _basic(stage.owner_account.public, stage.owner_account.secret))
    assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")


def test_a_revoked_token_no_longer_signs_in(stage: Stage, owner: Client) -> None:
    account = stage.owner_account
    token = owner.headers["authorization"].removeprefix("Bearer ")
    answer = stage.nobody().post(
        "/api/oauth/revoke",
        headers={"authorization": _basic(account.public, account.secret)},
        data={"token": token, "token_type_hint": "access_token"},
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert owner.call("GET", stage.at).status_code == 401


def test_another_accounts_token_is_not_revoked(stage: Stage, owner: Client) -> None:
    other = stage.reader_account
    token = owner.headers["authorization"].removeprefix("Bearer ")
    headers = {"authorization": _basic(other.public, other.secret)}
    assert stage.nobody().post("/api/oauth/revoke", headers=headers, data={"token": token}).status_code == 200
    assert owner.call("GET", stage.at).status_code == 200


def test_a_call_from_an_unlisted_address_is_forbidden(stage: Stage, owner: Client) -> None:
    stage.owner_account.access_list = ("203.0.113.0/24",)
    answer = owner.call("GET", stage.at)
    assert (answer.status_code, answer.json()["errorCode"]) == (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")
    assert answer.json()["detail"] == "IP address 127.0.0.1 is not allowed to access this resource."


@pytest.mark.parametrize(("reading", "status"), [("401", 401), ("403", 403)])
def test_a_missing_role_is_answered_as_the_reading_says(reading: str, status: int) -> None:
    stage = Stage(readings=Readings(missing_role_status=reading))
    body = {"azureKeyVault": {"enabled": False}}
    answer = stage.client(stage.reader_account).call("PATCH", f"{stage.at}/encryptionAtRest", body)
    assert (answer.status_code, answer.json()["errorCode"]) == (status, "USER_UNAUTHORIZED")
    assert answer.headers["x-error-code"] == "USER_UNAUTHORIZED"


def test_a_project_that_does_not_exist_is_404_and_one_without_a_role_401(stage: Stage, owner: Client) -> None:
    missing = owner.call("GET", "/groups/" + "0f" * 12)
    assert missing.json() == {
        "detail": f"No group with ID {'0f' * 12} exists.",
        "error": 404,
        "errorCode": "GROUP_NOT_FOUND",
        "parameters": ["0f" * 12],
        "reason": "Not Found",
    }
    foreign = stage.client(stage.stranger_account).call("GET", stage.at)
    assert (foreign.status_code, foreign.json()["errorCode"]) == (401, "USER_CANNOT_ACCESS_GROUP")


def test_the_role_is_asked_for_before_the_body_is_looked_at(stage: Stage) -> None:
    answer = stage.client(stage.reader_account).call("PATCH", f"{stage.at}/encryptionAtRest", {"nonsense": 1})
    assert answer.json()["errorCode"] == "USER_UNAUTHORIZED"


def test_control_plane_addresses_need_no_sign_in(stage: Stage) -> None:
    answer = stage.nobody().call("GET", "/unauth/controlPlaneIPAddresses", version="2023-11-15")
    assert answer.status_code == 200
    assert "ratelimit-limit" not in answer.headers
