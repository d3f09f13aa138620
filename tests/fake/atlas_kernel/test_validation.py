"""Checks of the key: when they happen, what they find, and what follows for clusters, feed and alerts."""

from __future__ import annotations

import pytest

from harness.fake.kernel.arm import AccessPolicy, NetworkRules, VaultSettings
from harness.fake.kernel.atlas.addresses import CONTROL_PLANE, VALIDATION_ADDRESS
from harness.fake.kernel.atlas.feed import CONFIG_INVALID, KEY_INVALID, NETWORK_DENIED
from harness.fake.kernel.atlas.state import NodeSpec, Placement, Shard
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.refusal import AtlasRefusal
from tests.fake.atlas_kernel.customer import EU, US, Customer, build, request

INTERVAL = 900.0


@pytest.fixture
def public(customer: Customer) -> Customer:
    """A key over public networking, just turned on."""
    customer.enable()
    return customer


@pytest.fixture
def linked(private: Customer) -> Customer:
    """A key over private networking, with an active endpoint and time for clusters to move."""
    private.endpoint(status="ACTIVE")
    private.wait(private.world.knobs.private_migration_s)
    return private


def limit(customer: Customer, *addresses: str) -> None:
    rules = NetworkRules(default_action="Deny", ip_rules=addresses)
    customer.world.arm.update_vault(customer.vault, VaultSettings(network_rules=rules))


def allow_present_nodes(customer: Customer) -> None:
    nodes = customer.atlas.addresses.of_project(customer.project_id)
    control = [a for regions in CONTROL_PLANE.values() for addresses in regions.values() for a in addresses]
    limit(customer, *control, *(a for addresses in nodes.values() for a in addresses))


def test_the_periodic_check_comes_exactly_every_fifteen_minutes(public: Customer) -> None:
    start = public.world.now
    public.wait(10)
    public.set_key(enabled=False)
    public.world.advance_to(start + INTERVAL - 0.001)
    before = public.events("KEY_INVALID")
    public.world.advance_to(start + INTERVAL)
    public.set_key(enabled=True)
    public.world.advance_to(start + 10 * INTERVAL - 0.001)
    assert before == []
    assert public.events("KEY_INVALID") == [start + INTERVAL]
    assert public.events("AZURE_ENCRYPTION_KEY_VALID") == [start + 2 * INTERVAL]


def test_a_changed_interval_holds_from_the_next_check_on(public: Customer) -> None:
    start = public.world.now
    public.world.knobs.validation_interval_s = 60
    public.wait(INTERVAL)
    public.set_key(enabled=False)
    public.wait(INTERVAL)
    assert public.events("KEY_INVALID") == [start + INTERVAL + 60]


def test_reading_the_configuration_validates_at_once_but_stops_no_cluster(public: Customer) -> None:
    cluster = public.cluster()
    public.set_key(enabled=False)
    configuration = public.atlas.encryption.read(public.project_id)
    assert (configuration.azure.valid, cluster.halted) == (False, "")


@pytest.mark.parametrize("mode", ["public", "private"])
@pytest.mark.parametrize("way", ["disabled", "deleted", "role", "expired"])
def test_an_invalid_key_stops_its_clusters_at_the_next_check(customer: Customer, mode: str, way: str) -> None:
    customer.enable(private=mode == "private")
    if mode == "private":
        customer.endpoint(status="ACTIVE")
    cluster, plain = customer.cluster(), customer.cluster("archive", key="NONE")
    take_away(customer, way)
    before = cluster.halted
    customer.wait(2 * INTERVAL)
    assert (before, cluster.halted, plain.halted) == ("", "key", "")
    assert customer.atlas.clusters.reads_paused(cluster)
    assert not customer.azure.valid
    assert {KEY_INVALID, CONFIG_INVALID} == {kind for kind, _ in customer.open_alerts()}


def take_away(customer: Customer, way: str) -> None:
    if way == "disabled":
        customer.set_key(enabled=False)
    elif way == "deleted":
        customer.world.key_vault.delete(customer.vault, "cmk")
    elif way == "role":
        customer.world.arm.remove_role(customer.role)
    else:
        customer.world.key_vault.set_attributes(customer.vault, "cmk", expires=customer.world.now + 1)


