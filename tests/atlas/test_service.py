"""Atlas's answers in our words, and our wishes in Atlas's."""

from __future__ import annotations

import httpx
import pytest

from harness.errors import ProtocolError, Refused
from harness.model.resource import (
    ATLAS_APPLICATION,
    Addresses,
    AlertRule,
    CloudRole,
    Cluster,
    CompliancePolicy,
    Encryption,
    Placement,
    PrivateEndpoint,
    Snapshot,
)

CLUSTER = {
    "id": "c" * 24,
    "name": "cluster0",
    "stateName": "CREATING",
    "paused": False,
    "backupEnabled": True,
    "encryptionAtRestProvider": "AZURE",
    "connectionStrings": {},
    "replicationSpecs": [
        {
            "regionConfigs": [
                {
                    "providerName": "AZURE",
                    "regionName": "US_EAST_2",
                    "priority": 7,
                    "electableSpecs": {"instanceSize": "M10", "nodeCount": 3, "diskSizeGB": 10.0},
                }
            ]
        }
    ],
}


def test_an_encryption_configuration_is_read_with_the_names_of_all_its_fields(service, atlas, project, build):
    azure = {
        "azureEnvironment": "AZURE",
        "clientID": "client",
        "enabled": True,
        "keyIdentifier": "https://kv.vault.azure.net/keys/k/1",
        "keyVaultName": "kv",
        "requirePrivateNetworking": True,
        "resourceGroupName": "rg",
        "subscriptionID": "sub",
        "tenantID": "tenant",
        "valid": True,
    }
    atlas.answer(
        build.ok({"awsKms": {"enabled": False}, "azureKeyVault": azure, "enabledForSearchNodes": False, "new": 1})
    )
    assert service.encryption(project) == Encryption(
        enabled=True,
        valid=True,
        require_private_networking=True,
        key_identifier="https://kv.vault.azure.net/keys/k/1",
        key_vault_name="kv",
        subscription_id="sub",
        resource_group_name="rg",
        tenant_id="tenant",
        client_id="client",
        azure_environment="AZURE",
        role_id=None,
        search_nodes=False,
        providers=("aws", "azure"),
        providers_enabled=("azure",),
        fields=tuple(sorted(azure)),
    )


def test_each_operation_asks_for_its_own_version_and_names_it_on_bodies(service, atlas, project, build):
    atlas.answer(build.ok({}), httpx.Response(201, json=CLUSTER))
    service.update_encryption(project, {"azureKeyVault": {"enabled": False}})
    service.create_cluster(project, "cluster0", [("AZURE", "US_EAST_2", "M10", 3)], "AZURE", backup=True)
    patch, post = atlas.requests
    assert patch.headers["accept"] == patch.headers["content-type"] == "application/vnd.atlas.2023-01-01+json"
    assert post.headers["accept"] == post.headers["content-type"] == "application/vnd.atlas.2024-10-23+json"


def test_a_read_names_no_content_type(service, atlas, project, build):
    atlas.answer(build.ok({}))
    service.encryption(project)
    assert "content-type" not in atlas.requests[0].headers


def test_a_cluster_is_asked_for_by_placements(service, atlas, project):
    atlas.answer(httpx.Response(201, json=CLUSTER))
    placements = [("AZURE", "US_EAST_2", "M10", 2), ("AZURE", "EUROPE_NORTH", "M10", 1)]
    made = service.create_cluster(project, "cluster0", placements, "AZURE", backup=True)
    regions = atlas.bodies()[0]["replicationSpecs"][0]["regionConfigs"]
    assert [(r["regionName"], r["priority"], r["electableSpecs"]["nodeCount"]) for r in regions] == [
        ("US_EAST_2", 7, 2),
        ("EUROPE_NORTH", 6, 1),
    ]
    assert made == Cluster(
        id="c" * 24,
        name="cluster0",
        state="CREATING",
        paused=False,
        key_provider="AZURE",
        placements=(Placement("AZURE", "US_EAST_2", "M10", 3),),
        backup_enabled=True,
    )


