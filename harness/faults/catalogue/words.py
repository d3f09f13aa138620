"""Words that entries of the catalogue share: permissions as the clouds spell them, and how far a fault reaches."""

from __future__ import annotations

_VAULT = "Microsoft.KeyVault/vaults"
_LINK = f"{_VAULT}/privateEndpointConnections"
_KEY = f"{_VAULT}/keys"
_GRANT = "Microsoft.Authorization/roleAssignments"

READ_LINKS = f"{_LINK}/read"
DECIDE_LINKS = (READ_LINKS, f"{_LINK}/write", f"{_VAULT}/privateEndpointConnectionsApproval/action")
"""Read, approve and reject connections on the vault."""
REMOVE_LINKS = f"{_LINK}/delete"

READ_KEY = f"{_KEY}/read"
UPDATE_KEY = (READ_KEY, f"{_KEY}/update/action")
DELETE_KEY = (READ_KEY, f"{_KEY}/delete", f"{_KEY}/recover/action")
ROTATE_KEY = (READ_KEY, f"{_KEY}/rotate/action")

CHANGE_VAULT = (f"{_VAULT}/read", f"{_VAULT}/write")
CHANGE_GRANTS = (f"{_GRANT}/read", f"{_GRANT}/write", f"{_GRANT}/delete")
OWN_APPLICATIONS = "Application.ReadWrite.OwnedBy"

OWNER = "Project Owner"
CLUSTER_MANAGER = "Project Cluster Manager"

ONE_REGION = "the private endpoint of one region of the project"
ALL_CLUSTERS = "every cluster of the project that uses the key"
MODEL = "the simulated world"
CLIENT = "requests of this process"

APART = "the project is a sandbox of its own, and its clusters hold nothing but canary data"
"""What has to be so where a fault stops clusters."""
