"""What real clients rely on: one test for each numbered line of atlas.md section 5, in the client's own way of asking.

Each test does what the client does, in its words and its order, and accepts only what the client accepts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from typing import Any

import httpx
import pytest

from harness.fake.kernel.knobs import Knobs
from tests.fake.atlas_face.stage import Client, Stage, cluster_body

RETRIED = ("CANNOT_ASSUME_ROLE", "INVALID_AWS_CREDENTIALS", "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED")
"""Codes for which Terraform repeats the PATCH; it looks for them in the text of the error."""

ALL_OFF = {name: {"enabled": False} for name in ("awsKms", "azureKeyVault", "googleCloudKms")}
POLLS = 400
POLL_S = 30.0
"""Terraform polls an endpoint every 30 seconds."""


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def owner(stage: Stage) -> Client:
    return stage.owner()


def _text(answer: httpx.Response) -> str:
    """An error as the Go SDK prints it."""
    body = answer.json()
    return (
        f"{answer.request.url} {answer.request.method}: HTTP {answer.status_code} {body['reason']} "
        f'(Error code: "{body["errorCode"]}") Detail: {body["detail"]} Reason: {body["reason"]}. '
        f"Params: {body['parameters']}"
    )


def _patch(stage: Stage, owner: Client, body: dict[str, Any]) -> httpx.Response:
    return owner.call("PATCH", f"{stage.at}/encryptionAtRest", body)


def _read(stage: Stage, owner: Client) -> Any:
    answer = owner.call("GET", f"{stage.at}/encryptionAtRest")
    assert answer.status_code == 200, answer.text
    return answer.json()


def _poll(stage: Stage, owner: Client, endpoint: str, pending: Collection[str], target: Collection[str]) -> Any:
    """Terraform's state waiter: any status that is neither pending nor a target is an error; 404 reads as DELETED."""
    for _ in range(POLLS):
        answer = owner.call("GET", f"{stage.endpoints}/{endpoint}")
        status = "DELETED" if answer.status_code == 404 else answer.json()["status"]
        if status in target:
            return answer.json() if answer.is_success else None
        assert status in pending, f"unexpected state {status!r}, wanted {sorted(target)}"
        stage.pass_time(POLL_S)
    raise AssertionError("time-out while waiting")


def _create_endpoint(stage: Stage, owner: Client) -> Any:
    made = owner.call("POST", stage.endpoints, {"cloudProvider": "AZURE", "regionName": "US_EAST_2"})
    assert made.is_success, made.text
    return _poll(stage, owner, made.json()["id"], {"INITIATING"}, {"PENDING_ACCEPTANCE", "ACTIVE", "FAILED"})


# Terraform


def test_0_an_unset_flag_is_sent_as_false_and_taken(stage: Stage, owner: Client) -> None:
    assert stage.enable(requirePrivateNetworking=False).status_code == 200
    assert _read(stage, owner)["azureKeyVault"]["requirePrivateNetworking"] is False


def test_1_only_errors_of_roles_are_repeated_and_wrong_credentials_are_not(stage: Stage, owner: Client) -> None:
    refused = _patch(stage, owner, {"azureKeyVault": stage.azure_block(secret="wrong")})
    assert "INVALID_AZURE_CREDENTIALS" in _text(refused)
    assert not any(code in _text(refused) for code in RETRIED)
    block = stage.azure_block(roleId="0f" * 12)
    waiting = _patch(stage, owner, {"azureKeyVault": block})
    assert waiting.status_code == 400
    assert any(code in _text(waiting) for code in RETRIED), "a role that is not ready yet is worth another try"


