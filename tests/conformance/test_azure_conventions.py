# ruff: noqa: E501 - a sentence of the wire stands on one line
"""Resource Manager's conventions and providers, as recorded or documented (azure.md 1.2, 1.3)."""

from __future__ import annotations

import re

import pytest

from tests.conformance.asks import (
    PROVIDER,
    approve_for_unregistered_consumer,
    make_vault,
    stranger,
    throttled,
    unauthenticated,
    unregister,
)
from tests.conformance.facts import ABSENT, Fact, after, at, wait
from tests.fake.azure.conftest import ARM, Estate

CONVENTIONS = (
    Fact(
        "1.2",
        "the version of the API must be said",
        lambda estate: estate.wire.call("GET", ARM + estate.vault.id, token=estate.owner.token()),
        400,
        {"error.code": "MissingApiVersionParameter", "error.message": str},
    ),
    Fact(
        "1.2",
        "without a token there is a challenge",
        unauthenticated("{vault}?api-version=2026-05-15"),
        401,
        {"error.code": "AuthenticationFailed"},
        {"WWW-Authenticate": re.compile("^Bearer authorization_uri=")},
    ),
    Fact("1.2", "without a role nothing is shown", stranger("GET"), 403, {"error.code": "AuthorizationFailed"}),
    Fact("1.2", "an unknown vault", at("GET", "{vault}x"), 404, {"error.code": "ResourceNotFound"}),
    Fact(
        "1.2",
        "an unknown group",
        at("GET", "{subscription}/resourceGroups/no/providers/Microsoft.KeyVault/vaults"),
        404,
        {"error.code": "ResourceGroupNotFound"},
    ),
    Fact(
        "1.2",
        "an unknown subscription",
        at("GET", "/subscriptions/00000000-0000-4000-8000-000000000000"),
        404,
        {"error.code": "SubscriptionNotFound"},
    ),
    Fact(
        "1.2",
        "too many requests are told when to come back",
        throttled,
        429,
        {"error.code": re.compile("SubscriptionRequestsThrottled|TooManyRequests")},
        {"Retry-After": re.compile(r"^\d+$")},
    ),
    Fact(
        "1.2",
        "paths match in any case, and ids come back canonical",
        lambda estate: estate.arm("GET", estate.vault.id.lower().replace("keyvault", "Keyvault")),
        200,
        {"id": re.compile("/resourceGroups/Keys/providers/Microsoft.KeyVault/vaults/acme-kv$")},
    ),
    Fact(
        "1.2",
        "2019-09-01 shows neither public access nor who made it",
        at("GET", "{vault}", version="2019-09-01"),
        200,
        {"properties.publicNetworkAccess": ABSENT, "systemData": ABSENT},
    ),
    Fact(
        "1.2",
        "2021-06-01-preview shows both",
        at("GET", "{vault}", version="2021-06-01-preview"),
        200,
        {"properties.publicNetworkAccess": "Enabled", "systemData": dict},
    ),
    *(
        Fact("1.2", f"vaults answer to {version}", at("GET", "{vault}", version=version), 200)
        for version in ("2026-05-15", "2026-02-01", "2023-07-01", "2019-09-01")
    ),
    Fact(
        "1.2",
        "from 2026-02-01 on a new vault uses roles",
        make_vault("2026-02-01"),
        200,
        {"properties.enableRbacAuthorization": True},
    ),
    Fact(
        "1.2",
        "before, a new vault says nothing, which means access policies",
        make_vault("2023-07-01"),
        200,
        {"properties.enableRbacAuthorization": ABSENT},
    ),
    *(
        Fact(
            "1.2",
            f"{kind} are counted",
            ask,
            status,
            {},
            {f"x-ms-ratelimit-remaining-subscription-{kind}": re.compile(r"^\d+$")},
        )
        for kind, ask, status in (
            ("reads", at("GET", "{vault}"), 200),
            ("writes", at("PATCH", "{vault}", {}), 200),
            ("deletes", at("DELETE", "{vault}x"), 204),
        )
    ),
)

PROVIDERS = (
    Fact(
        "1.3",
        "a provider shows its state and types",
        at("GET", PROVIDER),
        200,
        {
            "id": str,
            "namespace": "Microsoft.Network",
            "registrationState": "Registered",
            "registrationPolicy": str,
            "resourceTypes": list,
        },
    ),
    Fact(
        "1.3",
        "registration goes on after it was accepted",
        after(unregister("Microsoft.Network"), at("POST", PROVIDER + "/register")),
        200,
        {"registrationState": "Registering"},
    ),
    Fact(
        "1.3",
        "and is over when the provider says so",
        after(unregister("Microsoft.Network"), at("POST", PROVIDER + "/register"), wait(61), at("GET", PROVIDER)),
        200,
        {"registrationState": "Registered"},
    ),
    Fact(
        "1.3",
        "the consumer's subscription must know Key Vault",
        approve_for_unregistered_consumer,
        403,
        {
            "error.code": "AuthorizationFailed",
            "error.message": re.compile(
                "^Microsoft.KeyVault provider must be registered on subscription containing private endpoint: /subscriptions/"
            ),
        },
    ),
)


@pytest.mark.parametrize("fact", CONVENTIONS + PROVIDERS, ids=str)
def test_resource_manager_keeps_its_conventions(estate: Estate, fact: Fact) -> None:
    fact.check(estate)
