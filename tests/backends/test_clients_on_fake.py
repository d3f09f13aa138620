"""Both real clients against the whole fake, in this process."""

from __future__ import annotations

import json

import pytest

from harness.backends.fake import FakeBackends
from harness.errors import Refused, ServerFault, Unreachable
from harness.fake.kernel.readings import Readings

REGION = "US_EAST_2"


@pytest.fixture
def backend():
    with FakeBackends(7, Readings()).open("tests") as opened:
        yield opened


def enable(backend):
    site = backend.site
    block = {
        "enabled": True,
        "azureEnvironment": "AZURE",
        "clientID": site.client_id,
        "secret": backend.credentials.client_secret(),
        "tenantID": site.tenant_id,
        "subscriptionID": site.subscription_id,
        "resourceGroupName": site.resource_group,
        "keyVaultName": site.vault,
        "keyIdentifier": backend.keys().key(site.key).identifier,
        "requirePrivateNetworking": True,
    }
    return backend.clusters().update_encryption(site.project_id, {"azureKeyVault": block})


def connected(backend):
    """An active endpoint, approved by the owner of the vault."""
    atlas, project = backend.clusters(), backend.site.project_id
    endpoint = atlas.create_private_endpoint(project, REGION)
    backend.clock.sleep(300)
    waiting = atlas.private_endpoint(project, endpoint.id)
    backend.keys().approve_connection(waiting.connection_name, "approved")
    backend.clock.sleep(300)
    return atlas.private_endpoint(project, endpoint.id)


def test_an_endpoint_becomes_active_once_the_owner_of_the_vault_approves_it(backend):
    assert enable(backend).valid is True
    endpoint = connected(backend)
    assert endpoint.status == "ACTIVE"
    [connection] = backend.keys().connections()
    assert (connection.name, connection.status) == (endpoint.connection_name, "Approved")


def test_a_removed_connection_is_replaced_by_atlas(backend):
    enable(backend)
    endpoint = connected(backend)
    backend.keys().remove_connection(endpoint.connection_name)
    backend.clock.sleep(300)
    records = backend.clusters().private_endpoints(backend.site.project_id)
    assert sorted(record.status for record in records) == ["PENDING_ACCEPTANCE", "PENDING_RECREATION"]


def test_a_secret_comes_back_from_neither_side_and_reaches_no_record(backend):
    assert "secret" not in enable(backend).fields
    connected(backend)
    kept = json.dumps(backend.recorder.take())
    assert backend.credentials.client_secret() not in kept
    assert '"secret": "[redacted]"' in kept


def test_equal_runs_leave_equal_records():
    def run():
        with FakeBackends(7, Readings()).open("tests") as opened:
            enable(opened)
            connected(opened)
            keys, site = opened.keys(), opened.site
            version = keys.key(site.key).version
            keys.unwrap(site.key, version, keys.wrap(site.key, version, b"proof"))
            return opened.recorder.take()

    assert run() == run()


def test_a_disabled_key_still_wraps_but_unwraps_no_more(backend):
    keys, name = backend.keys(), backend.site.key
    version = keys.key(name).version
    wrapped = keys.wrap(name, version, b"proof")
    assert keys.unwrap(name, version, wrapped) == b"proof"
    keys.set_key_enabled(name, version, enabled=False)
    keys.wrap(name, version, b"proof")
    with pytest.raises(Refused) as caught:
        keys.unwrap(name, version, wrapped)
    assert (caught.value.status, caught.value.reason) == (403, "Forbidden/KeyDisabled")


def test_a_deleted_key_is_gone_and_a_recovered_one_is_back(backend):
    keys, name = backend.keys(), backend.site.key
    version = keys.key(name).version
    keys.delete_key(name)
    with pytest.raises(Refused, match="KeyNotFound"):
        keys.key(name)
    keys.recover_key(name)
    assert keys.key(name).version == version


def test_a_vault_outage_is_silence_not_a_refusal(backend):
    backend.stage().set("vault_outage", True)
    with pytest.raises(Unreachable, match="answers nobody"):
        backend.keys().key(backend.site.key)


def test_a_creation_that_always_fails_leaves_no_endpoint(backend):
    enable(backend)
    backend.stage().set("random_500_rate", 1.0)
    with pytest.raises(ServerFault):
        backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    assert backend.clusters().private_endpoints(backend.site.project_id) == []


def test_a_creation_that_mostly_fails_makes_one_endpoint(backend):
    enable(backend)
    backend.stage().set("random_500_rate", 0.5)
    for region in ("US_EAST_2", "EUROPE_NORTH", "US_WEST_2"):
        backend.clusters().create_private_endpoint(backend.site.project_id, region)
    records = backend.clusters().private_endpoints(backend.site.project_id)
    assert sorted(record.region for record in records) == ["EUROPE_NORTH", "US_EAST_2", "US_WEST_2"]


def test_sign_ins_outlive_their_tokens(backend):
    before = backend.clusters().encryption(backend.site.project_id)
    backend.keys().vault()
    backend.clock.sleep(7 * 3600)
    assert backend.clusters().encryption(backend.site.project_id) == before
    assert backend.keys().vault().name == backend.site.vault


def test_a_reader_is_refused_the_act_not_the_door(backend):
    with pytest.raises(Refused) as caught:
        backend.clusters("reader").create_private_endpoint(backend.site.project_id, REGION)
    assert (caught.value.status, caught.value.reason) == (401, "USER_UNAUTHORIZED")
    assert backend.clusters("reader").encryption(backend.site.project_id).enabled is False


@pytest.mark.parametrize("whole", [False, True])
def test_updating_an_endpoint_in_place_is_no_operation(backend, whole):
    enable(backend)
    endpoint = backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    with pytest.raises(Refused) as caught:
        backend.clusters().alter_private_endpoint(
            backend.site.project_id, endpoint.id, {"regionName": "EUROPE_NORTH"}, whole=whole
        )
    assert caught.value.status == 405


def test_polling_is_recorded_once_per_state(backend):
    enable(backend)
    endpoint = backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    backend.recorder.take()
    for _ in range(90):
        backend.clusters().private_endpoint(backend.site.project_id, endpoint.id)
        backend.clock.sleep(10)
    looks = [(shown["response"]["body"]["status"], shown["count"]) for shown in backend.recorder.take()]
    assert [status for status, _ in looks] == ["INITIATING", "PENDING_ACCEPTANCE"]
    assert sum(count for _, count in looks) == 90
