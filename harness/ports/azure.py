"""The Azure side: the vault as its owner sees it, what is around it, and the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from harness.model.posture import (
    ApplicationSecret,
    DiagnosticSetting,
    KeyMaterial,
    RoleHolding,
    RotationPolicy,
)
from harness.model.resource import (
    AccessPolicy,
    IssuedSecret,
    KeyVersion,
    RoleGrant,
    Vault,
    VaultConnection,
)


class KeyService(Protocol):
    """The Azure side, signed in as the owner of the vault."""

    def provider_state(self, namespace: str) -> str:
        """Registration state of a resource provider: NotRegistered, Registering, Registered, Unregistering."""

    def register_provider(self, namespace: str) -> None:
        """Register a resource provider."""

    def vault(self) -> Vault:
        """The vault."""

    def set_public_access(self, *, enabled: bool) -> Vault:
        """Open or close the vault's public side (`publicNetworkAccess`)."""

    def set_network_rules(self, default_action: str, allowed_addresses: Sequence[str]) -> Vault:
        """Set the vault's firewall: `Allow` or `Deny`, and the addresses let through."""

    def connections(self) -> Sequence[VaultConnection]:
        """Private endpoint connections on the vault."""

    def approve_connection(self, name: str, note: str) -> VaultConnection:
        """Approve a connection; it reads Updating until the change has settled."""

    def reject_connection(self, name: str, note: str) -> VaultConnection:
        """Reject a connection."""

    def remove_connection(self, name: str) -> None:
        """Remove a connection and wait until it is gone."""

    def offers_vault_endpoints(self, location: str) -> bool:
        """Azure offers private endpoints to key vaults in this region."""

    def create_own_endpoint(self, name: str) -> str:
        """Create the customer's own private endpoint to the vault; returns its resource id."""

    def remove_own_endpoint(self, name: str) -> None:
        """Remove the customer's own private endpoint."""

    def create_key(self, name: str) -> KeyVersion:
        """Create an RSA 2048 key, or a new version of it."""

    def key(self, name: str, version: str = "") -> KeyVersion:
        """A version of a key; the latest without `version`."""

    def other_key(self) -> KeyVersion:
        """The latest version of a key in another vault of the same customer."""

    def rotate_key(self, name: str) -> KeyVersion:
        """Create the next version of a key by rotation."""

    def set_key_enabled(self, name: str, version: str, *, enabled: bool) -> KeyVersion:
        """Enable or disable a key version."""

    def set_key_validity(
        self, name: str, version: str, *, not_before: datetime | None, expires: datetime | None
    ) -> KeyVersion:
        """Set the period in which a key version may be used."""

    def delete_key(self, name: str) -> None:
        """Soft-delete a key and wait until it is gone."""

    def recover_key(self, name: str) -> None:
        """Recover a soft-deleted key and wait until it is usable."""

    def wrap(self, name: str, version: str, secret: bytes) -> bytes:
        """Wrap bytes with a key version. Runs locally in the SDK and so proves nothing (azure.md 3.5)."""

    def unwrap(self, name: str, version: str, wrapped: bytes) -> bytes:
        """Unwrap bytes in the vault: the proof that the key works."""

    def set_access(self, *, rbac: bool, policies: Sequence[AccessPolicy]) -> Vault:
        """Say who decides over access to the vault: roles, or access policies, which are these and no others."""

    def define_role(self, name: str, actions: Sequence[str], data_actions: Sequence[str]) -> str:
        """Define the one role of the customer's own for this vault, or change it; returns its GUID."""

    def remove_role(self) -> None:
        """Take that role away, which nobody may hold any more; none is no error."""

    def role_grants(self, principal_id: str) -> Sequence[RoleGrant]:
        """Roles a principal holds on the vault."""

    def grant_role(self, principal_id: str, role: str) -> RoleGrant:
        """Grant a role (GUID of its definition) on the vault."""

    def revoke_role(self, grant_id: str) -> None:
        """Take a role away."""


class VaultAudit(Protocol):
    """What is around the vault, as an auditor may read it; nothing here changes anything."""

    def key_versions(self, name: str) -> Sequence[KeyVersion]:
        """Every version of a key."""

    def key_material(self, name: str, version: str) -> KeyMaterial:
        """Kind and size of a key version."""

    def rotation_policy(self, name: str) -> RotationPolicy:
        """The rotation policy of a key."""

    def role_holdings(self) -> Sequence[RoleHolding]:
        """Every role assignment at the vault, above it, and at its keys, with what the role allows."""

    def diagnostic_settings(self) -> Sequence[DiagnosticSetting]:
        """Diagnostic settings of the vault."""

    def defender_is_on(self) -> bool:
        """Microsoft Defender for Key Vault is on in the subscription."""

    def application_secrets(self, client_id: str) -> Sequence[ApplicationSecret]:
        """Client secrets of an application of this tenant."""


class Directory(Protocol):
    """The customer's tenant, signed in as the owner of the application that Atlas signs in with."""

    def issue_secret(self, client_id: str, lifetime_s: float, name: str) -> IssuedSecret:
        """Issue a client secret that ends after `lifetime_s` seconds; those that there are stay as they are."""

    def withdraw_secret(self, client_id: str, secret_id: str) -> None:
        """Take a client secret away; one that is gone already is no error."""

    def is_enabled(self, principal_id: str) -> bool:
        """A service principal may sign in (`accountEnabled`)."""

    def enable(self, principal_id: str, *, enabled: bool) -> None:
        """Let a service principal sign in, or no longer."""
