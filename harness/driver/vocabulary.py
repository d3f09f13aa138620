"""Business words and what they mean on the wire: the states and the reasons that scenarios speak of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.model.resource import ATLAS_APPLICATION

INITIATING = "INITIATING"
"""Status of an endpoint that is being created; one table of the documentation spells it otherwise (atlas.md 6 #1)."""

ENDPOINT_STATES: Mapping[str, Mapping[str, Any]] = {
    "being created": {"present": True, "status": INITIATING},
    "waiting for approval": {"present": True, "status": "PENDING_ACCEPTANCE"},
    "active": {"present": True, "status": "ACTIVE"},
    "failed": {"present": True, "status": "FAILED"},
    "being recreated": {"present": True, "status": "PENDING_RECREATION"},
    "being deleted": {"present": True, "status": "DELETING"},
    "gone": {"present": False},
}
"""What the words for an endpoint's state mean (atlas.md 2.1)."""

REFUSALS: Mapping[str, Mapping[str, Any]] = {
    "endpoints still exist": {
        "statuses": [400],
        "reasons": ["CANNOT_DISABLE_ENCRYPTION_AT_REST_DUE_TO_PRIVATE_ENDPOINTS"],
    },
    "endpoints still need private networking": {
        "statuses": [400],
        "reasons": ["CANNOT_DISABLE_ENCRYPTION_AT_REST_REQUIRE_PRIVATE_NETWORKING_WHILE_PRIVATE_ENDPOINTS_EXIST"],
    },
    "the endpoint is still being created": {
        "statuses": [400],
        "reasons": ["ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING"],
    },
    "clusters still use the key": {"statuses": [409], "reasons": ["CANNOT_DISABLE_ENCRYPTION_AT_REST"]},
    "the project has no customer key": {"statuses": [400], "reasons": ["ENCRYPTION_AT_REST_NOT_ENABLED"]},
    "the tier cannot use a customer key": {
        "statuses": [400],
        "reasons": ["CANNOT_USE_ENCRYPTION_AT_REST_TENANT"],
    },
    "Flex clusters have no such setting": {"statuses": [400], "reasons": []},
    "the key identifier is malformed": {
        "statuses": [400],
        "reasons": ["AZURE_KEY_VAULT_KEY_IDENTIFIER_INVALID_FORMAT"],
    },
    "the credentials are wrong": {"statuses": [400], "reasons": ["INVALID_AZURE_CREDENTIALS"]},
    "the key is disabled": {"statuses": [400], "reasons": ["AZURE_KEY_VAULT_KEY_NOT_ENABLED"]},
    "the key does not exist": {"statuses": [400], "reasons": ["AZURE_KEY_VAULT_KEY_NOT_FOUND"]},
    "the key has expired": {"statuses": [400], "reasons": ["AZURE_KEY_VAULT_KEY_EXPIRED"]},
    "the key expires within 48 hours": {"statuses": [400], "reasons": ["AZURE_KEY_VAULT_KEY_EXPIRING"]},
    "the key is not active yet": {"statuses": [400], "reasons": ["AZURE_KEY_VAULT_KEY_NOT_ACTIVE"]},
    "the current key cannot be used": {"statuses": [400], "reasons": ["ENCRYPTION_AT_REST_SETTINGS_INVALID"]},
    "something required is missing": {"statuses": [400], "reasons": []},
    "no provider of keys is named": {"statuses": [400], "reasons": ["MISSING_ENCRYPTION_AT_REST_PROVIDER"]},
    "there is no such provider of keys": {
        "statuses": [400],
        "reasons": ["INVALID_ENCRYPTION_AT_REST_PROVIDER", "INVALID_ENUM_VALUE"],
    },
    "another provider's key is in use": {"statuses": [409], "reasons": ["CANNOT_CHANGE_ENCRYPTION_AT_REST_PROVIDER"]},
    "the cluster cannot use a key of this provider": {
        "statuses": [400],
        "reasons": ["ENCRYPTION_AT_REST_PROVIDER_NOT_SUPPORTED"],
    },
    "the environment is not supported": {
        "statuses": [400],
        "reasons": ["AZURE_KEY_VAULT_ENVIRONMENT_NOT_SUPPORTED"],
    },
    "static credentials are no longer supported": {
        "statuses": [400],
        "reasons": ["AZURE_KEY_VAULT_CREDENTIALS_DEPRECATED"],
    },
    "the key may not be used": {"statuses": [400], "reasons": ["NO_PERMISSION_TO_ENCRYPT_DECRYPT"]},
    "the backup compliance policy requires encryption": {
        "statuses": [400],
        "reasons": [
            "CANNOT_DISABLE_ENCRYPTION_AT_REST_WITH_BACKUP_COMPLIANCE_POLICY",
            "CAN_NOT_DISABLE_ALL_ENCRYPTION_AT_REST_SETTINGS_WHILE_BACKUP_COMPLIANCE_POLICY_ENCRYPTION_ENABLED",
        ],
    },
    "a paused cluster does not use the customer's key": {"statuses": [], "reasons": []},
    "Atlas lacks a right on the vault": {"statuses": [400], "reasons": []},
    "the project has no such access role": {
        "statuses": [400],
        "reasons": ["CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"],
    },
    "the service principal is not Atlas's": {"statuses": [400], "reasons": []},
    "encryption uses the access role": {"statuses": [], "reasons": []},
    "the Azure details are wrong": {"statuses": [400], "reasons": ["INVALID_AZURE_API_REQUEST"]},
    "this cloud has no such endpoints": {"statuses": [400, 404], "reasons": []},
    "the cluster is paused": {"statuses": [409], "reasons": ["CANNOT_UPDATE_PAUSED_CLUSTER"]},
    "the caller lacks the role": {"statuses": [401, 403], "reasons": []},
    "there is no such operation": {"statuses": [404, 405], "reasons": []},
    "the region is unknown": {"statuses": [400], "reasons": []},
    "it does not exist": {"statuses": [404], "reasons": []},
    "the key is disabled in the vault": {"statuses": [403], "reasons": ["Forbidden/KeyDisabled"]},
    "private networking is not required": {"statuses": [], "reasons": []},
    "private networking excludes several clouds": {"statuses": [], "reasons": []},
    "the project is inactive": {"statuses": [], "reasons": []},
    "the vault is fixed while endpoints exist": {"statuses": [], "reasons": []},
    "the region has no approved endpoint": {"statuses": [], "reasons": []},
    "the key is not in the configured vault": {"statuses": [], "reasons": []},
    "the key of the snapshot cannot be used": {"statuses": [], "reasons": []},
    "snapshot and cluster are encrypted differently": {
        "statuses": [400],
        "reasons": ["INVALID_SNAPSHOT_RESTORE_ENCRYPTION"],
    },
    "a Flex snapshot does not go to an encrypted cluster": {
        "statuses": [400],
        "reasons": ["TENANT_RESTORE_DESTINATION_ENCRYPTION"],
    },
    "an encrypted snapshot is not handed out": {
        "statuses": [400],
        "reasons": ["CANNOT_DOWNLOAD_SNAPSHOT_WITH_ENCRYPTION"],
    },
}
"""Why a request is refused: HTTP statuses and Atlas error codes. Where the documentation promises a refusal without a
code, no code is asked for (atlas.md 3.6, placeholders); an empty status list accepts any 4xx."""

LASTING_STATES: Mapping[str, Mapping[str, Any]] = {**ENDPOINT_STATES, "unused": {"status": {"not": "ACTIVE"}}}
"""States in which an endpoint can be said to stay; `unused` is every one but active."""

ENDPOINT_TRAITS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "explains why it failed": {"endpoint": {"error_message": {"matches": r".*\S.*"}}},
    "has a well-formed identifier": {"endpoint": {"id": {"matches": "[0-9a-f]{24}"}}},
    "is found by its identifier": {"record": {"present": True, "status": "ACTIVE"}},
    "is no longer found by its identifier": {"record": {"present": False}},
    "has left no connection on the vault": {"connection": {"present": False}},
    "names the connection to approve": {
        "endpoint": {"connection_name": {"not": None}},
        "connection": {"present": True, "status": "Pending"},
    },
}
"""What can be said of an endpoint beside its state: by kind of subject, the record itself and its side on the vault."""

