"""The operations of the Atlas Admin API that the harness uses: method, path and resource version, one row each.

Versions are dates; each operation is asked for at the newest date that defines it (atlas.md 3.1, 3.8).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

BLANK = re.compile(r"\{(\w+)\}")
"""A place in a path for what differs from request to request, by its name in the official description."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `repeatable`: twice is the same as once, so after an unknown outcome it may be sent again."""

    method: str
    path: str
    version: str
    repeatable: bool = False

    @property
    def media_type(self) -> str:
        """The versioned media type, for `Accept` and for a body's `Content-Type`."""
        return f"application/vnd.atlas.{self.version}+json"

    def path_to(self, names: Sequence[str]) -> str:
        """The path with its blanks filled in, in order.

        Raises:
            IndexError: there are more blanks than names.
        """
        return BLANK.sub("{}", self.path).format(*(quote(name, safe="") for name in names))


def _read(path: str, version: str) -> Operation:
    return Operation("GET", path, version, repeatable=True)


_ORGANISATION = "/api/atlas/v2/orgs/{orgId}"
_GROUP = "/api/atlas/v2/groups/{groupId}"
_EAR = f"{_GROUP}/encryptionAtRest"
_ENDPOINTS = f"{_EAR}/AZURE/privateEndpoints"
_CLUSTERS = f"{_GROUP}/clusters"
_CLUSTER = f"{_CLUSTERS}/{{clusterName}}"
_FLEX = f"{_GROUP}/flexClusters"

GET_STATUS = _read("/api/atlas/v2", "2023-01-01")
GET_ORGANISATION = _read(_ORGANISATION, "2023-01-01")
GET_ORGANISATION_ACCOUNT = _read(f"{_ORGANISATION}/serviceAccounts/{{clientId}}", "2024-08-05")
GET_PROJECT_ACCOUNT = _read(f"{_GROUP}/serviceAccounts/{{clientId}}", "2024-08-05")
GET_PROJECT = _read(_GROUP, "2023-01-01")
GET_PROJECT_BY_NAME = _read("/api/atlas/v2/groups/byName/{groupName}", "2023-01-01")
CREATE_PROJECT = Operation("POST", "/api/atlas/v2/groups", "2023-01-01")
UPDATE_PROJECT = Operation("PATCH", _GROUP, "2023-01-01", repeatable=True)
DELETE_PROJECT = Operation("DELETE", _GROUP, "2023-01-01", repeatable=True)
CREATE_CLOUD_ROLE = Operation("POST", f"{_GROUP}/cloudProviderAccess", "2023-01-01")
DELETE_CLOUD_ROLE = Operation("DELETE", f"{_GROUP}/cloudProviderAccess/AZURE/{{roleId}}", "2023-01-01", repeatable=True)
LIST_CLOUD_ROLES = _read(f"{_GROUP}/cloudProviderAccess", "2023-01-01")
CREATE_SERVICE_ACCOUNT = Operation("POST", f"{_GROUP}/serviceAccounts", "2024-08-05")
LIST_SERVICE_ACCOUNTS = _read(f"{_GROUP}/serviceAccounts", "2024-08-05")
DELETE_SERVICE_ACCOUNT = Operation("DELETE", f"{_GROUP}/serviceAccounts/{{clientId}}", "2024-08-05", repeatable=True)
DELETE_ORGANIZATION_ACCOUNT = Operation(
    "DELETE", "/api/atlas/v2/orgs/{orgId}/serviceAccounts/{clientId}", "2024-08-05", repeatable=True
)
LIST_FLEX = _read(_FLEX, "2024-11-13")
DELETE_FLEX = Operation("DELETE", f"{_FLEX}/{{flexName}}", "2024-11-13", repeatable=True)

