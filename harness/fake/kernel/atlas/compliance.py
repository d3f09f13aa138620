"""Backup compliance policy of a project: what it forbids while it stands (EAR-048, EAR-146; ERR; PAUSE)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.fake.kernel.atlas.records import CompliancePolicy
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

SETTLE_S = 60.0
"""ENABLING or UPDATING until ACTIVE; ours, recordings show it within minutes."""


class Compliance:
    """Keeps policies and enforces what they say about encryption and snapshots."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.policy.active", self._active)

    def get(self, project_id: str) -> CompliancePolicy | None:
        """The policy, or None.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        return self._world.state.atlas.policies.get(project_id)

    def put(
        self, project_id: str, *, encryption_required: bool, updated_by: str, settings: dict[str, Any]
    ) -> CompliancePolicy:
        """Set the policy; there is no way to take it away again but Atlas's support.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID (encryption is required, and a
                paused cluster does not use the customer's key, or the project has none; EAR-146).
        """
        standing = self.get(project_id)
        if encryption_required:
            self._require_encrypted(project_id)
        state = "ENABLING" if standing is None else "UPDATING"
        policy = CompliancePolicy(encryption_required, self._world.now, updated_by, state, settings)
        self._world.state.atlas.policies[project_id] = policy
        self._world.schedule(SETTLE_S, "atlas.policy.active", f"{project_id}/{policy.updated}")
        return policy

    def require_encryption_may_end(self, project_id: str) -> None:
        """Encryption at rest stays on while the policy asks for it (EAR-048).

        Raises:
            AtlasRefusal: CANNOT_DISABLE_ENCRYPTION_AT_REST_WITH_BACKUP_COMPLIANCE_POLICY.
        """
        policy = self._world.state.atlas.policies.get(project_id)
        if policy is not None and policy.encryption_required:
            raise AtlasRefusal("CANNOT_DISABLE_ENCRYPTION_AT_REST_WITH_BACKUP_COMPLIANCE_POLICY")

    def require_snapshots_may_go(self, project_id: str) -> None:
        """No snapshot is deleted by hand while a policy stands (ERR).

        Raises:
            AtlasRefusal: CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY.
        """
        if project_id in self._world.state.atlas.policies:
            raise AtlasRefusal("CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY")

    def _require_encrypted(self, project_id: str) -> None:
        configuration = self._world.atlas.encryption.configuration(project_id)
        enabled = configuration.azure.enabled or configuration.aws.enabled or configuration.gcp.enabled
        clusters = self._world.atlas.clusters.of_project(project_id)
        if not enabled or any(c.paused and c.key_provider == "NONE" for c in clusters):
            raise AtlasRefusal("BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID")

    def _active(self, subject: str) -> None:
        project_id, updated = subject.split("/")
        policy = self._world.state.atlas.policies.get(project_id)
        if policy is not None and str(policy.updated) == updated:
            policy.state = "ACTIVE"
