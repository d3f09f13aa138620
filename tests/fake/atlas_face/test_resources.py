"""Clusters, search nodes, snapshots, Flex clusters, projects, feed and addresses on the wire (atlas.md 3.8)."""

from __future__ import annotations

import pytest

from tests.fake.atlas_face.stage import Client, Stage, cluster_body

NEW = "2024-10-23"


def _made(stage: Stage, owner: Client, **more: object) -> str:
    answer = owner.call("POST", f"{stage.at}/clusters", cluster_body(**more), version=NEW)  # type: ignore[arg-type]
    assert answer.status_code == 201, answer.text
    stage.pass_time(1000)
    return f"{stage.at}/clusters/alpha"


def test_settings_that_no_law_reads_are_kept_and_shown(stage: Stage, owner: Client) -> None:
    one = _made(stage, owner, tags=[{"key": "env", "value": "test"}], pitEnabled=True, mongoDBMajorVersion="7.0")
    shown = owner.call("GET", one, version="2024-08-05").json()
    assert shown["tags"] == [{"key": "env", "value": "test"}]
    assert (shown["pitEnabled"], shown["mongoDBVersion"]) == (True, "7.0.40")
    owner.call("PATCH", one, {"redactClientLogData": True}, version=NEW)
    stage.pass_time(1000)
    shown = owner.call("GET", one, version="2024-08-05").json()
    assert (shown["redactClientLogData"], shown["pitEnabled"]) == (True, True)


def test_the_disk_is_resized_in_the_older_version_without_naming_shards(stage: Stage, owner: Client) -> None:
    one = _made(stage, owner)
    assert owner.call("PATCH", one, {"diskSizeGB": 40}, version="2023-02-01").json()["diskSizeGB"] == 40
    stage.pass_time(1000)
    new = owner.call("GET", one, version="2024-08-05").json()["replicationSpecs"][0]["regionConfigs"][0]
    assert new["electableSpecs"]["diskSizeGB"] == 40


def test_a_client_may_send_back_the_cluster_it_read(stage: Stage, owner: Client) -> None:
    one = _made(stage, owner)
    echoed = owner.call("GET", one, version="2024-08-05").json()
    answer = owner.call("PATCH", one, {**echoed, "terminationProtectionEnabled": True}, version=NEW)
    assert (answer.status_code, answer.json()["terminationProtectionEnabled"]) == (200, True)


def test_shards_are_entries_in_the_new_version_and_a_number_in_the_older(stage: Stage, owner: Client) -> None:
    body = cluster_body(clusterType="SHARDED")
    body["replicationSpecs"] *= 3
    owner.call("POST", f"{stage.at}/clusters", body, version=NEW)
    new = owner.call("GET", f"{stage.at}/clusters/alpha", version="2024-08-05").json()
    old = owner.call("GET", f"{stage.at}/clusters/alpha", version="2023-02-01").json()
    assert len(new["replicationSpecs"]) == 3
    assert [spec["numShards"] for spec in old["replicationSpecs"]] == [3]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "-alpha"}, "CLUSTER_NAME_INVALID"),
        ({"replicationSpecs": []}, "REPLICATION_SPECS_INVALID"),
        ({"replicationSpecs": [{"regionConfigs": []}]}, "REPLICATION_SPECS_INVALID"),
        ({"replicationSpecs": [{"zoneName": "a"}]}, "MISSING_ATTRIBUTE"),
        ({"clusterType": "RING"}, "INVALID_ENUM_VALUE"),
        ({"paused": "yes"}, "INVALID_JSON_ATTRIBUTE"),
        ({"paused": True}, "CANNOT_CREATE_PAUSED_CLUSTER"),
        ({"encryptionAtRestProvider": "AZURE"}, "ENCRYPTION_AT_REST_NOT_ENABLED"),
        ({"encryptionAtRestProvider": "ACME"}, "INVALID_ENCRYPTION_AT_REST_PROVIDER"),
    ],
)
def test_a_bad_cluster_is_refused_and_none_is_made(
    stage: Stage, owner: Client, change: dict[str, object], code: str
) -> None:
    answer = owner.call("POST", f"{stage.at}/clusters", {**cluster_body(), **change}, version=NEW)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, code)
    assert owner.call("GET", f"{stage.at}/clusters", version=NEW).json()["results"] == []


def test_a_cluster_keeps_its_name(stage: Stage, owner: Client) -> None:
    answer = owner.call("PATCH", _made(stage, owner), {"name": "beta"}, version=NEW)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "CLUSTER_CANNOT_CHANGE_NAME")


def test_a_flex_cluster_has_no_field_for_a_key(stage: Stage, owner: Client) -> None:
    settings = {"backingProviderName": "AZURE", "regionName": "US_EAST_2"}
    body = {"name": "flex", "providerSettings": settings, "encryptionAtRestProvider": "AZURE"}
    answer = owner.call("POST", f"{stage.at}/flexClusters", body, version="2024-11-13")
    assert (answer.status_code, answer.json()["parameters"]) == (400, ["encryptionAtRestProvider"])