@pytest.mark.parametrize("mode", ["public", "private"])
def test_a_restored_key_brings_clusters_back_and_closes_the_alerts(customer: Customer, mode: str) -> None:
    customer.enable(private=mode == "private")
    if mode == "private":
        customer.endpoint(status="ACTIVE")
    cluster = customer.cluster()
    customer.set_key(enabled=False)
    customer.wait(INTERVAL)
    stopped = cluster.halted
    customer.set_key(enabled=True)
    customer.wait(INTERVAL)
    assert (stopped, cluster.halted, customer.azure.valid, customer.open_alerts()) == ("key", "", True, [])
    assert len(customer.events("CONFIG_IS_VALID")) == 1


def test_reading_the_configuration_brings_clusters_back_without_waiting(public: Customer) -> None:
    cluster = public.cluster()
    public.set_key(enabled=False)
    public.wait(INTERVAL)
    public.set_key(enabled=True)
    public.atlas.encryption.read(public.project_id)
    assert cluster.halted == ""


def test_by_the_other_reading_a_stopped_cluster_does_not_read_as_paused() -> None:
    customer = build(readings=Readings(key_disabled_rendering="unchanged"))
    customer.enable()
    cluster = customer.cluster()
    customer.set_key(enabled=False)
    customer.wait(INTERVAL)
    assert cluster.halted == "key"
    assert not customer.atlas.clusters.reads_paused(cluster)


def test_an_unreachable_vault_stops_nothing_and_raises_one_alert(public: Customer) -> None:
    cluster = public.cluster()
    public.world.knobs.vault_outage = True
    public.wait(8 * INTERVAL)
    assert (cluster.halted, public.azure.valid) == ("", True)
    assert {kind for kind, _ in public.open_alerts()} == {NETWORK_DENIED}
    assert len(public.events("NETWORK_ACCESS_DENIED")) == len({name for _, name in public.open_alerts()})


def test_the_alert_closes_when_the_vault_answers_again(public: Customer) -> None:
    public.cluster()
    public.world.knobs.vault_outage = True
    public.wait(INTERVAL)
    public.world.knobs.vault_outage = False
    public.wait(INTERVAL)
    assert public.open_alerts() == []
    assert len(public.events("ACCESS_RESTORED")) == len(public.events("ACCESS_DENIED")) > 0


def test_a_closed_vault_is_out_of_reach_under_public_networking(public: Customer) -> None:
    public.cluster()
    public.close_vault()
    public.wait(INTERVAL)
    assert (NETWORK_DENIED, None) in public.open_alerts()


def test_a_firewall_that_blocks_the_control_plane_prevents_the_shutdown(public: Customer) -> None:
    cluster = public.cluster()
    limit(public, *public.atlas.addresses.of_cluster(cluster))
    public.set_key(enabled=False)
    public.wait(4 * INTERVAL)
    assert cluster.halted == ""


def test_a_blocked_network_of_the_nodes_raises_an_alert_for_their_cluster(public: Customer) -> None:
    public.cluster()
    public.world.knobs.vault_network_blocked = True
    public.wait(INTERVAL)
    assert (NETWORK_DENIED, "payments") in public.open_alerts()


def test_a_restart_while_the_vault_is_unreachable_takes_the_cluster_down_until_it_answers(public: Customer) -> None:
    cluster = public.cluster()
    public.world.knobs.vault_outage = True
    public.atlas.clusters.restart_primaries(public.project_id, cluster.name)
    down = cluster.halted
    public.wait(4 * INTERVAL)
    still = cluster.halted
    public.world.knobs.vault_outage = False
    public.wait(INTERVAL)
    assert (down, still, cluster.halted) == ("key", "key", "")


def test_a_restart_with_the_key_at_hand_does_no_harm(public: Customer) -> None:
    cluster = public.cluster()
    public.atlas.clusters.restart_primaries(public.project_id, cluster.name)
    assert cluster.halted == ""


def test_a_node_with_a_new_address_is_denied_by_a_firewall_that_lists_the_old_ones(public: Customer) -> None:
    cluster = public.cluster()
    allow_present_nodes(public)
    public.wait(INTERVAL)
    before = public.open_alerts()
    public.update(cluster, shards=shards_of(US, EU))
    public.wait(INTERVAL)
    assert (before, public.open_alerts()) == ([], [(NETWORK_DENIED, "payments")])
    assert cluster.halted == ""


