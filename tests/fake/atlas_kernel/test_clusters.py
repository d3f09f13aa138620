"""Clusters: who may use the customer's key, where nodes may start, pausing, and changes in flight."""

from __future__ import annotations

import pytest

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas.state import (
    Cluster,
    ClusterRequest,
    EncryptionChange,
    NodeSpec,
    OtherChange,
    Placement,
    Shard,
)
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.refusal import AtlasRefusal
from tests.fake.atlas_kernel.customer import EU, US, Customer, build, multi_cloud_request, request


@pytest.fixture
def public(customer: Customer) -> Customer:
    customer.enable()
    return customer


@pytest.fixture
def linked(private: Customer) -> Customer:
    private.endpoint(status="ACTIVE")
    return private


def create(customer: Customer, wanted: ClusterRequest) -> Cluster:
    return customer.atlas.clusters.create(customer.project_id, wanted)


def on(provider: str, size: str, key: str = "AZURE") -> ClusterRequest:
    region = US if provider in ("AZURE", "TENANT") else "US_EAST_1"
    placement = Placement(provider, region, electable=NodeSpec(size, 3))
    return ClusterRequest("one", (Shard((placement,)),), key_provider=key)


def refusal_of(customer: Customer, wanted: ClusterRequest) -> str:
    """Code of a refused creation, after which there is no cluster."""
    with pytest.raises(AtlasRefusal) as caught:
        create(customer, wanted)
    assert customer.atlas.clusters.of_project(customer.project_id) == []
    return caught.value.code


def test_a_cluster_is_created_and_then_idle(public: Customer) -> None:
    cluster = create(public, request())
    public.wait(public.world.knobs.cluster_create_s - 1)
    before = cluster.state_name
    public.wait(1)
    assert (before, cluster.state_name, cluster.key_provider) == ("CREATING", "IDLE", "AZURE")


def test_the_project_comes_first(customer: Customer) -> None:
    assert refusal_of(customer, request()) == "ENCRYPTION_AT_REST_NOT_ENABLED"
    assert create(customer, request(key="NONE")).key_provider == "NONE"


@pytest.mark.parametrize("size", ["M0", "M2", "M5"])
def test_the_smallest_tiers_have_no_customer_key(public: Customer, size: str) -> None:
    assert refusal_of(public, on("TENANT", size)) == "CANNOT_USE_ENCRYPTION_AT_REST_TENANT"
    assert create(public, on("TENANT", size, "NONE")).kind == "tenant"


def test_an_unknown_key_provider_is_refused(public: Customer) -> None:
    assert refusal_of(public, request(key="OTHER")) == "INVALID_ENCRYPTION_AT_REST_PROVIDER"


def test_an_unknown_region_is_refused(public: Customer) -> None:
    assert refusal_of(public, request(regions=("MIDDLE_EARTH_1",))) == "INVALID_REGION"


def test_a_paused_cluster_cannot_be_created(public: Customer) -> None:
    assert refusal_of(public, request(paused=True)) == "CANNOT_CREATE_PAUSED_CLUSTER"


def test_a_name_is_used_once(public: Customer) -> None:
    create(public, request())
    with pytest.raises(AtlasRefusal, match="DUPLICATE_CLUSTER_NAME"):
        create(public, request())


def test_nodes_on_aws_use_the_azure_key_publicly_but_not_privately(customer: Customer) -> None:
    customer.enable(private=True)
    assert refusal_of(customer, on("AWS", "M30")) == "ENCRYPTION_AT_REST_PROVIDER_NOT_SUPPORTED"
    customer.change(require_private_networking=False)
    assert create(customer, on("AWS", "M30")).key_provider == "AZURE"


@pytest.mark.parametrize(("answer", "allowed"), [("no", True), ("yes", False)])
def test_backups_with_a_customer_key_follow_their_reading(answer: str, allowed: bool) -> None:
    customer = build(readings=Readings(cmk_forbids_backup=answer))
    customer.enable()
    if allowed:
        assert create(customer, request(backup=True)).backup
    else:
        assert refusal_of(customer, request(backup=True)) == codes.BACKUP_NOT_SUPPORTED


def test_new_clusters_start_only_where_an_approved_endpoint_is(linked: Customer) -> None:
    assert refusal_of(linked, request(regions=(EU,))) == codes.REGION_NOT_COVERED
    assert refusal_of(linked, request(regions=(US, EU))) == codes.REGION_NOT_COVERED
    assert create(linked, request(regions=(US,))).private_regions == {US}


