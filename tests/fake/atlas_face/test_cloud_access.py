"""Encryption without a secret: roles in Azure, how they come and go, and what takes the place of what."""

from __future__ import annotations

from typing import Any

import pytest

from harness.fake.kernel.atlas.cloud_access import APPLICATION_ID
from tests.fake.atlas_face.stage import Client, Stage, cluster_body

STATIC = ("clientID", "secret", "tenantID")


def _wanted(stage: Stage, principal: str) -> dict[str, str]:
    return {"providerName": "AZURE", "servicePrincipalId": principal, "tenantId": stage.tenant}


def _role(stage: Stage, owner: Client) -> str:
    made = owner.call("POST", f"{stage.at}/cloudProviderAccess", _wanted(stage, stage.admit_atlas()))
    assert made.status_code == 200, made.text
    return str(made.json()["_id"])


def _secretless(stage: Stage, role: str, **more: Any) -> dict[str, Any]:
    block = stage.azure_block(roleId=role, **more)
    return {"azureKeyVault": {name: value for name, value in block.items() if name not in STATIC}}


def test_a_role_names_the_principal_of_atlas_own_application(stage: Stage, owner: Client) -> None:
    principal = stage.admit_atlas()
    made = owner.call("POST", f"{stage.at}/cloudProviderAccess", _wanted(stage, principal)).json()
    assert made["atlasAzureAppId"] == APPLICATION_ID
    assert (made["servicePrincipalId"], made["tenantId"], made["featureUsages"]) == (principal, stage.tenant, [])
    assert owner.call("GET", f"{stage.at}/cloudProviderAccess").json()["azureServicePrincipals"] == [made]
    assert owner.call("GET", f"{stage.at}/cloudProviderAccess/{made['_id']}").json() == made


def test_a_principal_that_is_not_atlas_own_is_refused(stage: Stage, owner: Client) -> None:
    stage.admit_atlas()
    refused = owner.call("POST", f"{stage.at}/cloudProviderAccess", _wanted(stage, stage.subscription))
    assert (refused.status_code, refused.json()["errorCode"]) == (
        400,
        "CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_INVALID",
    )
    assert refused.json()["parameters"] == [stage.subscription]


def test_a_principal_that_may_not_sign_in_is_refused(stage: Stage, owner: Client) -> None:
    principal = stage.admit_atlas()
    stage.world.entra.restrict_sign_in(APPLICATION_ID, ("192.0.2.1",))
    refused = owner.call("POST", f"{stage.at}/cloudProviderAccess", _wanted(stage, principal))
    assert refused.json()["errorCode"] == "CANNOT_AUTHENTICATE_SERVICE_PRINCIPAL"


def test_a_role_enables_encryption_without_a_secret_and_without_a_version(stage: Stage, owner: Client) -> None:
    role = _role(stage, owner)
    versionless = stage.key.rpartition("/")[0]
    answer = owner.call("PATCH", f"{stage.at}/encryptionAtRest", _secretless(stage, role, keyIdentifier=versionless))
    assert answer.status_code == 200, answer.text
    azure = answer.json()["azureKeyVault"]
    assert (azure["enabled"], azure["valid"], azure["roleId"]) == (True, True, role)
    assert not set(STATIC) & azure.keys()


def test_with_static_credentials_the_version_is_still_needed(stage: Stage) -> None:
    refused = stage.enable(keyIdentifier=stage.key.rpartition("/")[0])
    assert refused.json()["errorCode"] == "AZURE_KEY_VAULT_KEY_IDENTIFIER_INVALID_FORMAT"


def test_a_successful_migration_removes_the_static_credentials(stage: Stage, owner: Client) -> None:
    stage.enable()
    role = _role(stage, owner)
    azure = owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"roleId": role}}).json()
    assert azure["azureKeyVault"]["roleId"] == role
    assert not set(STATIC) & azure["azureKeyVault"].keys()
    stage.world.entra.expire_secret(stage.client_id, 0)
    assert owner.call("GET", f"{stage.at}/encryptionAtRest").json()["azureKeyVault"]["valid"] is True


