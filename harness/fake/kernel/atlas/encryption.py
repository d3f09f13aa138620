"""Encryption at rest of a project: reading it and changing it (atlas.md 1b, 2.2); the rules stand in `azure_rules`."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.disabling import Disabling
from harness.fake.kernel.atlas.state import AzureKeyVault, Encryption, EncryptionChange, OtherProvider
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import AzureChange, OtherChange
    from harness.fake.kernel.world import World

CREDENTIALS = ("azure_environment", "client_id", "tenant_id", "secret", "role_id")
STATIC = ("client_id", "tenant_id", "secret")
"""Static credentials: a role takes their place for good, it is then what counts (EAR-141)."""
COORDINATES = ("subscription_id", "resource_group_name", "key_vault_name")


class EncryptionAtRest:
    """The project's key configuration."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rules = AzureRules(world)
        self._disabling = Disabling(world)

    def configuration(self, project_id: str) -> Encryption:
        """The configuration as it stands, without validating anything.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        return self._world.state.atlas.encryptions[project_id]

    def read(self, project_id: str) -> Encryption:
        """The configuration after a validation on demand, as GET does (EAR-100).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        configuration = self.configuration(project_id)
        self._world.atlas.validation.check_on_demand(project_id)
        return configuration

    def update(self, project_id: str, change: EncryptionChange) -> Encryption:
        """Change the configuration, or refuse and leave everything as it was.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, MISSING_ENCRYPTION_AT_REST_PROVIDER, MISSING_ATTRIBUTE (wire name),
                AZURE_KEY_VAULT_* and INVALID_AZURE_* (EAR-033 to EAR-038), NO_PERMISSION_TO_ENCRYPT_DECRYPT,
                AZURE_KEY_VAULT_CREDENTIALS_DEPRECATED, CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED,
                ENCRYPTION_AT_REST_SETTINGS_INVALID, CANNOT_DISABLE_ENCRYPTION_AT_REST_DUE_TO_PRIVATE_ENDPOINTS,
                CANNOT_DISABLE_ENCRYPTION_AT_REST_REQUIRE_PRIVATE_NETWORKING_WHILE_PRIVATE_ENDPOINTS_EXIST (regions),
                CANNOT_DISABLE_ENCRYPTION_AT_REST, and the placeholders VAULT_FROZEN and PROJECT_INACTIVE.
        """
        configuration = self.configuration(project_id)
        _check_names_a_provider(change)
        current, target = configuration.azure, self._target(configuration.azure, change.azure)
        if current.enabled and not target.enabled:
            self._disabling.check(project_id, current)
        elif target.enabled:
            self._rules.check(project_id, current, target, change.azure)
        self._disabling.check_others(project_id, configuration, change)
        self._apply(project_id, configuration, target, change)
        return configuration

    def _target(self, current: AzureKeyVault, change: AzureChange | None) -> AzureKeyVault:
        """The Azure block as it would be: a partial update (EAR-029); disabling forgets every detail (EAR-030)."""
        if change is None:
            return current
        given = {f.name: value for f in fields(change) if (value := getattr(change, f.name)) is not None}
        if change.enabled is False:
            return AzureKeyVault()
        if not current.enabled and change.enabled is None:
            if given:
                raise AtlasRefusal("MISSING_ATTRIBUTE", "enabled")
            return current
        if current.enabled and given and change.require_private_networking is None:
            given["require_private_networking"] = self._omitted_flag(current)
        if current.role_id or change.role_id:
            given |= dict.fromkeys(STATIC, "")
        return replace(current, **given)

    def _omitted_flag(self, current: AzureKeyVault) -> bool:
        """Leaving out `requirePrivateNetworking`, by reading `omitted_private_flag` (EAR-078)."""
        return current.require_private_networking and self._world.readings.omitted_private_flag == "unchanged"

    def _apply(
        self, project_id: str, configuration: Encryption, target: AzureKeyVault, change: EncryptionChange
    ) -> None:
        current, configuration.azure = configuration.azure, target
        configuration.aws = _other(configuration.aws, change.aws)
        configuration.gcp = _other(configuration.gcp, change.gcp)
        if change.search_nodes is not None:
            configuration.search_nodes = change.search_nodes
        self._world.atlas.feed.record(project_id, "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED")
        if target.enabled:
            self._apply_azure(project_id, current, target)
        elif current.enabled:
            self._disabling.conclude(project_id)

    def _apply_azure(self, project_id: str, current: AzureKeyVault, target: AzureKeyVault) -> None:
        atlas = self._world.atlas
        if _differ(current, target, CREDENTIALS):
            target.credentials += 1
        if not current.enabled:
            atlas.validation.begin(project_id)
            atlas.rotation.begin(project_id)
        elif current.key_identifier != target.key_identifier:
            atlas.rotation.follow(project_id)
        if _differ(current, target, (*CREDENTIALS, *COORDINATES, "key_identifier")):
            atlas.validation.forget(project_id)
        if current.require_private_networking != target.require_private_networking:
            self._switch_network(project_id, private=target.require_private_networking)
        atlas.validation.check_on_demand(project_id)

    def _switch_network(self, project_id: str, *, private: bool) -> None:
        atlas = self._world.atlas
        if private:
            atlas.clusters.disable_multi_cloud(project_id)
            atlas.validation.await_nodes(project_id)
        else:
            atlas.clusters.enable_multi_cloud(project_id)
            atlas.endpoints.abandon(project_id)


def _check_names_a_provider(change: EncryptionChange) -> None:
    """A change must name a provider (EAR-039); one that only speaks of search nodes is taken as well."""
    if (change.azure, change.aws, change.gcp, change.search_nodes) == (None, None, None, None):
        raise AtlasRefusal("MISSING_ENCRYPTION_AT_REST_PROVIDER")


def _other(current: OtherProvider, change: OtherChange | None) -> OtherProvider:
    if change is None:
        return current
    if change.enabled is False:
        return OtherProvider()
    return OtherProvider(change.enabled or current.enabled, {**current.settings, **change.settings})


def _differ(current: AzureKeyVault, target: AzureKeyVault, names: tuple[str, ...]) -> bool:
    return any(getattr(current, name) != getattr(target, name) for name in names)
