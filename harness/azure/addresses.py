"""Where Azure is: the public cloud unless a profile says otherwise (azure.md 1.1, 1.9)."""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC_AUTHORITY = "https://login.microsoftonline.com"


@dataclass(frozen=True, slots=True)
class AzureAddresses:
    """Base addresses of one Azure cloud, without a slash at the end."""

    resource_manager: str = "https://management.azure.com"
    authority: str = PUBLIC_AUTHORITY
    vault_suffix: str = "vault.azure.net"
    """What follows the vault's name in its host; with `:port` where that is not 443."""
    graph: str = "https://graph.microsoft.com"

    @property
    def resource_manager_scope(self) -> str:
        """What a token for the control plane is asked for."""
        return f"{self.resource_manager}/.default"

    @property
    def graph_scope(self) -> str:
        """What a token for the directory is asked for."""
        return f"{self.graph}/.default"

    def vault_url(self, vault: str) -> str:
        """Address of a vault's data plane."""
        return f"https://{vault}.{self.vault_suffix}"