def test_search_nodes_and_snapshots_carry_the_key(stage: Stage, owner: Client) -> None:
    body = {"azureKeyVault": stage.azure_block(), "enabledForSearchNodes": True}
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", body)
    one = _made(stage, owner, encryptionAtRestProvider="AZURE", backupEnabled=True)
    search = {"specs": [{"instanceSize": "S20_HIGHCPU_NVME", "nodeCount": 2}]}
    owner.call("POST", f"{one}/search/deployment", search, version="2024-05-30")
    taken = owner.call("POST", f"{one}/backup/snapshots", {}).json()
    stage.pass_time(1000)
    shown = owner.call("GET", f"{one}/search/deployment", version="2025-03-12").json()
    assert (shown["encryptionAtRestProvider"], shown["stateName"]) == ("AZURE", "IDLE")
    snapshot = owner.call("GET", f"{one}/backup/snapshots/{taken['id']}").json()
    assert snapshot["status"] == "completed"
    assert len(snapshot["masterKeyUUID"]) == 36


def test_an_encrypted_snapshot_is_restored_and_not_downloaded(stage: Stage, owner: Client) -> None:
    stage.enable()
    one = _made(stage, owner, encryptionAtRestProvider="AZURE", backupEnabled=True)
    taken = owner.call("POST", f"{one}/backup/snapshots", {}).json()
    stage.pass_time(1000)
    wanted = {"deliveryType": "download", "snapshotId": taken["id"]}
    answer = owner.call("POST", f"{one}/backup/restoreJobs", wanted)
    assert answer.json()["errorCode"] == "CANNOT_DOWNLOAD_SNAPSHOT_WITH_ENCRYPTION"
    wanted |= {"deliveryType": "automated", "targetClusterName": "alpha"}
    job = owner.call("POST", f"{one}/backup/restoreJobs", wanted)
    assert (job.status_code, job.json()["targetGroupId"]) == (200, stage.project)
    assert owner.call("GET", f"{one}/backup/restoreJobs").json()["totalCount"] == 1


def test_a_plain_snapshot_is_downloaded(stage: Stage, owner: Client) -> None:
    one = _made(stage, owner, backupEnabled=True)
    taken = owner.call("POST", f"{one}/backup/snapshots", {}).json()
    stage.pass_time(1000)
    wanted = {"deliveryType": "download", "snapshotId": taken["id"]}
    asked = owner.call("POST", f"{one}/backup/restoreJobs", wanted).json()
    stage.pass_time(1000)
    ready = owner.call("GET", f"{one}/backup/restoreJobs/{asked['id']}").json()
    assert (asked["deliveryType"], "deliveryUrl" in asked, "targetClusterName" in asked) == ("download", False, False)
    assert ready["deliveryUrl"][0].startswith("https://")


def test_a_flex_snapshot_is_listed_and_restored(stage: Stage, owner: Client) -> None:
    body = {"name": "trial", "providerSettings": {"backingProviderName": "AZURE", "regionName": "US_EAST_2"}}
    owner.call("POST", f"{stage.at}/flexClusters", body, version="2024-11-13")
    _made(stage, owner)
    stage.pass_time(90_000)
    owner = stage.owner()
    at = f"{stage.at}/flexClusters/trial/backup"
    listed = owner.call("GET", f"{at}/snapshots", version="2024-11-13").json()
    (snapshot,) = listed["results"]
    assert (listed["totalCount"], snapshot["status"]) == (1, "COMPLETED")
    same = owner.call("GET", f"{at}/snapshots/{snapshot['id']}", version="2024-11-13").json()
    assert same == snapshot
    wanted = {"snapshotId": snapshot["id"], "targetDeploymentItemName": "alpha"}
    job = owner.call("POST", f"{at}/restoreJobs", wanted, version="2024-11-13")
    assert (job.status_code, job.json()["targetProjectId"], job.json()["status"]) == (200, stage.project, "PENDING")
    assert owner.call("GET", f"{stage.at}/clusters/alpha", version="2024-08-05").json()["stateName"] == "UPDATING"


def test_a_restore_into_a_project_without_a_role_there_is_refused(stage: Stage, owner: Client) -> None:
    elsewhere = stage.world.atlas.projects.add_organisation("Elsewhere").id
    foreign = stage.world.atlas.projects.create(elsewhere, "foreign").id
    one = _made(stage, owner, backupEnabled=True)
    taken = owner.call("POST", f"{one}/backup/snapshots", {}).json()
    stage.pass_time(1000)
    wanted = {"deliveryType": "automated", "snapshotId": taken["id"]}
    wanted |= {"targetClusterName": "x", "targetGroupId": foreign}
    assert owner.call("POST", f"{one}/backup/restoreJobs", wanted).json()["errorCode"] == "USER_CANNOT_ACCESS_GROUP"


