"""Requests to Resource Manager that rows of several tables ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.fake.kernel.arm.limits import BUCKETS
from tests.conformance.facts import at
from tests.fake.azure.conftest import ARM, Answer, Estate

PROVIDER = "{subscription}/providers/Microsoft.Network"
OWN = "{group}/providers/Microsoft.Network/privateEndpoints/own"
GRANTS = "{vault}/providers/Microsoft.Authorization/roleAssignments"
NAME = "5f4b7c3e-0a3a-4c8e-9d0f-7b1f6f1c2d3e"
OTHER_NAME = "6f4b7c3e-0a3a-4c8e-9d0f-7b1f6f1c2d3e"
CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
NETWORK = "2026-03-01"
AUTHORIZATION = "2022-04-01"


def unauthenticated(path: str) -> Callable[[Estate], Answer]:
    return lambda estate: estate.wire.call("GET", f"{ARM}{path.format(vault=estate.vault.id)}")


def stranger(method: str) -> Callable[[Estate], Answer]:
    return lambda estate: estate.arm(method, estate.vault.id, who=estate.person("stranger"))


def throttled(estate: Estate) -> Answer:
    for _ in range(int(BUCKETS["reads"][0])):
        estate.arm("GET", estate.vault.id)
    return estate.arm("GET", estate.vault.id)


def unregister(namespace: str) -> Callable[[Estate], None]:
    return lambda estate: estate.world.arm.set_provider(estate.subscription, namespace, "NotRegistered")


def new_vault(name: str = "other-kv", **properties: Any) -> tuple[str, dict[str, Any]]:
    wanted = {"sku": {"family": "A", "name": "standard"}, "accessPolicies": []} | properties
    return f"{{group}}/providers/Microsoft.KeyVault/vaults/{name}", {"location": "eastus2", "properties": wanted}


def make_vault(version: str = "2026-05-15", name: str = "other-kv", **properties: Any) -> Callable[[Estate], Answer]:
    def ask(estate: Estate) -> Answer:
        path, body = new_vault(name, tenantId=estate.tenant, **properties)
        return at("PUT", path, body, version)(estate)

    return ask


def link(estate: Estate) -> str:
    """Path of the first connection on the vault, which is asked for when there is none yet."""
    names = list(estate.vault.connections) or [estate.request_link()]
    return f"{estate.vault.id}/privateEndpointConnections/{names[0]}"


def on_link(method: str, body: Any = None, query: str = "") -> Callable[[Estate], Answer]:
    return lambda estate: estate.arm(method, link(estate) + query, body)


def decide(status: str, **more: Any) -> Callable[[Estate], Answer]:
    state = {"status": status, "description": "because", "actionsRequired": "None"}
    return on_link("PUT", {"properties": {"privateEndpoint": {}, "privateLinkServiceConnectionState": state}} | more)


def whole_object_back(estate: Estate) -> Answer:
    """az sends back all that it read, with the new status in it."""
    body = estate.arm("GET", link(estate)).body
    body["properties"]["privateLinkServiceConnectionState"]["status"] = "Approved"
    return estate.arm("PUT", link(estate), body)


def decide_with_current_etag(estate: Estate) -> Answer:
    etag = estate.arm("GET", link(estate)).body["etag"]
    return decide("Rejected", etag=etag)(estate)


def approve_for_unregistered_consumer(estate: Estate) -> Answer:
    consumer = estate.world.arm.add_subscription(estate.tenant, "consumer")
    estate.world.arm.set_provider(consumer, "Microsoft.KeyVault", "NotRegistered")
    endpoint = f"/subscriptions/{consumer}/resourceGroups/x/providers/Microsoft.Network/privateEndpoints/pe"
    name = estate.world.arm.connect(estate.vault, endpoint, "please").name
    state = {"privateLinkServiceConnectionState": {"status": "Approved"}}
    return estate.arm("PUT", f"{estate.vault.id}/privateEndpointConnections/{name}", {"properties": state})


def make_own(manual: bool = False) -> Callable[[Estate], Answer]:
    def ask(estate: Estate) -> Answer:
        target = {"name": "own", "properties": {"privateLinkServiceId": estate.vault.id, "groupIds": ["vault"]}}
        kind = "manualPrivateLinkServiceConnections" if manual else "privateLinkServiceConnections"
        body = {"location": "eastus2", "properties": {"subnet": {"id": estate.subnet_id}, kind: [target]}}
        return at("PUT", OWN, body, NETWORK)(estate)

    return ask


def poll_own(estate: Estate) -> Answer:
    address = make_own()(estate).headers["azure-asyncoperation"]
    return estate.wire.call("GET", address, token=estate.owner.token())


def grant(name: str = NAME, role: str = CRYPTO_USER, **more: str) -> Callable[[Estate], Answer]:
    def ask(estate: Estate) -> Answer:
        properties = {
            "roleDefinitionId": f"/subscriptions/{estate.subscription}/providers/x/roleDefinitions/{role}",
            "principalId": more.get("principal", estate.owner.principal_id),
        } | ({} if "bare" in more else {"principalType": "ServicePrincipal"})
        return at("PUT", f"{GRANTS}/{name}", {"properties": properties}, AUTHORIZATION)(estate)

    return ask
