"""An identifier without a version leads to the latest one, and nodes follow it there (EAR-142)."""

from __future__ import annotations

import pytest

from harness.fake.kernel.atlas.cloud_access import APPLICATION_ID
from harness.fake.kernel.refusal import AtlasRefusal
from tests.fake.atlas_kernel.customer import CRYPTO_USER, READER, Customer, build

FOLLOWED_WITHIN_S = 900.0 + 600.0
"""Until the next scheduled check, and the deployment after it (knobs `validation_interval_s`, `rotation_deploy_s`)."""


@pytest.fixture
def latest() -> Customer:
    """A project that names no version of its key, with a role that may use it."""
    customer = build()
    world = customer.world
    world.atlas.cloud_access.publish_application()
    principal = world.entra.add_service_principal(customer.tenant_id, APPLICATION_ID)
    for role in (READER, CRYPTO_USER):
        world.arm.assign_role(customer.vault.id, role, principal, settled=True)
    role_id = world.atlas.cloud_access.create_azure(customer.project_id, "", customer.tenant_id, principal).id
    base = customer.key.rpartition("/")[0]
    customer.enable(role_id=role_id, client_id=None, tenant_id=None, secret=None, key_identifier=base)
    return customer


def test_nodes_start_with_the_version_that_is_the_latest(latest: Customer) -> None:
    assert latest.cluster().key_identifier == latest.key


def test_nodes_move_to_a_new_version_after_the_next_check_and_its_deployment(latest: Customer) -> None:
    cluster, rotated = latest.cluster(), latest.rotate()
    latest.wait(1)
    assert cluster.key_identifier == latest.key
    latest.wait(FOLLOWED_WITHIN_S)
    assert cluster.key_identifier == rotated
    assert not latest.azure.key_identifier.endswith(rotated.rpartition("/")[2])
    assert len(latest.events("KEY_ROTATED")) == 1


def test_the_old_version_is_needed_until_then(latest: Customer) -> None:
    cluster = latest.cluster()
    latest.rotate()
    latest.set_key(enabled=False)
    latest.wait(FOLLOWED_WITHIN_S)
    assert (cluster.halted, cluster.key_identifier) == ("key", latest.key)


def test_the_reminder_to_rotate_counts_from_the_rotation(latest: Customer) -> None:
    latest.wait(89 * 86_400)
    latest.rotate()
    latest.wait(2 * 86_400)
    assert [kind for kind, _ in latest.open_alerts() if kind.endswith("NEEDS_ROTATION")] == []


def test_a_version_that_is_named_is_kept(latest: Customer) -> None:
    latest.change(key_identifier=latest.key)
    cluster = latest.cluster()
    latest.rotate()
    latest.wait(10 * FOLLOWED_WITHIN_S)
    assert cluster.key_identifier == latest.key


def test_an_unknown_provider_of_keys_is_no_change_of_provider() -> None:
    """A value that nobody knows is refused as such, also for a cluster that uses another provider (EAR-040)."""
    customer = build()
    customer.enable()
    with pytest.raises(AtlasRefusal, match="INVALID_ENCRYPTION_AT_REST_PROVIDER"):
        customer.update(customer.cluster(), key_provider="ORACLE")


@pytest.mark.parametrize(("rbac", "code"), [(True, ""), (False, "NO_PERMISSION_TO_ENCRYPT_DECRYPT")])
def test_who_may_look_the_vault_up_is_asked_of_roles_in_either_model(rbac: bool, code: str) -> None:
    """Without the role of a reader a key is not accepted, whatever may be done with it (EAR-014, EAR-015)."""
    customer = build()
    arm = customer.world.arm
    customer.vault.rbac = rbac
    for one in list(arm.assignments(customer.vault.id)):
        if one.role_id == READER:
            arm.remove_role(one.name)
    customer.wait(customer.world.knobs.role_propagation_s)
    with pytest.raises(AtlasRefusal, match=code or "INVALID_AZURE_API_REQUEST"):
        customer.enable()
