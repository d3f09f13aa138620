# ruff: noqa: E501 - a sentence of the wire stands on one line, so that it can be found
"""How Entra ID words its refusals (azure.md 1.1)."""

from __future__ import annotations

FAILURES: dict[str, tuple[int, str, str]] = {
    "7000215": (401, "invalid_client", "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'."),
    "7000222": (401, "invalid_client", "The provided client secret keys for app '{0}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds."),
    "700016": (400, "unauthorized_client", "Application with identifier '{0}' was not found in the directory '{1}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."),
    "7000112": (400, "unauthorized_client", "Application '{0}'({1}) is disabled."),
    "90002": (400, "invalid_request", "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."),
    "53003": (400, "invalid_grant", "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."),
    "500011": (400, "invalid_resource", "The resource principal named {0} was not found in the tenant named {1}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."),
    "7000216": (401, "invalid_client", "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."),
    "50027": (401, "invalid_client", "JWT token is invalid or malformed."),
    "700024": (401, "invalid_client", "Client assertion is not within its valid time range."),
    "700211": (401, "invalid_client", "No matching federated identity record found for presented assertion issuer '{0}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"),
    "700212": (401, "invalid_client", "No matching federated identity record found for presented assertion audience '{0}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"),
    "700213": (401, "invalid_client", "No matching federated identity record found for presented assertion subject '{0}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"),
    "900144": (400, "invalid_request", "The request body must contain the following parameter: '{0}'."),
    "70003": (400, "unsupported_grant_type", "The app requested an unsupported grant type '{0}'."),
    "1002012": (400, "invalid_scope", "The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."),
}  # fmt: skip
"""AADSTS number to (status, error, sentence); azure.md 1.1, sentences from memory but for 7000222."""
