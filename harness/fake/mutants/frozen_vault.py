"""A vault that stays as it is while private endpoints lead to it."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.atlas import azure_rules, codes
from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-073")
def vault_can_be_changed_under_endpoints(b: Break) -> None:
    """The vault's coordinates can be changed while endpoints exist."""
    b.drop(AzureRules, "_require_same_vault_while_endpoints_exist")


@mutant("EAR-073")
def only_the_name_of_the_vault_is_frozen(b: Break) -> None:
    """Subscription and resource group can be changed while endpoints exist."""
    b.replace(azure_rules, "FROZEN", ("key_vault_name",))


@mutant("EAR-073")
def only_active_endpoints_freeze_the_vault(b: Break) -> None:
    """The vault can be changed while endpoints are not active yet, or no longer."""

    def require(original: Any, self: AzureRules, project_id: str, current: Any, target: Any) -> None:
        if self._world.atlas.endpoints.active_regions(project_id):
            original(self, project_id, current, target)

    b.wrap(AzureRules, "_require_same_vault_while_endpoints_exist", require)


@mutant("EAR-074")
def key_is_frozen_with_the_vault(b: Break) -> None:
    """The key cannot be exchanged while endpoints exist."""
    b.replace(azure_rules, "FROZEN", (*azure_rules.FROZEN, "key_identifier"))


@mutant("EAR-075")
def vault_is_frozen_for_ever(b: Break) -> None:
    """The vault stays frozen after the last endpoint is gone."""

    def require(original: Any, self: AzureRules, project_id: str, current: Any, target: Any) -> None:
        ever = self._world.state.atlas.events.get(project_id, ())
        moved = any(getattr(current, name) != getattr(target, name) for name in azure_rules.FROZEN)
        if moved and any(event.kind == "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_CREATED" for event in ever):
            raise AtlasRefusal(codes.VAULT_FROZEN, "keyVaultName")
        original(self, project_id, current, target)

    b.wrap(AzureRules, "_require_same_vault_while_endpoints_exist", require)
