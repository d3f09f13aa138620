"""Retention of snapshots, alert configurations, the legacy cluster body, compliance policies, process arguments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fake.atlas_face.stage import Client, Stage, cluster_body

NOTIFIED = [{"typeName": "GROUP", "emailEnabled": True}]
POLICY = {"authorizedEmail": "a@example.com", "authorizedUserFirstName": "A", "authorizedUserLastName": "B"}


def _cluster(stage: Stage, owner: Client, **more: Any) -> str:
    made = owner.call("POST", f"{stage.at}/clusters", cluster_body(**more), version="2024-10-23")
    assert made.status_code == 201, made.text
    stage.pass_time(500)
    return f"{stage.at}/clusters/alpha"


def _snapshot(owner: Client, one: str) -> str:
    taken = owner.call("POST", f"{one}/backup/snapshots", {"retentionInDays": 1}).json()["id"]
    return f"{one}/backup/snapshots/{taken}"


def test_a_completed_snapshot_is_kept_longer_and_removed(stage: Stage, owner: Client) -> None:
    snapshot = _snapshot(owner, _cluster(stage, owner, backupEnabled=True))
    stage.pass_time(300)
    before = owner.call("GET", snapshot).json()["expiresAt"]
    kept = owner.call("PATCH", snapshot, {"retentionUnit": "WEEKS", "retentionValue": 2}).json()
    assert kept["expiresAt"][:10] > before[:10]
    assert owner.call("DELETE", snapshot).status_code == 204
    assert owner.call("GET", snapshot).status_code == 404


def test_a_snapshot_that_is_being_taken_is_left_alone(stage: Stage, owner: Client) -> None:
    snapshot = _snapshot(owner, _cluster(stage, owner, backupEnabled=True))
    kept = owner.call("PATCH", snapshot, {"retentionUnit": "DAYS", "retentionValue": 2})
    assert kept.json()["errorCode"] == "CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION"
    assert owner.call("DELETE", snapshot).json()["errorCode"] == "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT"


def test_a_point_in_time_finds_the_snapshot_before_it(stage: Stage, owner: Client) -> None:
    one = _cluster(stage, owner, backupEnabled=True)
    first = _snapshot(owner, one)
    stage.pass_time(1000)
    between = int(stage.world.now)
    stage.pass_time(1000)
    _snapshot(owner, one)
    at = f"{one}/backup/snapshots"
    found = owner.call("GET", at, params={"pointInTimeUtcSeconds": between}).json()["results"]
    assert [f"{at}/{snapshot['id']}" for snapshot in found] == [first]
    assert owner.call("GET", at, params={"oplogTs": between}).status_code == 400


def test_a_restore_stays_on_record_when_its_snapshot_is_gone(stage: Stage, owner: Client) -> None:
    one = _cluster(stage, owner, backupEnabled=True)
    snapshot = _snapshot(owner, one)
    stage.pass_time(300)
    wanted = {"deliveryType": "automated", "snapshotId": snapshot.rpartition("/")[2], "targetClusterName": "alpha"}
    assert owner.call("POST", f"{one}/backup/restoreJobs", wanted).status_code == 200
    owner.call("DELETE", snapshot)
    assert owner.call("GET", f"{one}/backup/restoreJobs").json()["totalCount"] == 1


def test_an_alert_configuration_is_made_changed_and_removed(stage: Stage, owner: Client) -> None:
    at = f"{stage.at}/alertConfigs"
    body = {"eventTypeName": "CPS_RESTORE_FAILED", "enabled": True, "notifications": NOTIFIED}
    made = owner.call("POST", at, body).json()
    assert (made["enabled"], made["notifications"]) == (True, NOTIFIED)
    one = f"{at}/{made['id']}"
    assert owner.call("PATCH", one, {"enabled": False}).json()["enabled"] is False
    matcher = {"fieldName": "CLUSTER_NAME", "operator": "EQUALS", "value": "alpha"}
    assert owner.call("PUT", one, {**body, "matchers": [matcher]}).json()["matchers"] == [matcher]
    assert owner.call("DELETE", one).status_code == 204
    assert owner.call("GET", one).json()["errorCode"] == "ALERT_CONFIG_NOT_FOUND"


def test_there_are_no_alerts_about_what_is_no_event(stage: Stage, owner: Client) -> None:
    refused = owner.call("POST", f"{stage.at}/alertConfigs", {"eventTypeName": "BIRTHDAY", "notifications": NOTIFIED})
    assert refused.json()["errorCode"] == "INVALID_EVENT_TYPE_FOR_ALERT"


def test_a_higher_threshold_of_the_rotation_alert_holds_it_back(stage: Stage, owner: Client) -> None:
    stage.enable()
    rules = owner.call("GET", f"{stage.at}/alertConfigs").json()["results"]
    rule = next(r for r in rules if r["eventTypeName"] == "AZURE_ENCRYPTION_KEY_NEEDS_ROTATION")
    threshold = {"operator": "GREATER_THAN", "threshold": 400, "units": "DAYS"}
    body = {"eventTypeName": rule["eventTypeName"], "enabled": True, "notifications": NOTIFIED, "threshold": threshold}
    assert owner.call("PUT", f"{stage.at}/alertConfigs/{rule['id']}", body).json()["threshold"] == threshold
    stage.pass_time(120 * 86_400)
    assert stage.owner().call("GET", f"{stage.at}/alerts", params={"status": "OPEN"}).json()["results"] == []


def test_an_alert_is_acknowledged_and_that_is_taken_back(stage: Stage, owner: Client) -> None:
    stage.enable()
    stage.pass_time(91 * 86_400)
    owner = stage.owner()
    alert = owner.call("GET", f"{stage.at}/alerts").json()["results"][0]["id"]
    at, until = f"{stage.at}/alerts/{alert}", "2126-01-01T00:00:00Z"
    note = {"acknowledgedUntil": until, "acknowledgementComment": "known"}
    assert owner.call("PATCH", at, note).json()["acknowledgedUntil"] == until
    assert owner.call("GET", at).json()["acknowledgementComment"] == "known"
    back = owner.call("PATCH", at, {**note, "unacknowledgeAlert": True}, version="2024-05-30").json()
    assert not {"acknowledgedUntil", "acknowledgementComment"} & back.keys()
    far = owner.call("PATCH", at, {"acknowledgedUntil": "9999-12-31T23:59:59-12:00"})
    assert far.json()["errorCode"] == "INVALID_DATE_FORMAT"


def _legacy(**more: Any) -> dict[str, Any]:
    hardware = {"instanceSizeName": "M10", "providerName": "AZURE", "regionName": "US_EAST_2"}
    return {"name": "alpha", "providerSettings": hardware, **more}


def test_the_legacy_body_makes_the_same_cluster(stage: Stage, owner: Client) -> None:
    made = owner.call("POST", f"{stage.at}/clusters", _legacy(diskSizeGB=20), version="2023-01-01")
    assert made.status_code == 201, made.text
    assert made.json()["providerSettings"]["instanceSizeName"] == "M10"
    stage.pass_time(500)
    shown = owner.call("GET", f"{stage.at}/clusters/alpha", version="2024-08-05").json()
    region = shown["replicationSpecs"][0]["regionConfigs"][0]
    assert (region["regionName"], region["electableSpecs"]["nodeCount"]) == ("US_EAST_2", 3)
    assert region["electableSpecs"]["diskSizeGB"] == 20


def test_the_legacy_body_changes_the_size_of_all_nodes(stage: Stage, owner: Client) -> None:
    _cluster(stage, owner)
    wish = {"providerSettings": {"instanceSizeName": "M20", "providerName": "AZURE"}}
    changed = owner.call("PATCH", f"{stage.at}/clusters/alpha", wish, version="2023-01-01")
    assert changed.status_code == 200, changed.text
    assert changed.json()["providerSettings"]["instanceSizeName"] == "M20"


def test_the_legacy_body_with_a_key_is_under_the_same_rules(stage: Stage, owner: Client) -> None:
    body = _legacy(encryptionAtRestProvider="AZURE")
    refused = owner.call("POST", f"{stage.at}/clusters", body, version="2023-01-01")
    assert refused.json()["errorCode"] == "ENCRYPTION_AT_REST_NOT_ENABLED"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"replicationSpec": {"US_WEST": {}}, "replicationSpecs": []}, "DUAL_REPLICATION_SPEC_SPECIFIED"),
        ({"providerSettings": {"providerName": "AZURE", "regionName": "US_WEST"}}, "MISSING_ATTRIBUTE"),
        ({"providerSettings": {"providerName": "AZURE", "instanceSizeName": "M10"}}, "MISSING_ATTRIBUTE"),
        ({"replicationSpecs": [{"regionsConfig": {}}]}, "REPLICATION_SPECS_INVALID"),
    ],
)
def test_a_legacy_body_that_makes_no_sense_is_refused(
    stage: Stage, owner: Client, wrong: dict[str, Any], code: str
) -> None:
    refused = owner.call("POST", f"{stage.at}/clusters", _legacy(**wrong), version="2023-01-01")
    assert (refused.status_code, refused.json()["errorCode"]) == (400, code)


def test_the_overview_names_the_clusters_of_every_project_that_one_can_see(stage: Stage, owner: Client) -> None:
    _cluster(stage, owner)
    shown = owner.call("GET", "/clusters").json()["results"]
    assert [(group["groupId"], [c["name"] for c in group["clusters"]]) for group in shown] == [
        (stage.project, ["alpha"])
    ]
    assert stage.client(stage.stranger_account).call("GET", "/clusters").json()["results"] == []


def test_a_policy_that_requires_encryption_keeps_it_on(stage: Stage, owner: Client) -> None:
    at = f"{stage.at}/backupCompliancePolicy"
    body = {**POLICY, "encryptionAtRestEnabled": True}
    assert owner.call("GET", at, version="2023-10-01").json() == {}
    refused = owner.call("PUT", at, body, version="2023-10-01")
    assert refused.json()["errorCode"] == "BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID"
    stage.enable()
    assert owner.call("PUT", at, body, version="2023-10-01").json()["state"] == "ENABLING"
    kept = owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"enabled": False}})
    assert kept.json()["errorCode"] == "CANNOT_DISABLE_ENCRYPTION_AT_REST_WITH_BACKUP_COMPLIANCE_POLICY"
    stage.pass_time(100)
    assert owner.call("GET", at, version="2023-10-01").json()["state"] == "ACTIVE"


def test_a_paused_cluster_without_the_key_blocks_the_requirement(stage: Stage, owner: Client) -> None:
    stage.enable()
    one = _cluster(stage, owner)
    owner.call("PATCH", one, {"paused": True}, version="2024-10-23")
    at, body = f"{stage.at}/backupCompliancePolicy", {**POLICY, "encryptionAtRestEnabled": True}
    refused = owner.call("PUT", at, body, version="2023-10-01")
    assert refused.json()["errorCode"] == "BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID"
    owner.call("PATCH", one, {"paused": False}, version="2024-10-23")
    assert owner.call("PUT", at, body, version="2023-10-01").status_code == 200


def test_no_snapshot_goes_while_a_policy_stands(stage: Stage, owner: Client) -> None:
    snapshot = _snapshot(owner, _cluster(stage, owner, backupEnabled=True))
    stage.pass_time(300)
    owner.call("PUT", f"{stage.at}/backupCompliancePolicy", POLICY, version="2023-10-01")
    refused = owner.call("DELETE", snapshot)
    assert refused.json()["errorCode"] == "CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY"


def test_process_arguments_are_kept_and_put_the_cluster_into_a_change(stage: Stage, owner: Client) -> None:
    one = _cluster(stage, owner)
    assert owner.call("GET", f"{one}/processArgs", version="2024-08-05").json()["noTableScan"] is False
    changed = owner.call("PATCH", f"{one}/processArgs", {"noTableScan": True}, version="2024-08-05")
    assert changed.json()["noTableScan"] is True
    assert owner.call("GET", one, version="2024-08-05").json()["stateName"] == "UPDATING"
    assert "failIndexKeyTooLong" in owner.call("GET", f"{one}/processArgs").json()
