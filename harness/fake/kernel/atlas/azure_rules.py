"""What an Azure Key Vault configuration must satisfy to be accepted. Every rule is one method (EAR-007 to EAR-076)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import AzureChange, AzureKeyVault
    from harness.fake.kernel.world import World

VAULT_DOMAINS = {
    "AZURE": "vault.azure.net",
    "AZURE_CHINA": "vault.azure.cn",
    "AZURE_US_GOVERNMENT": "vault.usgovcloudapi.net",
}
"""Azure environments that Atlas supports (EAR-037), and where their vaults answer."""

WIRE_NAMES = {
    "azure_environment": "azureEnvironment",
    "client_id": "clientID",
    "tenant_id": "tenantID",
    "secret": "secret",
    "subscription_id": "subscriptionID",
    "resource_group_name": "resourceGroupName",
    "key_vault_name": "keyVaultName",
    "key_identifier": "keyIdentifier",
}
"""Fields that must all be there to enable with static credentials (EAR-010, EAR-011, EAR-028)."""

FROZEN = ("key_vault_name", "subscription_id", "resource_group_name")
"""Vault coordinates that endpoints pin down (EAR-073)."""

_IDENTIFIER = re.compile(
    r"https://(?P<vault>[A-Za-z0-9-]{3,24})\.(?P<domain>[a-z.]+)/keys/(?P<name>[A-Za-z0-9-]{1,127})"
    r"(?:/(?P<version>[0-9a-f]{32}))?"
)


def key_parts(identifier: str) -> tuple[str, str, str]:
    """Vault, key name and version (empty when left out) of a well-formed key identifier."""
    match = _IDENTIFIER.fullmatch(identifier)
    if match is None:
        raise ValueError(f"not a key identifier: {identifier}")
    return match["vault"], match["name"], match["version"] or ""


class AzureRules:
    """Judges a configuration before it is taken over."""

    def __init__(self, world: World) -> None:
        self._world = world

    def check(self, project_id: str, current: AzureKeyVault, target: AzureKeyVault, change: AzureChange | None) -> None:
        """Refuse what may not become the project's configuration; without a change there is nothing to judge.

        Raises:
            AtlasRefusal: see `EncryptionAtRest.update`.
        """
        if change is None:
            return
        if target.require_private_networking and not current.require_private_networking:
            self.require_active_project(project_id)
        self._require_complete(target)
        self._require_accepted_credentials(project_id, target, change)
        self._require_supported_environment(target)
        self._require_well_formed_identifier(target)
        if current.require_private_networking and not target.require_private_networking:
            self._require_no_endpoints_for_public_networking(project_id)
        self._require_same_vault_while_endpoints_exist(project_id, current, target)
        self._require_key_of_configured_vault(target)
        if current.enabled and current.key_identifier != target.key_identifier:
            self._require_access_to_current_key(current, target)
        if change.secret is not None or _concerns_azure(current, target):
            self._require_working_key(target)

    def require_active_project(self, project_id: str) -> None:
        """Private networking needs an ACTIVE project (EAR-007)."""
        if not self._world.atlas.projects.get(project_id).active:
            raise AtlasRefusal(codes.PROJECT_INACTIVE, project_id)

    @staticmethod
    def _require_complete(target: AzureKeyVault) -> None:
        """All fields of the provider are required to enable (EAR-010, EAR-011, EAR-028)."""
        secretless = {"client_id", "tenant_id", "secret"} if target.role_id else set()
        for name, wire_name in WIRE_NAMES.items():
            if name not in secretless and not getattr(target, name):
                raise AtlasRefusal("MISSING_ATTRIBUTE", wire_name)

    def _require_accepted_credentials(self, project_id: str, target: AzureKeyVault, change: AzureChange) -> None:
        """A role must be one of the project's (EAR-140); static credentials may be refused (EAR-041)."""
        static = not target.role_id or any((change.client_id, change.tenant_id, change.secret))
        if static and self._world.readings.static_credentials == "deprecated":
            raise AtlasRefusal("AZURE_KEY_VAULT_CREDENTIALS_DEPRECATED")
        if target.role_id:
            self._world.atlas.cloud_access.require_authorised(project_id, target.role_id)

    @staticmethod
    def _require_supported_environment(target: AzureKeyVault) -> None:
        """Three Azure environments are supported (EAR-037)."""
        if target.azure_environment not in VAULT_DOMAINS:
            raise AtlasRefusal("AZURE_KEY_VAULT_ENVIRONMENT_NOT_SUPPORTED", target.azure_environment)

    def _require_well_formed_identifier(self, target: AzureKeyVault) -> None:
        """A full URL, with a version by reading `static_key_version` (EAR-032, EAR-033, atlas.md 6 #15).

        With a role the version is optional (EAR-142).
        """
        match = _IDENTIFIER.fullmatch(target.key_identifier)
        versioned = match is not None and match["version"] is not None
        needed = not target.role_id and self._world.readings.static_key_version == "required"
        domain = VAULT_DOMAINS[target.azure_environment]
        if match is None or match["domain"] != domain or (needed and not versioned):
            raise AtlasRefusal("AZURE_KEY_VAULT_KEY_IDENTIFIER_INVALID_FORMAT", target.key_identifier)

    def _require_no_endpoints_for_public_networking(self, project_id: str) -> None:
        """Private networking stays while endpoints exist, and the refusal names their regions (EAR-076)."""
        regions = sorted({e.region for e in self._world.atlas.endpoints.blocking(project_id)})
        if regions:
            raise AtlasRefusal(
                "CANNOT_DISABLE_ENCRYPTION_AT_REST_REQUIRE_PRIVATE_NETWORKING_WHILE_PRIVATE_ENDPOINTS_EXIST",
                ", ".join(regions),
            )

    def _require_same_vault_while_endpoints_exist(
        self, project_id: str, current: AzureKeyVault, target: AzureKeyVault
    ) -> None:
        """Endpoints lead to one vault: its coordinates stay while any record exists (EAR-073, EAR-075)."""
        if not current.enabled or not self._world.atlas.endpoints.of_project(project_id):
            return
        for name in FROZEN:
            if getattr(current, name) != getattr(target, name):
                raise AtlasRefusal(codes.VAULT_FROZEN, WIRE_NAMES[name])

    @staticmethod
    def _require_key_of_configured_vault(target: AzureKeyVault) -> None:
        """The key belongs to the configured vault (EAR-126); the code is the one for bad Azure parameters (EAR-038)."""
        vault, _, _ = key_parts(target.key_identifier)
        if vault.lower() != target.key_vault_name.lower():
            raise AtlasRefusal("INVALID_AZURE_API_REQUEST", target.key_identifier)

    def _require_access_to_current_key(self, current: AzureKeyVault, target: AzureKeyVault) -> None:
        """While Atlas cannot use the present key, it cannot be exchanged (EAR-042); new credentials may help."""
        credentials = {name: getattr(target, name) for name in ("client_id", "tenant_id", "secret", "role_id")}
        attempt = replace(current, **credentials)
        condition = self._world.atlas.validation.condition_now(attempt)
        if attempt != current and condition == "invalid":
            condition = self._world.atlas.validation.condition_now(current)
        if condition in ("invalid", "unreachable"):
            raise AtlasRefusal("ENCRYPTION_AT_REST_SETTINGS_INVALID")

    def _require_working_key(self, target: AzureKeyVault) -> None:
        """Under public networking the key is tried out at once (EAR-034 to EAR-036); privately, later (EAR-114)."""
        if target.require_private_networking:
            return
        finding = self._world.atlas.probe.for_update(target)
        if finding.condition != "valid":
            raise AtlasRefusal(finding.code)


def _concerns_azure(current: AzureKeyVault, target: AzureKeyVault) -> bool:
    """Something that using the key depends on is new."""
    return any(getattr(current, name) != getattr(target, name) for name in ("enabled", "role_id", *WIRE_NAMES))
