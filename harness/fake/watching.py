"""What owners who take care set up around a vault and a key, in one act; for worlds that no API has brought there."""

from __future__ import annotations

from harness.fake.kernel.arm import DiagnosticSetting, LogRule, Vault
from harness.fake.kernel.key_vault import RotationPolicy
from harness.fake.kernel.world import World

PLAN = "KeyVaults"
SETTING = "audit-to-workspace"
KEY_LIFE = "P2Y"
KEY_LIFE_S = 730 * 86_400.0
REMINDER = "P60D"
"""How long before its end the key's policy reminds: time enough to move Atlas to a new version."""


def workspace_id(vault: Vault) -> str:
    """ARM id of the log workspace of the customer's, which is not simulated itself."""
    group = f"/subscriptions/{vault.subscription_id}/resourceGroups/{vault.resource_group}"
    return f"{group}/providers/Microsoft.OperationalInsights/workspaces/security"


def watch_over(world: World, vault: Vault, key: str) -> None:
    """Audit logs go to a workspace, Defender is on, the key has a policy that reminds, and its latest version an end.

    Raises:
        VaultRefusal: KeyNotFound.
    """
    logs = (LogRule("", "audit", True),)
    world.arm.put_diagnostic_setting(vault, DiagnosticSetting(SETTING, logs, (("workspaceId", workspace_id(vault)),)))
    world.arm.set_defender(world.arm.subscription(vault.subscription_id), PLAN, on=True)
    policy = RotationPolicy("", notify_before_expiry=REMINDER, expiry_time=KEY_LIFE)
    world.key_vault.set_rotation_policy(vault, key, policy)
    world.key_vault.set_attributes(vault, key, expires=world.now + KEY_LIFE_S)
