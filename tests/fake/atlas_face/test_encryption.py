"""The six operations of encryption at rest, and what real clients rely on (atlas.md 3.5, 5)."""

from __future__ import annotations

import pytest

from harness.fake.kernel.knobs import Knobs
from harness.fake.kernel.readings import Readings
from tests.fake.atlas_face.stage import Client, Stage, cluster_body

DISABLE_ALL = {"awsKms": {"enabled": False}, "azureKeyVault": {"enabled": False}, "googleCloudKms": {"enabled": False}}


def test_a_project_without_a_key_shows_all_three_providers_disabled(owner: Client, stage: Stage) -> None:
    assert owner.call("GET", f"{stage.at}/encryptionAtRest").json() == {**DISABLE_ALL, "enabledForSearchNodes": False}


def test_enabling_answers_the_whole_configuration_and_never_the_secret(stage: Stage) -> None:
    answer = stage.enable()
    expected = {**stage.azure_block(), "requirePrivateNetworking": False, "valid": True}
    del expected["secret"]
    assert answer.status_code == 200
    assert answer.json() == {**DISABLE_ALL, "azureKeyVault": expected, "enabledForSearchNodes": False}
    assert stage.secret not in answer.text


def test_terraform_sends_back_what_it_read_with_empty_blocks_and_the_flag(owner: Client, stage: Stage) -> None:
    stage.enable()
    echoed = owner.call("GET", f"{stage.at}/encryptionAtRest").json()
    echoed["awsKms"] = {}
    echoed["googleCloudKms"] = {}
    echoed["azureKeyVault"] |= {"secret": stage.secret, "requirePrivateNetworking": False}
    assert owner.call("PATCH", f"{stage.at}/encryptionAtRest", echoed).status_code == 200


def test_a_delete_by_terraform_or_the_operator_leaves_all_disabled(owner: Client, stage: Stage) -> None:
    stage.enable()
    assert owner.call("PATCH", f"{stage.at}/encryptionAtRest", DISABLE_ALL).status_code == 200
    assert owner.call("GET", f"{stage.at}/encryptionAtRest").json() == {**DISABLE_ALL, "enabledForSearchNodes": False}


def test_wrong_credentials_are_answered_word_for_word(stage: Stage) -> None:
    assert stage.enable(secret="wrong").json() == {
        "detail": "Invalid Azure credentials.",
        "error": 400,
        "errorCode": "INVALID_AZURE_CREDENTIALS",
        "parameters": [],
        "reason": "Bad Request",
    }


def test_naming_no_provider_is_refused(owner: Client, stage: Stage) -> None:
    answer = owner.call("PATCH", f"{stage.at}/encryptionAtRest", {})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "MISSING_ENCRYPTION_AT_REST_PROVIDER")


def test_an_endpoint_goes_from_initiating_to_gone_as_terraform_polls_it(owner: Client, stage: Stage) -> None:
    stage.enable(requirePrivateNetworking=True)
    made = owner.call("POST", stage.endpoints, {"cloudProvider": "AZURE", "regionName": "US_EAST_2"})
    one = f"{stage.endpoints}/{made.json()['id']}"
    assert (made.status_code, made.json()["status"]) == (202, "INITIATING")
    assert made.json()["privateEndpointConnectionName"] is None
    stage.pass_time(stage.world.knobs.initiating_delay_s)
    pending = owner.call("GET", one).json()
    assert pending["status"] == "PENDING_ACCEPTANCE"
    assert pending["privateEndpointConnectionName"] in stage.vault.connections
    stage.approve_all()
    assert owner.call("GET", one).json()["status"] == "ACTIVE"
    deleted = owner.call("DELETE", one)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert owner.call("GET", one).json()["status"] == "DELETING"
    stage.pass_time(stage.world.knobs.delete_delay_s)
    assert owner.call("GET", one).status_code == 404


def test_deleting_during_provisioning_is_refused_word_for_word(owner: Client, stage: Stage) -> None:
    stage.enable(requirePrivateNetworking=True)
    endpoint = stage.make_endpoint()
    answer = owner.call("DELETE", f"{stage.endpoints}/{endpoint}").json()
    assert answer["parameters"] == [[endpoint]]
    assert answer["detail"] == (
        f"Failed to delete Encryption at Rest Private endpoint with id [{endpoint}] during IN_PROGRESS state. "
        "Please try again later."
    )


