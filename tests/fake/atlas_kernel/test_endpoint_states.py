"""Private endpoints: the transitions T1 to T15 of atlas.md 2.1, and what must not happen."""

from __future__ import annotations

import pytest

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.knobs import Knobs
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.refusal import AtlasRefusal
from tests.fake.atlas_kernel.customer import EU, US, Customer, build

DELETE_BLOCKED = "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING"


def private_with(**readings: str) -> Customer:
    customer = build(readings=Readings(**readings))
    customer.enable(private=True)
    return customer


def test_t1_a_new_endpoint_is_initiating_without_a_connection(private: Customer) -> None:
    endpoint = private.endpoint()
    assert (endpoint.status, endpoint.connection_name, endpoint.error_message) == ("INITIATING", None, None)


def test_t2_it_waits_for_acceptance_and_names_a_pending_connection_on_the_vault(private: Customer) -> None:
    endpoint = private.endpoint(status="PENDING_ACCEPTANCE")
    connection = private.connection(endpoint)
    assert endpoint.connection_name == connection.name
    assert connection.status == "Pending"


def test_t2_happens_exactly_when_the_delay_has_passed(private: Customer) -> None:
    endpoint = private.endpoint()
    private.wait(private.world.knobs.initiating_delay_s - 1)
    before = endpoint.status
    private.wait(1)
    assert (before, endpoint.status) == ("INITIATING", "PENDING_ACCEPTANCE")


def test_the_endpoint_lives_in_a_subscription_of_atlas_and_not_of_the_customer(private: Customer) -> None:
    endpoint = private.endpoint()
    assert private.vault.subscription_id not in endpoint.private_endpoint_id
    assert endpoint.id in endpoint.private_endpoint_id


def test_t4_a_failed_creation_explains_itself(private: Customer) -> None:
    endpoint = private.endpoint(status="FAILED")
    assert (endpoint.status, endpoint.error_message) == ("FAILED", "no capacity")


def test_t4_an_unregistered_network_provider_fails_the_creation(private: Customer) -> None:
    private.world.arm.set_provider(private.vault.subscription_id, "Microsoft.Network", "NotRegistered")
    endpoint = private.endpoint()
    private.wait(private.world.knobs.initiating_delay_s)
    assert endpoint.status == "FAILED"
    assert "Microsoft.Network" in str(endpoint.error_message)


def test_a_stuck_creation_stays_until_it_is_freed(private: Customer) -> None:
    private.world.knobs.stuck_initiating = True
    endpoint = private.endpoint()
    private.wait(86_400)
    stuck = endpoint.status
    private.world.knobs.stuck_initiating = False
    private.wait(private.world.knobs.initiating_delay_s)
    assert (stuck, endpoint.status) == ("INITIATING", "PENDING_ACCEPTANCE")


def test_t5_approval_makes_it_active_within_three_minutes(private: Customer) -> None:
    endpoint = private.endpoint(status="PENDING_ACCEPTANCE")
    private.world.arm.set_connection_status(private.vault, private.connection(endpoint).name, "Approved", "")
    private.wait(180)
    assert endpoint.status == "ACTIVE"


def test_t5_without_approval_it_waits_for_ever(private: Customer) -> None:
    endpoint = private.endpoint(status="PENDING_ACCEPTANCE")
    private.wait(30 * 86_400)
    assert endpoint.status == "PENDING_ACCEPTANCE"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("stays", ["PENDING_ACCEPTANCE"]),
        ("fails", ["FAILED"]),
        ("recreates", ["PENDING_RECREATION", "INITIATING"]),
    ],
)
@pytest.mark.parametrize("way", ["removed", "rejected"])
def test_t6_a_connection_lost_before_approval_follows_its_reading(way: str, answer: str, expected: list[str]) -> None:
    customer = private_with(**{f"{way}_while_pending": answer})
    endpoint = customer.endpoint(status="PENDING_ACCEPTANCE")
    (customer.remove if way == "removed" else customer.reject)(endpoint)
    assert customer.statuses() == expected


@pytest.mark.parametrize("way", ["remove", "reject"])
def test_t7_a_lost_active_endpoint_is_recreated_beside_the_old_record(private: Customer, way: str) -> None:
    endpoint = private.endpoint(status="ACTIVE")
    getattr(private, way)(endpoint)
    old, new = private.endpoints()
    assert (old.id, old.status, new.status) == (endpoint.id, "PENDING_RECREATION", "INITIATING")
    assert new.id != old.id
    assert new.region == old.region == US


