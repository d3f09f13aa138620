"""What a cluster must satisfy to be created or changed: every rule is one method (EAR-001 to EAR-008, EAR-067)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas.regions import AZURE_REGIONS
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.fake.kernel.atlas.state import AzureKeyVault, Cluster, Encryption, Placement
    from harness.fake.kernel.world import World

TENANT_SIZES = frozenset({"M0", "M2", "M5"})
KEY_PROVIDERS = frozenset({"NONE", "AZURE", "AWS", "GCP"})
APPROVED_ONCE = frozenset({"ACTIVE", "PENDING_RECREATION"})


def is_tenant(placements: Iterable[Placement]) -> bool:
    """The cluster shares its machines: tier M0, M2 or M5."""
    return any(p.provider == "TENANT" or any(s.size in TENANT_SIZES for s in p.specs) for p in placements)


class ClusterRules:
    """Judges clusters before they are created or changed."""

    def __init__(self, world: World) -> None:
        self._world = world

    def check_placements(self, project_id: str, placements: tuple[Placement, ...]) -> None:
        """Known regions, and one cloud only under private networking.

        Raises:
            AtlasRefusal: INVALID_REGION, MULTI_CLOUD_CLUSTER_INVALID.
        """
        for placement in placements:
            self.require_known_region(placement.backing_provider or placement.provider, placement.region)
        self._require_one_cloud(project_id, placements)

    def check_key(
        self, project_id: str, provider: str, placements: tuple[Placement, ...], *, backup: bool, turned_on: bool
    ) -> None:
        """A customer's key on these placements; `turned_on` when the cluster does not use it yet.

        Raises:
            AtlasRefusal: INVALID_ENCRYPTION_AT_REST_PROVIDER, CANNOT_USE_ENCRYPTION_AT_REST_TENANT,
                ENCRYPTION_AT_REST_NOT_ENABLED, ENCRYPTION_AT_REST_PROVIDER_NOT_SUPPORTED,
                ENCRYPTION_AT_REST_SETTINGS_INVALID, placeholder BACKUP_NOT_SUPPORTED.
        """
        self.require_known_provider(provider)
        if provider == "NONE":
            return
        configuration = self._world.atlas.encryption.configuration(project_id)
        self._require_dedicated(placements)
        self._require_enabled_project(configuration, provider)
        if provider == "AZURE":
            self._require_azure_nodes(configuration.azure, placements)
            if turned_on:
                self._require_valid_key(configuration.azure)
        self._require_backup_fits(backup)

    def check_coverage(self, project_id: str, old: tuple[Placement, ...], new: tuple[Placement, ...]) -> None:
        """Nodes with a customer's key are added only where an approved endpoint is (EAR-067, EAR-068).

        The rule binds from the first approval on, or by reading `region_gate` from the first record on.

        Raises:
            AtlasRefusal: placeholder REGION_NOT_COVERED with the region.
        """
        if not self._is_gated(project_id):
            return
        covered = self._world.atlas.endpoints.active_regions(project_id)
        before, after = _nodes_by_region(old), _nodes_by_region(new)
        for region, nodes in after.items():
            if nodes > before[region] and region not in covered:
                raise AtlasRefusal(codes.REGION_NOT_COVERED, region)

    @staticmethod
    def require_known_region(provider: str, region: str) -> None:
        """Azure's regions are known here; those of other clouds are taken as they come (EAR-087)."""
        if provider == "AZURE" and region not in AZURE_REGIONS:
            raise AtlasRefusal("INVALID_REGION", region, provider)

    @staticmethod
    def require_known_provider(provider: str) -> None:
        """A provider that nobody knows is refused as such, whatever the cluster uses now (EAR-040)."""
        if provider not in KEY_PROVIDERS:
            raise AtlasRefusal("INVALID_ENCRYPTION_AT_REST_PROVIDER", provider)

    @staticmethod
    def require_same_provider(cluster: Cluster, provider: str) -> None:
        """From one customer's key to that of another cloud there is no direct way (EAR-044)."""
        if "NONE" not in (cluster.key_provider, provider) and cluster.key_provider != provider:
            raise AtlasRefusal("CANNOT_CHANGE_ENCRYPTION_AT_REST_PROVIDER", cluster.name)

    def require_key_to_decrypt(self, cluster: Cluster) -> None:
        """Leaving the customer's key needs that key (EAR-043)."""
        azure = self._world.atlas.encryption.configuration(cluster.project_id).azure
        if cluster.halted == "key" or azure.condition == "invalid":
            raise AtlasRefusal("ENCRYPTION_AT_REST_SETTINGS_INVALID")

    def _require_one_cloud(self, project_id: str, placements: tuple[Placement, ...]) -> None:
        """Private networking excludes clusters over several clouds (EAR-005)."""
        azure = self._world.atlas.encryption.configuration(project_id).azure
        clouds = {p.backing_provider or p.provider for p in placements}
        if azure.require_private_networking and len(clouds) > 1:
            raise AtlasRefusal("MULTI_CLOUD_CLUSTER_INVALID")

    @staticmethod
    def _require_dedicated(placements: tuple[Placement, ...]) -> None:
        """Tenant tiers have no customer's key: M10 is the smallest (EAR-001, EAR-003, EAR-004, EAR-096)."""
        if is_tenant(placements):
            raise AtlasRefusal("CANNOT_USE_ENCRYPTION_AT_REST_TENANT")

    @staticmethod
    def _require_enabled_project(configuration: Encryption, provider: str) -> None:
        """The project comes first (EAR-021)."""
        enabled = {
            "AZURE": configuration.azure.enabled,
            "AWS": configuration.aws.enabled,
            "GCP": configuration.gcp.enabled,
        }
        if not enabled[provider]:
            raise AtlasRefusal("ENCRYPTION_AT_REST_NOT_ENABLED")

    @staticmethod
    def _require_azure_nodes(azure: AzureKeyVault, placements: tuple[Placement, ...]) -> None:
        """Over private networking the key is for nodes in Azure only (EAR-008); publicly for any (EAR-019)."""
        if azure.require_private_networking and any(p.provider != "AZURE" for p in placements):
            raise AtlasRefusal("ENCRYPTION_AT_REST_PROVIDER_NOT_SUPPORTED")

    @staticmethod
    def _require_valid_key(azure: AzureKeyVault) -> None:
        """Data is not encrypted with a key that is known to be unusable."""
        if azure.condition == "invalid":
            raise AtlasRefusal("ENCRYPTION_AT_REST_SETTINGS_INVALID")

    def _require_backup_fits(self, backup: bool) -> None:
        """A stale sentence of the SPEC forbids backups with a customer's key: reading `cmk_forbids_backup`."""
        if backup and self._world.readings.cmk_forbids_backup == "yes":
            raise AtlasRefusal(codes.BACKUP_NOT_SUPPORTED)

    def _is_gated(self, project_id: str) -> bool:
        records = self._world.atlas.endpoints.of_project(project_id)
        if self._world.readings.region_gate == "any_endpoint":
            return bool(records)
        return any(e.status in APPROVED_ONCE for e in records)


def _nodes_by_region(placements: tuple[Placement, ...]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for placement in placements:
        if placement.provider == "AZURE":
            counts[placement.region] += placement.nodes
    return counts