def test_an_endpoint_that_waits_for_approval_opens_no_region(linked: Customer) -> None:
    linked.endpoint(EU, "PENDING_ACCEPTANCE")
    assert refusal_of(linked, request(regions=(EU,))) == codes.REGION_NOT_COVERED


@pytest.mark.parametrize(("answer", "bound"), [("active_endpoint", False), ("any_endpoint", True)])
def test_from_when_regions_bind_follows_its_reading(answer: str, bound: bool) -> None:
    customer = build(readings=Readings(region_gate=answer))
    customer.enable(private=True)
    customer.endpoint(US, "PENDING_ACCEPTANCE")
    if bound:
        assert refusal_of(customer, request(regions=(US,))) == codes.REGION_NOT_COVERED
    else:
        assert create(customer, request(regions=(US,))).private_regions == set()


def test_a_lost_endpoint_keeps_its_region_closed(linked: Customer) -> None:
    linked.reject(linked.endpoints()[0])
    assert refusal_of(linked, request(regions=(US,))) == codes.REGION_NOT_COVERED


def test_clusters_grow_only_where_an_approved_endpoint_is(linked: Customer) -> None:
    cluster = linked.cluster()
    before = cluster.shards
    with pytest.raises(AtlasRefusal, match=codes.REGION_NOT_COVERED):
        linked.update(cluster, shards=request(regions=(US, EU)).shards)
    unchanged = cluster.shards == before
    linked.endpoint(EU, "ACTIVE")
    linked.update(cluster, shards=request(regions=(US, EU)).shards)
    assert unchanged
    assert {p.region for p in cluster.placements} == {US, EU}


def test_a_cluster_outside_the_covered_regions_cannot_be_switched_to_the_key(linked: Customer) -> None:
    cluster = linked.cluster(regions=(EU,), key="NONE")
    with pytest.raises(AtlasRefusal, match=codes.REGION_NOT_COVERED):
        linked.update(cluster, key_provider="AZURE")
    assert cluster.key_provider == "NONE"


def test_switching_to_the_key_shows_at_once_and_takes_an_initial_sync(public: Customer) -> None:
    cluster = public.cluster(key="NONE")
    public.update(cluster, key_provider="AZURE")
    during = (cluster.state_name, cluster.key_provider)
    public.wait(public.world.knobs.cluster_update_s)
    assert (during, cluster.state_name) == (("UPDATING", "AZURE"), "IDLE")
    assert cluster.key_identifier == public.key


def test_leaving_the_key_keeps_it_in_use_until_the_data_is_decrypted(public: Customer) -> None:
    cluster = public.cluster()
    public.update(cluster, key_provider="NONE")
    during = cluster.key_identifier
    public.wait(public.world.knobs.cluster_update_s)
    assert (during, cluster.key_identifier, cluster.master_key_id) == (public.key, "", "")


def test_leaving_the_key_needs_the_key(public: Customer) -> None:
    cluster = public.cluster()
    public.set_key(enabled=False)
    public.wait(900)
    with pytest.raises(AtlasRefusal, match="ENCRYPTION_AT_REST_SETTINGS_INVALID"):
        public.update(cluster, key_provider="NONE")
    assert cluster.key_provider == "AZURE"


def test_the_provider_cannot_be_changed_directly(public: Customer) -> None:
    aws = EncryptionChange(aws=OtherChange(enabled=True))
    public.atlas.encryption.update(public.project_id, aws)
    cluster = public.cluster()
    with pytest.raises(AtlasRefusal, match="CANNOT_CHANGE_ENCRYPTION_AT_REST_PROVIDER"):
        public.update(cluster, key_provider="AWS")
    public.update(cluster, key_provider="NONE")
    assert public.update(cluster, key_provider="AWS").key_provider == "AWS"


def test_a_change_that_changes_nothing_leaves_the_cluster_idle(public: Customer) -> None:
    cluster = public.cluster()
    assert public.update(cluster, key_provider="AZURE", shards=request().shards).state_name == "IDLE"


def test_a_second_change_prolongs_the_first(public: Customer) -> None:
    cluster = public.cluster()
    public.update(cluster, backup=True)
    public.wait(public.world.knobs.cluster_update_s - 1)
    public.update(cluster, backup=False)
    public.wait(public.world.knobs.cluster_update_s - 1)
    during = cluster.state_name
    public.wait(1)
    assert (during, cluster.state_name) == ("UPDATING", "IDLE")


