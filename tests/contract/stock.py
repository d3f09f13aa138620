"""A furnished project: what a generated request needs to meet so that it says more than 404.

Whatever a request has used up (a deleted snapshot, a paused cluster) is put back before the next one.
"""

from __future__ import annotations

from typing import Any

from tests.contract.place import Caller, Place

API = "/api/atlas/v2"
DAY_S = 86_400.0
REGIONS = (("US_EAST_2", 7, "electableSpecs", 3), ("US_WEST", 0, "readOnlySpecs", 2))

CHANGING = ("/outageSimulation", "/clusters/{clusterName}", "/restartPrimaries", "/search/deployment")
"""Operations after which a cluster is not as new."""


def cluster_body(name: str) -> dict[str, Any]:
    """A replica set over two regions of Azure, with the customer's key and backups."""
    regions = [
        {
            specs: {"instanceSize": "M10", "nodeCount": nodes},
            "priority": priority,
            "providerName": "AZURE",
            "regionName": region,
        }
        for region, priority, specs, nodes in REGIONS
    ]
    return {
        "backupEnabled": True,
        "clusterType": "REPLICASET",
        "encryptionAtRestProvider": "AZURE",
        "name": name,
        "replicationSpecs": [{"regionConfigs": regions}],
    }


class Stock:
    """Keeps one project furnished through the API itself."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.caller = Caller(place)
        made = self.caller.call(
            "POST", f"{API}/groups", {"name": f"stock-{place.vault}", "orgId": place.organisation_id}
        )
        self.group: str = made["id"]
        self.at = f"{API}/groups/{self.group}"
        self.key_block = self._key_block()
        self.caller.call("PATCH", f"{self.at}/encryptionAtRest", {"azureKeyVault": self.key_block})
        self.alert = self._raise_alert()
        self.clusters = 0
        self.cluster = self.snapshot = self.role = self.endpoint = ""
        self.outage = False
        self.spare = ""
        self._drawn = 0
        self.refresh()

    def refresh(self, method: str = "", template: str = "") -> None:
        """Make what is missing or no longer as new, and what this request asks about."""
        if self.outage and not (template.endswith("/outageSimulation") and method != "POST"):
            self._drop_cluster()
        if template.endswith("/{endpointId}") and method == "DELETE":
            self.place.pass_time(120)
        self._refresh()
        if template.endswith("/outageSimulation") and method != "POST" and not self.outage:
            self.caller.call("POST", f"{self.one}/outageSimulation", outage_body())
            self.place.pass_time(150)
            self.outage = True
        if template.endswith("/search/deployment") and method == "POST":
            self.caller.send("DELETE", f"{self.one}/search/deployment", headers=_both("2024-05-30"))
        self.spare = ""
        if template.endswith("/groups/{groupId}") and method == "DELETE":
            body = {"name": f"spare-{self.number()}", "orgId": self.place.organisation_id}
            self.spare = self.caller.call("POST", f"{API}/groups", body)["id"]

    def _refresh(self) -> None:
        if not self.cluster:
            self.clusters += 1
            self.cluster, self.snapshot, self.outage = f"c{self.clusters}", "", False
            self.caller.call("POST", f"{self.at}/clusters", cluster_body(self.cluster), "2024-10-23")
            self.place.pass_time(500)
            self.caller.call("POST", f"{self.one}/search/deployment", search_body(), "2024-05-30")
        if not self.snapshot:
            self.snapshot = self.caller.call("POST", f"{self.one}/backup/snapshots", {"retentionInDays": 2})["id"]
            self.place.pass_time(300)
        if not self.role:
            body = {"providerName": "AWS"}
            self.role = self.caller.call("POST", f"{self.at}/cloudProviderAccess", body)["roleId"]
        if not self.endpoint:
            private = {"azureKeyVault": {"requirePrivateNetworking": True}}
            self.caller.call("PATCH", f"{self.at}/encryptionAtRest", private)
            at = f"{self.at}/encryptionAtRest/AZURE/privateEndpoints"
            self.endpoint = self.caller.call("POST", at, {"regionName": "US_EAST_2"})["id"]

    def number(self) -> int:
        """A number that was not drawn before."""
        self._drawn += 1
        return self._drawn

    @property
    def one(self) -> str:
        """Path of the cluster."""
        return f"{self.at}/clusters/{self.cluster}"

    def values(self) -> dict[str, str]:
        """Path parameters that name something."""
        return {
            "alertId": self.alert,
            "cloudProvider": "AZURE",
            "clusterName": self.cluster,
            "endpointId": self.endpoint,
            "groupId": self.spare or self.group,
            "orgId": self.place.organisation_id,
            "roleId": self.role,
            "snapshotId": self.snapshot,
        }

    def used_up(self, method: str, template: str, status: int) -> None:
        """Note that a request succeeded which leaves something behind that is not as new."""
        if method == "GET" or not 200 <= status < 300:
            return
        if template.endswith("/privateEndpoints/{endpointId}"):
            self.place.pass_time(120)
            self.endpoint = ""
        elif template.endswith("/{snapshotId}") and method == "DELETE":
            self.snapshot = ""
        elif template.endswith("/cloudProviderAccess/{cloudProvider}/{roleId}"):
            self.role = ""
        elif template.endswith(CHANGING):
            self._drop_cluster()

    def _drop_cluster(self) -> None:
        """A cluster that was changed makes room for a new one."""
        self.caller.send("PATCH", self.one, json={"terminationProtectionEnabled": False}, headers=_both("2024-10-23"))
        self.caller.send("DELETE", self.one, headers=_both("2023-02-01"))
        self.cluster = ""

    def _key_block(self) -> dict[str, Any]:
        place = self.place
        return {
            "azureEnvironment": "AZURE",
            "clientID": place.application.id,
            "enabled": True,
            "keyIdentifier": place.key_identifier(),
            "keyVaultName": place.vault,
            "resourceGroupName": place.resource_group,
            "secret": place.application.secret,
            "subscriptionID": place.subscription_id,
            "tenantID": place.tenant_id,
        }

    def _raise_alert(self) -> str:
        """A key that may be one day old, and two days: an alert that it needs rotation."""
        rules = self.caller.call("GET", f"{self.at}/alertConfigs")["results"]
        rule = next(r for r in rules if r["eventTypeName"] == "AZURE_ENCRYPTION_KEY_NEEDS_ROTATION")
        threshold = {"operator": "GREATER_THAN", "threshold": 1, "units": "DAYS"}
        body = {"enabled": True, "eventTypeName": rule["eventTypeName"], "notifications": [{"typeName": "GROUP"}]}
        self.caller.call("PUT", f"{self.at}/alertConfigs/{rule['id']}", {**body, "threshold": threshold})
        self.place.pass_time(2 * DAY_S)
        return str(self.caller.call("GET", f"{self.at}/alerts")["results"][0]["id"])


def outage_body() -> dict[str, Any]:
    """The second region of the cluster."""
    return {"outageFilters": [{"cloudProvider": "AZURE", "regionName": "US_WEST", "type": "REGION"}]}


def search_body() -> dict[str, Any]:
    """Two search nodes."""
    return {"specs": [{"instanceSize": "S20_HIGHCPU_NVME", "nodeCount": 2}]}


def _both(version: str) -> dict[str, str]:
    media = f"application/vnd.atlas.{version}+json"
    return {"accept": media, "content-type": media}
