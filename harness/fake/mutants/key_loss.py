"""Losing the key and having it back: checks, shutdown, alerts."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.arm import Arm
from harness.fake.kernel.atlas.feed import Feed
from harness.fake.kernel.atlas.state import AzureKeyVault
from harness.fake.kernel.atlas.validation import Validation
from harness.fake.kernel.key_vault import KeyVault
from harness.fake.mutants.registry import Break, mutant

EVERY_15_MINUTES_S = 900.0


@mutant("EAR-112", "EAR-101", "EAR-116")
def disabled_key_stops_nothing(b: Break) -> None:
    """A key that cannot be used does not stop clusters."""
    b.drop(Validation, "_act")


@mutant("EAR-101", "EAR-112", "EAR-100")
def no_scheduled_check(b: Break) -> None:
    """The check every 15 minutes never runs."""
    b.drop(Validation, "_due")


@mutant("EAR-100")
def scheduled_check_every_16_minutes(b: Break) -> None:
    """The scheduled check runs every 16 minutes."""

    def schedule(original: Any, self: Validation, project_id: str, azure: AzureKeyVault) -> None:
        knobs = self._world.knobs
        knobs.validation_interval_s = EVERY_15_MINUTES_S + 60
        original(self, project_id, azure)
        knobs.validation_interval_s = EVERY_15_MINUTES_S

    b.wrap(Validation, "_schedule", schedule)


@mutant("EAR-024", "EAR-100", "EAR-116")
def valid_is_stuck(b: Break) -> None:
    """`valid` stays true whatever happens to the key."""

    def conclude(_: Validation, __: str, azure: AzureKeyVault, condition: str) -> None:
        azure.condition, azure.valid = condition, True

    b.replace(Validation, "_conclude", conclude)


@mutant("EAR-111", "EAR-112")
def restored_key_revives_nothing(b: Break) -> None:
    """Clusters stay down after their key has been restored."""

    def act(original: Any, self: Validation, cluster: Any, condition: str, report: Any, *, shut_down: bool) -> None:
        if condition == "invalid":
            original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@mutant("EAR-102")
def unreachable_counts_as_invalid(b: Break) -> None:
    """A vault that cannot be reached stops clusters as if the key were invalid."""

    def act(original: Any, self: Validation, cluster: Any, condition: str, report: Any, *, shut_down: bool) -> None:
        condition = "invalid" if condition == "unreachable" else condition
        original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@mutant("EAR-103", "EAR-069", "EAR-099")
def no_alert_when_unreachable(b: Break) -> None:
    """No alert tells that the vault cannot be reached."""
    b.drop(Validation, "_note_denied")


@mutant("EAR-116")
def disabled_key_still_unwraps(b: Break) -> None:
    """Key Vault unwraps with a disabled key."""
    b.drop(KeyVault, "_require_enabled")


@mutant("EAR-013")
def provider_never_registers(b: Break) -> None:
    """A resource provider stays in state Registering."""
    b.drop(Arm, "_provider_registered")


@mutant("EAR-103", "EAR-102")
def alert_is_never_closed(b: Break) -> None:
    """An alert stays open after its cause is gone."""
    b.drop(Feed, "close_alert")