def shards_of(*regions: str) -> tuple[Shard, ...]:
    return request(regions=regions).shards


def test_privately_a_new_node_needs_no_upkeep_of_addresses(linked: Customer) -> None:
    linked.endpoint(EU, "ACTIVE")
    cluster = linked.cluster()
    allow_present_nodes(linked)
    linked.update(cluster, shards=shards_of(US, EU))
    linked.wait(4 * INTERVAL)
    assert cluster.private_regions == {US, EU}
    assert linked.open_alerts() == []


def test_existing_clusters_move_to_the_private_path_and_the_vault_can_be_closed(public: Customer) -> None:
    cluster = public.cluster()
    public.change(require_private_networking=True)
    public.endpoint(status="ACTIVE")
    before = set(cluster.private_regions)
    public.wait(public.world.knobs.private_migration_s)
    public.close_vault()
    public.wait(4 * INTERVAL)
    assert (before, cluster.private_regions) == (set(), {US})
    assert (cluster.halted, public.open_alerts(), public.azure.valid) == ("", [], True)


def test_a_vault_closed_before_the_move_is_out_of_reach_until_the_move(public: Customer) -> None:
    public.cluster()
    public.change(require_private_networking=True)
    public.close_vault()
    public.wait(INTERVAL)
    denied = public.open_alerts()
    public.endpoint(status="ACTIVE")
    public.wait(public.world.knobs.private_migration_s + INTERVAL)
    assert (denied, public.open_alerts()) == ([(NETWORK_DENIED, "payments")], [])


def test_a_new_cluster_starts_on_the_private_path(linked: Customer) -> None:
    linked.close_vault()
    cluster = linked.cluster()
    linked.wait(4 * INTERVAL)
    assert (cluster.private_regions, cluster.halted, linked.open_alerts()) == ({US}, "", [])


def test_a_region_cannot_use_the_endpoint_of_another_region(linked: Customer) -> None:
    linked.world.knobs.pending_detect_delay_s = 10_000
    european = linked.cluster("ledger", (US,))
    european.private_regions = {EU}
    european.shards = shards_of(EU)
    linked.close_vault()
    linked.wait(INTERVAL)
    assert linked.open_alerts() == [(NETWORK_DENIED, "ledger")]


@pytest.mark.parametrize(("answer", "halted"), [("unreachable", ""), ("invalid", "key")])
def test_a_lost_link_follows_its_reading(answer: str, halted: str) -> None:
    customer = build(readings=Readings(link_loss_means=answer))
    customer.enable(private=True)
    endpoint = customer.endpoint(status="ACTIVE")
    cluster = customer.cluster()
    customer.reject(endpoint)
    customer.wait(4 * INTERVAL)
    assert cluster.halted == halted
    assert (NETWORK_DENIED, "payments") in customer.open_alerts()


def test_an_outage_never_counts_as_an_invalid_key(customer: Customer) -> None:
    customer = build(readings=Readings(link_loss_means="invalid"))
    customer.enable(private=True)
    customer.endpoint(status="ACTIVE")
    cluster = customer.cluster()
    customer.world.knobs.vault_outage = True
    customer.wait(4 * INTERVAL)
    assert (cluster.halted, customer.azure.valid) == ("", True)


def test_one_region_that_reaches_the_key_keeps_a_cluster_healthy(linked: Customer) -> None:
    european = linked.endpoint(EU, "ACTIVE")
    cluster = linked.cluster(regions=(US, EU))
    linked.reject(european)
    linked.wait(4 * INTERVAL)
    assert (cluster.halted, linked.azure.valid, linked.azure.condition) == ("", True, "valid")
    assert linked.open_alerts() == [(NETWORK_DENIED, "payments")]


def test_the_link_is_lost_before_atlas_has_noticed(linked: Customer) -> None:
    cluster = linked.cluster()
    endpoint = linked.endpoints()[0]
    linked.world.knobs.pending_detect_delay_s = 10_000
    linked.world.arm.set_connection_status(linked.vault, linked.connection(endpoint).name, "Rejected", "")
    linked.wait(INTERVAL)
    assert endpoint.status == "ACTIVE"
    assert (cluster.halted, linked.open_alerts()) == ("", [(NETWORK_DENIED, "payments")])


