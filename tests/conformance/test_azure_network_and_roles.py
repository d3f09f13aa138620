# ruff: noqa: E501 - a sentence of the wire stands on one line
"""Private endpoints and role assignments, as recorded or documented (azure.md 1.6 to 1.8)."""

from __future__ import annotations

import re

import pytest

from harness.fake.kernel.arm.role_definitions import BUILT_IN
from tests.conformance.asks import (
    AUTHORIZATION,
    GRANTS,
    NAME,
    NETWORK,
    OTHER_NAME,
    OWN,
    PROVIDER,
    READER,
    grant,
    make_own,
    poll_own,
    unregister,
)
from tests.conformance.facts import ABSENT, Fact, after, at, wait
from tests.fake.azure.conftest import Estate

ENDPOINTS = (
    Fact(
        "1.6",
        "a new endpoint is updating, without DNS",
        make_own(),
        201,
        {"properties.provisioningState": "Updating", "properties.customDnsConfigs": []},
        {
            "Azure-AsyncOperation": re.compile(
                r"/providers/Microsoft.Network/locations/eastus2/operations/[0-9a-f-]{36}\?api-version="
            ),
            "azure-asyncnotification": "Enabled",
            "Retry-After": ABSENT,
        },
    ),
    Fact("1.6", "its operation goes on", poll_own, 200, {"status": "InProgress"}),
    Fact(
        "1.6",
        "a created endpoint has an address, a card and a name",
        after(make_own(), wait(42), at("GET", OWN, version=NETWORK)),
        200,
        {
            "etag": re.compile('^W/"[0-9a-f-]{36}"$'),
            "properties.provisioningState": "Succeeded",
            "properties.resourceGuid": str,
            "properties.subnet.id": "{subnet_id}",
            "properties.networkInterfaces.0.id": re.compile(r"/networkInterfaces/own\.nic\.[0-9a-f-]{36}$"),
            "properties.customDnsConfigs.0.fqdn": "acme-kv.vault.azure.net",
            "properties.privateLinkServiceConnections.0.properties.groupIds": ["vault"],
            "properties.privateLinkServiceConnections.0.properties.privateLinkServiceConnectionState.status": "Approved",
        },
    ),
    Fact(
        "1.6",
        "the connection on the vault has the consumer's name",
        after(make_own(), wait(42), at("GET", "{vault}/privateEndpointConnections/own")),
        200,
        {"name": "own", "properties.privateLinkServiceConnectionState.status": "Approved"},
    ),
    Fact(
        "1.6",
        "a manual request waits without DNS",
        after(make_own(manual=True), wait(42), at("GET", OWN, version=NETWORK)),
        200,
        {
            "properties.customDnsConfigs": [],
            "properties.privateLinkServiceConnections": [],
            "properties.manualPrivateLinkServiceConnections.0.properties.privateLinkServiceConnectionState.status": "Pending",
        },
    ),
    Fact(
        "1.6",
        "a deletion has two addresses to poll",
        after(make_own(), wait(42), at("DELETE", OWN, version=NETWORK)),
        202,
        {"": b""},
        {"Azure-AsyncOperation": str, "Location": str},
    ),
    Fact("1.6", "a deletion of nothing", at("DELETE", OWN, version=NETWORK), 204),
    Fact(
        "1.6",
        "the network provider must be registered",
        after(unregister("Microsoft.Network"), make_own()),
        409,
        {"error.code": "MissingSubscriptionRegistration"},
    ),
    Fact(
        "1.7",
        "a region says whether vaults can be linked to",
        at("GET", PROVIDER + "/locations/eastus2/availablePrivateEndpointTypes", version=NETWORK),
        200,
        {"value.0.resourceName": "Microsoft.KeyVault/vaults"},
    ),
)

ROLES = (
    Fact("1.8", "a new assignment", grant(), 201, {"properties.principalId": "{owner_id}"}),
    Fact("1.8", "the same assignment again", after(grant(), grant()), 200),
    Fact(
        "1.8",
        "the same assignment under another name",
        after(grant(), grant(OTHER_NAME)),
        409,
        {"error.code": "RoleAssignmentExists"},
    ),
    Fact(
        "1.8",
        "a name that is taken by another assignment",
        after(grant(), grant(role=READER)),
        400,
        {"error.code": "RoleAssignmentUpdateNotPermitted"},
    ),
    Fact(
        "1.8",
        "an unknown principal whose kind is not said",
        grant(principal="00000000-0000-4000-8000-000000000000", bare="yes"),
        400,
        {"error.code": "PrincipalNotFound"},
    ),
    Fact(
        "1.8",
        "a removal shows what it was",
        after(grant(), at("DELETE", f"{GRANTS}/{NAME}", version=AUTHORIZATION)),
        200,
        {"name": NAME},
    ),
    Fact("1.8", "a removal of nothing", at("DELETE", f"{GRANTS}/{NAME}", version=AUTHORIZATION), 204),
    Fact(
        "1.8",
        "a list at a scope",
        after(grant(), at("GET", f"{GRANTS}?$filter=atScope()", version=AUTHORIZATION)),
        200,
        {"value": list},
    ),
)


@pytest.mark.parametrize("fact", ENDPOINTS + ROLES, ids=str)
def test_endpoints_and_roles_answer_as_azure_does(estate: Estate, fact: Fact) -> None:
    fact.check(estate)


@pytest.mark.parametrize(
    ("role", "name", "data_actions"),
    [
        ("e147488a-f6f5-4113-8e2d-b22465e65bf6", "Key Vault Crypto Service Encryption User", {"read", "wrap/action", "unwrap/action"}),
        ("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User", {"read", "wrap/action", "unwrap/action", "encrypt/action", "decrypt/action"}),
        ("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer", {"read", "create/action", "delete", "rotate/action"}),
        ("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader", {"read"}),
        ("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", {"read", "create/action", "purge/action"}),
        ("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor", set()),
    ],
)  # fmt: skip
def test_the_built_in_roles_have_their_ids_and_reach(role: str, name: str, data_actions: set[str]) -> None:
    """azure.md 1.8: ids, and that Key Vault Contributor reaches the control plane only."""
    known = BUILT_IN[role]
    probes = {
        "read",
        "wrap/action",
        "unwrap/action",
        "encrypt/action",
        "decrypt/action",
        "create/action",
        "delete",
        "rotate/action",
        "purge/action",
    }
    granted = {one for one in probes if known.grants(f"Microsoft.KeyVault/vaults/keys/{one}", data=True)}
    assert known.name == name
    assert data_actions <= granted
    assert bool(granted) == bool(data_actions)
