"""What a live target can do, in the words of `@needs:`."""

from __future__ import annotations

from harness.settings import Settings

OBSERVING = frozenset({"read", "standing"})
OPERATING = frozenset({"read", "operate", "reader", "cluster-manager", "second-vault"})
SECRETLESS = frozenset({"secretless"})
"""Where the profile signs in as Atlas's own application, its service principal is there to make roles for."""
DISPOSABLE = frozenset({"compliance-policy"})
"""Where the project is one that the run made on a simulator: it is deleted whatever policy it was given."""
SIMULATING = frozenset({"stage"})
SKIPPING = frozenset({"time-travel"})


def abilities(settings: Settings, *, simulated: bool) -> frozenset[str]:
    """Of the target of a live profile; only a declared simulator has a stage, and lets time be skipped."""
    if settings.mode == "observe":
        return OBSERVING
    able = OPERATING | (SECRETLESS if settings.azure.atlas_sign_in == "secretless" else frozenset())
    if not (settings.simulator.control and simulated):
        return able
    able |= frozenset() if settings.atlas.project_id else DISPOSABLE
    return able | SIMULATING | (SKIPPING if settings.simulator.waits == "skip" else frozenset())
