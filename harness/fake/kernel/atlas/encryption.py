"""Encryption at rest of a project: reading it, changing it, and what stands in the way (atlas.md 1b, 1c, 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.state import Encryption, EncryptionChange

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class EncryptionAtRest:
    """The project's key configuration."""

    def __init__(self, world: World) -> None:
        self._world = world

    def configuration(self, project_id: str) -> Encryption:
        """The configuration as it stands, without validating anything.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        raise NotImplementedError

    def read(self, project_id: str) -> Encryption:
        """The configuration after a validation on demand, as GET does (EAR-100).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        raise NotImplementedError

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
        raise NotImplementedError
