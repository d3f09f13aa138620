"""Turning customer keys off: what stands in the way, and what is left behind (EAR-030, EAR-043, EAR-077, EAR-093)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import AzureKeyVault, Encryption, EncryptionChange
    from harness.fake.kernel.world import World


class Disabling:
    """Refuses to turn off a key that is needed, and cleans up after one that is not."""

    def __init__(self, world: World) -> None:
        self._world = world

    def check(self, project_id: str, current: AzureKeyVault) -> None:
        """Refuse while something depends on the key; which blocker is named is reading `blocker_precedence`.

        Raises:
            AtlasRefusal: CANNOT_DISABLE_ENCRYPTION_AT_REST_DUE_TO_PRIVATE_ENDPOINTS, CANNOT_DISABLE_ENCRYPTION_AT_REST,
                CANNOT_DISABLE_ENCRYPTION_AT_REST_WITH_BACKUP_COMPLIANCE_POLICY (EAR-048),
                ENCRYPTION_AT_REST_SETTINGS_INVALID.
        """
        if self._world.readings.blocker_precedence == "endpoints_first":
            self._require_no_endpoints(project_id)
            self._require_no_clusters(project_id, "AZURE")
        else:
            self._require_no_clusters(project_id, "AZURE")
            self._require_no_endpoints(project_id)
        self._world.atlas.compliance.require_encryption_may_end(project_id)
        self._require_valid_key(current)

    def check_others(self, project_id: str, configuration: Encryption, change: EncryptionChange) -> None:
        """AWS and Google keys are held by the clusters that use them, too.

        Raises:
            AtlasRefusal: CANNOT_DISABLE_ENCRYPTION_AT_REST.
        """
        others = (("AWS", configuration.aws, change.aws), ("GCP", configuration.gcp, change.gcp))
        for provider, current, wanted in others:
            if current.enabled and wanted is not None and wanted.enabled is False:
                self._require_no_clusters(project_id, provider)

    def conclude(self, project_id: str) -> None:
        """After the key is off: alerts about it close, multi-cloud clusters come back, leftovers go."""
        atlas = self._world.atlas
        atlas.validation.end(project_id)
        atlas.rotation.end(project_id)
        atlas.clusters.enable_multi_cloud(project_id)
        atlas.endpoints.abandon(project_id)

    def _require_no_endpoints(self, project_id: str) -> None:
        """Any endpoint record holds the key, in whatever state it is (EAR-077)."""
        if self._world.atlas.endpoints.blocking(project_id):
            raise AtlasRefusal("CANNOT_DISABLE_ENCRYPTION_AT_REST_DUE_TO_PRIVATE_ENDPOINTS")

    def _require_no_clusters(self, project_id: str, provider: str) -> None:
        """A cluster holds the key until its data has been decrypted (EAR-093, EAR-094)."""
        if self._world.atlas.clusters.using_key(project_id, provider):
            raise AtlasRefusal("CANNOT_DISABLE_ENCRYPTION_AT_REST")

    def _require_valid_key(self, current: AzureKeyVault) -> None:
        """Without a valid key it cannot be turned off either (EAR-043)."""
        if self._world.atlas.validation.condition_now(current) == "invalid":
            raise AtlasRefusal("ENCRYPTION_AT_REST_SETTINGS_INVALID")
