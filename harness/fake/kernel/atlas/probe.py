"""One attempt to use a key: sign in, take a path, encrypt and decrypt; and what its outcome means for Atlas.

`invalid` (credentials, permission or key) and `unreachable` (network) are kept apart everywhere (EAR-101, EAR-102).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.addresses import VALIDATION_ADDRESS
from harness.fake.kernel.atlas.azure_rules import key_parts
from harness.fake.kernel.atlas.state import NodeToken
from harness.fake.kernel.reachability import Source
from harness.fake.kernel.refusal import EntraRefusal, Unanswered, VaultRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.arm import Vault
    from harness.fake.kernel.atlas.state import AzureKeyVault, Cluster
    from harness.fake.kernel.key_vault import KeyRecord
    from harness.fake.kernel.world import World

AUDIENCE = "https://vault.azure.net"
READ = "Microsoft.KeyVault/vaults/keys/read"
SEE_VAULT = "Microsoft.KeyVault/vaults/read"
EXPIRY_GUARD_S = 48 * 3600.0
"""A key that expires sooner is not accepted (EAR-034)."""

NETWORK = frozenset({"Forbidden/ForbiddenByFirewall", "Forbidden/ForbiddenByConnection"})
"""Refusals that say nothing about the key: the way to the vault is closed (azure.md 1.9)."""

CODES = {
    "KeyNotFound": "AZURE_KEY_VAULT_KEY_NOT_FOUND",
    "Forbidden/KeyDisabled": "AZURE_KEY_VAULT_KEY_NOT_ENABLED",
    "Forbidden/KeyExpired": "AZURE_KEY_VAULT_KEY_EXPIRED",
    "Forbidden/KeyNotYetValid": "AZURE_KEY_VAULT_KEY_NOT_ACTIVE",
    "Forbidden/ForbiddenByRbac": "NO_PERMISSION_TO_ENCRYPT_DECRYPT",
    "Forbidden/AccessDenied": "NO_PERMISSION_TO_ENCRYPT_DECRYPT",
    "Forbidden/ForbiddenByPolicy": "NO_PERMISSION_TO_ENCRYPT_DECRYPT",
    "Forbidden/KeyOperationForbidden": "NO_PERMISSION_TO_ENCRYPT_DECRYPT",
}
"""What Key Vault says, as Atlas passes it on (EAR-034 to EAR-036)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`condition` is valid, invalid or unreachable; `code` is what a refused update says."""

    condition: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class NodeReport:
    """What the nodes of a cluster found together; `denied` when some of them have no way to the vault."""

    condition: str
    denied: bool


VALID = Finding("valid")
UNREACHABLE = Finding("unreachable", "INVALID_AZURE_API_REQUEST")
NO_VAULT = Finding("invalid", "INVALID_AZURE_API_REQUEST")
NO_LOOKUP = Finding("invalid", "INVALID_AZURE_API_REQUEST")
BAD_CREDENTIALS = Finding("invalid", "INVALID_AZURE_CREDENTIALS")


class Probe:
    """Tries keys out, from the control plane or from the nodes of a cluster."""

    def __init__(self, world: World) -> None:
        self._world = world

    def control_plane(self, azure: AzureKeyVault, identifier: str) -> Finding:
        """Try a key from the control plane, over the internet and with a fresh token."""
        try:
            principal_id = self._sign_in(azure, VALIDATION_ADDRESS)
        except EntraRefusal:
            return BAD_CREDENTIALS
        return self._try_key(azure, identifier, principal_id, Source("internet", VALIDATION_ADDRESS))

    def for_update(self, azure: AzureKeyVault) -> Finding:
        """Try the key of a new configuration, which must be looked up in Azure as well and not be about to expire.

        The lookup needs rights of its own (EAR-014, EAR-015); what is about to expire is not taken (EAR-034).
        """
        finding = self.control_plane(azure, azure.key_identifier)
        if finding.condition != "valid":
            return finding
        if not self._may_look_up(azure):
            return NO_LOOKUP
        return Finding("invalid", "AZURE_KEY_VAULT_KEY_EXPIRING") if self._expires_soon(azure) else finding

    def _may_look_up(self, azure: AzureKeyVault) -> bool:
        """Vault by role in any case; keys by role where roles decide, else by the permission Get (AKV)."""
        vault, principal_id = self._vault(azure), self._sign_in(azure, VALIDATION_ADDRESS)
        if vault is None:
            return False
        needed = (SEE_VAULT, READ) if vault.rbac else (SEE_VAULT,)
        return all(self._world.arm.allows(principal_id, action, vault.id) for action in needed)

    def latest_version(self, azure: AzureKeyVault) -> str:
        """Latest version of the configured key where its identifier names none; else, or without the key, empty."""
        vault = self._vault(azure)
        _, name, version = key_parts(azure.key_identifier)
        if version or vault is None:
            return ""
        try:
            return self._world.key_vault.get(vault, name, "").version
        except VaultRefusal:
            return ""

    def nodes(self, cluster: Cluster, azure: AzureKeyVault, identifier: str) -> NodeReport:
        """Try a key from every region of a cluster; one node that succeeds keeps the cluster healthy (EAR-105)."""
        conditions, denied = set(), False
        for region, sources in self._world.atlas.paths.sources(cluster).items():
            condition, some_denied = self._region(cluster, azure, identifier, region, sources)
            conditions.add(condition)
            denied = denied or some_denied
        best = next((c for c in ("valid", "invalid") if c in conditions), "unreachable")
        return NodeReport(best, denied)

    def _region(
        self, cluster: Cluster, azure: AzureKeyVault, identifier: str, region: str, sources: list[Source]
    ) -> tuple[str, bool]:
        """Condition as the nodes of one region find it, and whether some of them are denied."""
        if self._world.knobs.vault_network_blocked or not sources:
            return self._link_loss(region in cluster.private_regions), True
        try:
            principal_id = self._node_principal(cluster, azure, region, sources[0])
        except EntraRefusal:
            return "invalid", False
        findings = [self._try_key(azure, identifier, principal_id, source).condition for source in sources]
        if "valid" in findings:
            return "valid", "unreachable" in findings
        if "invalid" in findings:
            return "invalid", False
        return self._link_loss(region in cluster.private_regions), True

    def _link_loss(self, private: bool) -> str:
        """A lost private link counts by reading `link_loss_means`; an outage or a blocked network never as invalid."""
        knobs = self._world.knobs
        if not private or knobs.vault_outage or knobs.vault_network_blocked:
            return "unreachable"
        return self._world.readings.link_loss_means

    def _node_principal(self, cluster: Cluster, azure: AzureKeyVault, region: str, source: Source) -> str:
        """Nodes keep their token until it expires, so an expired secret shows late (azure.md 2)."""
        kept = cluster.node_tokens.get(region)
        if kept is not None and kept.expires > self._world.now and kept.credentials == azure.credentials:
            return kept.principal_id
        principal_id = self._sign_in(azure, self._world.atlas.paths.egress(cluster, region, source))
        expires = self._world.now + self._world.knobs.entra_token_s
        cluster.node_tokens[region] = NodeToken(principal_id, expires, azure.credentials)
        return principal_id

    def _sign_in(self, azure: AzureKeyVault, address: str) -> str:
        """Sign in as the customer's application, or as Atlas's own where a role is configured (EAR-140, EAR-141).

        This world holds the public Azure cloud only. What matters to Atlas is who it then is: a
        token that nobody presents over the wire need not be written out.
        """
        if azure.azure_environment != "AZURE":
            raise EntraRefusal("90002", azure.tenant_id)
        if azure.role_id:
            return self._world.atlas.cloud_access.sign_in(azure, address)
        return self._world.entra.authenticate(azure.tenant_id, azure.client_id, azure.secret, AUDIENCE, address)

    def _try_key(self, azure: AzureKeyVault, identifier: str, principal_id: str, source: Source) -> Finding:
        vault = self._vault(azure)
        if vault is None:
            return NO_VAULT
        try:
            self._use(vault, identifier, principal_id, source)
        except Unanswered:
            return UNREACHABLE
        except VaultRefusal as refusal:
            return UNREACHABLE if refusal.code in NETWORK else Finding("invalid", CODES[refusal.code])
        return VALID

    def _use(self, vault: Vault, identifier: str, principal_id: str, source: Source) -> KeyRecord:
        """Encrypt, decrypt and read (EAR-014, EAR-015); wrapping too by reading `key_permissions`."""
        _, name, version = key_parts(identifier)
        usable = self._world.key_vault.usable
        record = usable(vault, name, version, "encrypt", principal_id, source)
        usable(vault, name, version, "decrypt", principal_id, source)
        self._world.key_vault.authorise_principal(vault, principal_id, READ, key=name)
        if self._world.readings.key_permissions == "wrap_unwrap_too":
            usable(vault, name, version, "wrapKey", principal_id, source)
            usable(vault, name, version, "unwrapKey", principal_id, source)
        return record

    def _expires_soon(self, azure: AzureKeyVault) -> bool:
        vault = self._vault(azure)
        _, name, version = key_parts(azure.key_identifier)
        expires = None if vault is None else self._world.key_vault.get(vault, name, version).expires
        return expires is not None and expires - self._world.now < EXPIRY_GUARD_S

    def _vault(self, azure: AzureKeyVault) -> Vault | None:
        return self._world.arm.vault(azure.subscription_id, azure.resource_group_name, azure.key_vault_name)
