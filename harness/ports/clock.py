"""Time as a run sees it."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Time as the run sees it; the only way to wait."""

    kind: str
    """`virtual` or `real`."""

    def now(self) -> float:
        """Unix seconds, UTC."""

    def monotonic(self) -> float:
        """Seconds from a beginning of its own, by a second clock that nobody sets: it tells how long, never when."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
