"""Entra ID: what it was recorded or documented to answer (azure.md 1.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.conformance.facts import Fact, after
from tests.fake.azure.conftest import ARM, KEYS, Answer, Estate

LOGIN = "https://login.microsoftonline.com"
AADSTS = r"^AADSTS{}: .+ Trace ID: .+ Correlation ID: .+ Timestamp: .+Z$"


def get(path: str) -> Callable[[Estate], Answer]:
    return lambda estate: estate.wire.call("GET", LOGIN + path.format(tenant=estate.tenant))


def sign_in(tenant: str = "", **changes: str) -> Callable[[Estate], Answer]:
    def ask(estate: Estate) -> Answer:
        owner = estate.owner
        form = {
            "grant_type": "client_credentials",
            "client_id": owner.client_id,
            "client_secret": owner.secret,
            "scope": f"{ARM}/.default",
        }
        url = f"{LOGIN}/{tenant or estate.tenant}/oauth2/v2.0/token"
        return estate.wire.call("POST", url, urlencode(form | changes).encode())

    return ask


def expire(estate: Estate) -> None:
    estate.world.entra.expire_secret(estate.owner.client_id, 0)


def restrict(estate: Estate) -> None:
    estate.world.entra.restrict_sign_in(estate.owner.client_id, ("198.51.100.0/24",))


def refused(number: int, error: str) -> dict[str, Any]:
    return {
        "error": error,
        "error_description": re.compile(AADSTS.format(number)),
        "error_codes": [number],
        "timestamp": str,
        "trace_id": str,
        "correlation_id": str,
        "error_uri": re.compile(str(number)),
    }


def with_token_for(audience: str, url: str) -> Callable[[Estate], Answer]:
    return lambda estate: estate.wire.call("GET", url, token=estate.owner.token(audience))


FACTS = (
    Fact(
        "1.1",
        "the issuer in the metadata matches the authority's host",
        get("/{tenant}/v2.0/.well-known/openid-configuration"),
        200,
        {"issuer": LOGIN + "/{tenant}/v2.0", "token_endpoint": LOGIN + "/{tenant}/oauth2/v2.0/token"},
    ),
    Fact(
        "1.1",
        "instance discovery names the tenant's metadata",
        get(
            "/common/discovery/instance?api-version=1.0&authorization_endpoint=" + LOGIN + "/{tenant}/oauth2/authorize"
        ),
        200,
        {"tenant_discovery_endpoint": LOGIN + "/{tenant}/v2.0/.well-known/openid-configuration"},
    ),
    Fact(
        "1.1",
        "a token has a type, a life and a text",
        sign_in(),
        200,
        {"token_type": "Bearer", "expires_in": int, "ext_expires_in": int, "access_token": str},
    ),
    Fact("1.1", "an expired secret is 7000222", after(expire, sign_in()), 401, refused(7000222, "invalid_client")),
    Fact("1.1", "a wrong secret is 7000215", sign_in(client_secret="no"), 401, refused(7000215, "invalid_client")),
    Fact(
        "1.1",
        "an unknown application is 700016",
        sign_in(client_id="00000000-0000-4000-8000-000000000000"),
        400,
        refused(700016, "unauthorized_client"),
    ),
    Fact("1.1", "an unknown tenant is 90002", sign_in("nowhere.example"), 400, refused(90002, "invalid_request")),
    Fact("1.1", "conditional access is 53003", after(restrict, sign_in()), 400, refused(53003, "invalid_grant")),
    Fact(
        "1.1",
        "the vault takes no token for anything else",
        with_token_for(ARM, f"{KEYS}/keys?api-version=7.6"),
        401,
        {"error.code": "Unauthorized", "error.message": re.compile("^AKV10022: Invalid audience")},
    ),
)


@pytest.mark.parametrize("fact", FACTS, ids=str)
def test_sign_in_answers_as_entra_does(estate: Estate, fact: Fact) -> None:
    fact.check(estate)
