"""Vaults and their private endpoint connections, as recorded or documented (azure.md 1.4, 1.5)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from json import loads
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conformance.asks import decide, decide_with_current_etag, link, make_vault, on_link, whole_object_back
from tests.conformance.facts import ABSENT, Fact, after, at, wait
from tests.fake.azure.conftest import Answer, Estate

VAULTS = (
    Fact(
        "1.4",
        "a vault shows its settings",
        at("GET", "{vault}"),
        200,
        {
            "properties.tenantId": "{tenant}",
            "properties.sku": {"family": "A", "name": "standard"},
            "properties.vaultUri": "https://acme-kv.vault.azure.net/",
            "properties.enableSoftDelete": True,
            "properties.softDeleteRetentionInDays": 90,
            "properties.provisioningState": "Succeeded",
        },
    ),
    Fact(
        "1.4",
        "purge protection that is off is not shown",
        at("GET", "{vault}"),
        200,
        {"properties.enablePurgeProtection": ABSENT},
    ),
    Fact(
        "1.4",
        "no connections are not shown",
        at("GET", "{vault}"),
        200,
        {"properties.privateEndpointConnections": ABSENT},
    ),
    Fact("1.4", "retention outside 7 to 90 days", make_vault(softDeleteRetentionInDays=6), 400),
    Fact("1.4", "retention is fixed", at("PATCH", "{vault}", {"properties": {"softDeleteRetentionInDays": 30}}), 400),
    Fact(
        "1.4",
        "purge protection cannot be taken back",
        after(
            at("PATCH", "{vault}", {"properties": {"enablePurgeProtection": True}}),
            at("PATCH", "{vault}", {"properties": {"enablePurgeProtection": False}}),
        ),
        400,
    ),
    Fact(
        "1.4",
        "a change answers with the vault",
        at("PATCH", "{vault}", {"tags": {"a": "b"}}),
        200,
        {"tags": {"a": "b"}},
    ),
    Fact("1.4", "deletion is at once", at("DELETE", "{vault}"), 200, {"": b""}),
    Fact("1.4", "deletion of nothing", at("DELETE", "{vault}x"), 204, {"": b""}),
    Fact(
        "1.4",
        "a deleted vault keeps its name",
        after(at("DELETE", "{vault}"), make_vault(name="acme-kv")),
        409,
        {"error.code": "VaultAlreadyExists"},
    ),
    Fact(
        "1.4",
        "a deleted vault is shown with its end",
        after(
            at("DELETE", "{vault}"),
            at("GET", "{subscription}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/acme-kv"),
        ),
        200,
        {"properties.vaultId": re.compile("acme-kv$"), "properties.scheduledPurgeDate": str},
    ),
    Fact(
        "1.4",
        "a purge",
        after(
            at("DELETE", "{vault}"),
            at("POST", "{subscription}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/acme-kv/purge"),
        ),
        200,
    ),
    Fact(
        "1.4",
        "a name in use",
        at(
            "POST",
            "{subscription}/providers/Microsoft.KeyVault/checkNameAvailability",
            {"name": "ACME-kv", "type": "Microsoft.KeyVault/vaults"},
        ),
        200,
        {"nameAvailable": False, "reason": "AlreadyExists", "message": str},
    ),
    Fact(
        "1.4",
        "the CLI finds a vault without its group",
        at(
            "GET",
            "{subscription}/resources?$filter=resourceType%20eq%20'Microsoft.KeyVault/vaults'",
            version="2015-11-01",
        ),
        200,
        {"value.0.name": "acme-kv"},
    ),
)

CONNECTIONS = (
    Fact(
        "1.5",
        "a new connection waits, and has no etag",
        on_link("GET"),
        200,
        {
            "id": str,
            "name": str,
            "type": "Microsoft.KeyVault/vaults/privateEndpointConnections",
            "location": "eastus2",
            "etag": ABSENT,
            "properties.provisioningState": "Succeeded",
            "properties.privateEndpoint.id": str,
            "properties.privateLinkServiceConnectionState.status": "Pending",
            "properties.privateLinkServiceConnectionState.actionsRequired": "None",
        },
    ),
    Fact(
        "1.5",
        "an approval shows the new status at once, still updating",
        decide("Approved"),
        200,
        {
            "etag": str,
            "properties.provisioningState": "Updating",
            "properties.privateLinkServiceConnectionState.status": "Approved",
        },
        {"Azure-AsyncOperation": re.compile("kv-operation="), "Retry-After": ABSENT, "Location": ABSENT},
    ),
    Fact(
        "1.5", "the CLI may send all of it back", whole_object_back, 200, {"properties.provisioningState": "Updating"}
    ),
    Fact(
        "1.5",
        "a rejection likewise",
        decide("Rejected"),
        200,
        {
            "properties.provisioningState": "Updating",
            "properties.privateLinkServiceConnectionState.status": "Rejected",
        },
    ),
    Fact(
        "1.5",
        "an approval is still settling after 12 seconds",
        after(decide("Approved"), wait(12), on_link("GET")),
        200,
        {"properties.provisioningState": "Updating"},
    ),
    Fact(
        "1.5",
        "a decision has settled after 67 seconds",
        after(decide("Rejected"), wait(67), on_link("GET")),
        200,
        {"properties.provisioningState": "Succeeded"},
    ),
    Fact(
        "2",
        "a rejected connection was approved again",
        after(decide("Approved"), wait(67), decide("Rejected"), wait(67), decide("Approved"), wait(67), on_link("GET")),
        200,
        {
            "properties.provisioningState": "Succeeded",
            "properties.privateLinkServiceConnectionState.status": "Approved",
        },
    ),
    Fact(
        "1.5",
        "the current etag is accepted in the body",
        after(decide("Approved"), wait(67), decide_with_current_etag),
        200,
    ),
    Fact(
        "1.5",
        "a stale etag is not",
        after(decide("Approved"), decide("Rejected", etag="stale")),
        412,
        {"error.code": "PreconditionFailed"},
    ),
    Fact(
        "1.5",
        "a removal is accepted without a body",
        on_link("DELETE"),
        202,
        {"": b""},
        {"Location": re.compile("kv-operation="), "Retry-After": ABSENT},
    ),
    Fact(
        "1.2",
        "a decision during a removal",
        after(on_link("DELETE"), decide("Approved")),
        409,
        {"error.code": "AnotherOperationInProgress"},
    ),
    Fact("1.5", "a removal of nothing", at("DELETE", "{vault}/privateEndpointConnections/no"), 204, {"": b""}),
    Fact("1.5", "a list", at("GET", "{vault}/privateEndpointConnections"), 200, {"value": list}),
)


@pytest.mark.parametrize("fact", VAULTS + CONNECTIONS, ids=str)
def test_vaults_and_connections_answer_as_azure_does(estate: Estate, fact: Fact) -> None:
    fact.check(estate)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (decide("Approved"), "privateEndpointConnections/approve"),
        (decide("Rejected"), "privateEndpointConnections/reject"),
        (on_link("DELETE"), "privateEndpointConnections/delete"),
    ],
    ids=["approve", "reject", "delete"],
)
def test_a_change_of_a_connection_is_polled_at_the_connection_itself(
    estate: Estate, ask: Callable[[Estate], Answer], code: str
) -> None:
    """azure.md 1.5: the connection's own address with `kv-operation`, base64url of a JSON object."""
    answer = ask(estate)
    address = urlsplit(answer.headers.get("azure-asyncoperation") or answer.headers["location"])
    operation = parse_qs(address.query)["kv-operation"][0]
    said = loads(urlsafe_b64decode(operation + "=" * (-len(operation) % 4)))
    assert address.path == link(estate)
    assert (said["code"], set(said)) == (code, {"code", "st", "etag"})


def test_the_etag_of_a_connection_changes_twice_per_change(estate: Estate) -> None:
    """azure.md 1.5: absent, then one while updating, then another when it has succeeded; and it stays that."""
    seen = [on_link("GET")(estate).body.get("etag"), decide("Approved")(estate).body["etag"]]
    for seconds in (12, 55, 600):
        estate.wait(seconds)
        seen.append(on_link("GET")(estate).body["etag"])
    assert seen[0] is None
    assert seen[1] == seen[2] != seen[3] == seen[4]
