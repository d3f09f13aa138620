"""Connects to a live target, on the clock that counts there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from harness.backends.clocks import RealClock
from harness.backends.live.simulator import SimulatorClock, SimulatorControl
from harness.backends.live.wiring import Wiring
from harness.ports import Clock
from harness.settings import Settings


@contextmanager
def wired(settings: Settings, *, reads_only: bool) -> Iterator[tuple[Wiring, SimulatorControl | None]]:
    """Connections to the target, and to the control routes of a simulator where the profile names one.

    Raises:
        ConfigError: the profile is not complete.
        Unreachable: the simulator's control routes do not answer.
    """
    wall, control = RealClock(), None
    clock: Clock = wall
    with ExitStack() as stack:
        if settings.simulator.control:
            trusted = Wiring(settings, wall, reads_only=True).trusted
            control = SimulatorControl(settings.simulator.control, trusted)
            stack.callback(control.close)
            clock = SimulatorClock(control, wall, skips=settings.simulator.waits == "skip")
        wiring = Wiring(settings, clock, reads_only=reads_only)
        stack.callback(wiring.close)
        yield wiring, control
