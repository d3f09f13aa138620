"""A thin facade over the real Azure SDK clients; no SDK is imported before it is used (azure.md 3.3)."""

from harness.azure.addresses import AzureAddresses
from harness.azure.clients import VaultPlace
from harness.azure.service import AzureKeyService
from harness.azure.sign_in import CliLogin, FromEnvironment, ManagedIdentity, ServicePrincipal, SignIn, WorkloadIdentity

__all__ = [
    "AzureAddresses",
    "AzureKeyService",
    "CliLogin",
    "FromEnvironment",
    "ManagedIdentity",
    "ServicePrincipal",
    "SignIn",
    "VaultPlace",
    "WorkloadIdentity",
]