def test_an_unapproved_endpoint_is_never_used(public: Customer) -> None:
    cluster = public.cluster()
    public.change(require_private_networking=True)
    public.endpoint(status="PENDING_ACCEPTANCE")
    public.wait(86_400)
    assert cluster.private_regions == set()


def test_without_the_endpoint_the_public_path_is_used_again(linked: Customer) -> None:
    cluster = linked.cluster()
    linked.delete(linked.endpoints()[0])
    linked.wait(INTERVAL)
    assert (cluster.private_regions, linked.open_alerts(), linked.azure.valid) == (set(), [], True)


def test_privately_the_nodes_report_after_a_delay(linked: Customer) -> None:
    linked.cluster()
    linked.wait(1)
    linked.set_key(enabled=False)
    linked.atlas.encryption.read(linked.project_id)
    at_once = linked.azure.valid
    linked.wait(linked.world.knobs.node_validation_delay_s)
    assert (at_once, linked.azure.valid) == (True, False)


def test_privately_a_wrong_secret_shows_when_the_nodes_have_reported(linked: Customer) -> None:
    linked.cluster()
    linked.wait(INTERVAL)
    linked.change(secret="wrong")
    at_once = linked.azure.valid
    linked.wait(linked.world.knobs.node_validation_delay_s)
    assert (at_once, linked.azure.valid) == (True, False)
    assert len(linked.events("CONFIGURATION_VALIDATION_FAILED")) == 1


def test_privately_an_expired_secret_shows_when_the_tokens_of_the_nodes_have_expired(linked: Customer) -> None:
    cluster = linked.cluster()
    linked.wait(INTERVAL)
    linked.world.entra.expire_secret(linked.client_id, 0)
    linked.wait(linked.world.knobs.entra_token_s - 2 * INTERVAL)
    early = cluster.halted
    linked.wait(3 * INTERVAL)
    assert (early, cluster.halted, linked.azure.valid) == ("", "key", False)


def test_publicly_an_expired_secret_shows_at_the_next_check(public: Customer) -> None:
    cluster = public.cluster()
    public.world.entra.expire_secret(public.client_id, 600)
    public.wait(2 * INTERVAL)
    assert (cluster.halted, public.azure.valid) == ("key", False)


def test_sign_in_limited_to_the_published_addresses_is_enough(public: Customer) -> None:
    public.cluster()
    nodes = public.atlas.addresses.of_project(public.project_id)["payments"]
    control = [a for regions in CONTROL_PLANE.values() for addresses in regions.values() for a in addresses]
    public.world.entra.restrict_sign_in(public.client_id, (*nodes, *control))
    public.wait(4 * INTERVAL)
    assert (public.azure.valid, public.open_alerts()) == (True, [])


def test_sign_in_limited_to_other_addresses_makes_the_key_invalid(public: Customer) -> None:
    cluster = public.cluster()
    public.world.entra.restrict_sign_in(public.client_id, ("203.0.113.99",))
    public.wait(INTERVAL)
    assert (public.azure.valid, cluster.halted) == (False, "key")


@pytest.mark.parametrize(("answer", "valid"), [("encrypt_decrypt", True), ("wrap_unwrap_too", False)])
def test_which_permissions_are_needed_follows_its_reading(answer: str, valid: bool) -> None:
    customer = build(readings=Readings(key_permissions=answer))
    customer.world.key_vault.set_attributes(customer.vault, "cmk", operations=("encrypt", "decrypt"))
    if valid:
        customer.enable()
        assert customer.azure.valid
    else:
        with pytest.raises(AtlasRefusal, match="NO_PERMISSION_TO_ENCRYPT_DECRYPT"):
            customer.enable()


def test_a_deleted_vault_takes_the_key_away(public: Customer) -> None:
    cluster = public.cluster()
    public.world.arm.delete_vault(public.vault)
    public.wait(INTERVAL)
    assert cluster.halted == "key"


def test_without_nodes_nothing_is_known_privately(linked: Customer) -> None:
    linked.set_key(enabled=False)
    linked.wait(10 * INTERVAL)
    assert linked.azure.valid


def test_disabling_closes_the_alerts(customer: Customer) -> None:
    customer.enable()
    customer.close_vault()
    customer.wait(INTERVAL)
    raised = customer.open_alerts()
    customer.disable()
    assert (raised, customer.open_alerts()) == ([(NETWORK_DENIED, None)], [])


