# ruff: noqa: E501 - a row of a table stands on one line
"""The data plane of Key Vault: what it was recorded or documented to answer (azure.md 1.9)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest

from harness.fake.kernel.arm import NetworkRules, VaultSettings
from tests.conformance.facts import ABSENT, Fact, after, keys, wait
from tests.fake.azure.conftest import KEYS, Answer, Estate

VERSION = "/keys/cmk/{version}"
PLAIN = {"alg": "RSA-OAEP-256", "value": urlsafe_b64encode(b"data key").decode().rstrip("=")}
CALLER = r"Caller: appid=[0-9a-f-]{36};oid=[0-9a-f-]{36};iss=https://sts\.windows\.net/[0-9a-f-]{36}/"
VAULT = r"Vault: acme-kv;location=eastus2"


def settings(**changes: Any) -> Callable[[Estate], None]:
    return lambda estate: void(estate.world.arm.update_vault(estate.vault, VaultSettings(**changes)))


def void(_: object) -> None:
    """Drop a result."""


def unwrap(estate: Estate) -> Answer:
    """Unwrap in the vault what was wrapped in the vault."""
    wrapped = keys("POST", VERSION + "/wrapkey", PLAIN)(estate).body["value"]
    return keys("POST", VERSION + "/unwrapkey", {"alg": PLAIN["alg"], "value": wrapped})(estate)


def unwrap_after(change: Callable[[Estate], Any]) -> Callable[[Estate], Answer]:
    def ask(estate: Estate) -> Answer:
        wrapped = keys("POST", VERSION + "/wrapkey", PLAIN)(estate).body["value"]
        change(estate)
        return keys("POST", VERSION + "/unwrapkey", {"alg": PLAIN["alg"], "value": wrapped})(estate)

    return ask


def attributes(**wanted: Any) -> Callable[[Estate], Answer]:
    return keys("PATCH", VERSION, {"attributes": wanted})


def bare(path: str, token: str = "") -> Callable[[Estate], Answer]:
    return lambda estate: estate.wire.call("GET", KEYS + path, token=token)


def stranger(estate: Estate) -> Answer:
    return estate.keys("GET", "/keys/cmk/", who=estate.person("stranger"))


def foreigner(estate: Estate) -> Answer:
    entra = estate.world.entra
    tenant = entra.add_tenant("other.example")
    entra.add_service_principal(tenant, estate.owner.client_id)
    token = entra.sign_in(tenant, estate.owner.client_id, estate.owner.secret, "https://vault.azure.net", "x").text
    return estate.wire.call("GET", f"{KEYS}/keys?api-version=7.6", token=token)


def forbidden(inner: str, message: str) -> dict[str, Any]:
    return {
        "error.code": "Forbidden",
        "error.innererror.code": inner,
        "error.message": re.compile(message, re.DOTALL),
    }


close = settings(public_network_access="Disabled")
firewall = settings(network_rules=NetworkRules("Deny"))
expired = attributes(exp=1)
disabled = attributes(enabled=False)

LIFE = (
    Fact("1.9", "create", keys("POST", "/keys/new/create", {"kty": "RSA"}), 200, {"key.kid": re.compile("/keys/new/[0-9a-f]{32}$")}),
    Fact("1.9", "the latest version, with a slash", keys("GET", "/keys/cmk/"), 200, {"key.kty": "RSA", "attributes.enabled": True}),
    Fact("1.9", "one version", keys("GET", VERSION), 200, {"attributes.created": int, "attributes.updated": int}),
    Fact("1.9", "the list", keys("GET", "/keys"), 200, {"value.0.kid": re.compile("/keys/cmk$"), "nextLink": None}),
    Fact("1.9", "the versions", keys("GET", "/keys/cmk/versions"), 200, {"value": list}),
    Fact("1.9", "a change", attributes(enabled=False), 200, {"attributes.enabled": False}),
    Fact("1.9", "rotate", keys("POST", "/keys/cmk/rotate"), 200, {"key.kid": re.compile("/keys/cmk/[0-9a-f]{32}$")}),
    Fact("1.9", "the rotation policy", keys("GET", "/keys/cmk/rotationpolicy"), 200, {"id": str, "lifetimeActions": list}),
    Fact("1.9", "unwrap in lower case", unwrap, 200, {"value": PLAIN["value"], "kid": str}),
    Fact("1.9", "wrap as the documents write it", keys("POST", VERSION + "/wrapKey", PLAIN), 200, {"value": str}),
    Fact("1.9", "delete", keys("DELETE", "/keys/cmk"), 200, {"recoveryId": re.compile("/deletedkeys/cmk$"), "scheduledPurgeDate": int}),
    Fact("1.9", "a deleted key", after(keys("DELETE", "/keys/cmk"), wait(9), keys("GET", "/deletedkeys/cmk")), 200, {"deletedDate": int}),
    Fact("1.9", "recover", after(keys("DELETE", "/keys/cmk"), wait(9), keys("POST", "/deletedkeys/cmk/recover")), 200, {"key.kid": str}),
    Fact(
        "1.9",
        "a deleted key locks its name",
        after(keys("DELETE", "/keys/cmk"), wait(9), keys("POST", "/keys/cmk/create", {"kty": "RSA"})),
        409,
        {"error.code": "Conflict", "error.innererror.code": "ObjectIsDeletedButRecoverable"},
    ),
    Fact(
        "1.9",
        "a key that is being deleted likewise",
        after(keys("DELETE", "/keys/cmk"), keys("POST", "/keys/cmk/create", {"kty": "RSA"})),
        409,
        {"error.code": "Conflict", "error.innererror.code": "ObjectIsBeingDeleted"},
    ),
    Fact(
        "1.9",
        "an unknown key",
        keys("GET", "/keys/no/"),
        404,
        {"error.code": "KeyNotFound", "error.message": re.compile("was not found in this key vault. If you recently deleted")},
    ),
)  # fmt: skip

ACCESS = (
    Fact(
        "1.9",
        "without a token exactly one challenge",
        bare("/keys?api-version=7.6"),
        401,
        {"error.code": "Unauthorized", "error.message": "AKV10000: Request is missing a Bearer or PoP token."},
        {
            "WWW-Authenticate": (
                'Bearer authorization="https://login.microsoftonline.com/{tenant}", resource="https://vault.azure.net"'
            )
        },
    ),
    Fact(
        "1.9",
        "health needs no token, and shows the path",
        bare("/healthstatus"),
        200,
        {},
        {"x-ms-keyvault-network-info": re.compile(r"^conn_type=.+;addr=203\.0\.113\.10;act_addr_fam=")},
    ),
    Fact(
        "6",
        "every answer says where the vault is",
        keys("GET", "/keys"),
        200,
        {},
        {"x-ms-keyvault-region": "eastus2", "x-ms-keyvault-service-version": str, "x-ms-request-id": str},
    ),
    Fact(
        "1.9",
        "a token of another tenant",
        foreigner,
        401,
        {"error.message": re.compile("^AKV10032: Invalid issuer")},
        {"WWW-Authenticate": str},
    ),
    Fact(
        "1.9",
        "an address that is not listed",
        after(firewall, keys("GET", "/keys")),
        403,
        forbidden(
            "ForbiddenByFirewall",
            "^Client address is not authorized and caller is not a trusted service.\r\nClient address: "
            rf"203\.0\.113\.10\r\n{CALLER}\r\n{VAULT}$",
        ),
    ),
    Fact(
        "1.9",
        "public access that is off",
        after(close, keys("GET", "/keys")),
        403,
        forbidden(
            "ForbiddenByConnection",
            "^Public network access is disabled and request is not from a trusted service nor via an approved private "
            rf"link.\r\n{CALLER}\r\n{VAULT}$",
        ),
    ),
    Fact(
        "1.9",
        "no role",
        stranger,
        403,
        forbidden(
            "ForbiddenByRbac",
            "^Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role "
            f"definitions were changed recently, please observe propagation time.\r\n{CALLER}\r\n"
            r"Action: 'Microsoft.KeyVault/vaults/keys/read'\r\nResource: '[^']+'\r\nAssignment: \(not found\)\r\n"
            rf"DenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC'\r\n{VAULT}$",
        ),
    ),
    Fact(
        "1.9",
        "no access policy",
        after(settings(rbac=False), stranger),
        403,
        forbidden("AccessDenied", "^Access denied. Caller was not found on any access policy."),
    ),
)

STATE = (
    Fact(
        "1.9",
        "unwrap with a disabled key",
        unwrap_after(disabled),
        403,
        forbidden("KeyDisabled", "^Operation .+ is not allowed on a disabled key.$"),
    ),
    Fact("1.9", "wrap with a disabled key", after(disabled, keys("POST", VERSION + "/wrapkey", PLAIN)), 200),
    Fact("1.9", "encrypt with a disabled key", after(disabled, keys("POST", VERSION + "/encrypt", PLAIN)), 200),
    Fact("1.9", "a disabled key is still shown", after(disabled, keys("GET", VERSION)), 200),
    Fact("1.9", "unwrap with an expired key", unwrap_after(expired), 200),
    Fact("1.9", "wrap with an expired key", after(expired, keys("POST", VERSION + "/wrapkey", PLAIN)), 403, {"error.code": "Forbidden"}),
    Fact(
        "1.9",
        "wrap with a key that is not valid yet",
        after(attributes(nbf=4_000_000_000), keys("POST", VERSION + "/wrapkey", PLAIN)),
        403,
        {"error.code": "Forbidden"},
    ),
    Fact("1.9", "unwrap with a key that is not valid yet", unwrap_after(attributes(nbf=4_000_000_000)), 200),
    Fact(
        "1.9",
        "purge",
        after(keys("DELETE", "/keys/cmk"), wait(9), keys("DELETE", "/deletedkeys/cmk")),
        204,
        {"": b""},
        {"WWW-Authenticate": ABSENT},
    ),
)  # fmt: skip


@pytest.mark.parametrize("fact", LIFE + ACCESS + STATE, ids=str)
def test_the_vault_answers_as_key_vault_does(estate: Estate, fact: Fact) -> None:
    fact.check(estate)
