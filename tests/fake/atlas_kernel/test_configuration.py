"""The project's key configuration: what is accepted, what is refused, and what a refusal leaves behind."""

from __future__ import annotations

from copy import deepcopy

import pytest

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas.state import AzureChange, EncryptionChange, OtherChange
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.refusal import AtlasRefusal
from tests.fake.atlas_kernel.customer import US, Customer, build, multi_cloud_request, request

STATUSES = ["INITIATING", "PENDING_ACCEPTANCE", "ACTIVE", "FAILED", "PENDING_RECREATION", "DELETING"]
BY_ENDPOINTS = "CANNOT_DISABLE_ENCRYPTION_AT_REST_DUE_TO_PRIVATE_ENDPOINTS"
BY_CLUSTERS = "CANNOT_DISABLE_ENCRYPTION_AT_REST"
FLAG_BY_ENDPOINTS = "CANNOT_DISABLE_ENCRYPTION_AT_REST_REQUIRE_PRIVATE_NETWORKING_WHILE_PRIVATE_ENDPOINTS_EXIST"


def refused(customer: Customer, change: AzureChange) -> AtlasRefusal:
    """The refusal of a change that must leave the configuration and the heap of timers as they were."""
    before, timers = deepcopy(customer.azure), len(customer.world.state.heap.timers)
    with pytest.raises(AtlasRefusal) as caught:
        customer.atlas.encryption.update(customer.project_id, EncryptionChange(azure=change))
    assert (customer.azure, len(customer.world.state.heap.timers)) == (before, timers)
    return caught.value


def test_a_new_project_has_no_customer_key(customer: Customer) -> None:
    configuration = customer.atlas.encryption.read(customer.project_id)
    assert not (configuration.azure.enabled)
    assert not (configuration.aws.enabled)
    assert not (configuration.gcp.enabled)


def test_a_complete_configuration_is_accepted_and_found_valid(customer: Customer) -> None:
    customer.enable()
    assert (customer.azure.enabled, customer.azure.valid, customer.azure.require_private_networking) == (
        True, True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "wire_name"),
    [
        ("azure_environment", "azureEnvironment"),
        ("client_id", "clientID"),
        ("tenant_id", "tenantID"),
        ("secret", "secret"),
        ("subscription_id", "subscriptionID"),
        ("resource_group_name", "resourceGroupName"),
        ("key_vault_name", "keyVaultName"),
        ("key_identifier", "keyIdentifier"),
    ],
)
def test_every_field_is_required_to_enable(customer: Customer, field: str, wire_name: str) -> None:
    refusal = refused(customer, customer.complete(**{field: None}))
    assert (refusal.code, refusal.parameters) == ("MISSING_ATTRIBUTE", (wire_name,))


def test_a_change_that_names_no_provider_is_refused(customer: Customer) -> None:
    with pytest.raises(AtlasRefusal, match="MISSING_ENCRYPTION_AT_REST_PROVIDER"):
        customer.atlas.encryption.update(customer.project_id, EncryptionChange())


def test_the_secret_never_shows_in_a_repr(customer: Customer) -> None:
    customer.enable()
    change = customer.complete()
    assert customer.secret not in repr(customer.azure) + repr(change) + repr(customer.world.state)


@pytest.mark.parametrize(
    "identifier",
    [
        "cmk",
        "https://acme-kv.vault.azure.net/",
        "https://acme-kv.vault.azure.net/secrets/cmk/3f0c9a1be27d4c6f8a5512aa90be77c1",
        "http://acme-kv.vault.azure.net/keys/cmk/3f0c9a1be27d4c6f8a5512aa90be77c1",
        "https://acme-kv.vault.example.net/keys/cmk/3f0c9a1be27d4c6f8a5512aa90be77c1",
        "https://acme-kv.vault.azure.net/keys/cmk/3f0c9a1be27d4c6f8a5512aa90be77c1/more",
    ],
)
def test_a_malformed_key_identifier_is_refused(customer: Customer, identifier: str) -> None:
    refusal = refused(customer, customer.complete(key_identifier=identifier))
    assert refusal.code == "AZURE_KEY_VAULT_KEY_IDENTIFIER_INVALID_FORMAT"


