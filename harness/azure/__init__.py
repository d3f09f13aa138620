"""A thin facade over the real Azure SDK clients; no SDK is imported before it is used (azure.md 3.3)."""

from harness.azure.clients import VaultPlace
from harness.azure.credential import ServicePrincipal
from harness.azure.service import AzureKeyService

__all__ = ["AzureKeyService", "ServicePrincipal", "VaultPlace"]
