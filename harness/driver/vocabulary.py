"""Business words and what they mean on the wire: the states and the reasons that scenarios speak of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ENDPOINT_STATES: Mapping[str, Mapping[str, Any]] = {
    "being created": {"present": True, "status": "INITIATING"},
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
    "the cluster is paused": {"statuses": [409], "reasons": ["CANNOT_UPDATE_PAUSED_CLUSTER"]},
    "the caller lacks the role": {"statuses": [401, 403], "reasons": []},
    "there is no such operation": {"statuses": [404, 405], "reasons": []},
    "the region is unknown": {"statuses": [400], "reasons": []},
    "it does not exist": {"statuses": [404], "reasons": []},
    "it is documented as unsupported": {"statuses": [], "reasons": []},
}
"""Why a request is refused: HTTP statuses and Atlas error codes. Where the documentation promises a refusal without a
code, no code is asked for (atlas.md 3.6, placeholders); an empty status list accepts any 4xx."""

PROVIDERS: Mapping[str, str] = {"Azure": "AZURE", "AWS": "AWS", "Google Cloud": "GCP"}

KEY_OWNERS: Mapping[str, str] = {"the customer's key": "AZURE", "Atlas's own key": "NONE"}
"""Whose key encrypts a cluster: `encryptionAtRestProvider` (EAR-089, EAR-090)."""

STOPPED_BY_READING: Mapping[str, Mapping[str, Any]] = {
    "paused": {"present": True, "paused": True},
    "unchanged": {"present": True},
}
"""How a cluster that lost its key reads in the API, by reading `key_disabled_rendering` (atlas.md 6 #6)."""
