"""The documented roles are enough for everything that cmkproof asks of Azure, and nothing in them is idle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from harness.azure import AzureKeyService, ServicePrincipal, VaultPlace
from harness.azure.permissions import OWNED_BY, READ_ALL, TABLE, actions, required
from harness.azure.provisioning import AzureProvisioner
from harness.backends.clocks import VirtualClock
from harness.backends.transport import azure_transport, in_process
from harness.errors import Refused
from harness.fake.estate import CRYPTO_USER, CUSTODIAN_ADDRESS, LOCATION, Estate
from harness.fake.faces.app import Application
from harness.fake.kernel.arm import Vault
from harness.fake.kernel.world import World
from harness.model.resource import ATLAS_APPLICATION
from tests.azure.least_privilege import GROUP_ROLE, SUBSCRIPTION_ROLE, Asked, Eavesdropper, furnish_least

ENDPOINT = (
    "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/a/providers/Microsoft.Network/"
    "privateEndpoints/e"
)


@dataclass
class Scene:
    """A world in which the custodian holds the documented roles, less some actions."""

    world: World
    estate: Estate
    clock: VirtualClock
    service: AzureKeyService
    provisioner: AzureProvisioner
    eavesdropper: Eavesdropper
    vault: Vault
    link: str
    version: str


def scene(*without: str) -> Scene:
    world = World(5)
    estate = furnish_least(world, without)
    clock = VirtualClock(world.now)
    eavesdropper = Eavesdropper(Application(world, lambda: clock.now()))
    ways = in_process(eavesdropper, clock, lambda _: None, remote_address=CUSTODIAN_ADDRESS)
    place = VaultPlace(estate.subscription_id, estate.resource_group, estate.vault, LOCATION, estate.subnet_id)
    who = ServicePrincipal(estate.tenant_id, estate.custodian.client_id, estate.custodian.secret)

    def transport() -> Any:
        return azure_transport(ways.adapter, clock, use_environment=False)

    vault = world.arm.vault_named(estate.vault)
    assert vault is not None
    return Scene(
        world,
        estate,
        clock,
        AzureKeyService(place, who, clock, transport),
        AzureProvisioner(place, who, clock, transport),
        eavesdropper,
        vault,
        world.arm.connect(vault, ENDPOINT, "please").name,
        world.key_vault.create_key(vault, "k").version,
    )


def granted(at: Scene) -> str:
    return at.world.arm.assign_role(at.vault.id, CRYPTO_USER, at.estate.custodian.principal_id, settled=True)[0].id


def wrapped(at: Scene) -> bytes:
    return at.service.wrap("k", at.version, b"data key")


def remove_own(at: Scene) -> None:
    group = at.world.arm.resource_group(at.estate.subscription_id, at.estate.resource_group)
    at.world.arm.create_endpoint(group, "own", LOCATION, at.estate.subnet_id, at.vault.id, "own", manual=False)
    at.clock.sleep(60)
    at.service.remove_own_endpoint("own")


def recover(at: Scene) -> None:
    at.world.key_vault.delete(at.vault, "k")
    at.clock.sleep(10)
    at.service.recover_key("k")


def delete_made_application(at: Scene) -> None:
    at.provisioner.create_application("cmkproof-x")
    at.provisioner.delete_application_named("cmkproof-x")


def delete_made_principal(at: Scene) -> None:
    at.provisioner.create_service_principal(ATLAS_APPLICATION)
    at.provisioner.delete_service_principal(ATLAS_APPLICATION)


def withdraw_issued_secret(at: Scene) -> None:
    directory, client_id = at.service.directory, at.estate.atlas.client_id
    issued = directory.issue_secret(client_id, 600.0, "made")
    assert issued.text not in repr(issued)
    directory.withdraw_secret(client_id, issued.id)
    directory.withdraw_secret(client_id, issued.id)
    assert issued.id not in [one.id for one in at.service.audit.application_secrets(client_id)]


def disable_and_enable_principal(at: Scene) -> None:
    directory, principal_id = at.service.directory, at.estate.atlas.principal_id
    for enabled in (False, True):
        directory.enable(principal_id, enabled=enabled)
        assert directory.is_enabled(principal_id) is enabled


OPERATIONS: dict[str, Callable[[Scene], object]] = {
    "read provider": lambda at: at.service.provider_state("Microsoft.Network"),
    "register vaults": lambda at: at.service.register_provider("Microsoft.KeyVault"),
    "register networks": lambda at: at.service.register_provider("Microsoft.Network"),
    "read vault": lambda at: at.service.vault(),
    "close vault": lambda at: at.service.set_public_access(enabled=False),
    "set rules": lambda at: at.service.set_network_rules("Deny", ["203.0.113.0/24"]),
    "list connections": lambda at: at.service.connections(),
    "approve": lambda at: at.service.approve_connection(at.link, "yes"),
    "reject": lambda at: at.service.reject_connection(at.link, "no"),
    "remove connection": lambda at: at.service.remove_connection(at.link),
    "offers": lambda at: at.service.offers_vault_endpoints(LOCATION),
    "create own endpoint": lambda at: at.service.create_own_endpoint("own"),
    "remove own endpoint": remove_own,
    "create key": lambda at: at.service.create_key("new"),
    "read key": lambda at: at.service.key("k"),
    "rotate": lambda at: at.service.rotate_key("k"),
    "disable": lambda at: at.service.set_key_enabled("k", at.version, enabled=False),
    "date": lambda at: at.service.set_key_validity("k", at.version, not_before=None, expires=datetime.now(UTC)),
    "delete key": lambda at: at.service.delete_key("k"),
    "recover": recover,
    "unwrap": lambda at: at.service.unwrap("k", at.version, wrapped(at)),
    "list grants": lambda at: at.service.role_grants(at.estate.atlas.principal_id),
    "grant": lambda at: at.service.grant_role(at.estate.custodian.principal_id, CRYPTO_USER),
    "revoke": lambda at: at.service.revoke_role(granted(at)),
    "roles": lambda at: at.service.audit.role_holdings(),
    "diagnostics": lambda at: at.service.audit.diagnostic_settings(),
    "defender": lambda at: at.service.audit.defender_is_on(),
    "key versions": lambda at: at.service.audit.key_versions("k"),
    "key material": lambda at: at.service.audit.key_material("k", ""),
    "rotation policy": lambda at: at.service.audit.rotation_policy("k"),
    "application secrets": lambda at: at.service.audit.application_secrets(at.estate.atlas.client_id),
    "open to policies": lambda at: at.service.set_access(rbac=False, policies=[]),
    "define role": lambda at: at.service.define_role("own", ["Microsoft.KeyVault/vaults/read"], []),
    "remove role": lambda at: at.service.remove_role(),
    "permissions": lambda at: at.provisioner.permissions(at.vault.id.partition("/providers/")[0]),
    "tags": lambda at: at.provisioner.resource_group_tags(),
    "lease": lambda at: at.provisioner.set_resource_group_tags({"cmkproof": "sandbox"}),
    "create vault": lambda at: at.provisioner.create_vault("cmkp-x", LOCATION, {}),
    "delete vault": lambda at: at.provisioner.delete_vault(at.vault.name),
    "revive": lambda at: at.provisioner.revive_key("k"),
    "application": delete_made_application,
    "service principal": delete_made_principal,
    "renew secret": lambda at: at.provisioner.renew_secret(at.estate.atlas.client_id),
    "keys named": lambda at: at.provisioner.keys_named("k"),
    "withdraw secret": withdraw_issued_secret,
    "disable principal": disable_and_enable_principal,
}  # fmt: skip
"""Everything that our Azure side can do."""


UNNOTICED = {("delete key", "Microsoft.KeyVault/vaults/keys/read"), ("recover", "Microsoft.KeyVault/vaults/keys/read")}
"""Here the SDK only waits, and takes a refused look for the end of the waiting (its poller's documented choice)."""


@cache
def asked_by(name: str) -> frozenset[Asked]:
    at = scene()
    OPERATIONS[name](at)
    return frozenset(at.eavesdropper.asked)


def needed_by(name: str) -> set[str]:
    return {action for method, _, path in asked_by(name) for action in required(method, path).actions}


NEEDS = [(name, action) for name in OPERATIONS for action in sorted(needed_by(name))]


def test_every_operation_is_possible_with_the_documented_roles_alone() -> None:
    """Building the table of needs performed each of them."""
    assert {name for name, _ in NEEDS} == set(OPERATIONS)


@pytest.mark.parametrize(("name", "action"), [one for one in NEEDS if one not in UNNOTICED])
def test_an_operation_is_refused_when_an_action_that_it_needs_is_taken_out(name: str, action: str) -> None:
    with pytest.raises(Refused) as caught:
        OPERATIONS[name](scene(action))
    assert caught.value.status == 403


def test_no_action_of_the_roles_is_idle() -> None:
    used = {action for _, action in NEEDS} - {OWNED_BY, READ_ALL}
    assert used == {*GROUP_ROLE["Actions"], *GROUP_ROLE["DataActions"], *SUBSCRIPTION_ROLE["Actions"]}


def test_every_row_is_asked_for() -> None:
    asked = [required(method, path) for name in OPERATIONS for method, _, path in asked_by(name)]
    assert [row.what for row in TABLE if row not in asked] == []


def test_the_roles_are_written_down_as_the_table_says() -> None:
    assert tuple(GROUP_ROLE["Actions"]) == actions("control", "resource group")
    assert tuple(GROUP_ROLE["DataActions"]) == actions("data", "resource group")
    assert tuple(SUBSCRIPTION_ROLE["Actions"]) == actions("control", "subscription")
    assert SUBSCRIPTION_ROLE["DataActions"] == list(actions("data", "subscription")) == []
    assert actions("directory", "tenant") == (READ_ALL, OWNED_BY)


@pytest.mark.parametrize("document", [GROUP_ROLE, SUBSCRIPTION_ROLE], ids=["group", "subscription"])
def test_no_role_uses_wildcards_or_exclusions(document: dict[str, Any]) -> None:
    assert not [one for one in (*document["Actions"], *document["DataActions"]) if "*" in one]
    assert (document["NotActions"], document["NotDataActions"], document["IsCustom"]) == ([], [], True)


@pytest.mark.parametrize("path", ["/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/vms/x", "/secrets/x"])
def test_a_request_without_a_row_is_named(path: str) -> None:
    with pytest.raises(LookupError, match=path):
        required("DELETE", f"https://management.azure.com{path}?api-version=1")
