"""The time of a served world: it runs with the clock on the wall, faster, slower or not at all, and can be moved on."""

from __future__ import annotations

import time
from collections.abc import Callable

JUMP_MOST_S = 366 * 86_400.0
"""Longest single jump; the world acts out every timer on the way."""


class ServedClock:
    """Unix seconds of the world: `start`, plus what passed on the wall times `speed`, plus all jumps.

    It stands still until `run` is called, so that a world can be furnished in its own past.
    """

    def __init__(self, start: float, speed: float, wall: Callable[[], float] = time.monotonic) -> None:
        self.speed = speed
        self._base = start
        self._wall = wall
        self._since: float | None = None

    def now(self) -> float:
        """Unix seconds, UTC."""
        if self._since is None:
            return self._base
        return self._base + (self._wall() - self._since) * self.speed

    def run(self) -> None:
        """Let time pass from now on."""
        self._since = self._wall()

    def jump(self, seconds: float) -> None:
        """Let `seconds` pass at once.

        Raises:
            ValueError: backwards, or further than `JUMP_MOST_S`; the message is a sentence for people.
        """
        if not 0 <= seconds <= JUMP_MOST_S:
            raise ValueError(f"time can jump by 0 to {JUMP_MOST_S:.0f} seconds, not by {seconds:g}")
        self._base += seconds