def test_endpoints_block_disabling_word_for_word(owner: Client, stage: Stage) -> None:
    stage.enable(requirePrivateNetworking=True)
    stage.make_endpoint("US_EAST")
    flag = owner.call(
        "PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"requirePrivateNetworking": False}}
    ).json()
    assert flag["errorCode"].endswith("REQUIRE_PRIVATE_NETWORKING_WHILE_PRIVATE_ENDPOINTS_EXIST")
    assert flag["parameters"] == ["US_EAST"]
    assert flag["detail"] == (
        "Cannot disable requirePrivateNetworking field when there are private endpoints. Remove private endpoints in "
        "region(s) US_EAST to disable requirePrivateNetworking."
    )
    whole = owner.call("PATCH", f"{stage.at}/encryptionAtRest", DISABLE_ALL).json()
    assert whole["parameters"] == []
    assert whole["detail"] == "Encryption at Rest cannot be disabled when private endpoints are present."


def test_a_cluster_with_the_key_blocks_disabling_with_a_conflict(owner: Client, stage: Stage) -> None:
    stage.enable()
    body = cluster_body(encryptionAtRestProvider="AZURE")
    assert owner.call("POST", f"{stage.at}/clusters", body, version="2024-10-23").status_code == 201
    answer = owner.call("PATCH", f"{stage.at}/encryptionAtRest", DISABLE_ALL)
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "CANNOT_DISABLE_ENCRYPTION_AT_REST")


def test_the_second_endpoint_of_a_region_is_a_conflict(owner: Client, stage: Stage) -> None:
    stage.enable(requirePrivateNetworking=True)
    stage.make_endpoint()
    assert owner.call("POST", stage.endpoints, {"regionName": "US_EAST_2"}).status_code == 409


@pytest.mark.parametrize("provider", ["GCP", "azure", "0"])
def test_a_provider_that_is_not_offered_is_refused(owner: Client, stage: Stage, provider: str) -> None:
    answer = owner.call("GET", f"{stage.at}/encryptionAtRest/{provider}/privateEndpoints")
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "INVALID_ENUM_VALUE")


def test_a_failed_endpoint_carries_its_message() -> None:
    stage = Stage(knobs=Knobs(fail_create="no capacity"))
    stage.enable(requirePrivateNetworking=True)
    endpoint = stage.make_endpoint()
    stage.pass_time(1000)
    shown = stage.owner().call("GET", f"{stage.endpoints}/{endpoint}").json()
    assert (shown["status"], shown["errorMessage"]) == ("FAILED", "no capacity")


def test_random_failures_of_creation_are_the_documented_500() -> None:
    stage = Stage(knobs=Knobs(random_500_rate=1.0))
    stage.enable(requirePrivateNetworking=True)
    answer = stage.owner().call("POST", stage.endpoints, {"regionName": "US_EAST_2"})
    assert answer.status_code == 500
    assert (answer.json()["errorCode"], answer.json()["detail"]) == ("UNEXPECTED_ERROR", "Unexpected error.")


def test_readings_decide_spelling_and_the_answer_to_a_deletion() -> None:
    stage = Stage(readings=Readings(initiating_spelling="INITATING", endpoint_delete_status="202"))
    stage.enable(requirePrivateNetworking=True)
    owner = stage.owner()
    made = owner.call("POST", stage.endpoints, {"regionName": "US_EAST_2"}).json()
    assert made["status"] == "INITATING"
    stage.pass_time(100)
    deleted = owner.call("DELETE", f"{stage.endpoints}/{made['id']}")
    assert (deleted.status_code, deleted.json()) == (202, {})


def test_listing_endpoints_needs_the_owner_unless_the_reading_says_otherwise() -> None:
    strict, open_ = Stage(), Stage(readings=Readings(endpoint_list_role="read_only"))
    assert strict.client(strict.reader_account).call("GET", strict.endpoints).status_code == 401
    assert open_.client(open_.reader_account).call("GET", open_.endpoints).status_code == 200


def test_a_cluster_manager_sets_the_key_unless_the_reading_says_owner_only() -> None:
    for role, status in (("spec", 200), ("docs", 401)):
        stage = Stage(readings=Readings(cluster_cmk_role=role))
        stage.enable()
        stage.owner().call("POST", f"{stage.at}/clusters", cluster_body(), version="2024-10-23")
        stage.pass_time(1000)
        change = {"encryptionAtRestProvider": "AZURE"}
        manager = stage.client(stage.manager_account)
        answer = manager.call("PATCH", f"{stage.at}/clusters/alpha", change, version="2024-10-23")
        assert answer.status_code == status, answer.text
