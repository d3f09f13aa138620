"""Rotation of keys, and the reminder of it."""

from __future__ import annotations

from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.rotation import Rotation
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-126")
def key_of_another_vault(b: Break) -> None:
    """A key in another vault than the configured one is accepted."""
    b.drop(AzureRules, "_require_key_of_configured_vault")
    b.drop(AzureRules, "_require_working_key")


@mutant("EAR-121")
def master_keys_are_never_rotated(b: Break) -> None:
    """MongoDB master keys keep for ever."""
    b.drop(Rotation, "_schedule_master_key")


@mutant("EAR-123")
def no_reminder_to_rotate(b: Break) -> None:
    """No alert reminds of a key that is 90 days old."""
    b.drop(Rotation, "watch_age")