def test_a_shared_tier_is_asked_for_as_a_tenant(service, atlas, project, build):
    atlas.answer(build.refusal(400, "CANNOT_USE_ENCRYPTION_AT_REST_TENANT"))
    with pytest.raises(Refused):
        service.create_cluster(project, "free", [("AZURE", "US_EAST_2", "M0", 3)], "AZURE", backup=False)
    region = atlas.bodies()[0]["replicationSpecs"][0]["regionConfigs"][0]
    assert (region["providerName"], region["backingProviderName"]) == ("TENANT", "AZURE")


def test_what_does_not_exist_is_none_but_a_missing_project_is_a_refusal(service, atlas, project, build):
    atlas.answer(build.refusal(404, "CLUSTER_NOT_FOUND"), build.refusal(404, "GROUP_NOT_FOUND"))
    assert service.cluster(project, "cluster0") is None
    with pytest.raises(Refused, match="GROUP_NOT_FOUND"):
        service.cluster(project, "cluster0")


def test_an_endpoint_is_read_in_our_words(service, atlas, project, build):
    record = build.endpoint(1, "PENDING_ACCEPTANCE") | {"privateEndpointConnectionName": "pe-1"}
    atlas.answer(build.ok(record))
    assert service.private_endpoint(project, "1") == PrivateEndpoint(
        id=f"{1:024x}", region="US_EAST_2", status="PENDING_ACCEPTANCE", connection_name="pe-1", error_message=None
    )


def test_names_are_escaped_in_paths(service, atlas, project, build):
    atlas.answer(build.refusal(404, "CLUSTER_NOT_FOUND"))
    service.cluster(project, "a/../b c")
    assert atlas.requests[0].url.raw_path.endswith(b"/clusters/a%2F..%2Fb%20c")


def test_a_cluster_without_search_nodes_has_none(service, atlas, project, build):
    atlas.answer(build.ok({}))
    assert service.search_nodes(project, "cluster0") is None


def test_events_are_oldest_first(service, atlas, project, build):
    def event(number, second):
        kind = "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED"
        return {"id": str(number), "eventTypeName": kind, "created": f"2026-06-01T08:00:0{second}Z"}

    atlas.answer(build.page(event(4, 9), event(3, 5), event(2, 5), event(1, 1)))
    assert [event.id for event in service.events(project)] == ["1", "2", "3", "4"]


def test_alert_rules_read_like_sentences(service, atlas, project, build):
    rule = {
        "id": "r",
        "eventTypeName": "AZURE_ENCRYPTION_KEY_NEEDS_ROTATION",
        "enabled": True,
        "threshold": {"operator": "GREATER_THAN", "threshold": 90, "units": "DAYS"},
    }
    atlas.answer(build.page(rule, total=1))
    assert service.alert_rules(project) == [
        AlertRule("r", "AZURE_ENCRYPTION_KEY_NEEDS_ROTATION", True, "GREATER_THAN 90 DAYS")
    ]


def rule(kind, **more):
    mail = {"typeName": "GROUP", "emailEnabled": True, "roles": ["GROUP_OWNER"], "intervalMin": 60}
    return {"id": f"r-{kind}", "eventTypeName": kind, "enabled": True, "notifications": [mail], **more}


@pytest.mark.parametrize(
    ("change", "mails"),
    [
        ({}, True),
        ({"roles": []}, True),
        ({"roles": ["GROUP_READ_ONLY"]}, False),
        ({"emailEnabled": False}, False),
        ({"typeName": "SLACK"}, False),
    ],
)
def test_a_rule_tells_whether_owners_are_mailed(service, atlas, project, build, change, mails):
    one = rule("X")
    one["notifications"][0] |= change
    atlas.answer(build.page(one, total=1))
    assert service.alert_rules(project)[0].mails_owners is mails