def test_a_failed_migration_keeps_the_static_credentials(stage: Stage, owner: Client) -> None:
    stage.enable()
    principal = stage.world.entra.add_service_principal(stage.tenant, APPLICATION_ID)
    stage.world.atlas.cloud_access.publish_application()
    made = owner.call("POST", f"{stage.at}/cloudProviderAccess", _wanted(stage, principal)).json()
    refused = owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"roleId": made["_id"]}})
    assert refused.json()["errorCode"] == "NO_PERMISSION_TO_ENCRYPT_DECRYPT"
    azure = owner.call("GET", f"{stage.at}/encryptionAtRest").json()["azureKeyVault"]
    assert (azure["clientID"], azure["valid"]) == (stage.client_id, True)
    assert "roleId" not in azure


def test_a_cluster_keeps_running_through_the_migration(stage: Stage, owner: Client) -> None:
    stage.enable()
    owner.call("POST", f"{stage.at}/clusters", cluster_body(encryptionAtRestProvider="AZURE"), version="2024-10-23")
    stage.pass_time(500)
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"roleId": _role(stage, owner)}})
    stage.pass_time(2000)
    shown = owner.call("GET", f"{stage.at}/clusters/alpha", version="2024-08-05").json()
    assert (shown["paused"], shown["stateName"]) == (False, "IDLE")


def test_taking_the_right_from_atlas_own_principal_stops_the_cluster(stage: Stage, owner: Client) -> None:
    role = _role(stage, owner)
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", _secretless(stage, role))
    owner.call("POST", f"{stage.at}/clusters", cluster_body(encryptionAtRestProvider="AZURE"), version="2024-10-23")
    stage.pass_time(500)
    stage.world.entra.restrict_sign_in(APPLICATION_ID, ("192.0.2.1",))
    stage.pass_time(2 * 3600)
    owner = stage.owner()
    assert owner.call("GET", f"{stage.at}/clusters/alpha", version="2024-08-05").json()["paused"] is True


def test_a_role_in_use_says_so_and_cannot_be_removed(stage: Stage, owner: Client) -> None:
    role = _role(stage, owner)
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", _secretless(stage, role))
    shown = owner.call("GET", f"{stage.at}/cloudProviderAccess/{role}").json()
    assert [usage["featureType"] for usage in shown["featureUsages"]] == ["ENCRYPTION_AT_REST"]
    assert owner.call("DELETE", f"{stage.at}/cloudProviderAccess/AZURE/{role}").status_code == 400
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"enabled": False}})
    assert owner.call("DELETE", f"{stage.at}/cloudProviderAccess/AZURE/{role}").status_code == 204
    assert owner.call("GET", f"{stage.at}/cloudProviderAccess/{role}").status_code == 404


@pytest.mark.parametrize("role", ["unknown", "aws"])
def test_a_role_that_is_not_one_of_azure_in_the_project_is_not_authorised(
    stage: Stage, owner: Client, role: str
) -> None:
    made = owner.call("POST", f"{stage.at}/cloudProviderAccess", {"providerName": "AWS"}).json()["roleId"]
    block = _secretless(stage, made if role == "aws" else "0f" * 12)
    refused = owner.call("PATCH", f"{stage.at}/encryptionAtRest", block)
    assert refused.json()["errorCode"] == "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"


def test_only_the_project_owner_makes_roles_and_any_reader_sees_them(stage: Stage, owner: Client) -> None:
    reader, body = stage.client(stage.reader_account), {"providerName": "GCP"}
    assert reader.call("POST", f"{stage.at}/cloudProviderAccess", body).status_code == 401
    assert owner.call("POST", f"{stage.at}/cloudProviderAccess", body).status_code == 200
    assert len(reader.call("GET", f"{stage.at}/cloudProviderAccess").json()["gcpServiceAccounts"]) == 1


def test_atlas_own_secret_never_ends(stage: Stage) -> None:
    principal = stage.admit_atlas()
    stage.pass_time(3 * 365 * 86_400.0)
    made = stage.owner().call("POST", f"{stage.at}/cloudProviderAccess", _wanted(stage, principal))
    assert made.status_code == 200, made.text