DETAILS = (
    "key_identifier",
    "key_vault_name",
    "subscription_id",
    "resource_group_name",
    "tenant_id",
    "client_id",
    "role_id",
)
"""What a configuration says about a key; nothing of it is left once the key is turned off (EAR-030)."""

PROJECT_STATES: Mapping[str, Mapping[str, Any]] = {
    "uses the customer's key": {"enabled": True},
    "finds its key valid": {"enabled": True, "valid": True},
    "finds its key invalid": {"enabled": True, "valid": False},
    "has no customer key": {"enabled": False},
    "requires private networking": {"enabled": True, "require_private_networking": True},
    "does not require private networking": {"enabled": True, "require_private_networking": False},
    "shows the application and the tenant": {"client_id": {"not": None}, "tenant_id": {"not": None}},
    "shows no secret": {"fields": {"lacks": "secret"}, "secret_revealed": False},
    "shows the key in use": {"enabled": True},
    "shows another vault": {"enabled": True},
    "shows a full key identifier": {
        "key_identifier": {"matches": r"https://[^/]+/keys/[^/]+/[0-9a-f]{32}"},
    },
    "shows no details of a key": {"enabled": False, **dict.fromkeys(DETAILS)},
    "lists every provider of keys, all of them off": {"providers": ["aws", "azure", "gcp"], "providers_enabled": []},
    "signs in through the access role": {"enabled": True, "client_id": None},
    "signs in with its secret": {"enabled": True, "client_id": {"not": None}, "role_id": None},
    "names no version of its key": {"key_identifier": {"matches": r"https://[^/]+/keys/[^/]+"}},
    "has a key in Azure alone": {"providers_enabled": ["azure"]},
    "has a key in AWS alone": {"providers_enabled": ["aws"]},
    "has a key in Azure and one in AWS": {"providers_enabled": ["aws", "azure"]},
}
"""What a look at the project's key configuration shows (SPEC EncryptionAtRest). Identifiers are added on the
scene, where they are known."""