def test_a_threshold_is_changed_and_all_else_of_the_rule_stays(service, atlas, project, build):
    matcher = {"fieldName": "CLUSTER_NAME", "operator": "EQUALS", "value": "cluster0"}
    threshold = {"operator": "GREATER_THAN", "threshold": 90, "units": "DAYS"}
    wanted = rule("ROTATION", matchers=[matcher], threshold=threshold)
    atlas.answer(build.page(rule("OTHER"), wanted), build.ok(wanted))
    service.set_alert_threshold(project, "ROTATION", 400)
    assert (atlas.requests[1].method, atlas.requests[1].url.path.rpartition("/")[2]) == ("PUT", "r-ROTATION")
    assert atlas.bodies()[0] == {
        "eventTypeName": "ROTATION",
        "enabled": True,
        "matchers": [matcher],
        "notifications": wanted["notifications"],
        "threshold": {**threshold, "threshold": 400},
    }


def test_a_threshold_without_a_rule_is_no_guess(service, atlas, project, build):
    atlas.answer(build.page(rule("OTHER"), total=1))
    with pytest.raises(ProtocolError, match="no alert configuration for ROTATION"):
        service.set_alert_threshold(project, "ROTATION", 400)


def test_a_cluster_without_a_simulated_outage_has_none(service, atlas, project, build):
    atlas.answer(build.refusal(404, "RESOURCE_NOT_FOUND"), build.ok({"state": "SIMULATING"}))
    assert [service.outage(project, "cluster0"), service.outage(project, "cluster0")] == [None, "SIMULATING"]


def test_an_outage_names_its_regions(service, atlas, project, build):
    atlas.answer(build.ok({"state": "START_REQUESTED"}))
    service.start_outage(project, "cluster0", [("AZURE", "US_EAST_2")])
    region = {"cloudProvider": "AZURE", "regionName": "US_EAST_2", "type": "REGION"}
    assert atlas.bodies() == [{"outageFilters": [region]}]


def test_an_outage_of_unknown_outcome_is_looked_for(service, atlas, project, build):
    atlas.answer(httpx.Response(500), build.ok({"state": "STARTING"}))
    service.start_outage(project, "cluster0", [("AZURE", "US_EAST_2")])
    assert [request.method for request in atlas.requests] == ["POST", "GET"]


def test_the_end_of_an_outage_that_was_not_heard_is_asked_for_again(service, atlas, project, build):
    goes_on = [build.ok({"state": "SIMULATING"}) for _ in range(2)]
    atlas.answer(httpx.Response(500), *goes_on, build.ok({"state": "RECOVERY_REQUESTED"}))
    service.end_outage(project, "cluster0")
    assert [request.method for request in atlas.requests] == ["DELETE", "GET", "GET", "DELETE"]


def test_a_snapshot_is_asked_for_as_files(service, atlas, project, build):
    atlas.answer(build.ok({"id": "job"}))
    service.download_snapshot(project, "cluster0", "snap")
    assert atlas.bodies() == [{"deliveryType": "download", "snapshotId": "snap"}]


def test_snapshots_of_flex_clusters_are_kept_apart(service, atlas, project, build):
    atlas.answer(build.page({"id": "s", "status": "COMPLETED"}, total=1), build.ok({"id": "job"}))
    assert service.flex_snapshots(project, "trial") == [Snapshot("s", "completed", None)]
    service.restore_flex_snapshot(project, "trial", "s", "cluster0")
    assert atlas.requests[1].url.path.endswith("/flexClusters/trial/backup/restoreJobs")
    assert atlas.bodies()[0] == {
        "snapshotId": "s",
        "targetDeploymentItemName": "cluster0",
        "targetProjectId": project,
    }


def test_a_snapshot_of_unknown_outcome_is_found_by_its_description(service, atlas, project, build):
    taken = {"id": "s", "status": "queued", "description": "proof 1", "masterKeyUUID": "uuid"}
    atlas.answer(httpx.Response(500), build.page(taken, total=1))
    assert service.take_snapshot(project, "cluster0", "proof 1") == Snapshot("s", "queued", "uuid")


def test_a_cluster_is_given_other_nodes(service, atlas, project, build):
    atlas.answer(build.ok(CLUSTER))
    service.place_cluster(project, "cluster0", [("AZURE", "EUROPE_NORTH", "M20", 3)])
    region = atlas.bodies()[0]["replicationSpecs"][0]["regionConfigs"][0]
    assert (atlas.requests[0].method, region["regionName"]) == ("PATCH", "EUROPE_NORTH")
    assert region["electableSpecs"] == {"instanceSize": "M20", "nodeCount": 3}


