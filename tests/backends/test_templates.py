"""Requests are named by the operations that both sides' tables have, tokens by whose they are."""

from __future__ import annotations

import base64
import json

import pytest

from harness.atlas.operations import BLANK
from harness.atlas.permissions import TABLE
from harness.backends.templates import template
from harness.backends.token_claims import identity

ATLAS = "https://cloud.mongodb.com"
GROUP = "6a1d3c00fc968e6c60ed7c6c"
SUBSCRIPTION = "fe45edd2-bd3e-46b7-bc28-717f1b3f6c7d"
VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/kv"
VAULT_TEMPLATE = (
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.KeyVault/vaults/{vault}"
)
PLACE = {"subscriptionId": SUBSCRIPTION, "resourceGroup": "keys", "vault": "kv"}
TENANT = "efbd0aaa-3931-4b91-ac41-e75ea1811b84"


@pytest.mark.parametrize(
    ("method", "url", "path", "parameters"),
    [
        (
            "GET",
            f"{ATLAS}/api/atlas/v2/groups/{GROUP}/encryptionAtRest/AZURE/privateEndpoints?pageNum=1",
            "/api/atlas/v2/groups/{groupId}/encryptionAtRest/{cloudProvider}/privateEndpoints",
            {"groupId": GROUP, "cloudProvider": "AZURE", "pageNum": "1"},
        ),
        (
            "GET",
            f"{ATLAS}/api/atlas/v2/groups/byName/mine",
            "/api/atlas/v2/groups/byName/{groupName}",
            {"groupName": "mine"},
        ),
        (
            "PATCH",
            f"https://management.azure.com{VAULT}?api-version=2026-05-15",
            VAULT_TEMPLATE,
            {**PLACE, "api-version": "2026-05-15"},
        ),
        (
            "GET",
            f"https://management.azure.com{VAULT}/privateEndpointConnections",
            f"{VAULT_TEMPLATE}/privateEndpointConnections",
            PLACE,
        ),
        (
            "PUT",
            f"https://management.azure.com{VAULT}/privateEndpointConnections/one",
            f"{VAULT_TEMPLATE}/privateEndpointConnections/{{connection}}",
            {**PLACE, "connection": "one"},
        ),
        (
            "POST",
            "https://kv.vault.azure.net/keys/cmk/e91b/unwrapkey",
            "/keys/{key}/{version}/unwrapkey",
            {"key": "cmk", "version": "e91b", "vault": "kv"},
        ),
        ("GET", "https://kv.vault.azure.net/keys/cmk/", "/keys/{key}/", {"key": "cmk", "vault": "kv"}),
        (
            "POST",
            f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token",
            "/{tenantId}/oauth2/v2.0/token",
            {"tenantId": TENANT},
        ),
        ("GET", "https://login.microsoftonline.com/common/discovery/instance", "/common/discovery/instance", {}),
        ("POST", f"{ATLAS}/api/oauth/token", "/api/oauth/token", {}),
        (
            "GET",
            f"{ATLAS}/api/atlas/v2/unknown/{GROUP}/{TENANT}/{TENANT}",
            "/api/atlas/v2/unknown/{objectId}/{id}/{id2}",
            {"objectId": GROUP, "id": TENANT, "id2": TENANT},
        ),
    ],
)
def test_a_request_has_the_template_of_its_operation(
    method: str, url: str, path: str, parameters: dict[str, str]
) -> None:
    found = template(method, url)
    assert (found.path, found.parameters) == (path, parameters)


def test_every_operation_of_atlas_gives_its_own_template_back() -> None:
    for row in TABLE:
        operation = row.operation
        names = [f"name-{at}" for at, _ in enumerate(BLANK.findall(operation.path))]
        found = template(operation.method, ATLAS + operation.path_to(names))
        assert found.path.replace("{cloudProvider}", "AZURE") == operation.path.replace("{cloudProvider}", "AZURE")
        assert set(names) <= set(found.parameters.values())


def test_a_value_that_is_asked_for_twice_keeps_both_answers() -> None:
    assert template("GET", "https://h/x?a=1&a=2").parameters == {"a": "1,2"}


def token(claims: object) -> str:
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{part}.c2ln"


def test_of_a_web_token_only_allowed_claims_are_told() -> None:
    claims = {"iss": "i", "aud": ["a", "b"], "appid": "c", "name": "Somebody", "upn": "a@b", "ipaddr": "1.2.3.4"}
    found = identity("https://login.microsoftonline.com/x", {"access_token": token(claims)}, "client")
    assert found == {"iss": "i", "aud": "a b", "appid": "c"}


@pytest.mark.parametrize("text", ["opaque", "a.b.c", token([1]), token({"name": "Somebody"})])
def test_of_any_other_token_who_signed_in_where_is_told(text: str) -> None:
    found = identity("https://cloud.mongodb.com/api/oauth/token", {"access_token": text}, "mdb_sa_id_1")
    assert found == {"client_id": "mdb_sa_id_1", "issuer": "cloud.mongodb.com"}


@pytest.mark.parametrize("answer", [None, [], {"error": "x"}, {"access_token": None}])
def test_what_holds_no_token_has_no_identity(answer: object) -> None:
    assert identity("https://h", answer, "c") == {}
