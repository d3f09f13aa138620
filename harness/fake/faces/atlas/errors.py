"""Every way the Atlas face says no: one table from `errorCode` to status and `detail` (atlas.md 3.3, 3.6).

Clients key on status and code. Details that atlas.md quotes from recordings are verbatim; the others carry the
documented parameters in our words. `{0}`, `{1}` are the parameters in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.refusal import AtlasRefusal


class Problem(Exception):
    """The wire refuses before the kernel is asked: bad input, no sign-in, no such version."""

    def __init__(self, code: str, *parameters: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code, *parameters)
        self.code = code
        self.parameters = parameters
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Meaning:
    """Status and sentence of one code; `{groupId}` and its like are parameters of the path."""

    status: int
    detail: str
    parameters: tuple[str, ...] | None = None
    """Templates for `parameters` where the wire does not list the plain ones."""


_AUTHENTICATION: dict[str, tuple[int, str]] = {
    "USER_UNAUTHORIZED": (401, "Current user is not authorized to perform this action."),
    "USER_CANNOT_ACCESS_GROUP": (401, "The user has no access to this group."),
    "USER_CANNOT_ACCESS_ORG": (401, "The user has no access to this organization."),
    "NOT_IN_GROUP": (401, "The user is not a member of this group, or there is no such group."),
    "NOT_ORG_MEMBER": (401, "The user is not a member of organization {0}."),
    "NOT_ORG_GROUP_CREATOR": (401, "The user may not create groups in organization {0}."),
    "IP_ADDRESS_NOT_ON_ACCESS_LIST": (403, "IP address {0} is not allowed to access this resource."),
    "ORG_REQUIRES_ACCESS_LIST": (403, "This organization admits only addresses of an access list."),
    "ACCESS_FORBIDDEN": (403, "The current user may not access this resource."),
}

_REQUEST: dict[str, tuple[int, str]] = {
    "ATTRIBUTE_READ_ONLY": (400, "The attribute {0} is read-only."),
    "INVALID_ATTRIBUTE": (400, "Invalid attribute {0} specified."),
    "INVALID_DATE_FORMAT": (400, "{0} is not a valid date."),
    "INVALID_DATE_RANGE": (400, "The date range minDate={0}, maxDate={1} ends before it begins."),
    "INVALID_ENUM_VALUE": (400, "An invalid enumeration value {0} was specified."),
    "INVALID_JSON": (400, "The JSON received does not have the expected format."),
    "INVALID_JSON_ATTRIBUTE": (400, "The JSON received for the {0} attribute does not have the expected format."),
    "INVALID_PATH_PARAMETER": (400, "Invalid path parameter {0} specified."),
    "INVALID_PROVIDER": (400, "There is no provider {0}."),
    "INVALID_QUERY_PARAMETER": (400, "Invalid query parameter {0} specified."),
    "INVALID_REGION": (400, "No region {0} exists for provider {1}."),
    "MALFORMED_JSON": (400, "The JSON received is malformed."),
    "MISSING_ATTRIBUTE": (400, "The required attribute {0} was not specified."),
    "MISSING_ATTRIBUTES": (400, "The required attributes {0} were not specified."),
    "VALIDATION_ERROR": (400, "The request content produced the validation error: {0}."),
    "METHOD_NOT_ALLOWED": (405, "The resource {1} does not offer the method {0}."),
    "INVALID_VERSION_DATE": (406, "Invalid accept header or version date."),
    "VERSION_GONE": (410, "The version {0} of this resource has been removed."),
    "UNSUPPORTED_MEDIA_TYPE": (415, "The content type {0} is not supported."),
    "RATE_LIMITED_TOKEN_BUCKET": (
        429,
        "Rate limit exceeded for {0}. Please retry after {1} seconds. Request capacity: {2}. "
        "Refill rate: {3} per {4} seconds.",
    ),
    "UNEXPECTED_ERROR": (500, "Unexpected error."),
}

_ENCRYPTION: dict[str, tuple[int, str]] = {
    "AWS_KMS_CREDENTIALS_AUTH_DEPRECATED": (
        400,
        "Credentials based authentication is no longer supported for AWS KMS.",
    ),
    "AZURE_KEY_VAULT_CREDENTIALS_DEPRECATED": (
        400,
        "Credentials based authentication is no longer supported for Azure Key Vault.",
    ),
    "AZURE_KEY_VAULT_ENVIRONMENT_NOT_SUPPORTED": (400, "This environment is not supported for Azure Key Vault."),
    "AZURE_KEY_VAULT_KEY_EXPIRED": (400, "The key is past its expiry."),
    "AZURE_KEY_VAULT_KEY_EXPIRING": (400, "The key expires within 48 hours and so cannot be used."),
    "AZURE_KEY_VAULT_KEY_IDENTIFIER_INVALID_FORMAT": (400, "The Azure Key Vault key identifier has a wrong format."),
    "AZURE_KEY_VAULT_KEY_NOT_ACTIVE": (400, "The key may not be used before its not-before time."),
    "AZURE_KEY_VAULT_KEY_NOT_ENABLED": (400, "The key is not enabled."),
    "AZURE_KEY_VAULT_KEY_NOT_FOUND": (400, "The credentials provided lead to no Azure Key Vault key."),
    "INVALID_AZURE_API_REQUEST": (400, "One or more of the Azure parameters are invalid."),
    "INVALID_AZURE_CREDENTIALS": (400, "Invalid Azure credentials."),
    "INVALID_AWS_CREDENTIALS": (400, "Invalid AWS credentials."),
    "INVALID_GOOGLE_CLOUD_CREDENTIALS": (400, "Invalid Google Cloud credentials."),
    "CANNOT_ASSUME_ROLE": (400, "The role cannot be assumed."),
    "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED": (
        400,
        "The specified Cloud Provider Access role ({0}) has not been authorized.",
    ),
    "CANNOT_AUTHENTICATE_SERVICE_PRINCIPAL": (400, "Atlas cannot authenticate with the service principal ({0})."),
    "CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_INVALID": (
        400,
        "The specified Azure Service Principal ({0}) contains invalid tenant id or service principal id.",
    ),
    "NO_PERMISSION_TO_ENCRYPT_DECRYPT": (400, "The credentials may not encrypt or decrypt with the key."),
    "ENCRYPTION_AT_REST_PROVIDER_NOT_SUPPORTED": (400, "This cluster cannot have an Encryption at Rest provider."),
    "ENCRYPTION_AT_REST_SETTINGS_INVALID": (
        400,
        "The encryption key cannot be reached; restore access to it before changing it.",
    ),
    "INVALID_ENCRYPTION_AT_REST_PROVIDER": (400, "There is no Encryption at Rest provider {0}."),
    "MISSING_ENCRYPTION_AT_REST_PROVIDER": (400, "Name at least one Encryption at Rest provider."),
    "CANNOT_DISABLE_ENCRYPTION_AT_REST_WITH_BACKUP_COMPLIANCE_POLICY": (
        400,
        "A Backup Compliance Policy keeps Encryption at Rest enabled.",
    ),
    "CAN_NOT_DISABLE_ALL_ENCRYPTION_AT_REST_SETTINGS_WHILE_BACKUP_COMPLIANCE_POLICY_ENCRYPTION_ENABLED": (
        400,
        "A Backup Compliance Policy requires at least one Encryption at Rest setting.",
    ),
    "CANNOT_DISABLE_ENCRYPTION_AT_REST": (
        409,
        "Cannot disable Encryption at Rest on the group because it is still enabled on one or more clusters in the "
        "group.",
    ),
    "CANNOT_CHANGE_ENCRYPTION_AT_REST_PROVIDER": (
        409,
        "Disable Encryption at Rest and enable it again to choose another provider.",
    ),
    "CANNOT_ROTATE_KEY_ENCRYPTION_DISABLED": (409, "Encryption is disabled, so there is no key to rotate."),
    "CANNOT_DISABLE_ENCRYPTION_AT_REST_DUE_TO_PRIVATE_ENDPOINTS": (
        400,
        "Encryption at Rest cannot be disabled when private endpoints are present.",
    ),
    "CANNOT_DISABLE_ENCRYPTION_AT_REST_REQUIRE_PRIVATE_NETWORKING_WHILE_PRIVATE_ENDPOINTS_EXIST": (
        400,
        "Cannot disable requirePrivateNetworking field when there are private endpoints. Remove private endpoints in "
        "region(s) {0} to disable requirePrivateNetworking.",
    ),
    "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING": (
        400,
        "Failed to delete Encryption at Rest Private endpoint with id {0} during IN_PROGRESS state. "
        "Please try again later.",
    ),
}

_RESOURCES: dict[str, tuple[int, str]] = {
    "GROUP_NOT_FOUND": (404, "No group with ID {0} exists."),
    "INVALID_GROUP_ID": (404, "{0} is not a valid group ID."),
    "INVALID_ORG_ID": (404, "{0} is not a valid organization ID."),
    "ORG_NOT_FOUND": (404, "There is no organization with ID {0}."),
    "EVENT_NOT_FOUND": (404, "There is no event with ID {0} for group {1}."),
    "RESOURCE_NOT_FOUND": (404, "Cannot find resource {0}."),
    "CLUSTER_NOT_FOUND": (404, "No cluster named {0} exists in group {1}."),
    "SNAPSHOT_NOT_FOUND": (404, "There is no snapshot with ID {0}."),
    "INVALID_SNAPSHOT_ID": (404, "{0} is not a valid snapshot ID."),
    "ALERT_CONFIG_NOT_FOUND": (404, "There is no alert configuration with ID {0}."),
    "ALERT_NOT_FOUND": (404, "There is no alert with ID {0}."),
    "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API": (400, "Flex cluster {0} cannot be used in the Cluster API."),
    "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API": (400, "Cannot use non-flex cluster {0} in the flex API."),
    "CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY": (400, "A Backup Compliance Policy keeps snapshots."),
    "CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION": (400, "Only the retention of a completed snapshot can change."),
    "BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID": (400, "This is no retention that a snapshot can have."),
    "BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID": (400, "The settings of the Backup Compliance Policy are invalid."),
    "GROUP_MISMATCH": (400, "The group ID {0} is not the one of the URL."),
    "GROUP_NAME_NOT_FOUND": (404, 'There is no group named "{0}".'),
    "INVALID_EVENT_TYPE_FOR_ALERT": (400, "There are no alerts about events of type {0}."),
    "INVALID_ORG_NAME": (400, 'The organization name "{0}" is invalid.'),
    "INVALID_USER": (400, "There is no user {0}."),
    "MULTIPLE_GROUPS": (409, "More than one group has this name."),
    "GROUP_ALREADY_EXISTS": (409, 'There is already a group named "{0}".'),
    "INVALID_GROUP_NAME": (400, 'The group name "{0}" is invalid.'),
    "MAX_GROUPS_PER_ORG_EXCEEDED": (400, "The limit of {0} groups in organization {1} is reached."),
    "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS": (409, "The group has active clusters; terminate them all first."),
    "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES": (
        409,
        "The group has active private endpoint services; remove them all first.",
    ),
}

_CLUSTERS: dict[str, tuple[int, str]] = {
    "CANNOT_CREATE_PAUSED_CLUSTER": (400, "Cluster {0} cannot be created in a paused state."),
    "CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER": (400, "Cluster {0} was resumed too recently to be paused."),
    "CANNOT_USE_ENCRYPTION_AT_REST_TENANT": (400, "Tenant clusters cannot use Encryption at Rest."),
    "CLUSTER_BEING_DELETED": (409, "Cluster {0} is being deleted."),
    "CLUSTER_ALREADY_REQUESTED_DELETION": (400, "The deletion of cluster {0} has already been requested."),
    "CLUSTER_CANNOT_CHANGE_NAME": (400, "An update cannot change the name of a cluster."),
    "CLUSTER_CANNOT_CHANGE_PROVIDER_NAME": (400, "An update cannot change the cloud provider of a cluster."),
    "CLUSTER_NAME_INVALID": (400, "{0} is not a valid cluster name."),
    "CLUSTER_RESTART_IN_PROGRESS": (400, "A failover test is in progress already."),
    "CLUSTER_RESTART_INVALID": (400, "Not every server of the cluster is healthy, so no failover test can begin."),
    "DUAL_REPLICATION_SPEC_SPECIFIED": (400, "Name either replicationSpec or replicationSpecs, not both."),
    "DUPLICATE_CLUSTER_NAME": (400, "There is a cluster named {0} already."),
    "INSUFFICIENT_INSTANCE_SIZE": (400, "This feature needs instance size {0} or larger."),
    "INVALID_CLUSTER_CONFIGURATION": (400, "The specified cluster configuration is invalid."),
    "INVALID_SNAPSHOT_RESTORE_ENCRYPTION": (400, "Target cluster and source snapshot differ in their encryption."),
    "TENANT_RESTORE_DESTINATION_ENCRYPTION": (400, "A tenant snapshot cannot go to a cluster with Encryption at Rest."),
    "CANNOT_DOWNLOAD_SNAPSHOT_WITH_ENCRYPTION": (400, "Snapshots with Encryption at Rest cannot be downloaded."),
    "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT": (400, "Snapshot {0} is in progress and cannot be deleted."),
    "CLUSTER_PAUSED_CANNOT_RESTORE": (400, "A paused cluster cannot be restored to."),
    "CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT": (409, "The snapshot is not complete."),
    "BACKUP_JOB_NOT_FOUND": (400, "This cluster has no backups."),
    "UNFINISHED_ON_DEMAND_SNAPSHOT": (400, "Another on-demand snapshot is queued or in progress."),
    "MULTI_CLOUD_CLUSTER_INVALID": (400, "Multi-cloud clusters are not supported here."),
    "REPLICATION_SPECS_INVALID": (400, "A document of replicationSpecs lacks fields."),
    "TENANT_CLUSTER_UPDATE_UNSUPPORTED": (400, "M0, M2 and M5 clusters cannot be updated through the API."),
    "TENANT_CLUSTER_TEST_FAILOVER_NOT_SUPPORTED": (400, "Tenant clusters have no failover test."),
    "INVALID_CLUSTER_OUTAGE_SIMULATION_STATE": (
        400,
        "Invalid cluster outage simulation state: {0}, expected state: {1}",
    ),
    "CANNOT_TERMINATE_CLUSTER_WITH_UNDERGOING_REGIONAL_OUTAGE_SIMULATION": (
        400,
        "Cannot terminate cluster {0} in project {1} because it is undergoing a regional outage simulation. "
        "End regional outage simulation and try again.",
    ),
    "CANNOT_UPDATE_PAUSED_CLUSTER": (409, "Cannot update cluster {0} while it is paused or being paused."),
    "CANNOT_UPDATE_AND_PAUSE_CLUSTER": (409, "Cluster {0} cannot be updated and paused at the same time."),
    "CANNOT_PAUSE_CLUSTER_WITH_PENDING_CHANGES": (409, "A cluster with pending changes cannot be paused."),
    "CLUSTER_ALREADY_PAUSED": (409, "The cluster is paused already."),
    "UNSUPPORTED_FEATURE": (409, "This feature is not supported."),
}

MEANINGS: dict[str, Meaning] = {
    code: Meaning(*meaning)
    for family in (_AUTHENTICATION, _REQUEST, _ENCRYPTION, _RESOURCES, _CLUSTERS)
    for code, meaning in family.items()
}
MEANINGS["CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED"] = Meaning(
    400,
    "Cannot terminate a cluster when termination protection is enabled. Disable termination protection and try again.",
    (
        "Cannot terminate cluster {0} in group {groupId} because termination protection is enabled. "
        "Disable termination protection and try again.",
    ),
)

MEANINGS["ENCRYPTION_AT_REST_NOT_ENABLED"] = Meaning(
    400, "Encryption at Rest is not enabled for group {groupId}.", ("{groupId}",)
)

PLACEHOLDER_STATUSES: dict[str, int] = {
    codes.DUPLICATE_REGION: 409,
    codes.ENDPOINT_ALREADY_DELETING: 409,
    codes.ENDPOINT_BEING_RECREATED: 409,
    codes.SEARCH_DEPLOYMENT_EXISTS: 409,
    codes.SEARCH_DEPLOYMENT_NOT_FOUND: 404,
}
"""Statuses of the codes that the kernel invents, where they are not 400 (atlas.md 3.6, last paragraph)."""

for _code, _parameters in codes.PLACEHOLDERS.items():
    if _code not in MEANINGS:
        _sentence = "This is refused: " + _code.replace("_", " ").capitalize()
        _fields = "".join(f", {name} {{{index}}}" for index, name in enumerate(_parameters))
        MEANINGS[_code] = Meaning(PLACEHOLDER_STATUSES.get(_code, 400), f"{_sentence}{_fields}.")


def status_of(code: str) -> int:
    """Status that a code is answered with.

    Raises:
        LookupError: the table lacks the code, which is a defect of this face.
    """
    if code not in MEANINGS:
        raise LookupError(f"errors.MEANINGS lacks the code {code}")
    return MEANINGS[code].status


def body_of(code: str, parameters: tuple[object, ...], status: int, path: Mapping[str, str]) -> dict[str, Any]:
    """The error document (atlas.md 3.3); templates may also name parameters of the path."""
    meaning = MEANINGS[code]
    shown = [_shown(parameter) for parameter in parameters]
    listed: list[Any] = [_plain(parameter) for parameter in parameters]
    if meaning.parameters is not None:
        listed = [template.format(*shown, **path) for template in meaning.parameters]
    return {
        "detail": meaning.detail.format(*shown, **path),
        "error": status,
        "errorCode": code,
        "parameters": listed,
        "reason": HTTPStatus(status).phrase,
    }


def as_problem(refusal: AtlasRefusal) -> Problem:
    """A law's refusal as an answer of the wire."""
    return Problem(refusal.code, *refusal.parameters)


def _shown(parameter: object) -> str:
    """A parameter inside a sentence: lists stand in square brackets (EAR-062)."""
    if isinstance(parameter, list | tuple):
        return "[" + ", ".join(str(item) for item in parameter) + "]"
    return str(parameter)


def _plain(parameter: object) -> object:
    if isinstance(parameter, list | tuple):
        return [_plain(item) for item in parameter]
    return parameter if isinstance(parameter, str | int | float | bool) or parameter is None else str(parameter)
