"""Backup compliance policies: what they hold on to, and what keeps them from coming about."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.atlas.compliance import Compliance
from harness.fake.kernel.atlas.records import CompliancePolicy
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-048")
def policy_does_not_hold_the_key(b: Break) -> None:
    """The key can be turned off under a policy that requires encryption."""
    b.drop(Compliance, "require_encryption_may_end")


@mutant("EAR-048")
def policy_holds_the_key_only_at_first(b: Break) -> None:
    """Once the policy is active the key can be turned off."""

    def may_end(original: Any, self: Compliance, project_id: str) -> None:
        policy = self.get(project_id)
        if policy is not None and policy.state != "ACTIVE":
            original(self, project_id)

    b.wrap(Compliance, "require_encryption_may_end", may_end)


@mutant("EAR-048")
def every_policy_holds_the_key(b: Break) -> None:
    """The key cannot be turned off under any policy, whether it requires encryption or not."""

    def may_end(self: Compliance, project_id: str) -> None:
        if self.get(project_id) is not None:
            raise AtlasRefusal("CANNOT_DISABLE_ENCRYPTION_AT_REST_WITH_BACKUP_COMPLIANCE_POLICY")

    b.replace(Compliance, "require_encryption_may_end", may_end)


@mutant("EAR-146")
def paused_cluster_does_not_block_the_policy(b: Break) -> None:
    """Encryption can be required while a paused cluster does not use the customer's key."""
    b.drop(Compliance, "_require_encrypted")


@mutant("EAR-146")
def every_paused_cluster_blocks_the_policy(b: Break) -> None:
    """Encryption cannot be required while a cluster is paused, whatever key it uses."""

    def encrypted(original: Any, self: Compliance, project_id: str) -> None:
        original(self, project_id)
        if any(cluster.paused for cluster in self._world.atlas.clusters.of_project(project_id)):
            raise AtlasRefusal("BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID")

    b.wrap(Compliance, "_require_encrypted", encrypted)


@mutant("EAR-146")
def refused_policy_stands(b: Break) -> None:
    """A policy that is refused is in force all the same."""

    def put(original: Any, self: Compliance, project_id: str, **wanted: Any) -> CompliancePolicy:
        try:
            policy: CompliancePolicy = original(self, project_id, **wanted)
        except AtlasRefusal:
            original(self, project_id, **{**wanted, "encryption_required": False}).encryption_required = True
            raise
        return policy

    b.wrap(Compliance, "put", put)


@mutant("EAR-146")
def only_a_first_policy_is_looked_at(b: Break) -> None:
    """A policy that stands already can come to require encryption whatever is paused."""

    def encrypted(original: Any, self: Compliance, project_id: str) -> None:
        if self.get(project_id) is None:
            original(self, project_id)

    b.wrap(Compliance, "_require_encrypted", encrypted)


@mutant("EAR-146")
def policy_does_not_show_the_requirement(b: Break) -> None:
    """A policy never shows that it requires encryption, although it holds the key."""

    def put(original: Any, self: Compliance, project_id: str, **wanted: Any) -> CompliancePolicy:
        policy: CompliancePolicy = original(self, project_id, **wanted)
        policy.encryption_required = False
        return policy

    b.wrap(Compliance, "put", put)
