"""What a live target can do, in the words of `@needs:`."""

from __future__ import annotations

from harness.settings import Settings

OBSERVING = frozenset({"read", "standing"})
OPERATING = frozenset({"read", "operate", "reader", "cluster-manager", "second-vault"})
SIMULATING = frozenset({"stage"})
SKIPPING = frozenset({"time-travel"})


def abilities(settings: Settings, *, simulated: bool) -> frozenset[str]:
    """Of the target of a live profile; only a declared simulator has a stage, and lets time be skipped."""
    if settings.mode == "observe":
        return OBSERVING
    if not (settings.simulator.control and simulated):
        return OPERATING
    return OPERATING | SIMULATING | (SKIPPING if settings.simulator.waits == "skip" else frozenset())
