# ruff: noqa: E501 - a sentence of the wire stands on one line, so that it can be found
"""How ARM words its refusals (azure.md 1.2)."""

from __future__ import annotations

from harness.fake.faces.wire import Reply
from harness.fake.kernel.refusal import ArmRefusal

ERRORS: dict[str, tuple[int, str, str]] = {
    "AuthorizationFailed": (403, "AuthorizationFailed", "The client '{0}' with object id '{1}' does not have authorization to perform action '{2}' over scope '{3}' or the scope is invalid. If access was recently granted, please refresh your credentials."),
    "SubscriptionNotFound": (404, "SubscriptionNotFound", "The subscription '{0}' could not be found."),
    "ResourceGroupNotFound": (404, "ResourceGroupNotFound", "Resource group '{0}' could not be found."),
    "ResourceNotFound": (404, "ResourceNotFound", "The Resource '{0}' under resource group '{1}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"),
    "DeletedVaultNotFound": (404, "DeletedVaultNotFound", "The specified deleted vault '{0}' does not exist."),
    "InvalidResourceNamespace": (404, "InvalidResourceNamespace", "The resource namespace '{0}' is invalid."),
    "MissingSubscriptionRegistration": (409, "MissingSubscriptionRegistration", "The subscription is not registered to use namespace '{0}'. See https://aka.ms/rps-not-found for how to register subscriptions."),
    "ConsumerNotRegistered": (403, "AuthorizationFailed", "Microsoft.KeyVault provider must be registered on subscription containing private endpoint: {0}"),
    "VaultAlreadyExists": (409, "VaultAlreadyExists", "The vault name '{0}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state."),
    "VaultNameNotValid": (400, "VaultNameNotValid", "The vault name '{0}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens."),
    "DeletedVaultPurgeNotAllowed": (405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed."),
    "InvalidResourceLocation": (409, "InvalidResourceLocation", "The resource '{0}' already exists in location '{2}'. A resource with the same name cannot be created in location '{1}'. Please select a new resource name."),
    "InvalidResourceGroupLocation": (409, "InvalidResourceGroupLocation", "Invalid resource group location. The Resource group '{0}' already exists in location '{1}'."),
    "LocationNotAvailableForResourceGroup": (400, "LocationNotAvailableForResourceGroup", "The provided location '{0}' is not available for resource group."),
    "LocationNotAvailableForResourceType": (400, "LocationNotAvailableForResourceType", "The provided location '{0}' is not available for resource type '{1}'."),
    "InvalidResourceReference": (400, "InvalidResourceReference", "Resource {0} referenced by resource {1} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region."),
    "PreconditionFailed": (412, "PreconditionFailed", "The etag provided in the request does not match the current etag of {0}."),
    "AnotherOperationInProgress": (409, "AnotherOperationInProgress", "Another operation on {0} is in progress."),
    "ApprovalNotSupported": (400, "BadRequest", "Approving a private endpoint connection in state {0} is not supported."),
    "RoleDefinitionDoesNotExist": (400, "RoleDefinitionDoesNotExist", "The specified role definition with ID '{0}' does not exist."),
    "RoleDefinitionNotFound": (404, "RoleDefinitionDoesNotExist", "The specified role definition with ID '{0}' does not exist."),
    "RoleDefinitionUpdateNotPermitted": (400, "RoleDefinitionUpdateNotPermitted", "The role definition '{0}' is built in and cannot be updated."),
    "RoleDefinitionWithSameNameExists": (409, "RoleDefinitionWithSameNameExists", "A custom role with the same name already exists in this directory. Use a different name: '{0}'."),
    "RoleDefinitionHasAssignments": (400, "RoleDefinitionHasAssignments", "There are existing role assignments referencing role '{0}'."),
    "RoleAssignmentExists": (409, "RoleAssignmentExists", "The role assignment already exists."),
    "RoleAssignmentUpdateNotPermitted": (400, "RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."),
    "PrincipalNotFound": (400, "PrincipalNotFound", "Principal {0} does not exist in the directory {1}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group."),
    "SubscriptionRequestsThrottled": (429, "SubscriptionRequestsThrottled", "Number of requests for subscription '{0}' exceeded the limit. Please try again after '{1}' seconds."),
    "InvalidRequestContent": (400, "InvalidRequestContent", "The request content was invalid and could not be deserialized: '{0}'."),
    "InvalidParameter": (400, "InvalidParameter", "The value '{1}' of the parameter '{0}' is not valid."),
    "MissingApiVersionParameter": (400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests."),
    "InvalidApiVersionParameter": (400, "InvalidApiVersionParameter", "The api-version '{0}' is invalid. A date is expected, in the form YYYY-MM-DD, with or without -preview."),
}  # fmt: skip
"""Kernel code to (status, `error.code`, sentence); codes from azure.md 1.2 to 1.8, sentences mostly from memory."""

BAD_REQUESTS: dict[str, str] = {
    "retention-out-of-range": "The property \"softDeleteRetentionInDays\" must be between 7 and 90, and {0} is not.",
    "retention-fixed": "The property \"softDeleteRetentionInDays\" has been set already and it can't be modified.",
    "soft-delete-is-one-way": "The property \"enableSoftDelete\" can be set to false only for creating new vault. Enabling the 'soft delete' functionality is an irreversible action.",
    "purge-protection-is-one-way": "The property \"enablePurgeProtection\" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.",
    "bad-address": "The address \"{0}\" in \"networkAcls.ipRules\" is not an IPv4 address or range.",
    "tenant-mismatch": "The tenant \"{0}\" is not the tenant of the subscription.",
    "no-destination": "At least one data sink needs to be specified.",
    "category-or-group": "Each entry of \"logs\" names either a category or a category group.",
    "unknown-category": "Category '{0}' is not supported.",
    "unknown-category-group": "Category group '{0}' is not supported.",
    "too-many-diagnostic-settings": "A resource can have at most {0} diagnostic settings.",
    "not-a-decision": "A private endpoint connection can be set to Approved or Rejected, not to {0}.",
}  # fmt: skip
"""What is wrong with a vault's properties, by the kernel's key."""


def refusal_reply(refusal: ArmRefusal) -> Reply:
    """The answer that ARM gives for a refusal of the kernel."""
    if refusal.code == "BadRequest":
        key, *values = refusal.parameters
        return error_reply(400, "BadRequest", BAD_REQUESTS[str(key)].format(*values))
    status, code, sentence = ERRORS[refusal.code]
    reply = error_reply(status, code, sentence.format(*refusal.parameters))
    if status == 429:
        reply.headers["Retry-After"] = str(refusal.parameters[1])
    return reply


def error_reply(status: int, code: str, message: str) -> Reply:
    """An error body in ARM's shape."""
    return Reply(status, {"error": {"code": code, "message": message}})