GET_ENCRYPTION = _read(_EAR, "2023-01-01")
UPDATE_ENCRYPTION = Operation("PATCH", _EAR, "2023-01-01", repeatable=True)
LIST_ENDPOINTS = _read(_ENDPOINTS, "2023-01-01")
GET_ENDPOINT = _read(f"{_ENDPOINTS}/{{endpointId}}", "2023-01-01")
CREATE_ENDPOINT = Operation("POST", _ENDPOINTS, "2023-01-01")
DELETE_ENDPOINT = Operation("DELETE", f"{_ENDPOINTS}/{{endpointId}}", "2023-01-01")
LIST_ENDPOINTS_AT = _read(f"{_EAR}/{{cloudProvider}}/privateEndpoints", "2023-01-01")
CREATE_ENDPOINT_AT = Operation("POST", f"{_EAR}/{{cloudProvider}}/privateEndpoints", "2023-01-01")
"""Of a cloud that is named: Azure, AWS, or one that has no such endpoints (EAR-085)."""
UPDATE_ENDPOINT = Operation("PATCH", f"{_ENDPOINTS}/{{endpointId}}", "2023-01-01")
REPLACE_ENDPOINT = Operation("PUT", f"{_ENDPOINTS}/{{endpointId}}", "2023-01-01")
"""Atlas has neither of these two; asking for them is how EAR-086 is tested."""

LIST_CLUSTERS = _read(_CLUSTERS, "2024-08-05")
GET_CLUSTER = _read(_CLUSTER, "2024-08-05")
CREATE_CLUSTER = Operation("POST", _CLUSTERS, "2024-10-23")
UPDATE_CLUSTER = Operation("PATCH", _CLUSTER, "2024-10-23")
"""Not repeatable: pausing a paused cluster is refused."""
DELETE_CLUSTER = Operation("DELETE", _CLUSTER, "2023-02-01")
RESTART_PRIMARIES = Operation("POST", f"{_CLUSTER}/restartPrimaries", "2023-02-01")
GET_OUTAGE = _read(f"{_CLUSTER}/outageSimulation", "2023-01-01")
START_OUTAGE = Operation("POST", f"{_CLUSTER}/outageSimulation", "2023-01-01")
END_OUTAGE = Operation("DELETE", f"{_CLUSTER}/outageSimulation", "2023-01-01")
CREATE_FLEX = Operation("POST", _FLEX, "2024-11-13")
GET_FLEX = _read(f"{_FLEX}/{{flexName}}", "2024-11-13")
LIST_FLEX_SNAPSHOTS = _read(f"{_FLEX}/{{flexName}}/backup/snapshots", "2024-11-13")
RESTORE_FLEX_SNAPSHOT = Operation("POST", f"{_FLEX}/{{flexName}}/backup/restoreJobs", "2024-11-13")

GET_SEARCH = _read(f"{_CLUSTER}/search/deployment", "2025-03-12")
CREATE_SEARCH = Operation("POST", f"{_CLUSTER}/search/deployment", "2024-05-30")
LIST_SNAPSHOTS = _read(f"{_CLUSTER}/backup/snapshots", "2023-01-01")
TAKE_SNAPSHOT = Operation("POST", f"{_CLUSTER}/backup/snapshots", "2023-01-01")
RESTORE_SNAPSHOT = Operation("POST", f"{_CLUSTER}/backup/restoreJobs", "2023-01-01")

GET_POLICY = _read(f"{_GROUP}/backupCompliancePolicy", "2023-10-01")
SET_POLICY = Operation("PUT", f"{_GROUP}/backupCompliancePolicy", "2023-10-01", repeatable=True)
"""Only MongoDB's support can take a policy away again."""

LIST_ALERTS = _read(f"{_GROUP}/alerts", "2023-01-01")
LIST_ALERT_RULES = _read(f"{_GROUP}/alertConfigs", "2023-01-01")
REPLACE_ALERT_RULE = Operation("PUT", f"{_GROUP}/alertConfigs/{{alertConfigId}}", "2023-01-01", repeatable=True)
LIST_EVENTS = _read(f"{_GROUP}/events", "2023-01-01")
GET_ADDRESSES = _read(f"{_GROUP}/ipAddresses", "2023-01-01")
GET_CONTROL_PLANE_ADDRESSES = _read("/api/atlas/v2/unauth/controlPlaneIPAddresses", "2023-11-15")