def test_2_a_creation_may_name_empty_blocks_and_the_search_nodes(stage: Stage, owner: Client) -> None:
    body = {"azureKeyVault": stage.azure_block(), "awsKms": {}, "googleCloudKms": {}, "enabledForSearchNodes": False}
    answer = _patch(stage, owner, body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["enabledForSearchNodes"] is False


def test_3_a_read_shows_the_configured_block_and_only_an_unknown_project_is_404(stage: Stage, owner: Client) -> None:
    stage.enable()
    read = _read(stage, owner)
    assert read["azureKeyVault"]["keyIdentifier"] == stage.key
    assert owner.call("GET", f"/groups/{'0f' * 12}/encryptionAtRest").status_code == 404


def test_4_an_update_sends_back_all_that_was_read_with_one_provider_changed(stage: Stage, owner: Client) -> None:
    stage.enable()
    read = _read(stage, owner)
    assert read["azureKeyVault"]["valid"] is True
    newer = stage.key_identifier(stage.world.key_vault.create_key(stage.vault, "atlas-cmk").version)
    changed = {**read["azureKeyVault"], "keyIdentifier": newer, "secret": stage.secret}
    answer = _patch(stage, owner, {**read, "azureKeyVault": changed})
    assert answer.status_code == 200, answer.text
    assert answer.json()["azureKeyVault"]["keyIdentifier"] == newer


def test_5_a_deletion_reads_turns_all_three_off_and_reads_them_off(stage: Stage, owner: Client) -> None:
    stage.enable()
    _read(stage, owner)
    assert _patch(stage, owner, ALL_OFF).status_code == 200
    read = _read(stage, owner)
    assert not any(read[name]["enabled"] for name in ALL_OFF)


def test_6_an_endpoint_is_polled_through_initiating_and_nothing_else(stage: Stage, owner: Client) -> None:
    stage.enable(requirePrivateNetworking=True)
    assert _create_endpoint(stage, owner)["status"] == "PENDING_ACCEPTANCE"


@pytest.mark.parametrize("approved", [False, True], ids=["pending", "active"])
def test_7_a_deleted_endpoint_reads_deleting_at_the_very_next_look_and_then_is_gone(
    stage: Stage, owner: Client, approved: bool
) -> None:
    stage.enable(requirePrivateNetworking=True)
    endpoint = _create_endpoint(stage, owner)["id"]
    if approved:
        stage.approve_all()
    assert owner.call("DELETE", f"{stage.endpoints}/{endpoint}").is_success
    assert _poll(stage, owner, endpoint, {"DELETING"}, {"DELETED", "FAILED"}) is None


def test_8_the_connection_name_of_a_pending_endpoint_approves_it_on_the_vault(stage: Stage, owner: Client) -> None:
    stage.enable(requirePrivateNetworking=True)
    endpoint = _create_endpoint(stage, owner)
    name = endpoint["privateEndpointConnectionName"]
    assert name, "Terraform hands it on as the name of the connection to approve"
    stage.world.arm.set_connection_status(stage.vault, name, "Approved", "by Terraform")
    stage.pass_time(240)
    assert owner.call("GET", f"{stage.endpoints}/{endpoint['id']}").json()["status"] == "ACTIVE"


@pytest.mark.parametrize(
    ("knobs", "status"),
    [(Knobs(), "PENDING_ACCEPTANCE"), (Knobs(fail_create="no quota"), "FAILED")],
    ids=["waiting", "failed"],
)
def test_9_a_message_comes_with_failure_and_waiting_has_none(knobs: Knobs, status: str) -> None:
    stage = Stage(knobs=knobs)
    stage.enable(requirePrivateNetworking=True)
    endpoint = _create_endpoint(stage, stage.owner())
    assert (endpoint["status"], bool(endpoint["errorMessage"])) == (status, status == "FAILED")


def test_10_a_creation_that_takes_too_long_is_deleted_and_the_refusal_is_reported() -> None:
    stage = Stage(knobs=Knobs(stuck_initiating=True))
    stage.enable(requirePrivateNetworking=True)
    owner, endpoint = stage.owner(), stage.make_endpoint()
    stage.pass_time(3 * 3600)
    owner = stage.owner()
    refused = owner.call("DELETE", f"{stage.endpoints}/{endpoint}")
    assert refused.status_code == 400
    assert "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING" in _text(refused)
    assert f"with id [{endpoint}] during IN_PROGRESS state" in refused.json()["detail"]
    assert owner.call("DELETE", f"{stage.endpoints}/{'0f' * 12}").status_code == 404


def test_11_a_plural_source_turns_pages_until_one_is_short(stage: Stage, owner: Client) -> None:
    stage.enable(requirePrivateNetworking=True)
    regions = ["US_EAST_2", "US_WEST", "EUROPE_NORTH", "UK_SOUTH", "JAPAN_EAST"]
    for region in regions:
        stage.make_endpoint(region)
    seen: list[str] = []
    for page in range(1, 10):
        answer = owner.call("GET", stage.endpoints, params={"pageNum": page, "itemsPerPage": 2}).json()
        seen += [one["regionName"] for one in answer["results"]]
        if len(seen) >= answer["totalCount"] or len(answer["results"]) < 2:
            break
    assert seen == regions


def test_12_an_import_id_names_project_provider_and_endpoint(stage: Stage, owner: Client) -> None:
    stage.enable(requirePrivateNetworking=True)
    imported = f"{stage.project}-AZURE-{stage.make_endpoint()}"
    found = re.fullmatch(r"([0-9a-f]{24})-(AWS|AZURE)-([0-9a-f]{24})", imported)
    assert found is not None
    group, provider, endpoint = found.groups()
    at = f"/groups/{group}/encryptionAtRest/{provider}/privateEndpoints/{endpoint}"
    assert owner.call("GET", at).json()["id"] == endpoint


# Kubernetes operator, CloudFormation, CLI, Go SDK


def test_ako_compares_what_it_reads_and_patches_all_three_blocks(stage: Stage, owner: Client) -> None:
    compared = ("enabled", "azureEnvironment", "clientID", "resourceGroupName", "tenantID")
    wanted = stage.azure_block()
    before = _read(stage, owner)
    assert [before[name]["enabled"] for name in ALL_OFF] == [False] * 3
    assert _patch(stage, owner, {**ALL_OFF, "azureKeyVault": wanted}).status_code == 200
    read = _read(stage, owner)["azureKeyVault"]
    assert {name: read[name] for name in compared} == {name: wanted[name] for name in compared}


def test_ako_leaves_the_private_flag_out_and_keeps_it_while_endpoints_exist(stage: Stage, owner: Client) -> None:
    stage.enable(requirePrivateNetworking=True)
    stage.make_endpoint()
    answer = _patch(stage, owner, {**ALL_OFF, "azureKeyVault": stage.azure_block()})
    assert answer.status_code == 200, answer.text
    assert answer.json()["azureKeyVault"]["requirePrivateNetworking"] is True


def test_cfn_takes_a_disabled_aws_block_for_not_found(stage: Stage, owner: Client) -> None:
    def exists() -> bool:
        return bool(_read(stage, owner).get("awsKms", {}).get("enabled"))

    assert not exists()
    aws = {"customerMasterKeyID": "arn:aws:kms:us-east-1:1:key/k", "enabled": True, "region": "US_EAST_1"}
    assert _patch(stage, owner, {"awsKms": {**aws, "roleId": "0f" * 12}}).status_code == 200
    assert exists()
    assert _patch(stage, owner, {"awsKms": {"enabled": False}}).status_code == 200
    assert not exists()


def test_cli_asks_for_version_2023_01_01_and_gets_it(stage: Stage, owner: Client) -> None:
    stage.enable(requirePrivateNetworking=True)
    for path in (f"{stage.at}/encryptionAtRest", stage.endpoints):
        answer = owner.call("GET", path, version="2023-01-01")
        assert answer.headers["content-type"] == "application/vnd.atlas.2023-01-01+json;charset=utf-8"


def test_cli_strips_the_key_provider_from_tenant_clusters_because_it_is_refused(stage: Stage, owner: Client) -> None:
    stage.enable()
    body = cluster_body("free")
    region = body["replicationSpecs"][0]["regionConfigs"][0]
    region |= {"providerName": "TENANT", "backingProviderName": "AZURE", "electableSpecs": {"instanceSize": "M0"}}
    at = f"{stage.at}/clusters"
    refused = owner.call("POST", at, {**body, "encryptionAtRestProvider": "AZURE"}, version="2024-10-23")
    assert refused.json()["errorCode"] == "CANNOT_USE_ENCRYPTION_AT_REST_TENANT"
    assert owner.call("POST", at, body, version="2024-10-23").status_code == 201


def test_go_sdk_decodes_every_error_as_json_by_its_content_type(stage: Stage, owner: Client) -> None:
    stage.world.knobs.random_500_rate = 1.0
    stage.enable(requirePrivateNetworking=True)
    asked: list[Callable[[], httpx.Response]] = [
        lambda: owner.call("POST", stage.endpoints, {"regionName": "US_EAST_2"}),
        lambda: owner.call("GET", f"{stage.endpoints}/{'0f' * 12}"),
        lambda: owner.call("GET", f"{stage.at}/encryptionAtRest", version=None),
        lambda: stage.nobody().call("GET", f"{stage.at}/encryptionAtRest"),
    ]
    for ask in asked:
        answer = ask()
        assert answer.status_code >= 400
        assert answer.headers["content-type"].partition(";")[0] == "application/json"
        assert {"error", "errorCode"} <= json.loads(answer.content).keys()


def test_go_sdk_matches_an_error_code_exactly(stage: Stage, owner: Client) -> None:
    answer = owner.call("GET", f"{stage.at}/clusters/none", version="2024-08-05")
    assert answer.json()["errorCode"] == answer.headers["x-error-code"] == "CLUSTER_NOT_FOUND"


def test_go_sdk_signs_in_with_basic_and_calls_with_the_bearer_token(stage: Stage) -> None:
    account = stage.owner_account
    nobody = stage.nobody()
    form = {"grant_type": "client_credentials"}
    granted = nobody.post("/api/oauth/token", data=form, auth=(account.public, account.secret)).json()
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 3600)
    headers = {"authorization": f"Bearer {granted['access_token']}"}
    assert nobody.call("GET", f"{stage.at}/encryptionAtRest", headers=headers).status_code == 200