@pytest.mark.parametrize(("answer", "accepted"), [("required", False), ("optional", True)])
def test_a_key_without_version_follows_its_reading(answer: str, accepted: bool) -> None:
    customer = build(readings=Readings(static_key_version=answer))
    change = customer.complete(key_identifier=customer.key.rsplit("/", 1)[0])
    if accepted:
        customer.atlas.encryption.update(customer.project_id, EncryptionChange(azure=change))
        assert customer.azure.valid
    else:
        assert refused(customer, change).code == "AZURE_KEY_VAULT_KEY_IDENTIFIER_INVALID_FORMAT"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("secret", "wrong", "INVALID_AZURE_CREDENTIALS"),
        ("client_id", "00000000-0000-4000-8000-000000000002", "INVALID_AZURE_CREDENTIALS"),
        ("tenant_id", "00000000-0000-4000-8000-000000000003", "INVALID_AZURE_CREDENTIALS"),
        ("subscription_id", "00000000-0000-4000-8000-000000000004", "INVALID_AZURE_API_REQUEST"),
        ("resource_group_name", "elsewhere", "INVALID_AZURE_API_REQUEST"),
        ("key_vault_name", "other-kv", "INVALID_AZURE_API_REQUEST"),
        ("azure_environment", "MARS", "AZURE_KEY_VAULT_ENVIRONMENT_NOT_SUPPORTED"),
        ("role_id", "5f0c9a1be27d4c6f8a5512aa", "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"),
    ],
)
def test_wrong_details_are_refused_with_their_code(customer: Customer, field: str, value: str, code: str) -> None:
    assert refused(customer, customer.complete(**{field: value})).code == code


def test_static_credentials_are_refused_by_the_other_reading() -> None:
    customer = build(readings=Readings(static_credentials="deprecated"))
    assert refused(customer, customer.complete()).code == "AZURE_KEY_VAULT_CREDENTIALS_DEPRECATED"


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"enabled": False}, "AZURE_KEY_VAULT_KEY_NOT_ENABLED"),
        ({"expires": -1.0}, "AZURE_KEY_VAULT_KEY_EXPIRED"),
        ({"expires": 47 * 3600.0}, "AZURE_KEY_VAULT_KEY_EXPIRING"),
        ({"not_before": 3600.0}, "AZURE_KEY_VAULT_KEY_NOT_ACTIVE"),
    ],
)
def test_a_key_that_does_not_work_is_refused(customer: Customer, attributes: dict[str, float], code: str) -> None:
    now = customer.world.now
    absolute = {name: value if name == "enabled" else now + value for name, value in attributes.items()}
    customer.world.key_vault.set_attributes(customer.vault, "cmk", **absolute)  # type: ignore[arg-type]
    assert refused(customer, customer.complete()).code == code


def test_a_key_that_expires_after_two_days_is_accepted(customer: Customer) -> None:
    customer.world.key_vault.set_attributes(customer.vault, "cmk", expires=customer.world.now + 49 * 3600)
    customer.enable()
    assert customer.azure.valid


def test_a_missing_key_is_refused(customer: Customer) -> None:
    identifier = customer.key.rsplit("/", 1)[0] + "/" + "0" * 32
    assert refused(customer, customer.complete(key_identifier=identifier)).code == "AZURE_KEY_VAULT_KEY_NOT_FOUND"


def test_credentials_without_the_permission_are_refused(customer: Customer) -> None:
    customer.world.arm.remove_role(customer.role)
    customer.wait(customer.world.knobs.role_propagation_s)
    assert refused(customer, customer.complete()).code == "NO_PERMISSION_TO_ENCRYPT_DECRYPT"


def test_under_private_networking_the_key_is_not_tried_out_on_update(customer: Customer) -> None:
    customer.set_key(enabled=False)
    customer.enable(private=True)
    assert customer.azure.enabled


@pytest.mark.parametrize(("answer", "valid"), [("optimistic", True), ("pessimistic", False)])
def test_valid_before_the_nodes_report_follows_its_reading(answer: str, valid: bool) -> None:
    customer = build(readings=Readings(private_validation=answer))
    customer.enable(private=True)
    assert customer.azure.valid is valid


def test_a_partial_update_keeps_the_rest(customer: Customer) -> None:
    customer.enable()
    before = deepcopy(customer.azure)
    new = customer.rotate()
    customer.change(key_identifier=new)
    assert customer.azure.key_identifier == new
    assert (customer.azure.client_id, customer.azure.key_vault_name) == (before.client_id, before.key_vault_name)


def test_an_empty_or_disabled_block_of_another_provider_is_tolerated(customer: Customer) -> None:
    customer.enable()
    echo = customer.complete(secret=None)
    change = EncryptionChange(azure=echo, aws=OtherChange(enabled=False), gcp=OtherChange(), search_nodes=False)
    customer.atlas.encryption.update(customer.project_id, change)
    assert customer.azure.valid


