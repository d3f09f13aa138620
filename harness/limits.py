"""Bounds that are ours: where documentation promises that something happens but not when, these say how long to wait.

Every report that rests on one of them says so. All are seconds of the run's clock and can be set in the table
`[limits]` of `cmkproof.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Limits:
    """Named time limits, in seconds."""

    poll_s: float = 10.0
    """Between two looks while waiting."""
    look_s: float = 5.0
    """A look may take so long on a clock that moves by itself; bounds are measured no finer than that."""
    creation_s: float = 1200.0
    """A new endpoint is waiting for approval (atlas.md 4: 1 to 2 minutes, outliers to 18)."""
    deletion_s: float = 900.0
    """A deleted endpoint is gone (about a minute; Terraform waits up to 3 hours)."""
    detection_s: float = 300.0
    """A change on the vault shows in Atlas (documented for approvals only: 3 minutes)."""
    recreation_s: float = 1800.0
    """A lost endpoint has been replaced by a new one."""
    pause_s: float = 1200.0
    """A revoked key has stopped the clusters (scheduled check every 15 minutes)."""
    recovery_s: float = 1200.0
    """A restored key has brought the clusters back."""
    migration_s: float = 1800.0
    """Clusters have moved to the private path."""
    cluster_s: float = 3600.0
    """A cluster change is complete, initial sync included."""
    alert_s: float = 1200.0
    """An alert has been raised or closed."""
    propagation_s: float = 900.0
    """A changed role or network rule is enforced."""
    approval_s: float = 86_400.0
    """A private endpoint waits for approval no longer than this."""
    rotation_s: float = 365 * 86_400.0
    """A key version is in use no longer than this."""
    renewal_s: float = 30 * 86_400.0
    """A client secret is renewed no later than this before its end."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the limits as scenarios speak of them: `creation`, `deletion`, …"""
        return tuple(field.name.removesuffix("_s") for field in fields(cls) if field.name not in ("poll_s", "look_s"))

    def named(self, name: str) -> float:
        """The limit of that name, in seconds."""
        return float(getattr(self, f"{name}_s"))