def test_t8_the_replacement_never_approves_itself(private: Customer) -> None:
    private.endpoint(status="PENDING_RECREATION")
    private.wait(86_400)
    assert private.statuses() == ["PENDING_RECREATION", "PENDING_ACCEPTANCE"]


def test_t9_the_old_record_goes_once_the_replacement_is_active(private: Customer) -> None:
    private.endpoint(status="PENDING_RECREATION")
    private.wait(private.world.knobs.initiating_delay_s)
    private.approve(private.endpoints()[1])
    beside = private.statuses()
    private.wait(private.world.knobs.recreation_cleanup_delay_s)
    assert (beside, private.statuses()) == (["PENDING_RECREATION", "ACTIVE"], ["ACTIVE"])


def test_t9_by_the_other_reading_the_old_record_goes_when_the_replacement_waits() -> None:
    customer = private_with(old_record_leaves_when="replacement_pending")
    customer.endpoint(status="PENDING_RECREATION")
    customer.wait(customer.world.knobs.initiating_delay_s + customer.world.knobs.recreation_cleanup_delay_s)
    assert customer.statuses() == ["PENDING_ACCEPTANCE"]


def test_a_link_that_is_lost_twice_is_replaced_twice(private: Customer) -> None:
    endpoint = private.endpoint(status="ACTIVE")
    seen = {endpoint.id}
    for way in (private.reject, private.remove):
        way(endpoint)
        private.wait(private.world.knobs.initiating_delay_s)
        endpoint = private.endpoints()[-1]
        private.approve(endpoint)
        private.wait(private.world.knobs.recreation_cleanup_delay_s)
        seen.add(endpoint.id)
    assert len(seen) == 3
    assert private.statuses() == ["ACTIVE"]


def test_losing_one_region_leaves_the_other_alone(private: Customer) -> None:
    lost, kept = private.endpoint(US, "ACTIVE"), private.endpoint(EU, "ACTIVE")
    private.reject(lost)
    private.wait(3600)
    assert private.statuses(US) == ["PENDING_RECREATION", "PENDING_ACCEPTANCE"]
    assert private.endpoints(EU) == [kept]
    assert kept.status == "ACTIVE"


def test_approving_the_connection_of_one_region_leaves_the_other_waiting(private: Customer) -> None:
    first, second = private.endpoint(US, "PENDING_ACCEPTANCE"), private.endpoint(EU, "PENDING_ACCEPTANCE")
    private.approve(first)
    private.wait(3600)
    assert (first.status, second.status) == ("ACTIVE", "PENDING_ACCEPTANCE")


@pytest.mark.parametrize("status", ["PENDING_ACCEPTANCE", "ACTIVE", "FAILED", "PENDING_RECREATION"])
def test_t10_t11_deletion_shows_at_once_and_then_the_record_is_gone(private: Customer, status: str) -> None:
    endpoint = private.endpoint(status=status)
    private.delete(endpoint)
    at_once = endpoint.status
    private.wait(private.world.knobs.delete_delay_s)
    assert at_once == "DELETING"
    with pytest.raises(AtlasRefusal, match="RESOURCE_NOT_FOUND"):
        private.atlas.endpoints.get(private.project_id, "AZURE", endpoint.id)


def test_t11_the_connection_leaves_the_vault_with_the_endpoint(private: Customer) -> None:
    endpoint = private.endpoint(status="ACTIVE")
    private.delete(endpoint)
    private.wait(private.world.knobs.delete_delay_s)
    private.wait(3600)
    assert private.vault.connections == {}
    assert private.statuses() == []


def test_t12_a_failed_deletion_explains_itself_and_can_be_repeated(private: Customer) -> None:
    endpoint = private.endpoint(status="ACTIVE")
    private.world.knobs.fail_delete = "still in use"
    private.delete(endpoint)
    private.wait(private.world.knobs.delete_delay_s)
    failed = (endpoint.status, endpoint.error_message)
    private.world.knobs.fail_delete = ""
    private.delete(endpoint)
    private.wait(private.world.knobs.delete_delay_s)
    assert failed == ("FAILED", "still in use")
    assert private.statuses() == []


def test_t13_deletion_is_refused_while_it_is_created_and_names_the_endpoint_in_a_list(private: Customer) -> None:
    endpoint = private.endpoint()
    with pytest.raises(AtlasRefusal) as refused:
        private.delete(endpoint)
    assert (refused.value.code, refused.value.parameters) == (DELETE_BLOCKED, ([endpoint.id],))
    assert endpoint.status == "INITIATING"


