"""Ways to sign in to Entra ID, each by the class of azure-identity that knows it (azure.md 1.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from harness.azure.addresses import PUBLIC_AUTHORITY, AzureAddresses

if TYPE_CHECKING:
    from azure.core.credentials import AccessTokenInfo, TokenRequestOptions

CLI_TIMEOUT_S = 60
"""Longest run of `az account get-access-token`; a cold start of the CLI alone takes seconds."""


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """An application with a client secret: the owner of the vault, never Atlas's application."""

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WorkloadIdentity:
    """An application that trusts tokens of another issuer; the token is read from a file that its issuer renews."""

    tenant_id: str
    client_id: str
    token_file: str


@dataclass(frozen=True, slots=True)
class CliLogin:
    """Whoever has run `az login` on this machine; without a tenant the CLI's own choice."""

    tenant_id: str = ""


@dataclass(frozen=True, slots=True)
class ManagedIdentity:
    """The identity of the machine; `client_id` names one of several, none of them means the system's own."""

    client_id: str = ""


@dataclass(frozen=True, slots=True)
class FromEnvironment:
    """Whoever azure-identity's own variables name: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, a secret or certificate."""


SignIn = ServicePrincipal | WorkloadIdentity | CliLogin | ManagedIdentity | FromEnvironment


class InnerCredential(Protocol):
    """What azure-identity's classes have in common here."""

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """A token for these scopes."""


def inner_credential(sign_in: SignIn, addresses: AzureAddresses, **pipeline: Any) -> InnerCredential:
    """azure-identity's credential for a way to sign in, with an empty cache; `pipeline` holds transport and hooks.

    The CLI opens its own connections, so of `pipeline` nothing reaches it.

    Raises:
        ValueError: tenant or client id cannot be one.
    """
    from azure import identity

    if addresses.authority != PUBLIC_AUTHORITY:
        # For an authority it does not know, MSAL would ask the public cloud first (azure.md 1.1).
        pipeline_here = {**pipeline, "authority": addresses.authority, "disable_instance_discovery": True}
    else:
        pipeline_here = {**pipeline, "authority": addresses.authority}
    match sign_in:
        case ServicePrincipal(tenant_id, client_id, client_secret):
            return identity.ClientSecretCredential(tenant_id, client_id, client_secret, **pipeline_here)
        case WorkloadIdentity(tenant_id, client_id, token_file):
            return identity.WorkloadIdentityCredential(
                tenant_id=tenant_id, client_id=client_id, token_file_path=token_file, **pipeline_here
            )
        case CliLogin(tenant_id):
            return identity.AzureCliCredential(tenant_id=tenant_id, process_timeout=CLI_TIMEOUT_S)
        case ManagedIdentity(client_id):
            return identity.ManagedIdentityCredential(client_id=client_id or None, **pipeline)
        case FromEnvironment():
            return identity.EnvironmentCredential(**pipeline_here)


def advice(sign_in: SignIn) -> str:
    """What to check when Entra does not let this identity in."""
    match sign_in:
        case ServicePrincipal():
            return "Check tenant, client id and secret of the identity that cmkproof itself signs in with."
        case WorkloadIdentity(token_file=token_file):
            return (
                f"Check that {token_file} holds a fresh token, and that a federated credential of the application "
                "names its issuer, subject and audience."
            )
        case CliLogin():
            return "Run `az login`, with --tenant where azure.tenant_id is set, and try `az account get-access-token`."
        case ManagedIdentity():
            return "Run on a machine that has a managed identity, or choose another way to sign in with azure.auth."
        case FromEnvironment():
            return "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or choose another azure.auth."
