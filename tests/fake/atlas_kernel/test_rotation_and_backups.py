"""Rotation of keys, the age alert, and snapshots that need the key they were taken under."""

from __future__ import annotations

import pytest

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas.feed import NETWORK_DENIED, ROTATION
from harness.fake.kernel.atlas.state import Cluster, Snapshot
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.refusal import AtlasRefusal
from tests.fake.atlas_kernel.customer import Customer, build, request

DAY = 86_400.0


@pytest.fixture
def public(customer: Customer) -> Customer:
    customer.enable()
    return customer


def backed_up(customer: Customer, name: str = "payments", key: str = "AZURE") -> Cluster:
    cluster = customer.atlas.clusters.create(customer.project_id, request(name, key=key, backup=True))
    customer.wait(customer.world.knobs.cluster_create_s)
    return cluster


def snapshot_of(customer: Customer, cluster: Cluster) -> Snapshot:
    snapshot = customer.atlas.backups.take(customer.project_id, cluster.name)
    customer.wait(customer.world.knobs.snapshot_s)
    return snapshot


def restore(customer: Customer, snapshot: Snapshot, target: str) -> None:
    customer.atlas.backups.restore(customer.project_id, snapshot.cluster, snapshot.id, customer.project_id, target)


def test_nodes_follow_a_rotation_after_its_deployment(public: Customer) -> None:
    cluster, new = public.cluster(), public.rotate()
    public.change(key_identifier=new)
    at_once = (public.azure.key_identifier, cluster.key_identifier)
    public.wait(public.world.knobs.rotation_deploy_s)
    assert (at_once, cluster.key_identifier) == ((new, public.key), new)
    assert len(public.events("KEY_ROTATION_STARTED")) == len(public.events("AZURE_ENCRYPTION_KEY_ROTATED")) == 1


def test_the_old_key_is_needed_until_the_new_one_is_deployed(public: Customer) -> None:
    cluster = public.cluster()
    public.change(key_identifier=public.rotate())
    public.set_key(enabled=False)
    public.wait(1800)
    stopped = (cluster.halted, cluster.key_identifier, public.azure.valid)
    public.set_key(enabled=True)
    public.wait(1800)
    assert stopped == ("key", public.key, True)
    assert (cluster.halted, cluster.key_identifier) == ("", public.azure.key_identifier)


def test_the_old_key_is_not_needed_afterwards(public: Customer) -> None:
    cluster = public.cluster()
    public.change(key_identifier=public.rotate())
    public.wait(7200)
    public.set_key(enabled=False)
    public.wait(7200)
    assert (cluster.halted, public.azure.valid) == ("", True)


def test_a_second_rotation_overtakes_the_first(public: Customer) -> None:
    cluster = public.cluster()
    public.change(key_identifier=public.rotate())
    public.wait(1)
    last = public.rotate()
    public.change(key_identifier=last)
    public.wait(7200)
    assert cluster.key_identifier == last
    assert len(public.events("AZURE_ENCRYPTION_KEY_ROTATED")) == 1


def test_atlas_never_follows_a_rotation_by_itself(public: Customer) -> None:
    public.cluster()
    public.rotate()
    public.wait(30 * DAY)
    assert public.azure.key_identifier == public.key


def test_the_age_alert_is_raised_after_ninety_days_and_reset_by_a_rotation(public: Customer) -> None:
    public.wait(90 * DAY - 1)
    before = public.open_alerts()
    public.wait(1)
    raised = public.open_alerts()
    public.change(key_identifier=public.rotate())
    reset = public.open_alerts()
    public.wait(90 * DAY)
    assert (before, raised, reset) == ([], [(ROTATION, None)], [])
    assert public.open_alerts() == [(ROTATION, None)]


def test_a_raised_threshold_postpones_the_age_alert(public: Customer) -> None:
    rule = public.atlas.feed.rule_of(public.project_id, ROTATION)
    assert rule is not None
    created_with = rule.threshold_days
    public.atlas.feed.set_rule(public.project_id, rule.id, threshold_days=400)
    public.world.knobs.validation_interval_s = DAY
    public.wait(399 * DAY)
    before = public.open_alerts()
    public.wait(DAY)
    assert (created_with, before, public.open_alerts()) == (90, [], [(ROTATION, None)])


def test_a_project_without_a_key_has_only_the_network_rule_and_its_companions(customer: Customer) -> None:
    kinds = {rule.kind for rule in customer.atlas.feed.rules(customer.project_id)}
    assert NETWORK_DENIED in kinds
    assert ROTATION not in kinds


def test_master_keys_are_rotated_within_ninety_days(public: Customer) -> None:
    cluster = public.cluster()
    first = cluster.master_key_id
    public.wait(90 * DAY)
    assert first
    assert cluster.master_key_id not in ("", first)
    assert len(public.events("KEY_ROTATION_STARTED")) == 1