CLUSTER_STATES: Mapping[str, Mapping[str, Any]] = {
    "running": {"present": True, "state": "IDLE", "paused": False},
    "paused": {"present": True, "paused": True},
    "being changed": {"present": True, "state": "UPDATING"},
    "gone": {"present": False},
    "stopped": {},
    "encrypted with the customer's key": {"present": True, "state": "IDLE", "key_provider": "AZURE"},
    "encrypted with Atlas's own key": {"present": True, "state": "IDLE", "key_provider": "NONE"},
    "encrypted with a customer's key in AWS": {"present": True, "state": "IDLE", "key_provider": "AWS"},
    "of a dedicated tier": {"sizes": {"lacks": "M0"}},
    "enlarged": {"present": True, "state": "IDLE", "paused": False, "sizes": ["M40"]},
    "of three nodes": {"present": True, "nodes": 3},
    "of five nodes": {"present": True, "state": "IDLE", "nodes": 5},
}
"""What a look at a cluster shows (SPEC ClusterDescription20240805). How one reads that Atlas `stopped` for want of its
key depends on a reading."""

SEARCH_STATES: Mapping[str, Mapping[str, Any]] = {
    "encrypted with the customer's key": {"present": True, "state": "IDLE", "key_provider": "AZURE"},
    "encrypted with Atlas's own key": {"present": True, "state": "IDLE", "key_provider": "NONE"},
    "being rebuilt": {"present": True, "state": "UPDATING"},
    "ready": {"present": True, "state": "IDLE"},
    "gone": {"present": False},
}
"""What a search deployment reports of itself (SPEC, search deployment)."""

SNAPSHOTS: Mapping[str, Mapping[str, Any]] = {
    "an encrypted snapshot": {"completed": 1, "encrypted": 1},
    "a snapshot that names no key": {"completed": 1, "encrypted": 0},
}
"""Completed snapshots; one that is encrypted names its key (EAR-131)."""

FACTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "no private endpoint exists": ("endpoints", {"count": 0}),
    "private endpoints are listed page by page, each once, with their total": (
        "listing",
        {"listed": {"not": 0}, "each_once": True, "totals_agree": True, "linked": True},
    ),
    "every private endpoint has a well-formed identifier and region": (
        "endpoints",
        {"count": {"not": 0}, "well_formed": True},
    ),
    "every encrypted cluster is of a dedicated tier": ("clusters", {"sizes": {"not": []}, "dedicated": True}),
    "every encrypted cluster stands on Azure alone": ("clusters", {"providers": ["AZURE"]}),
    "every region with an encrypted cluster has an active private endpoint": ("coverage", {}),
    "the provider Microsoft.Network is registered": ("provider Microsoft.Network", {"state": "Registered"}),
    "the vault's public side is closed": ("vault", {"public_access": "Disabled"}),
    "Atlas publishes addresses of its control plane and of every cluster": (
        "addresses",
        {"control_plane": {"not": []}, "clusters": {"not": {}}, "clusters_without": []},
    ),
    "the backup compliance policy requires encryption": ("policy", {"present": True, "encryption_required": True}),
    "the backup compliance policy does not require encryption": (
        "policy",
        {"present": True, "encryption_required": False},
    ),
    "there is no backup compliance policy": ("policy", {"present": False}),
    "the access role is found and well-formed": ("access role", {"present": True, "id": {"matches": "[0-9a-f]{24}"}}),
    "the access role is for Atlas's own application": (
        "access role",
        {"present": True, "application_id": ATLAS_APPLICATION},
    ),
    "the access role says that encryption uses it": (
        "access role",
        {"present": True, "used_for": ["ENCRYPTION_AT_REST"]},
    ),
    "the access role says that nothing uses it": ("access role", {"present": True, "used_for": []}),
    "the access role is gone": ("access role", {"present": False}),
    "the answer shows the whole configuration as it then reads": (
        "answer",
        {"enabled": True, "providers": ["aws", "azure", "gcp"]},
    ),
    "Atlas watches for a vault that cannot be reached": (
        "alert rules",
        {"kinds": {"contains": "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED"}},
    ),
    "Project Owners are to be told by e-mail of a configuration that is no longer valid": (
        "alert rules",
        {"mailing_owners": {"contains": "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID"}},
    ),
    "the reminder to rotate is set to 90 days": ("alert rules", {"rotation": "GREATER_THAN 90 DAYS"}),
    "the reminder to rotate is set to 400 days": ("alert rules", {"rotation": "GREATER_THAN 400 DAYS"}),
}
"""Facts named whole, each with the subject to look at. `coverage` and `answer` are judged over two subjects at once."""

STOPPED_BY_READING: Mapping[str, Mapping[str, Any]] = {"paused": {"present": True, "paused": True}}
"""How a cluster that Atlas stopped reads in the API, by reading `key_disabled_rendering` (atlas.md 6 #6). Under the
other reading nothing can be observed."""

KEY_OWNERS: Mapping[str, str] = {"the customer's key": "AZURE", "Atlas's own key": "NONE"}
"""Whose key encrypts a cluster: `encryptionAtRestProvider` (EAR-089, EAR-090)."""

ASKED_KEYS: Mapping[str, str] = {
    **KEY_OWNERS,
    "a customer's key in AWS": "AWS",
    "a key of an unknown provider": "ORACLE",
}
"""Whose key can be asked for, in vain or not (EAR-040, EAR-044)."""

ALERTS: Mapping[str, str] = {
    "the key cannot be reached": "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED",
    "the key configuration is no longer valid": "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID",
    "the key is invalid": "AZURE_ENCRYPTION_KEY_INVALID",
    "the key needs rotation": "AZURE_ENCRYPTION_KEY_NEEDS_ROTATION",
}
"""Alerts by what they say (SPEC EventTypeForNdsGroup, the alertable ones)."""

EVENTS: Mapping[str, str] = {
    "the key configuration was updated": "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED",
    "the key configuration was validated": "ENCRYPTION_AT_REST_CONFIGURATION_VALIDATION_SUCCEEDED",
    "the key configuration was found unusable": "ENCRYPTION_AT_REST_CONFIGURATION_VALIDATION_FAILED",
    "the key configuration is no longer valid": "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID",
    "the key configuration is valid again": "ENCRYPTION_AT_REST_CONFIG_IS_VALID",
    "the key became invalid": "AZURE_ENCRYPTION_KEY_INVALID",
    "the key became valid again": "AZURE_ENCRYPTION_KEY_VALID",
    "the key was rotated": "AZURE_ENCRYPTION_KEY_ROTATED",
    "a key rotation started": "ENCRYPTION_AT_REST_KEY_ROTATION_STARTED",
    "a private endpoint was created": "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_CREATED",
    "a private endpoint was deleted": "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETED",
    "the key could not be reached": "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED",
    "the key could be reached again": "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_RESTORED",
}
"""Entries of the activity feed by what they say (SPEC EventTypeForNdsGroup)."""

TIMES: Mapping[str, Any] = {
    "nowhere": 0,
    "once": 1,
    "twice": 2,
    "three times": 3,
    "at least once": {"at_least": 1},
    "at least twice": {"at_least": 2},
}
"""How often the activity feed tells of something, since the scenario began."""


def told(label: str, times: str) -> Mapping[str, Any]:
    """What a look at the activity feed shows when it tells of something so often."""
    return {"kinds": {"lacks": label}} if times == "nowhere" else {"counts": {"having": {label: TIMES[times]}}}