def test_events_come_newest_first_and_are_filtered(stage: Stage, owner: Client) -> None:
    stage.enable(requirePrivateNetworking=True)
    stage.pass_time(100)
    stage.make_endpoint()
    kinds = [e["eventTypeName"] for e in owner.call("GET", f"{stage.at}/events").json()["results"]]
    assert kinds[0] == "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_CREATED"
    only = owner.call("GET", f"{stage.at}/events", params={"eventType": "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED"})
    assert {e["eventTypeName"] for e in only.json()["results"]} == {"ENCRYPTION_AT_REST_CONFIGURATION_UPDATED"}
    none = owner.call("GET", f"{stage.at}/events", params={"maxDate": "2020-01-01T00:00:00Z"})
    assert none.json()["results"] == []
    wrong = owner.call("GET", f"{stage.at}/events", params={"minDate": "soon"})
    assert wrong.json()["errorCode"] == "INVALID_DATE_FORMAT"


def test_only_projects_with_a_role_are_listed(stage: Stage, owner: Client) -> None:
    stage.world.atlas.projects.create(stage.world.atlas.projects.add_organisation("Elsewhere").id, "foreign")
    assert [p["name"] for p in owner.call("GET", "/groups").json()["results"]] == ["prod"]


def test_a_project_with_clusters_is_not_closed(stage: Stage, owner: Client) -> None:
    _made(stage, owner)
    answer = owner.call("DELETE", stage.at)
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS")


def test_creating_a_project_needs_the_right_and_a_good_name(stage: Stage, owner: Client) -> None:
    body = {"name": "second", "orgId": stage.organisation}
    refused = stage.client(stage.reader_account).call("POST", "/groups", body)
    assert refused.json()["errorCode"] == "NOT_ORG_GROUP_CREATOR"
    assert owner.call("POST", "/groups", {**body, "name": "a;b"}).json()["errorCode"] == "INVALID_GROUP_NAME"
    made = owner.call("POST", "/groups", body)
    assert made.headers["location"] == "https://cloud.mongodb.com//api/atlas/v1.0"
    assert owner.call("GET", f"/groups/{made.json()['id']}").status_code == 200


def test_node_addresses_are_listed_by_cluster(stage: Stage, owner: Client) -> None:
    _made(stage, owner)
    clusters = owner.call("GET", f"{stage.at}/ipAddresses").json()["services"]["clusters"]
    assert [(c["clusterName"], len(c["outbound"])) for c in clusters] == [("alpha", 3)]


def test_every_record_is_where_its_link_to_itself_says(stage: Stage, owner: Client) -> None:
    stage.enable()
    one = _made(stage, owner, encryptionAtRestProvider="AZURE", backupEnabled=True)
    taken = owner.call("POST", f"{one}/backup/snapshots", {}).json()
    stage.pass_time(1000)
    wanted = {"deliveryType": "automated", "snapshotId": taken["id"], "targetClusterName": "alpha"}
    owner.call("POST", f"{one}/backup/restoreJobs", wanted)
    stage.world.key_vault.set_attributes(stage.vault, "atlas-cmk", enabled=False)
    stage.pass_time(2000)
    owner = stage.owner()
    lists = [f"{stage.at}/{name}" for name in ("alertConfigs", "alerts", "clusters", "events")]
    lists += ["/groups", "/orgs", f"{one}/backup/restoreJobs", f"{one}/backup/snapshots"]
    for path in lists:
        records = owner.call("GET", path, version="2024-08-05").json()["results"]
        assert records, path
        for record in records:
            found = next(link["href"] for link in record["links"] if link["rel"] == "self")
            answer = owner.call("GET", found.partition("/api/atlas/v2")[2], version="2024-08-05")
            assert (answer.status_code, answer.json()["id"]) == (200, record["id"]), found


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("alertConfigs", "ALERT_CONFIG_NOT_FOUND"),
        ("events", "EVENT_NOT_FOUND"),
        ("clusters/alpha/backup/restoreJobs", "RESOURCE_NOT_FOUND"),
    ],
)
def test_a_record_that_never_was_is_not_found(stage: Stage, owner: Client, path: str, code: str) -> None:
    _made(stage, owner)
    answer = owner.call("GET", f"{stage.at}/{path}/{'0' * 24}")
    assert (answer.status_code, answer.json()["errorCode"]) == (404, code)
    answer = owner.call("GET", f"{stage.at}/{path}/zero")
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "INVALID_PATH_PARAMETER")


def test_the_organisation_of_others_is_refused(stage: Stage, owner: Client) -> None:
    foreign = stage.world.atlas.projects.add_organisation("Foreign").id
    answer = owner.call("GET", f"/orgs/{foreign}")
    assert (answer.status_code, answer.json()["errorCode"]) == (401, "NOT_ORG_MEMBER")