def test_a_stopped_cluster_takes_changes_and_carries_them_out_once_the_key_is_back(public: Customer) -> None:
    cluster = public.cluster()
    public.set_key(enabled=False)
    public.wait(900)
    larger = (Shard((Placement("AZURE", US, electable=NodeSpec("M40", 3)),)),)
    public.update(cluster, shards=larger)
    public.wait(86_400)
    during = (cluster.halted, cluster.state_name)
    public.set_key(enabled=True)
    public.wait(900 + public.world.knobs.cluster_update_s)
    assert (during, cluster.halted, cluster.state_name) == (("key", "UPDATING"), "", "IDLE")


def test_a_stopped_cluster_cannot_be_resumed_by_its_owner(public: Customer) -> None:
    cluster = public.cluster()
    public.set_key(enabled=False)
    public.wait(900)
    with pytest.raises(AtlasRefusal, match="ENCRYPTION_AT_REST_SETTINGS_INVALID"):
        public.update(cluster, paused=False)
    with pytest.raises(AtlasRefusal, match="CLUSTER_ALREADY_PAUSED"):
        public.update(cluster, paused=True)
    assert cluster.halted == "key"


def test_a_paused_cluster_refuses_changes(public: Customer) -> None:
    cluster = public.cluster(key="NONE")
    public.update(cluster, paused=True)
    for change, code in (
        ({"key_provider": "AZURE"}, "CANNOT_UPDATE_PAUSED_CLUSTER"),
        ({"key_provider": "AZURE", "paused": False}, "CANNOT_UPDATE_AND_PAUSE_CLUSTER"),
        ({"paused": True}, "CLUSTER_ALREADY_PAUSED"),
    ):
        with pytest.raises(AtlasRefusal, match=code):
            public.update(cluster, **change)
    assert (cluster.paused, cluster.key_provider) == (True, "NONE")


def test_a_resumed_cluster_cannot_be_paused_for_an_hour(public: Customer) -> None:
    cluster = public.cluster()
    public.update(cluster, paused=True)
    public.update(cluster, paused=False)
    public.wait(3599)
    with pytest.raises(AtlasRefusal, match="CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER"):
        public.update(cluster, paused=True)
    public.wait(1)
    assert public.update(cluster, paused=True).paused


def test_a_cluster_being_changed_cannot_be_paused(public: Customer) -> None:
    cluster = public.cluster()
    public.update(cluster, backup=True)
    with pytest.raises(AtlasRefusal, match="CANNOT_PAUSE_CLUSTER_WITH_PENDING_CHANGES"):
        public.update(cluster, paused=True)
    with pytest.raises(AtlasRefusal, match="CANNOT_UPDATE_AND_PAUSE_CLUSTER"):
        public.update(cluster, paused=True, backup=False)


def test_a_paused_cluster_is_resumed_after_thirty_days(public: Customer) -> None:
    cluster = public.cluster()
    public.update(cluster, paused=True)
    public.wait(30 * 86_400 - 1)
    before = cluster.paused
    public.wait(1)
    assert (before, cluster.paused) == (True, False)


def test_a_cluster_resumed_without_its_key_does_not_start(public: Customer) -> None:
    cluster = public.cluster()
    public.update(cluster, paused=True)
    public.set_key(enabled=False)
    public.update(cluster, paused=False)
    assert cluster.halted == "key"


def test_a_deleted_cluster_is_gone_after_a_while(public: Customer) -> None:
    cluster = public.cluster()
    public.atlas.clusters.delete(public.project_id, cluster.name)
    public.atlas.clusters.delete(public.project_id, cluster.name)
    with pytest.raises(AtlasRefusal, match="CLUSTER_ALREADY_REQUESTED_DELETION"):
        public.update(cluster, backup=True)
    during = cluster.state_name
    public.wait(public.world.knobs.cluster_delete_s)
    assert during == "DELETING"
    with pytest.raises(AtlasRefusal, match="CLUSTER_NOT_FOUND"):
        public.atlas.clusters.get(public.project_id, cluster.name)


def test_termination_protection_holds_until_it_is_lifted(public: Customer) -> None:
    cluster = public.cluster()
    public.update(cluster, termination_protection=True)
    with pytest.raises(AtlasRefusal, match="TERMINATION_PROTECTION"):
        public.atlas.clusters.delete(public.project_id, cluster.name)
    public.update(cluster, termination_protection=False)
    public.atlas.clusters.delete(public.project_id, cluster.name)
    assert cluster.state_name == "DELETING"