def test_t13_is_lifted_by_its_knob() -> None:
    customer = build(knobs=Knobs(delete_blocked_during_initiating=False))
    customer.enable(private=True)
    endpoint = customer.endpoint()
    customer.delete(endpoint)
    customer.wait(3600)
    assert customer.statuses() == []


def test_t14_a_record_being_recreated_is_kept_by_the_other_reading() -> None:
    customer = private_with(delete_while_recreating="refused")
    endpoint = customer.endpoint(status="PENDING_RECREATION")
    with pytest.raises(AtlasRefusal, match=codes.ENDPOINT_BEING_RECREATED):
        customer.delete(endpoint)
    assert endpoint.status == "PENDING_RECREATION"


def test_t15_a_second_deletion_changes_nothing(private: Customer) -> None:
    endpoint = private.endpoint(status="DELETING")
    private.delete(endpoint)
    private.wait(private.world.knobs.delete_delay_s)
    assert private.statuses() == []


def test_t15_by_the_other_reading_a_second_deletion_is_a_conflict() -> None:
    customer = private_with(repeated_delete="conflict")
    endpoint = customer.endpoint(status="DELETING")
    with pytest.raises(AtlasRefusal, match=codes.ENDPOINT_ALREADY_DELETING):
        customer.delete(endpoint)


def test_when_the_replacement_is_deleted_the_old_record_goes_too(private: Customer) -> None:
    private.endpoint(status="PENDING_RECREATION")
    private.wait(private.world.knobs.initiating_delay_s)
    private.delete(private.endpoints()[1])
    private.wait(private.world.knobs.delete_delay_s + private.world.knobs.recreation_cleanup_delay_s)
    assert private.statuses() == []


def test_one_live_endpoint_per_region(private: Customer) -> None:
    private.endpoint(US)
    with pytest.raises(AtlasRefusal, match=codes.DUPLICATE_REGION):
        private.endpoint(US)
    private.endpoint(EU)
    assert private.statuses(US) == private.statuses(EU) == ["INITIATING"]


def test_a_region_is_free_again_while_its_endpoint_is_deleted(private: Customer) -> None:
    private.endpoint(status="DELETING")
    private.endpoint()
    private.wait(private.world.knobs.initiating_delay_s)
    assert private.statuses() == ["PENDING_ACCEPTANCE"]


def test_an_unknown_region_is_refused(private: Customer) -> None:
    with pytest.raises(AtlasRefusal, match="INVALID_REGION"):
        private.endpoint("MIDDLE_EARTH_1")
    assert private.atlas.endpoints.of_project(private.project_id) == []


def test_private_networking_comes_first(customer: Customer) -> None:
    customer.enable()
    with pytest.raises(AtlasRefusal, match=codes.PRIVATE_NETWORKING_NOT_REQUIRED):
        customer.endpoint()
    customer.change(require_private_networking=True)
    assert customer.endpoint().status == "INITIATING"


def test_an_inactive_project_gets_no_endpoint(private: Customer) -> None:
    private.atlas.projects.set_active(private.project_id, False)
    with pytest.raises(AtlasRefusal, match=codes.PROJECT_INACTIVE):
        private.endpoint()
    private.atlas.projects.set_active(private.project_id, True)
    assert private.endpoint().status == "INITIATING"


def test_creation_fails_at_random_only_when_told_to(private: Customer) -> None:
    private.world.knobs.random_500_rate = 1.0
    with pytest.raises(AtlasRefusal, match="UNEXPECTED_ERROR"):
        private.endpoint()
    assert private.statuses() == []
    private.world.knobs.random_500_rate = 0.0
    assert private.endpoint().status == "INITIATING"


def test_endpoints_are_found_in_their_project_and_provider_only(private: Customer) -> None:
    endpoint = private.endpoint()
    elsewhere = private.atlas.projects.create(
        private.atlas.projects.get(private.project_id).organisation_id, "elsewhere"
    )
    for project_id, provider in ((elsewhere.id, "AZURE"), (private.project_id, "AWS")):
        with pytest.raises(AtlasRefusal, match="RESOURCE_NOT_FOUND"):
            private.atlas.endpoints.get(project_id, provider, endpoint.id)
    assert private.atlas.endpoints.get(private.project_id, "AZURE", endpoint.id) is endpoint


def test_the_feed_tells_of_creation_and_deletion(private: Customer) -> None:
    private.endpoint(status="DELETING")
    private.wait(private.world.knobs.delete_delay_s)
    assert len(private.events("PRIVATE_ENDPOINT_CREATED")) == 1
    assert len(private.events("PRIVATE_ENDPOINT_DELETED")) == 1
