"""Time, as runs see it."""

from __future__ import annotations

import time


class VirtualClock:
    """Time that passes only when somebody waits: fifteen minutes cost nothing. Implements `harness.ports.Clock`."""

    kind = "virtual"

    def __init__(self, start: float) -> None:
        self._start = self._now = start

    def now(self) -> float:
        """Unix seconds, UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since its start."""
        return self._now - self._start

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once.

        Raises:
            ValueError: time would run backwards.
        """
        if seconds < 0:
            raise ValueError(f"cannot wait {seconds} seconds: time does not run backwards")
        self._now += seconds


class RealClock:
    """The clock on the wall. Implements `harness.ports.Clock`."""

    kind = "real"

    def now(self) -> float:
        """Unix seconds, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds by the machine's clock that nobody sets."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block for `seconds`."""
        time.sleep(seconds)