def test_a_stopped_cluster_waits_with_the_rotation_of_its_master_key(public: Customer) -> None:
    cluster = public.cluster()
    first = cluster.master_key_id
    public.set_key(enabled=False)
    public.wait(80 * DAY)
    during = cluster.master_key_id
    public.set_key(enabled=True)
    public.wait(2 * DAY)
    assert during == first != cluster.master_key_id


def test_a_cluster_without_a_customer_key_has_no_master_key_to_rotate(public: Customer) -> None:
    cluster = public.cluster(key="NONE")
    public.wait(90 * DAY)
    assert (cluster.master_key_id, public.events("KEY_ROTATION_STARTED")) == ("", [])


def test_a_snapshot_names_the_keys_in_use_when_it_was_taken(public: Customer) -> None:
    cluster = backed_up(public)
    snapshot = public.atlas.backups.take(public.project_id, cluster.name)
    queued = snapshot.status
    public.wait(public.world.knobs.snapshot_s)
    assert (queued, snapshot.status) == ("queued", "completed")
    assert (snapshot.master_key_id, snapshot.key_identifier) == (cluster.master_key_id, public.key)


def test_a_snapshot_of_a_cluster_without_the_key_names_none(public: Customer) -> None:
    snapshot = snapshot_of(public, backed_up(public, key="NONE"))
    assert (snapshot.key_provider, snapshot.master_key_id) == ("NONE", "")


def test_without_backups_there_is_no_snapshot(public: Customer) -> None:
    public.cluster()
    with pytest.raises(AtlasRefusal, match=codes.BACKUP_NOT_ENABLED):
        public.atlas.backups.take(public.project_id, "payments")


def test_a_snapshot_needs_the_key_version_it_was_taken_under(public: Customer) -> None:
    cluster = backed_up(public)
    snapshot = snapshot_of(public, cluster)
    public.change(key_identifier=public.rotate())
    public.wait(7200)
    public.set_key(enabled=False)
    with pytest.raises(AtlasRefusal, match=codes.SNAPSHOT_KEY_UNAVAILABLE):
        restore(public, snapshot, cluster.name)
    public.set_key(enabled=True)
    restore(public, snapshot, cluster.name)
    assert cluster.state_name == "UPDATING"


def test_a_restore_rotates_the_master_key_of_its_target(public: Customer) -> None:
    cluster = backed_up(public)
    snapshot, before = snapshot_of(public, cluster), cluster.master_key_id
    restore(public, snapshot, cluster.name)
    public.wait(public.world.knobs.cluster_update_s)
    job = public.atlas.backups.restores(public.project_id, cluster.name)[0]
    assert (job.finished, job.failed) == (public.world.now, False)
    assert cluster.master_key_id != before


@pytest.mark.parametrize(("source", "target"), [("AZURE", "NONE"), ("NONE", "AZURE")])
def test_a_restore_needs_the_same_provider_on_both_sides(public: Customer, source: str, target: str) -> None:
    snapshot = snapshot_of(public, backed_up(public, "source", source))
    backed_up(public, "target", target)
    with pytest.raises(AtlasRefusal, match="INVALID_SNAPSHOT_RESTORE_ENCRYPTION"):
        restore(public, snapshot, "target")


def test_a_flex_snapshot_does_not_go_to_an_encrypted_cluster(public: Customer) -> None:
    flex = public.atlas.clusters.create_flex(public.project_id, "flexible", "AZURE", "US_EAST_2")
    public.wait(public.world.knobs.cluster_create_s)
    snapshot = snapshot_of(public, flex)
    backed_up(public, "target")
    with pytest.raises(AtlasRefusal, match="TENANT_RESTORE_DESTINATION_ENCRYPTION"):
        restore(public, snapshot, "target")


def test_flex_clusters_have_a_snapshot_a_day_and_the_latest_eight(public: Customer) -> None:
    public.atlas.clusters.create_flex(public.project_id, "flexible", "AZURE", "US_EAST_2")
    counts = []
    for days in (0.9, 0.2, 1, 10):
        public.wait(days * DAY)
        counts.append(len(public.atlas.backups.of_cluster(public.project_id, "flexible")))
    assert counts == [0, 1, 2, 8]
    latest = public.atlas.backups.of_cluster(public.project_id, "flexible")[-1]
    assert (latest.status, latest.master_key_id) == ("completed", "")
    assert public.world.now - latest.created < DAY