def test_a_snapshot_is_restored_onto_a_cluster_of_the_same_project(service, atlas, project, build):
    atlas.answer(build.ok({"id": "job"}))
    service.restore_snapshot(project, "cluster0", "snap", "cluster1")
    assert atlas.requests[0].url.path.endswith("/clusters/cluster0/backup/restoreJobs")
    assert atlas.bodies()[0] == {
        "deliveryType": "automated",
        "snapshotId": "snap",
        "targetClusterName": "cluster1",
        "targetGroupId": project,
    }


def test_addresses_are_listed_once(service, atlas, project, build):
    cluster = {"clusterName": "cluster0", "inbound": ["1.1.1.1"], "outbound": ["1.1.1.1", "2.2.2.2"]}
    outbound = {"azure": {"useast2": ["3.3.3.3/32"]}, "aws": {"us-east-1": ["3.3.3.3/32", "4.4.4.4/32"]}}
    atlas.answer(build.ok({"services": {"clusters": [cluster]}}), build.ok({"outbound": outbound}))
    assert service.addresses(project) == Addresses({"cluster0": ("1.1.1.1", "2.2.2.2")}, ("3.3.3.3/32", "4.4.4.4/32"))


ROLE = {
    "_id": "a" * 24,
    "atlasAzureAppId": ATLAS_APPLICATION,
    "featureUsages": [{"featureId": None, "featureType": "ENCRYPTION_AT_REST"}],
    "providerName": "AZURE",
    "servicePrincipalId": "principal",
    "tenantId": "tenant",
}
READ_ROLE = CloudRole("a" * 24, ATLAS_APPLICATION, "principal", "tenant", ("ENCRYPTION_AT_REST",))


def test_access_roles_of_azure_are_read_in_our_words(service, atlas, project, build):
    atlas.answer(build.ok({"awsIamRoles": [{"roleId": "x"}], "azureServicePrincipals": [ROLE]}))
    assert service.cloud_roles(project) == [READ_ROLE]


def test_an_access_role_is_asked_for_with_application_principal_and_tenant(service, atlas, project, build):
    atlas.answer(build.ok({"azureServicePrincipals": []}), build.ok(ROLE))
    assert service.create_cloud_role(project, ATLAS_APPLICATION, "tenant", "principal") == READ_ROLE
    assert atlas.bodies()[-1] == {
        "providerName": "AZURE",
        "atlasAzureAppId": ATLAS_APPLICATION,
        "servicePrincipalId": "principal",
        "tenantId": "tenant",
    }


def test_an_access_role_of_unknown_outcome_is_the_one_that_was_not_there_before(service, atlas, project, build):
    older = {**ROLE, "_id": "b" * 24}
    atlas.answer(
        build.ok({"azureServicePrincipals": [older]}),
        httpx.Response(500),
        build.ok({"azureServicePrincipals": [older, ROLE]}),
    )
    assert service.create_cloud_role(project, ATLAS_APPLICATION, "tenant", "principal") == READ_ROLE


def test_a_project_without_a_compliance_policy_has_none(service, atlas, project, build):
    atlas.answer(build.ok({}), build.ok({"encryptionAtRestEnabled": True, "state": "ACTIVE", "new": 1}))
    assert service.compliance_policy(project) is None
    assert service.compliance_policy(project) == CompliancePolicy(encryption_required=True, state="ACTIVE")


def test_endpoints_of_a_cloud_are_asked_for_by_its_name(service, atlas, project, build):
    atlas.answer(build.page(total=0), build.refusal(400, "INVALID_ENUM_VALUE"))
    assert service.private_endpoint_ids(project, "AWS") == []
    with pytest.raises(Refused):
        service.create_private_endpoint_at(project, "GCP", "US_EAST_2")
    paths = [str(asked.url.path) for asked in atlas.requests]
    assert paths[0].endswith("/encryptionAtRest/AWS/privateEndpoints")
    assert paths[1].endswith("/encryptionAtRest/GCP/privateEndpoints")
