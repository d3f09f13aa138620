"""Bodies that the Admin API takes, for each described operation with a body."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.contract.stock import Stock, cluster_body, outage_body, search_body

Json = dict[str, Any]

REGIONS = ("EUROPE_NORTH", "EUROPE_WEST", "US_WEST", "US_WEST_2", "UK_SOUTH", "JAPAN_EAST", "CANADA_EAST")
TAGS = {"tags": [{"key": "a", "value": "b"}]}
ACCOUNT = {"description": "made", "name": "made", "roles": ["ORG_OWNER"], "secretExpiresAfterHours": 8}
GROUP = "/groups/{groupId}"
CLUSTER = f"{GROUP}/clusters/{{clusterName}}"

FIXED: dict[tuple[str, str], Json] = {
    ("PATCH", GROUP): TAGS,
    ("POST", f"{GROUP}/alertConfigs"): {
        "eventTypeName": "CPS_SNAPSHOT_FAILED",
        "notifications": [{"typeName": "GROUP", "emailEnabled": True, "delayMin": 0, "intervalMin": 5}],
    },
    ("PATCH", f"{GROUP}/alerts/{{alertId}}"): {"acknowledgedUntil": "2100-01-01T00:00:00Z"},
    ("POST", f"{GROUP}/cloudProviderAccess"): {"providerName": "GCP"},
    ("PATCH", f"{GROUP}/cloudProviderAccess/{{roleId}}"): {
        "providerName": "AWS",
        "iamAssumedRoleArn": "arn:aws:iam::123456789012:role/atlas",
    },
    ("PATCH", CLUSTER): TAGS,
    ("POST", f"{CLUSTER}/backup/snapshots"): {"retentionInDays": 3},
    ("PATCH", f"{CLUSTER}/backup/snapshots/{{snapshotId}}"): {"retentionUnit": "WEEKS", "retentionValue": 2},
    ("POST", f"{CLUSTER}/outageSimulation"): outage_body(),
    ("PATCH", f"{CLUSTER}/search/deployment"): search_body(),
    ("POST", f"{CLUSTER}/search/deployment"): search_body(),
    ("PATCH", f"{GROUP}/encryptionAtRest"): {"enabledForSearchNodes": True},
    ("POST", "/orgs"): {"name": "Another One", "serviceAccount": ACCOUNT},
}
"""By method and path below the API's prefix."""


def good_body(stock: Stock, method: str, template: str, media_type: str) -> Json | None:
    """A body that is taken as things stand, or None where an operation has none."""
    if (method, template) == ("POST", "/groups"):
        return {"name": f"p{stock.number()}", "orgId": stock.place.organisation_id}
    if (method, template) == ("POST", f"{GROUP}/clusters"):
        return _cluster(stock, media_type)
    if method == "POST" and template.endswith("/privateEndpoints"):
        return {"regionName": REGIONS[stock.number() % len(REGIONS)]}
    return deepcopy(FIXED.get((method, template)))


def _cluster(stock: Stock, media_type: str) -> Json:
    name = f"g{stock.number()}"
    if "2023-01-01" in media_type:
        hardware = {"instanceSizeName": "M10", "providerName": "AZURE", "regionName": "US_EAST_2"}
        return {"name": name, "providerSettings": hardware}
    body = cluster_body(name)
    if "2023-02-01" in media_type:
        body["replicationSpecs"][0]["numShards"] = 1
    return body