def test_a_flex_cluster_that_is_gone_has_no_more_snapshots_taken(public: Customer) -> None:
    public.atlas.clusters.create_flex(public.project_id, "flexible", "AZURE", "US_EAST_2")
    public.wait(DAY / 2)
    public.atlas.clusters.delete_flex(public.project_id, "flexible")
    public.wait(3 * DAY)
    assert public.project_id not in public.world.state.atlas.snapshots
    assert "atlas.flex.snapshot" not in [timer.kind for timer in public.world.state.heap.timers]


def test_a_flex_snapshot_goes_to_a_cluster_on_atlas_own_key(public: Customer) -> None:
    public.atlas.clusters.create_flex(public.project_id, "flexible", "AZURE", "US_EAST_2")
    target = backed_up(public, "target", "NONE")
    public.wait(DAY)
    restore(public, public.atlas.backups.of_cluster(public.project_id, "flexible")[0], "target")
    assert target.state_name == "UPDATING"


def test_a_download_of_a_plain_snapshot_is_ready_after_a_while(public: Customer) -> None:
    cluster = backed_up(public, key="NONE")
    snapshot = snapshot_of(public, cluster)
    job = public.atlas.backups.download(public.project_id, cluster.name, snapshot.id)
    at_once = job.finished
    public.wait(public.world.knobs.snapshot_s)
    assert (job.delivery, at_once, job.finished) == ("download", None, public.world.now)
    assert public.atlas.backups.restores(public.project_id, cluster.name) == [job]


def test_an_unfinished_snapshot_is_not_handed_out(public: Customer) -> None:
    cluster = backed_up(public, key="NONE")
    snapshot = public.atlas.backups.take(public.project_id, cluster.name)
    with pytest.raises(AtlasRefusal, match=codes.SNAPSHOT_NOT_COMPLETED):
        public.atlas.backups.download(public.project_id, cluster.name, snapshot.id)


@pytest.mark.parametrize("answer", ["refused", "offered"])
def test_whether_an_encrypted_snapshot_is_handed_out_is_a_reading(answer: str) -> None:
    customer = build(readings=Readings(encrypted_download=answer))
    customer.enable()
    cluster = backed_up(customer)
    snapshot = snapshot_of(customer, cluster)
    if answer == "refused":
        with pytest.raises(AtlasRefusal, match="CANNOT_DOWNLOAD_SNAPSHOT_WITH_ENCRYPTION"):
            customer.atlas.backups.download(customer.project_id, cluster.name, snapshot.id)
    jobs = len(customer.atlas.backups.restores(customer.project_id, cluster.name))
    if answer == "offered":
        customer.atlas.backups.download(customer.project_id, cluster.name, snapshot.id)
    assert (jobs, len(customer.atlas.backups.restores(customer.project_id, cluster.name))) == (0, answer == "offered")


def test_an_unfinished_or_unknown_snapshot_cannot_be_restored(public: Customer) -> None:
    cluster = backed_up(public)
    snapshot = public.atlas.backups.take(public.project_id, cluster.name)
    with pytest.raises(AtlasRefusal, match=codes.SNAPSHOT_NOT_COMPLETED):
        restore(public, snapshot, cluster.name)
    with pytest.raises(AtlasRefusal, match=codes.SNAPSHOT_NOT_FOUND):
        public.atlas.backups.get(public.project_id, cluster.name, "0" * 24)


def test_nodes_that_cannot_use_the_old_key_do_not_move_to_the_new_one(public: Customer) -> None:
    public.wait(300)
    cluster = public.cluster()
    public.change(key_identifier=public.rotate())
    public.world.knobs.rotation_deploy_s = 60
    public.change(key_identifier=public.rotate())
    public.set_key(enabled=False)
    public.wait(60)
    stayed = (cluster.key_identifier, cluster.halted)
    public.set_key(enabled=True)
    public.wait(60)
    assert (stayed, cluster.key_identifier) == ((public.key, ""), public.azure.key_identifier)


def test_each_project_has_one_timer_for_the_age_of_its_key(public: Customer) -> None:
    public.wait(10 * DAY)
    public.change(key_identifier=public.rotate())
    public.wait(85 * DAY)
    assert [t.kind for t in public.world.state.heap.timers].count("atlas.rotation.age") == 1


def test_a_restore_restarts_the_period_of_the_master_key(public: Customer) -> None:
    cluster = backed_up(public)
    public.wait(50 * DAY)
    restore(public, snapshot_of(public, cluster), cluster.name)
    public.wait(DAY)
    restored = cluster.master_key_id
    public.wait(20 * DAY)
    assert cluster.master_key_id == restored


def test_turning_the_key_off_closes_its_age_alert(public: Customer) -> None:
    public.wait(91 * DAY)
    raised = public.open_alerts()
    public.disable()
    assert (raised, public.open_alerts()) == ([(ROTATION, None)], [])