def test_several_providers_can_be_on_at_once(customer: Customer) -> None:
    customer.enable()
    aws = OtherChange(enabled=True, settings={"region": "US_EAST_1"})
    customer.atlas.encryption.update(customer.project_id, EncryptionChange(aws=aws))
    configuration = customer.atlas.encryption.configuration(customer.project_id)
    assert configuration.azure.enabled
    assert configuration.aws.settings == {"region": "US_EAST_1"}


def test_disabling_removes_every_detail(customer: Customer) -> None:
    customer.enable()
    customer.disable()
    assert not customer.azure.enabled
    assert not (customer.azure.client_id)
    assert not (customer.azure.secret)
    assert not (customer.azure.key_identifier)


def test_a_disabled_project_can_be_enabled_again_with_one_validation_timer(customer: Customer) -> None:
    customer.enable()
    customer.disable()
    customer.enable()
    customer.wait(10_000)
    due = [t for t in customer.world.state.heap.timers if t.kind == "atlas.validation.due"]
    assert len(due) == 1


def test_the_key_must_belong_to_the_configured_vault(customer: Customer) -> None:
    customer.enable()
    other = customer.world.key_vault.key(customer.other_vault, "cmk").latest.id
    assert refused(customer, AzureChange(key_identifier=other)).code == "INVALID_AZURE_API_REQUEST"


def test_the_project_can_move_to_another_vault_while_no_endpoint_exists(private: Customer) -> None:
    other = private.world.key_vault.key(private.other_vault, "cmk").latest.id
    private.change(key_vault_name="other-kv", key_identifier=other)
    assert private.azure.key_vault_name == "other-kv"


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("field", "wire_name"),
    [
        ("key_vault_name", "keyVaultName"),
        ("subscription_id", "subscriptionID"),
        ("resource_group_name", "resourceGroupName"),
    ],
)
def test_the_vault_is_frozen_while_an_endpoint_is_there(
    private: Customer, status: str, field: str, wire_name: str
) -> None:
    private.endpoint(status=status)
    refusal = refused(private, AzureChange(**{field: "elsewhere"}))  # type: ignore[arg-type]
    assert (refusal.code, refusal.parameters) == (codes.VAULT_FROZEN, (wire_name,))


@pytest.mark.parametrize("status", STATUSES)
def test_disabling_is_refused_with_an_endpoint_in_any_state(private: Customer, status: str) -> None:
    private.endpoint(status=status)
    refusal = refused(private, AzureChange(enabled=False))
    assert (refusal.code, refusal.parameters) == (BY_ENDPOINTS, ())


@pytest.mark.parametrize("status", STATUSES)
def test_private_networking_stays_with_an_endpoint_in_any_state(private: Customer, status: str) -> None:
    private.endpoint(status=status)
    refusal = refused(private, AzureChange(require_private_networking=False))
    assert (refusal.code, refusal.parameters) == (FLAG_BY_ENDPOINTS, (US,))


def test_by_the_other_reading_only_active_endpoints_block_and_the_rest_is_cleared_away() -> None:
    customer = build(readings=Readings(disable_blocked_by="active_only"))
    customer.enable(private=True)
    customer.endpoint(status="PENDING_ACCEPTANCE")
    customer.disable()
    customer.wait(customer.world.knobs.delete_delay_s)
    assert not customer.azure.enabled
    assert customer.statuses() == []


def test_without_endpoints_private_networking_can_be_turned_off(private: Customer) -> None:
    private.delete(private.endpoint(status="ACTIVE"))
    private.wait(private.world.knobs.delete_delay_s)
    private.change(require_private_networking=False)
    assert not private.azure.require_private_networking


@pytest.mark.parametrize("key", ["AZURE", "leaving"])
def test_disabling_is_refused_while_a_cluster_uses_the_key_or_is_still_decrypted(customer: Customer, key: str) -> None:
    customer.enable()
    cluster = customer.cluster()
    if key == "leaving":
        customer.update(cluster, key_provider="NONE")
    assert refused(customer, AzureChange(enabled=False)).code == BY_CLUSTERS


@pytest.mark.parametrize("how", ["switched", "deleted"])
def test_a_cluster_that_was_switched_or_deleted_no_longer_blocks(customer: Customer, how: str) -> None:
    customer.enable()
    cluster = customer.cluster()
    if how == "switched":
        customer.update(cluster, key_provider="NONE")
    else:
        customer.atlas.clusters.delete(customer.project_id, cluster.name)
    customer.wait(customer.world.knobs.cluster_update_s)
    customer.disable()
    assert not customer.azure.enabled


