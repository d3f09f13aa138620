"""What watches over a vault: diagnostic settings (Azure Monitor) and Defender plans (Defender for Cloud).

From the vendor's reference: Diagnostic Settings 2021-05-01-preview, Pricings 2024-01-01, and the log categories of
`Microsoft.KeyVault/vaults` in Azure Monitor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.arm.records import DiagnosticSetting
from harness.fake.kernel.refusal import ArmRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.arm.records import Subscription, Vault
    from harness.fake.kernel.world import World

CATEGORIES = ("AuditEvent", "AzurePolicyEvaluationDetails")
"""Log categories that a vault offers."""

GROUPS = ("audit", "allLogs")
"""Groups of log categories that a vault offers."""

SETTINGS_MOST = 5
"""Diagnostic settings that one resource can have (Azure Monitor, diagnostic settings: limitations)."""

PLANS = ("CloudPosture", "Containers", "KeyVaults", "StorageAccounts", "VirtualMachines")
"""Defender plans of this world."""


class Watching:
    """Keeps diagnostic settings and Defender plans."""

    _world: World

    def put_diagnostic_setting(self, vault: Vault, setting: DiagnosticSetting) -> DiagnosticSetting:
        """Add a diagnostic setting to a vault, or replace the one of that name.

        Raises:
            ArmRefusal: BadRequest, with a key of the face's sentences: no destination, a category that a vault does not
                offer, a category beside a group, more than five settings.
        """
        if not setting.destinations:
            raise ArmRefusal("BadRequest", "no-destination")
        for rule in setting.logs:
            if bool(rule.category) == bool(rule.group):
                raise ArmRefusal("BadRequest", "category-or-group")
            if rule.category and rule.category not in CATEGORIES:
                raise ArmRefusal("BadRequest", "unknown-category", rule.category)
            if rule.group and rule.group not in GROUPS:
                raise ArmRefusal("BadRequest", "unknown-category-group", rule.group)
        others = [one for name, one in vault.diagnostics.items() if name != setting.name.lower()]
        if len(others) >= SETTINGS_MOST:
            raise ArmRefusal("BadRequest", "too-many-diagnostic-settings", SETTINGS_MOST)
        vault.diagnostics[setting.name.lower()] = setting
        return setting

    def diagnostic_setting(self, vault: Vault, name: str) -> DiagnosticSetting:
        """One diagnostic setting of a vault.

        Raises:
            ArmRefusal: ResourceNotFound.
        """
        found = vault.diagnostics.get(name.lower())
        if found is None:
            kind = f"Microsoft.KeyVault/vaults/{vault.name}/providers/Microsoft.Insights/diagnosticSettings/{name}"
            raise ArmRefusal("ResourceNotFound", kind, vault.resource_group)
        return found

    def remove_diagnostic_setting(self, vault: Vault, name: str) -> bool:
        """Remove a diagnostic setting; False when there is none."""
        return vault.diagnostics.pop(name.lower(), None) is not None

    def set_defender(self, subscription: Subscription, plan: str, *, on: bool) -> None:
        """Turn a Defender plan of a subscription on (tier Standard) or off (tier Free)."""
        if on:
            subscription.defender.setdefault(plan.lower(), self._world.now)
        else:
            subscription.defender.pop(plan.lower(), None)
