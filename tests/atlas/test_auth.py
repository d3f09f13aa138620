"""Signing in: OAuth tokens by the injected clock, digest for API keys."""

from __future__ import annotations

import base64
import hashlib
import re

import httpx
import pytest

from harness.atlas import ApiKey, AtlasClient, AtlasService, ServiceAccount
from harness.errors import AccessError, ProtocolError, Refused, SecretExpired, Throttled

OFF = {"azureKeyVault": {"enabled": False}}


def test_client_credentials_travel_url_escaped_in_the_basic_header(service, atlas, project, build):
    atlas.answer(build.ok(OFF))
    service.encryption(project)
    sent = atlas.token_requests[0]
    assert (
        base64.b64decode(sent.headers["authorization"].removeprefix("Basic ")) == b"mdb_sa_id_1:mdb_sa_sk_a%2Fb%3Ac%2Bd"
    )
    assert sent.content == b"grant_type=client_credentials"
    assert atlas.requests[0].headers["authorization"] == "Bearer token-1"


def test_a_token_serves_many_requests(service, atlas, project, build):
    atlas.answer(build.ok(OFF), build.ok(OFF))
    service.encryption(project)
    service.encryption(project)
    assert len(atlas.token_requests) == 1


def test_a_token_is_renewed_before_the_injected_clock_reaches_its_end(service, atlas, clock, project, build):
    atlas.answer(build.ok(OFF), build.ok(OFF), build.ok(OFF))
    service.encryption(project)
    clock.sleep(3600 - 61)
    service.encryption(project)
    clock.sleep(1)
    service.encryption(project)
    assert [request.headers["authorization"] for request in atlas.requests] == [
        "Bearer token-1",
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_a_refused_token_is_renewed_once_and_the_request_repeated(service, atlas, project, build):
    atlas.answer(build.ok(OFF), build.refusal(401, "UNEXPECTED_ERROR"), build.ok(OFF))
    service.encryption(project)
    assert service.encryption(project).enabled is False
    assert atlas.requests[-1].headers["authorization"] == "Bearer token-2"


def test_a_fresh_token_that_is_refused_is_an_access_error(service, atlas, project, build):
    atlas.answer(build.refusal(401, "UNEXPECTED_ERROR", "You are not authorized for this resource."))
    with pytest.raises(AccessError, match="not authorized"):
        service.encryption(project)


def test_a_missing_role_is_a_refusal_of_the_act_and_renews_nothing(service, atlas, project, build):
    atlas.answer(build.ok(OFF), build.refusal(401, "USER_UNAUTHORIZED", "no role"))
    service.encryption(project)
    with pytest.raises(Refused) as caught:
        service.update_encryption(project, OFF)
    assert (caught.value.status, caught.value.reason) == (401, "USER_UNAUTHORIZED")
    assert len(atlas.token_requests) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"error": "invalid_client", "error_description": "unknown"}),
        (400, {"error": "invalid_request", "error_description": "The provided credentials are not valid."}),
        (403, {"error": "access_denied", "error_description": "IP access list validation failed"}),
    ],
)
def test_refused_credentials_are_an_access_error_without_the_secret(service, atlas, project, status, body):
    atlas.token_answers.append(httpx.Response(status, json=body))
    with pytest.raises(AccessError, match=body["error"]) as caught:
        service.encryption(project)
    assert "mdb_sa_sk" not in caught.value.diagnostics()
    assert atlas.requests == []


def test_a_secret_that_atlas_calls_expired_is_reported_as_such(service, atlas, project):
    body = {"error": "invalid_client", "error_description": "The client secret has expired."}
    atlas.token_answers.append(httpx.Response(401, json=body))
    with pytest.raises(SecretExpired, match="has expired") as caught:
        service.encryption(project)
    assert caught.value.code == "CMK302"


def test_an_unreadable_token_answer_is_a_protocol_error(service, atlas, project):
    atlas.token_answers.append(httpx.Response(200, text="<html>"))
    with pytest.raises(ProtocolError, match="oauth/token"):
        service.encryption(project)


def test_throttled_sign_in_waits_as_told(service, atlas, clock, project, build):
    start = clock.now()
    atlas.token_answers.append(httpx.Response(429, headers={"retry-after": "40"}))
    atlas.answer(build.ok(OFF))
    service.encryption(project)
    assert clock.now() - start == 40


def test_throttling_without_end_is_reported_with_its_last_word(service, atlas, project):
    atlas.token_answers.extend(httpx.Response(429, headers={"retry-after": "7"}) for _ in range(9))
    with pytest.raises(Throttled) as caught:
        service.encryption(project)
    assert caught.value.retry_after_s == 7


def test_an_outage_of_sign_in_lets_even_a_creation_be_repeated(service, atlas, project, build):
    atlas.token_answers.extend([httpx.Response(503), httpx.ConnectError("refused")])
    atlas.answer(build.ok(build.endpoint(1)))
    assert service.create_private_endpoint(project, "US_EAST_2").status == "INITIATING"
    assert [request.method for request in atlas.requests] == ["POST"]


def test_an_api_key_answers_the_digest_challenge(clock, atlas, project, build):
    challenge = 'Digest realm="MMS Public API", domain="", nonce="abc", algorithm=MD5, qop="auth", stale=false'
    atlas.answer(httpx.Response(401, headers={"www-authenticate": challenge}), build.ok(OFF))
    AtlasService(AtlasClient(ApiKey("public", "private"), clock, transport=atlas)).encryption(project)
    sent = dict(re.findall(r'(\w+)="?([^",]+)"?', atlas.requests[-1].headers["authorization"]))
    first = hashlib.md5(b"public:MMS Public API:private", usedforsecurity=False).hexdigest()
    second = hashlib.md5(f"GET:{sent['uri']}".encode(), usedforsecurity=False).hexdigest()
    proof = f"{first}:abc:{sent['nc']}:{sent['cnonce']}:auth:{second}"
    assert sent["response"] == hashlib.md5(proof.encode(), usedforsecurity=False).hexdigest()


def test_no_secret_shows_in_a_repr():
    assert "hush" not in repr(ServiceAccount("id", "hush")) + repr(ApiKey("id", "hush"))
