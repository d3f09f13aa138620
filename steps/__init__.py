"""Sentences, one module per concept: each step translates its sentence into one call of a party or one expectation."""

MODULES = (
    "steps.project",
    "steps.endpoints",
    "steps.clusters",
    "steps.vault",
    "steps.circumstances",
    "steps.feed",
    "steps.requests",
    "steps.resilience",
    "steps.posture",
)
"""Every module with step definitions."""