def test_flex_and_dedicated_clusters_have_their_own_doors(public: Customer) -> None:
    public.atlas.clusters.create_flex(public.project_id, "flexible", "AZURE", US)
    public.cluster()
    with pytest.raises(AtlasRefusal, match="CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API"):
        public.atlas.clusters.get(public.project_id, "flexible")
    with pytest.raises(AtlasRefusal, match="CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API"):
        public.atlas.clusters.get_flex(public.project_id, "payments")
    assert [c.name for c in public.atlas.clusters.of_project(public.project_id)] == ["payments"]
    assert [c.name for c in public.atlas.clusters.flex_of_project(public.project_id)] == ["flexible"]


def test_a_stopped_multi_cloud_cluster_stays_stopped_while_the_key_is_fine(public: Customer) -> None:
    cluster = create(public, multi_cloud_request())
    public.wait(1000)
    public.change(require_private_networking=True)
    public.wait(86_400)
    assert (cluster.halted, public.azure.valid) == ("multi_cloud", True)


def test_search_nodes_follow_the_project_and_leave_with_the_key(public: Customer) -> None:
    search = public.atlas.search_nodes
    cluster = public.cluster()
    search.create(public.project_id, cluster.name, "S20_HIGHCPU_NVME", 2)
    without = search.key_provider(public.project_id, cluster.name)
    public.atlas.encryption.update(public.project_id, EncryptionChange(search_nodes=True))
    public.wait(public.world.knobs.cluster_update_s)
    public.set_key(enabled=False)
    public.wait(900)
    gone = search.get(public.project_id, cluster.name)
    public.set_key(enabled=True)
    public.wait(900)
    back = search.get(public.project_id, cluster.name)
    assert (without, search.key_provider(public.project_id, cluster.name), gone) == ("NONE", "AZURE", None)
    assert back is not None
    assert back.count == 2


@pytest.mark.parametrize(("before", "after"), [("AZURE", "NONE"), ("NONE", "AZURE")])
def test_search_indexes_are_rebuilt_when_the_key_changes(public: Customer, before: str, after: str) -> None:
    cluster, update_s = public.cluster(key=before), public.world.knobs.cluster_update_s
    deployment = public.atlas.search_nodes.create(public.project_id, cluster.name, "S20_HIGHCPU_NVME", 2)
    public.wait(update_s / 2)
    public.update(cluster, key_provider=after)
    public.wait(update_s / 2 + 1)
    still = deployment.state_name
    public.wait(update_s / 2)
    assert (still, deployment.state_name) == ("UPDATING", "IDLE")
    public.update(cluster, backup=True)
    assert deployment.state_name == "IDLE"


def test_search_nodes_exist_once_per_cluster(public: Customer) -> None:
    search = public.atlas.search_nodes
    cluster = public.cluster()
    with pytest.raises(AtlasRefusal, match=codes.SEARCH_DEPLOYMENT_NOT_FOUND):
        search.delete(public.project_id, cluster.name)
    search.create(public.project_id, cluster.name, "S20_HIGHCPU_NVME", 2)
    with pytest.raises(AtlasRefusal, match=codes.SEARCH_DEPLOYMENT_EXISTS):
        search.create(public.project_id, cluster.name, "S20_HIGHCPU_NVME", 2)
    assert search.update(public.project_id, cluster.name, "S30_HIGHCPU_NVME", 3).count == 3
    search.delete(public.project_id, cluster.name)
    assert search.get(public.project_id, cluster.name) is None


def test_a_cluster_outside_the_covered_regions_may_change_what_adds_no_nodes(public: Customer) -> None:
    cluster = public.cluster(regions=(EU,))
    public.change(require_private_networking=True)
    public.endpoint(US, "ACTIVE")
    public.update(cluster, backup=True)
    more = (Shard((Placement("AZURE", EU, electable=NodeSpec("M30", 5)),)),)
    with pytest.raises(AtlasRefusal, match=codes.REGION_NOT_COVERED):
        public.update(cluster, shards=more)
    assert (cluster.backup, len(cluster.placements)) == (True, 1)


def test_no_cluster_is_encrypted_with_a_key_that_is_known_to_be_invalid(public: Customer) -> None:
    public.set_key(enabled=False)
    public.atlas.encryption.read(public.project_id)
    assert refusal_of(public, request()) == "ENCRYPTION_AT_REST_SETTINGS_INVALID"
    assert create(public, request(key="NONE")).key_provider == "NONE"


def test_the_thirty_days_of_a_pause_count_from_that_pause(public: Customer) -> None:
    cluster = public.cluster()
    public.update(cluster, paused=True)
    public.update(cluster, paused=False)
    public.wait(3600)
    public.update(cluster, paused=True)
    public.wait(30 * 86_400 - 3600)
    before = cluster.paused
    public.wait(3600)
    assert (before, cluster.paused) == (True, False)
