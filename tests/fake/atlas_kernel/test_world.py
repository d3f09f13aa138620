"""The Atlas half as a whole: determinism, copies of the state, projects and addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.fake.kernel.atlas.codes import PLACEHOLDERS
from harness.fake.kernel.atlas.regions import AZURE_REGIONS
from harness.fake.kernel.refusal import AtlasRefusal
from tests.fake.atlas_kernel.customer import EU, US, Customer, build, request


def eventful_life(customer: Customer) -> None:
    """Something of everything."""
    customer.enable(private=True)
    first = customer.endpoint(US, "ACTIVE")
    customer.endpoint(EU, "ACTIVE")
    customer.cluster(regions=(US, EU))
    customer.reject(first)
    customer.wait(3600)
    customer.change(key_identifier=customer.rotate())
    customer.wait(86_400)
    customer.set_key(enabled=False, identifier=customer.azure.key_identifier)
    customer.wait(1800)


def test_the_same_seed_gives_the_same_state() -> None:
    one, two = build(7), build(7)
    eventful_life(one)
    eventful_life(two)
    assert one.world.state == two.world.state


def test_another_seed_gives_other_identifiers() -> None:
    one, two = build(7), build(8)
    assert one.project_id != two.project_id


def test_a_restored_world_lives_the_same_life_again(customer: Customer) -> None:
    customer.enable()
    snapshot = customer.world.snapshot()
    ends = []
    for _ in range(2):
        customer.world.restore(snapshot)
        customer.vault = customer.world.arm.vault_named("acme-kv")  # type: ignore[assignment]
        customer.change(require_private_networking=True)
        customer.endpoint(status="PENDING_RECREATION")
        customer.cluster(key="NONE")
        ends.append(customer.world.snapshot())
    assert ends[0] == ends[1]
    assert ends[0] != snapshot


def test_ninety_idle_days_leave_no_debris(customer: Customer) -> None:
    customer.enable()
    timers = len(customer.world.state.heap.timers)
    customer.wait(89 * 86_400)
    assert len(customer.world.state.heap.timers) == timers
    assert len(customer.world.state.entra.tokens) < 10


def forget_project(customer: Customer) -> None:
    state = customer.world.state.atlas
    del state.encryptions[customer.project_id], state.projects[customer.project_id]
    del state.clusters[customer.project_id], state.endpoints[customer.project_id]


@pytest.mark.parametrize("what", ["project", "cluster", "endpoint", "snapshot"])
def test_timers_of_things_that_are_gone_do_nothing(customer: Customer, what: str) -> None:
    state = customer.world.state.atlas
    customer.enable(private=True)
    customer.endpoint(EU)
    customer.atlas.clusters.create(customer.project_id, request(backup=True))
    customer.wait(customer.world.knobs.cluster_create_s)
    customer.atlas.backups.take(customer.project_id, "payments")
    customer.endpoint(US)
    customer.change(key_identifier=customer.rotate())
    forget: dict[str, Callable[[], None]] = {
        "project": lambda: forget_project(customer),
        "cluster": lambda: state.clusters[customer.project_id].clear(),
        "endpoint": lambda: state.endpoints[customer.project_id].clear(),
        "snapshot": lambda: state.snapshots[customer.project_id].clear(),
    }
    forget[what]()
    customer.wait(7 * 86_400)
    assert customer.world.now > 0


def test_a_project_with_clusters_or_endpoints_cannot_be_closed(customer: Customer) -> None:
    customer.enable(private=True)
    endpoint = customer.endpoint(status="ACTIVE")
    cluster = customer.cluster()
    with pytest.raises(AtlasRefusal, match="CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS"):
        customer.atlas.projects.delete(customer.project_id)
    customer.atlas.clusters.delete(customer.project_id, cluster.name)
    customer.wait(600)
    with pytest.raises(AtlasRefusal, match="ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES"):
        customer.atlas.projects.delete(customer.project_id)
    customer.delete(endpoint)
    customer.wait(600)
    customer.atlas.projects.delete(customer.project_id)
    with pytest.raises(AtlasRefusal, match="GROUP_NOT_FOUND"):
        customer.atlas.projects.get(customer.project_id)
    customer.wait(90 * 86_400)


def test_project_names_are_used_once_in_an_organisation(customer: Customer) -> None:
    projects = customer.atlas.projects
    organisation_id = projects.get(customer.project_id).organisation_id
    with pytest.raises(AtlasRefusal, match="GROUP_ALREADY_EXISTS"):
        projects.create(organisation_id, "production")
    other = projects.add_organisation("Other")
    assert projects.create(other.id, "production").organisation_id == other.id
    with pytest.raises(AtlasRefusal, match="ORG_NOT_FOUND"):
        projects.create("0" * 24, "production")


def test_every_node_has_an_address_of_its_own(customer: Customer) -> None:
    customer.enable()
    customer.cluster("payments", (US, EU))
    customer.cluster("ledger", (US,))
    addresses = customer.atlas.addresses.of_project(customer.project_id)
    assert {name: len(set(found)) for name, found in addresses.items()} == {"payments": 6, "ledger": 3}
    assert not set(addresses["payments"]) & set(addresses["ledger"])


def test_the_tables_are_complete() -> None:
    assert len(AZURE_REGIONS) == 56
    assert all(code.isupper() for code in PLACEHOLDERS)
