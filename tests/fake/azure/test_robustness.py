"""No request, however wrong, makes a face fall over: every answer is a 2xx, a 4xx, or the loud 501."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.fake.kernel.refusal import Unanswered
from harness.fake.kernel.world import World
from tests.fake.azure.conftest import ARM, KEYS, Estate

ESTATE = Estate(World(11))
GROUP = ESTATE.vault.id.partition("/providers/")[0]
SUBSCRIPTION = GROUP.partition("/resourceGroups/")[0]
ARM_PATHS = [
    SUBSCRIPTION, f"{SUBSCRIPTION}/providers/Microsoft.Network", f"{SUBSCRIPTION}/providers/x/register",
    f"{SUBSCRIPTION}/resources", GROUP, f"{GROUP}/providers/Microsoft.KeyVault/vaults/new-kv", ESTATE.vault.id,
    f"{ESTATE.vault.id}/privateEndpointConnections/x", f"{GROUP}/providers/Microsoft.Network/privateEndpoints/pe",
    f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v",
    f"{GROUP}/providers/Microsoft.Network/networkInterfaces/n",
    f"{SUBSCRIPTION}/providers/Microsoft.Network/locations/mars/availablePrivateEndpointTypes",
    f"{SUBSCRIPTION}/providers/Microsoft.Network/locations/eastus/operations/1",
    f"{ESTATE.vault.id}/providers/Microsoft.Authorization/roleAssignments/1",
    f"{ESTATE.vault.id}/providers/Microsoft.Authorization/roleAssignments",
    f"{ESTATE.vault.id}/providers/Microsoft.Authorization/roleDefinitions",
    f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/checkNameAvailability", "/", "//", "/subscriptions//resourceGroups",
]  # fmt: skip
KEY_PATHS = [
    "/keys", "/keys/", "/keys/cmk", "/keys/cmk/", "/keys/cmk/create", "/keys/cmk/0", "/keys/cmk//wrapkey",
    "/keys/cmk/0/unwrapkey", "/keys/cmk/rotationpolicy", "/keys/a b/create", "/deletedkeys", "/deletedkeys/cmk",
    "/deletedkeys/cmk/recover", "/healthstatus", "/",
]  # fmt: skip
METHODS = st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["properties", "location", "tags", "attributes", "kty", "alg"]), inner)
    ),
    max_leaves=8,
)
BODIES = st.binary(max_size=12) | JSON
QUERIES = st.sampled_from(["", "&$filter=x", "&kv-operation=x", "&maxresults=x", "&$skiptoken=99999999999", "&%ff=%ff"])


def is_sound(status: int) -> bool:
    return status < 500 or status == 501


SETTINGS = settings(max_examples=300, deadline=None, derandomize=True)


@SETTINGS
@given(path=st.sampled_from(ARM_PATHS), method=METHODS, body=BODIES, query=QUERIES)
def test_arm_stands(path: str, method: str, body: object, query: str) -> None:
    ESTATE.clock.now += 1
    answer = ESTATE.wire.call(method, f"{ARM}{path}?api-version=2024-01-01{query}", body, ESTATE.owner.token())
    assert is_sound(answer.status)


@SETTINGS
@given(path=st.sampled_from(KEY_PATHS), method=METHODS, body=BODIES, query=QUERIES)
def test_key_vault_stands(path: str, method: str, body: object, query: str) -> None:
    token = ESTATE.owner.token("https://vault.azure.net")
    try:
        answer = ESTATE.wire.call(method, f"{KEYS}{path}?api-version=7.6{query}", body, token)
    except Unanswered:
        assert ESTATE.world.arm.vault_named("acme-kv") is None
    else:
        assert is_sound(answer.status)


@SETTINGS
@given(body=st.binary(max_size=60) | st.sampled_from([b"grant_type=client_credentials&client_id=%ff", b"&&=&"]))
def test_entra_stands(body: bytes) -> None:
    url = f"https://login.microsoftonline.com/{ESTATE.tenant}/oauth2/v2.0/token"
    assert is_sound(ESTATE.wire.call("POST", url, body).status)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic x", "Bearer \xff"])
def test_odd_authorization_is_a_401(header: str) -> None:
    estate = Estate(World(12))
    for url in (f"{ARM}{estate.vault.id}?api-version=2024-01-01", f"{KEYS}/keys/cmk/?api-version=7.6"):
        assert estate.wire.call("GET", url, headers={"Authorization": header}).status == 401


def test_odd_peer_address_is_no_address() -> None:
    estate = Estate(World(12))
    estate.wire.address = "unix:"
    assert estate.keys("GET", "/keys/cmk/").status == 200