@pytest.mark.parametrize(("answer", "code"), [("endpoints_first", BY_ENDPOINTS), ("clusters_first", BY_CLUSTERS)])
def test_of_two_blockers_the_reading_names_one(answer: str, code: str) -> None:
    customer = build(readings=Readings(blocker_precedence=answer))
    customer.enable(private=True)
    customer.endpoint(status="ACTIVE")
    customer.cluster()
    assert refused(customer, AzureChange(enabled=False)).code == code


@pytest.mark.parametrize(("answer", "kept"), [("unchanged", True), ("false", False)])
def test_leaving_out_the_private_flag_follows_its_reading(answer: str, kept: bool) -> None:
    customer = build(readings=Readings(omitted_private_flag=answer))
    customer.enable(private=True)
    customer.change(key_identifier=customer.rotate())
    assert customer.azure.require_private_networking is kept


def test_an_inactive_project_cannot_require_private_networking_but_can_use_a_key(customer: Customer) -> None:
    customer.atlas.projects.set_active(customer.project_id, False)
    refusal = refused(customer, customer.complete(require_private_networking=True))
    customer.enable()
    assert refusal.code == codes.PROJECT_INACTIVE
    assert customer.azure.enabled


def test_while_the_key_is_unusable_it_can_neither_be_exchanged_nor_turned_off(customer: Customer) -> None:
    customer.enable()
    new = customer.rotate()
    customer.set_key(enabled=False)
    exchanged = refused(customer, AzureChange(key_identifier=new))
    turned_off = refused(customer, AzureChange(enabled=False))
    customer.set_key(enabled=True)
    customer.change(key_identifier=new)
    assert exchanged.code == turned_off.code == "ENCRYPTION_AT_REST_SETTINGS_INVALID"
    assert customer.azure.key_identifier == new


def test_an_expired_secret_is_repaired_by_a_new_one(customer: Customer) -> None:
    customer.enable()
    customer.world.entra.expire_secret(customer.client_id, 0)
    customer.atlas.encryption.read(customer.project_id)
    found = customer.azure.valid
    customer.change(secret=customer.world.entra.add_secret(customer.client_id, 86_400))
    assert (found, customer.azure.valid) == (False, True)


def test_a_new_key_with_wrong_credentials_blames_the_credentials(customer: Customer) -> None:
    customer.enable()
    change = AzureChange(key_identifier=customer.rotate(), secret="wrong")
    assert refused(customer, change).code == "INVALID_AZURE_CREDENTIALS"


def test_private_networking_disables_multi_cloud_clusters_and_gives_them_back(customer: Customer) -> None:
    customer.enable()
    both = customer.atlas.clusters.create(customer.project_id, multi_cloud_request())
    alone = customer.cluster()
    customer.change(require_private_networking=True)
    disabled = (both.halted, customer.atlas.clusters.reads_paused(both), alone.halted)
    customer.wait(10_000)
    still = both.halted
    customer.change(require_private_networking=False)
    assert disabled == ("multi_cloud", True, "")
    assert (still, both.halted) == ("multi_cloud", "")


def test_a_multi_cloud_cluster_is_refused_under_private_networking(private: Customer) -> None:
    with pytest.raises(AtlasRefusal, match="MULTI_CLOUD_CLUSTER_INVALID"):
        private.atlas.clusters.create(private.project_id, multi_cloud_request(key="NONE"))
    assert private.atlas.clusters.create(private.project_id, request(key="NONE")).state_name == "CREATING"


def test_the_feed_tells_of_a_changed_and_validated_configuration(customer: Customer) -> None:
    customer.enable()
    assert len(customer.events("CONFIGURATION_UPDATED")) == 1
    assert len(customer.events("CONFIGURATION_VALIDATION_SUCCEEDED")) == 1


def test_credentials_sent_again_are_tried_out_again(customer: Customer) -> None:
    customer.enable()
    customer.set_key(enabled=False)
    assert refused(customer, AzureChange(secret=customer.secret)).code == "AZURE_KEY_VAULT_KEY_NOT_ENABLED"


def test_disabling_the_key_gives_multi_cloud_clusters_back(customer: Customer) -> None:
    customer.enable()
    both = customer.atlas.clusters.create(customer.project_id, multi_cloud_request(key="NONE"))
    customer.change(require_private_networking=True)
    disabled = both.halted
    customer.disable()
    assert (disabled, both.halted) == ("multi_cloud", "")
