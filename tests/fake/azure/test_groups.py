"""Resource groups and subscriptions, through the vendor's own client and bare (azure.md 1.2, 1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.resource.resources import ResourceManagementClient

from tests.fake.azure.conftest import Estate

GROUP = "/subscriptions/{}/resourceGroups/{}"


@pytest.fixture
def groups(estate: Estate) -> Iterator[Any]:
    with ResourceManagementClient(estate.owner, estate.subscription, transport=estate.transport()) as client:
        yield client.resource_groups


def test_a_group_keeps_the_tags_it_was_made_with(groups: Any) -> None:
    made = groups.create_or_update("sandbox", {"location": "eastus2", "tags": {"cmkproof": "sandbox"}})
    assert (made.location, dict(made.tags)) == ("eastus2", {"cmkproof": "sandbox"})
    assert dict(groups.get("SANDBOX").tags) == {"cmkproof": "sandbox"}


def test_an_update_replaces_all_tags(groups: Any) -> None:
    groups.update("Keys", {"tags": {"lease": "mine"}})
    assert dict(groups.get("Keys").tags) == {"lease": "mine"}


def test_existence_is_told_without_a_body(groups: Any) -> None:
    assert groups.check_existence("Keys") is True
    assert groups.check_existence("nobodys") is False


def test_deleting_a_group_takes_vault_network_and_roles_with_it(estate: Estate, groups: Any) -> None:
    before = estate.clock.now
    groups.begin_delete("Keys").result()
    assert estate.clock.now - before >= estate.world.knobs.arm_operation_s
    assert not groups.check_existence("Keys")
    state = estate.world.state.arm
    assert (list(state.vaults), list(state.networks), list(state.private_endpoints)) == ([], [], [])
    assert "acme-kv" in state.deleted_vaults
    assert not [one for one in state.assignments.values() if "/resourceGroups/" in one.scope]


def test_a_group_reads_deleting_until_it_is_gone(estate: Estate, groups: Any) -> None:
    answer = estate.arm("DELETE", GROUP.format(estate.subscription, "Keys"), version="2025-04-01")
    assert (answer.status, answer.headers["retry-after"]) == (202, "15")
    assert groups.get("Keys").properties.provisioning_state == "Deleting"


def test_deleting_a_group_that_does_not_exist_is_refused(groups: Any) -> None:
    with pytest.raises(ResourceNotFoundError):
        groups.begin_delete("nobodys")


def test_a_subscription_names_its_tenant(estate: Estate) -> None:
    answer = estate.arm("GET", f"/subscriptions/{estate.subscription}", version="2022-12-01")
    assert (answer.status, answer.body["tenantId"]) == (200, estate.tenant)
