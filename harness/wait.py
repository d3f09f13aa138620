"""Waiting: the only loop that lets time pass."""

from __future__ import annotations

from collections.abc import Callable

from harness.ports import Clock

LOOKS_MAX = 100_000
"""A wait that takes more looks than this is a mistake in its period or its poll interval."""


def until(clock: Clock, done: Callable[[], bool], *, deadline: float, every_s: float) -> bool:
    """Look again and again until `done` says so or the deadline (unix seconds) has passed.

    `done` observes and decides; it is asked at once, every `every_s` seconds, and once more exactly at the deadline.
    Returns whether it was done in time.
    """
    for _ in range(LOOKS_MAX):
        if done():
            return True
        remaining = deadline - clock.now()
        if remaining <= 0:
            return False
        clock.sleep(min(every_s, remaining))
    raise RuntimeError(f"more than {LOOKS_MAX} looks before the deadline")