def test_a_disabled_rule_raises_no_alert(public: Customer) -> None:
    rule = public.atlas.feed.rule_of(public.project_id, NETWORK_DENIED)
    assert rule is not None
    public.atlas.feed.set_rule(public.project_id, rule.id, enabled=False)
    public.close_vault()
    public.wait(INTERVAL)
    assert public.open_alerts() == []
    assert len(public.events("NETWORK_ACCESS_DENIED")) == 1


def test_a_stopped_cluster_starts_only_when_its_own_nodes_reach_the_key(public: Customer) -> None:
    cluster = public.cluster()
    public.set_key(enabled=False)
    public.wait(INTERVAL)
    public.set_key(enabled=True)
    limit(public, VALIDATION_ADDRESS)
    public.wait(INTERVAL)
    down = (cluster.halted, public.azure.valid)
    allow_present_nodes(public)
    public.wait(INTERVAL)
    assert (down, cluster.halted) == (("key", True), "")


def test_a_paused_cluster_is_not_stopped(public: Customer) -> None:
    cluster = public.cluster()
    public.update(cluster, paused=True)
    public.set_key(enabled=False)
    public.wait(INTERVAL)
    assert cluster.halted == ""


def test_privately_one_cluster_whose_sign_in_is_blocked_makes_the_key_invalid_but_stops_alone(
    linked: Customer,
) -> None:
    allowed, blocked = linked.cluster("payments"), linked.cluster("ledger")
    linked.world.entra.restrict_sign_in(linked.client_id, linked.atlas.addresses.of_cluster(allowed))
    linked.wait(2 * linked.world.knobs.entra_token_s)
    assert (allowed.halted, blocked.halted, linked.azure.valid) == ("", "key", False)


def test_one_region_that_may_sign_in_keeps_a_cluster_healthy(linked: Customer) -> None:
    linked.endpoint(EU, "ACTIVE")
    cluster = linked.cluster(regions=(US, EU))
    nodes = linked.atlas.addresses.of_cluster(cluster)
    linked.world.entra.restrict_sign_in(linked.client_id, nodes[:3])
    linked.wait(2 * linked.world.knobs.entra_token_s)
    assert (cluster.halted, linked.azure.valid) == ("", True)


def test_one_more_node_in_the_same_region_is_denied_by_a_firewall_that_does_not_list_it(public: Customer) -> None:
    cluster = public.cluster()
    allow_present_nodes(public)
    public.update(cluster, shards=(Shard((Placement("AZURE", US, electable=NodeSpec("M30", 5)),)),))
    public.wait(2 * INTERVAL)
    assert (cluster.halted, public.open_alerts()) == ("", [(NETWORK_DENIED, "payments")])


def test_the_permission_to_read_the_key_is_needed_too(customer: Customer) -> None:
    for keys, accepted in ((("encrypt", "decrypt"), False), (("get", "encrypt", "decrypt"), True)):
        policies = (AccessPolicy(customer.tenant_id, customer.principal_id, keys),)
        customer.world.arm.update_vault(customer.vault, VaultSettings(rbac=False, access_policies=policies))
        if not accepted:
            with pytest.raises(AtlasRefusal, match="NO_PERMISSION_TO_ENCRYPT_DECRYPT"):
                customer.enable()
    customer.enable()
    assert customer.azure.valid


def test_an_endpoint_that_is_lost_before_the_move_moves_nobody(public: Customer) -> None:
    cluster = public.cluster()
    public.change(require_private_networking=True)
    public.reject(public.endpoint(status="ACTIVE"))
    public.wait(public.world.knobs.private_migration_s + INTERVAL)
    assert (cluster.private_regions, public.open_alerts()) == (set(), [])


def test_privately_the_validity_is_that_of_the_configured_key(linked: Customer) -> None:
    cluster = linked.cluster()
    linked.update(cluster, paused=True)
    new = linked.rotate()
    linked.change(key_identifier=new)
    linked.wait(7200)
    linked.set_key(enabled=False)
    linked.update(cluster, paused=False)
    linked.wait(INTERVAL)
    assert (cluster.key_identifier, cluster.halted, linked.azure.valid) == (linked.key, "key", True)
