"""The vendor's own clients, unmodified, against the simulated Azure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestTimeoutError,
)
from azure.identity import ClientSecretCredential
from azure.keyvault.keys import KeyClient, KeyRotationLifetimeAction, KeyRotationPolicy, KeyRotationPolicyAction
from azure.keyvault.keys.crypto import CryptographyClient, EncryptionAlgorithm, KeyWrapAlgorithm
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from harness.fake.kernel.arm import VaultSettings
from tests.fake.azure.conftest import CRYPTO_USER, KEYS, Estate


class Clients:
    """Opens SDK clients and closes them again."""

    def __init__(self, estate: Estate, stack: ExitStack) -> None:
        self.estate = estate
        self.stack = stack

    def open(self, kind: Any, *args: Any, **options: Any) -> Any:
        client = kind(*args, transport=self.estate.transport(), **options)
        return self.stack.enter_context(client)

    def management(self, kind: Any) -> Any:
        return self.open(kind, self.estate.owner, self.estate.subscription)

    def keys(self) -> Any:
        return self.open(KeyClient, KEYS, self.estate.owner)

    def crypto(self, key: Any) -> Any:
        return self.open(CryptographyClient, key, self.estate.owner)


@pytest.fixture
def clients(estate: Estate) -> Iterator[Clients]:
    with ExitStack() as stack:
        yield Clients(estate, stack)


def test_client_secret_credential_signs_in(estate: Estate, clients: Clients) -> None:
    owner = estate.owner
    credential = clients.open(ClientSecretCredential, estate.tenant, owner.client_id, owner.secret)
    token = credential.get_token("https://vault.azure.net/.default")
    known = estate.world.entra.token(token.token)
    assert known is not None
    assert known.audience == "https://vault.azure.net"


def test_expired_secret_is_named_by_its_number(estate: Estate, clients: Clients) -> None:
    owner = estate.owner
    estate.world.entra.expire_secret(owner.client_id, 0)
    credential = clients.open(ClientSecretCredential, estate.tenant, owner.client_id, owner.secret)
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000222"):
        credential.get_token("https://management.azure.com/.default")


def test_approval_is_updating_until_it_settles(estate: Estate, clients: Clients) -> None:
    name = estate.request_link()
    connections = clients.management(KeyVaultManagementClient).private_endpoint_connections
    before = connections.get("keys", "acme-kv", name)
    assert (before.etag, before.private_link_service_connection_state.status) == (None, "Pending")
    before.private_link_service_connection_state.status = "Approved"
    during = connections.put("keys", "acme-kv", name, before)
    estate.wait(41)
    after = connections.get("keys", "acme-kv", name)
    assert (during.provisioning_state, after.provisioning_state) == ("Updating", "Succeeded")
    assert during.private_link_service_connection_state.status == "Approved"
    assert len({None, during.etag, after.etag}) == 3


def test_stale_etag_is_refused(estate: Estate, clients: Clients) -> None:
    name = estate.request_link()
    connections = clients.management(KeyVaultManagementClient).private_endpoint_connections
    stale = connections.get("keys", "acme-kv", name)
    stale.private_link_service_connection_state.status = "Rejected"
    stale.etag = "0" * 32
    with pytest.raises(HttpResponseError) as caught:
        connections.put("keys", "acme-kv", name, stale)
    assert (caught.value.status_code, caught.value.error.code) == (412, "PreconditionFailed")


def test_removing_a_connection_polls_until_it_is_gone(estate: Estate, clients: Clients) -> None:
    name = estate.request_link()
    connections = clients.management(KeyVaultManagementClient).private_endpoint_connections
    start = estate.clock.now
    connections.begin_delete("keys", "acme-kv", name).result()
    assert estate.clock.now >= start + 30
    with pytest.raises(ResourceNotFoundError):
        connections.get("keys", "acme-kv", name)


def test_vault_is_created_read_changed_and_deleted(estate: Estate, clients: Clients) -> None:
    vaults = clients.management(KeyVaultManagementClient).vaults
    sku = {"family": "A", "name": "standard"}
    wanted = {
        "location": "East US 2",
        "properties": {"tenantId": estate.tenant, "sku": sku, "enablePurgeProtection": True},
    }
    made = vaults.begin_create_or_update("KEYS", "Second-kv", wanted).result()
    assert made.properties.provisioning_state == "Succeeded"
    assert made.properties.enable_rbac_authorization is True
    changed = vaults.update("keys", "second-kv", {"properties": {"publicNetworkAccess": "Disabled"}})
    assert changed.properties.public_network_access == "Disabled"
    assert {one.name for one in vaults.list_by_resource_group("keys")} == {"acme-kv", "Second-kv"}
    vaults.delete("keys", "second-kv")
    assert vaults.get_deleted("second-kv", "eastus2").properties.purge_protection_enabled is True
    with pytest.raises(HttpResponseError) as caught:
        vaults.begin_create_or_update("keys", "second-kv", wanted).result()
    assert caught.value.error.code == "VaultAlreadyExists"


def test_own_private_endpoint_comes_up_approved_and_carries_traffic(estate: Estate, clients: Clients) -> None:
    network = clients.management(NetworkManagementClient)
    body = {
        "location": "eastus2",
        "properties": {
            "subnet": {"id": estate.subnet_id},
            "privateLinkServiceConnections": [
                {"name": "own", "properties": {"privateLinkServiceId": estate.vault.id, "groupIds": ["vault"]}}
            ],
        },
    }
    endpoint = network.private_endpoints.begin_create_or_update("keys", "own-pe", body).result()
    assert endpoint.provisioning_state == "Succeeded"
    assert endpoint.custom_dns_configs[0].ip_addresses == ["10.20.0.4"]
    card = network.network_interfaces.get("keys", endpoint.network_interfaces[0].id.rpartition("/")[2])
    assert card.ip_configurations[0].private_ip_address == "10.20.0.4"
    estate.world.arm.update_vault(estate.vault, VaultSettings(public_network_access="Disabled"))
    assert estate.keys("GET", "/keys/cmk/").status == 403
    estate.wire.address = "10.20.0.99"
    assert estate.keys("GET", "/keys/cmk/").status == 200
    network.private_endpoints.begin_delete("keys", "own-pe").result()
    assert estate.keys("GET", "/keys/cmk/").status == 403


def test_endpoint_types_name_key_vault(clients: Clients) -> None:
    network = clients.management(NetworkManagementClient)
    offered = {one.resource_name for one in network.available_private_endpoint_types.list("westeurope")}
    assert "Microsoft.KeyVault/vaults" in offered


def test_provider_registers_after_a_while(estate: Estate, clients: Clients) -> None:
    providers = clients.management(ResourceManagementClient).providers
    estate.world.arm.set_provider(estate.subscription, "Microsoft.Network", "NotRegistered")
    assert providers.register("Microsoft.Network").registration_state == "Registering"
    estate.wait(61)
    assert providers.get("microsoft.network").registration_state == "Registered"


def test_resource_group_shows_its_tags(clients: Clients) -> None:
    groups = clients.management(ResourceManagementClient).resource_groups
    assert groups.get("KEYS").tags == {"purpose": "cmk"}
    assert groups.create_or_update("more", {"location": "westeurope", "tags": {"a": "b"}}).name == "more"
    assert {one.name for one in groups.list()} == {"Keys", "more"}


def test_a_generic_client_reads_a_vault_with_the_version_its_provider_announces(clients: Clients) -> None:
    client = clients.management(ResourceManagementClient)
    types = client.providers.get("Microsoft.KeyVault").resource_types
    version = next(one.api_versions[0] for one in types if one.resource_type == "vaults")
    vault = client.resources.get("Keys", "Microsoft.KeyVault", "", "vaults", "acme-kv", api_version=version)
    assert (vault.name, vault.type) == ("acme-kv", "Microsoft.KeyVault/vaults")


def test_role_is_listed_at_once_and_enforced_later(estate: Estate, clients: Clients) -> None:
    assignments = clients.management(AuthorizationManagementClient).role_assignments
    worker = estate.person("worker")
    role = f"/subscriptions/{estate.subscription}/providers/Microsoft.Authorization/roleDefinitions/{CRYPTO_USER}"
    name = "5f4b7c3e-0a3a-4c8e-9d0f-7b1f6f1c2d3e"
    wanted = {"properties": {"roleDefinitionId": role, "principalId": worker.principal_id}}
    assignments.create(estate.vault.id, name, wanted)
    listed = list(assignments.list_for_scope(estate.vault.id, filter=f"principalId eq '{worker.principal_id}'"))
    assert [one.name for one in listed] == [name]
    assert estate.keys("GET", "/keys/cmk/", who=worker).body["error"]["innererror"]["code"] == "ForbiddenByRbac"
    estate.wait(121)
    assert estate.keys("GET", "/keys/cmk/", who=worker).status == 200
    assignments.delete(estate.vault.id, name)
    assert estate.keys("GET", "/keys/cmk/", who=worker).status == 200
    estate.wait(121)
    assert estate.keys("GET", "/keys/cmk/", who=worker).status == 403


def test_role_definition_is_found_by_name(estate: Estate, clients: Clients) -> None:
    definitions = clients.management(AuthorizationManagementClient).role_definitions
    found = list(definitions.list(estate.vault.id, filter="roleName eq 'Key Vault Crypto User'"))
    assert [one.name for one in found] == [CRYPTO_USER]


def test_keys_live_their_life(clients: Clients) -> None:
    keys = clients.keys()
    made = keys.create_rsa_key("second", size=2048)
    rotated = keys.rotate_key("second")
    assert keys.get_key("second").properties.version == rotated.properties.version != made.properties.version
    assert len(list(keys.list_properties_of_key_versions("second"))) == 2
    assert [one.name for one in keys.list_properties_of_keys()] == ["cmk", "second"]
    keys.begin_delete_key("second").wait()
    with pytest.raises(ResourceNotFoundError):
        keys.get_key("second")
    keys.begin_recover_deleted_key("second").wait()
    assert keys.get_key("second").properties.version == rotated.properties.version
    keys.begin_delete_key("second").wait()
    keys.purge_deleted_key("second")
    assert list(keys.list_deleted_keys()) == []


def test_wrapped_bytes_come_back(clients: Clients) -> None:
    key = clients.keys().get_key("cmk")
    crypto = clients.crypto(key)
    wrapped = crypto.wrap_key(KeyWrapAlgorithm.rsa_oaep_256, b"data key").encrypted_key
    assert crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped).key == b"data key"
    sealed = crypto.encrypt(EncryptionAlgorithm.rsa_oaep, b"more").ciphertext
    assert crypto.decrypt(EncryptionAlgorithm.rsa_oaep, sealed).plaintext == b"more"


def test_disabled_key_does_not_unwrap_until_enabled_again(clients: Clients) -> None:
    keys = clients.keys()
    crypto = clients.crypto(keys.get_key("cmk"))
    wrapped = crypto.wrap_key(KeyWrapAlgorithm.rsa_oaep, b"data key").encrypted_key
    keys.update_key_properties("cmk", enabled=False)
    with pytest.raises(HttpResponseError) as caught:
        crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep, wrapped)
    assert caught.value.status_code == 403
    assert "disabled key" in caught.value.message
    keys.update_key_properties("cmk", enabled=True)
    assert crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep, wrapped).key == b"data key"


def test_rotation_policy_rotates(estate: Estate, clients: Clients) -> None:
    keys = clients.keys()
    rule = KeyRotationLifetimeAction(KeyRotationPolicyAction.rotate, time_after_create="P30D")
    keys.update_key_rotation_policy("cmk", KeyRotationPolicy(lifetime_actions=[rule]), expires_in="P90D")
    estate.wait(30 * 86_400)
    key = keys.get_key("cmk")
    assert key.properties.version != estate.key.version
    assert key.properties.expires_on is not None
    assert keys.get_key_rotation_policy("cmk").expires_in == "P90D"


def test_outage_is_a_time_out_not_an_answer(estate: Estate, clients: Clients) -> None:
    estate.world.knobs.vault_outage = True
    with pytest.raises(ServiceRequestTimeoutError):
        clients.open(KeyClient, KEYS, estate.owner, retry_total=0).get_key("cmk")
