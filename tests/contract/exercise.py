"""A walk through every operation of the Atlas face, with successes and refusals of every kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from harness.fake.kernel.readings import Readings
from tests.fake.atlas_face.stage import Client, Stage, cluster_body

UNKNOWN_ID = "0f" * 12


@dataclass(frozen=True)
class Exchange:
    """One answer, with what it answers."""

    method: str
    path: str
    status: int
    media_type: str
    body: Any
    headers: httpx.Headers


def walk() -> list[Exchange]:
    """Every exchange of a fresh walk."""
    clients: list[Client] = []
    parts = (_encryption, _refusals, _clusters, _older_clusters, _projects, _key_loss, _secretless)
    for part in (*parts, _roles_in_clouds, _outages, _organisation):
        clients += part()
    return [_exchange(response) for client in clients for response in client.seen]


def _exchange(response: httpx.Response) -> Exchange:
    media_type = response.headers.get("content-type", "").partition(";")[0] if response.content else ""
    body = response.json() if response.content else None
    url = response.request.url
    return Exchange(response.request.method, url.path, response.status_code, media_type, body, response.headers)


def _encryption() -> list[Client]:
    stage = Stage()
    owner, reader = stage.owner(), stage.client(stage.reader_account)
    owner.call("GET", f"{stage.at}/encryptionAtRest")
    block = stage.azure_block(requirePrivateNetworking=True)
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": block, "enabledForSearchNodes": True})
    owner.call("GET", f"{stage.at}/encryptionAtRest")
    made = owner.call("POST", stage.endpoints, {"regionName": "US_EAST_2"}).json()["id"]
    owner.call("POST", stage.endpoints, {"regionName": "US_EAST_2"})
    owner.call("DELETE", f"{stage.endpoints}/{made}")
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"requirePrivateNetworking": False}})
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"enabled": False}})
    stage.pass_time(100)
    stage.approve_all()
    owner.call("GET", f"{stage.endpoints}/{made}")
    owner.call("GET", stage.endpoints)
    owner.call("GET", f"{stage.endpoints}/{UNKNOWN_ID}")
    reader.call("GET", stage.endpoints)
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"keyVaultName": "other"}})
    owner.call("DELETE", f"{stage.endpoints}/{made}")
    owner.call("GET", f"{stage.endpoints}/{made}")
    owner.call("GET", f"{stage.at}/events")
    owner.call("GET", f"{stage.at}/events", params={"includeCount": "true", "itemsPerPage": "1", "pageNum": "2"})
    stage.pass_time(200)
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"enabled": False}})
    return [owner, reader]


def _refusals() -> list[Client]:
    stage = Stage()
    owner, nobody, stranger = stage.owner(), stage.nobody(), stage.client(stage.stranger_account)
    at = f"{stage.at}/encryptionAtRest"
    nobody.call("GET", at)
    stranger.call("GET", at)
    stage_reader = stage.client(stage.reader_account)
    stage_reader.call("PATCH", at, {"azureKeyVault": {"enabled": False}})
    owner.call("GET", f"/groups/{UNKNOWN_ID}/encryptionAtRest")
    for body in ({}, {"azureKeyVault": {"enabled": "yes"}}, {"azureKeyVault": stage.azure_block(secret="wrong")}, []):
        owner.call("PATCH", at, body)
    owner.call("GET", at, params={"pretty": "maybe"})
    owner.call("GET", at, version=None)
    owner.call("PATCH", at, {}, headers={"content-type": "text/plain"})
    owner.call("POST", stage.endpoints, {"regionName": "US_EAST_2"})
    owner.call("GET", f"{at}/GCP/privateEndpoints")
    owner.call("GET", f"{stage.endpoints}/xyz")
    owner.call("GET", f"{stage.at}/alerts", params={"status": "ASLEEP"})
    owner.call("GET", f"{stage.at}/clusters/none", version="2024-08-05")
    owner.call("DELETE", f"{stage.at}/clusters/none", version="2023-02-01")
    owner.call("GET", f"/orgs/{UNKNOWN_ID}/groups")
    return [owner, nobody, stranger, stage_reader]


def _clusters() -> list[Client]:
    stage = Stage()
    stage.enable()
    owner = stage.owner()
    at, one = f"{stage.at}/clusters", f"{stage.at}/clusters/alpha"
    body = cluster_body(encryptionAtRestProvider="AZURE", backupEnabled=True, tags=[{"key": "env", "value": "test"}])
    owner.call("POST", at, body, version="2024-10-23")
    owner.call("GET", one, version="2024-08-05")
    stage.pass_time(500)
    owner.call("POST", at, body, version="2024-10-23")
    for version in ("2023-01-01", "2023-02-01", "2024-08-05"):
        owner.call("GET", one, version=version)
        owner.call("GET", at, version=version)
    owner.call("POST", f"{one}/search/deployment", _search("S20_HIGHCPU_NVME"), version="2024-05-30")
    stage.pass_time(500)
    owner.call("GET", f"{one}/search/deployment", version="2025-03-12")
    owner.call("PATCH", f"{one}/search/deployment", _search("S30_HIGHCPU_NVME"), version="2024-05-30")
    owner.call("DELETE", f"{one}/search/deployment", version="2024-05-30")
    owner.call("GET", f"{one}/search/deployment", version="2025-03-12")
    taken = owner.call("POST", f"{one}/backup/snapshots", {"description": "test", "retentionInDays": 1}).json()
    stage.pass_time(500)
    owner.call("GET", f"{one}/backup/snapshots")
    owner.call("GET", f"{one}/backup/snapshots/{taken['id']}")
    owner.call("GET", f"{one}/backup/snapshots/{UNKNOWN_ID}")
    owner.call("PATCH", f"{one}/backup/snapshots/{taken['id']}", {"retentionUnit": "DAYS", "retentionValue": 9})
    owner.call("DELETE", f"{one}/backup/snapshots/{taken['id']}")
    owner.call("POST", f"{one}/restartPrimaries", version="2023-02-01")
    owner.call("PATCH", one, {"terminationProtectionEnabled": True}, version="2024-10-23")
    stage.pass_time(500)
    owner.call("DELETE", one, version="2023-02-01")
    owner.call("PATCH", one, {"terminationProtectionEnabled": False}, version="2024-08-05")
    stage.pass_time(500)
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": {"enabled": False}})
    owner.call("PATCH", one, {"paused": True}, version="2024-10-23")
    owner.call("PATCH", one, {"encryptionAtRestProvider": "NONE"}, version="2024-10-23")
    owner.call("GET", f"{stage.at}/ipAddresses")
    owner.call("DELETE", one, version="2023-02-01")
    return [owner]


def _older_clusters() -> list[Client]:
    stage = Stage()
    owner = stage.owner()
    at = f"{stage.at}/clusters"
    specs = {"instanceSize": "M10", "nodeCount": 3}
    region = {"electableSpecs": specs, "priority": 7, "providerName": "AWS", "regionName": "US_EAST_1"}
    sharded = {
        "clusterType": "SHARDED",
        "name": "many",
        "replicationSpecs": [{"numShards": 2, "regionConfigs": [region]}],
    }
    owner.call("POST", at, sharded, version="2023-02-01")
    tenant = {
        **region,
        "providerName": "TENANT",
        "backingProviderName": "AWS",
        "electableSpecs": {"instanceSize": "M0"},
    }
    free = {
        "clusterType": "REPLICASET",
        "name": "free",
        "replicationSpecs": [{"numShards": 1, "regionConfigs": [tenant]}],
    }
    owner.call("POST", at, free, version="2023-02-01")
    stage.pass_time(500)
    for name in ("many", "free"):
        for version in ("2023-01-01", "2023-02-01", "2024-08-05"):
            owner.call("GET", f"{at}/{name}", version=version)
    owner.call("PATCH", f"{at}/many", {"tags": [{"key": "a", "value": "b"}]}, version="2023-02-01")
    settings = {"backingProviderName": "AWS", "regionName": "US_EAST_1"}
    owner.call("POST", f"{stage.at}/flexClusters", {"name": "flex", "providerSettings": settings}, version="2024-11-13")
    owner.call("GET", f"{at}/flex", version="2024-08-05")
    owner.call("GET", f"{stage.at}/flexClusters/flex", version="2024-11-13")
    return [owner]


def _projects() -> list[Client]:
    stage = Stage()
    owner, member = stage.owner(), stage.client(stage.reader_account)
    created = owner.call("POST", "/groups", {"name": "second", "orgId": stage.organisation}).json()["id"]
    owner.call("POST", "/groups", {"name": "second", "orgId": stage.organisation})
    owner.call("POST", "/groups", {"orgId": stage.organisation})
    member.call("POST", "/groups", {"name": "third", "orgId": stage.organisation})
    owner.call("GET", "/groups")
    owner.call("GET", f"/groups/{created}")
    owner.call("GET", f"/groups/{UNKNOWN_ID}")
    owner.call("GET", "/groups/xyz")
    owner.call("PATCH", f"/groups/{created}", {"name": "renamed", "tags": [{"key": "env", "value": "e2e"}]})
    owner.call("GET", "/orgs")
    owner.call("GET", f"/orgs/{stage.organisation}/groups")
    owner.call("DELETE", f"/groups/{created}")
    owner.call("GET", f"{stage.at}/cloudProviderAccess")
    owner.call("GET", f"{stage.at}/alertConfigs")
    owner.call("GET", "")
    key = Client(stage.app, None)
    key.auth = httpx.DigestAuth(stage.api_key.public, stage.api_key.secret)
    key.call("GET", "")
    key.call("GET", "/unauth/controlPlaneIPAddresses", version="2023-11-15")
    return [owner, member, key]


def _key_loss() -> list[Client]:
    stage = Stage()
    stage.enable()
    owner = stage.owner()
    owner.call("POST", f"{stage.at}/clusters", cluster_body(encryptionAtRestProvider="AZURE"), version="2024-10-23")
    stage.pass_time(500)
    stage.world.key_vault.set_attributes(stage.vault, "atlas-cmk", enabled=False)
    stage.pass_time(2000)
    owner.call("GET", f"{stage.at}/encryptionAtRest")
    owner.call("GET", f"{stage.at}/clusters/alpha", version="2024-08-05")
    alerts = owner.call("GET", f"{stage.at}/alerts").json()["results"]
    owner.call("GET", f"{stage.at}/alerts/{alerts[0]['id']}")
    owner.call("GET", f"{stage.at}/alerts/{UNKNOWN_ID}")
    owner.call("PATCH", f"{stage.at}/alerts/{alerts[0]['id']}", {"acknowledgedUntil": "2100-01-01T00:00:00Z"})
    wanted = {"eventTypeName": "CPS_RESTORE_FAILED", "notifications": [{"typeName": "GROUP"}]}
    owner.call("POST", f"{stage.at}/alertConfigs", wanted)
    owner.call("GET", f"{stage.at}/alertConfigs")
    owner.call("GET", f"{stage.at}/events")
    stage.world.key_vault.set_attributes(stage.vault, "atlas-cmk", enabled=True)
    stage.pass_time(2000)
    owner.call("GET", f"{stage.at}/alerts", params={"status": "CLOSED"})
    return [owner]


def _secretless() -> list[Client]:
    stage = Stage(readings=Readings(static_credentials="deprecated"))
    owner = stage.owner()
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": stage.azure_block()})
    return [owner]


def _roles_in_clouds() -> list[Client]:
    stage = Stage()
    owner = stage.owner()
    at = f"{stage.at}/cloudProviderAccess"
    principal = stage.admit_atlas()
    azure = {"providerName": "AZURE", "servicePrincipalId": principal, "tenantId": stage.tenant}
    made = owner.call("POST", at, azure).json()["_id"]
    owner.call("POST", at, {**azure, "servicePrincipalId": stage.tenant})
    for provider in ("AWS", "GCP"):
        other = owner.call("POST", at, {"providerName": provider}).json()["roleId"]
    arn = "arn:aws:iam::123456789012:role/atlas"
    owner.call("PATCH", f"{at}/{other}", {"providerName": "AWS", "iamAssumedRoleArn": arn})
    owner.call("PATCH", f"{at}/{made}", {**azure})
    owner.call("GET", f"{at}/{made}")
    block = stage.azure_block(roleId=made)
    for name in ("clientID", "secret", "tenantID"):
        del block[name]
    owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"azureKeyVault": block})
    owner.call("GET", at)
    owner.call("DELETE", f"{at}/AZURE/{made}")
    owner.call("DELETE", f"{at}/GCP/{other}")
    return [owner]


def _outages() -> list[Client]:
    stage = Stage()
    owner = stage.owner()
    body = cluster_body()
    region = {**body["replicationSpecs"][0]["regionConfigs"][0], "priority": 6, "regionName": "US_WEST"}
    body["replicationSpecs"][0]["regionConfigs"].append(region)
    owner.call("POST", f"{stage.at}/clusters", body, version="2024-10-23")
    stage.pass_time(500)
    one = f"{stage.at}/clusters/alpha"
    wanted = {"outageFilters": [{"cloudProvider": "AZURE", "regionName": "US_WEST", "type": "REGION"}]}
    owner.call("POST", f"{one}/outageSimulation", wanted)
    owner.call("DELETE", f"{one}/outageSimulation")
    stage.pass_time(150)
    owner.call("GET", f"{one}/outageSimulation")
    owner.call("POST", f"{one}/restartPrimaries", version="2023-02-01")
    owner.call("DELETE", one, version="2023-02-01")
    owner.call("DELETE", f"{one}/outageSimulation")
    stage.pass_time(500)
    owner.call("GET", f"{one}/outageSimulation")
    owner.call("PATCH", one, {"paused": True}, version="2024-10-23")
    owner.call("POST", f"{one}/outageSimulation", wanted)
    owner.call("POST", f"{one}/restartPrimaries", version="2023-02-01")
    return [owner]


def _organisation() -> list[Client]:
    stage = Stage()
    owner = stage.owner()
    account = {"description": "made", "name": "made", "roles": ["ORG_OWNER"], "secretExpiresAfterHours": 8}
    owner.call("POST", "/orgs", {"name": "Another One", "serviceAccount": account})
    owner.call("POST", "/orgs", {"name": "Keys", "apiKey": {"desc": "made", "roles": ["ORG_MEMBER"]}})
    stage.world.atlas.projects.rename(stage.project, "Project 0")
    stage.world.atlas.projects.organisation(stage.organisation).name = "Acme Corporation"
    owner.call("GET", "/orgs")
    owner.call("GET", "/groups")
    owner.call("POST", f"{stage.at}/clusters", cluster_body(), version="2024-10-23")
    owner.call("GET", "/clusters")
    legacy = {"instanceSizeName": "M10", "providerName": "AZURE", "regionName": "US_WEST"}
    owner.call("POST", f"{stage.at}/clusters", {"name": "legacy", "providerSettings": legacy})
    return [owner]


def _search(size: str) -> dict[str, Any]:
    return {"specs": [{"instanceSize": size, "nodeCount": 2}]}
