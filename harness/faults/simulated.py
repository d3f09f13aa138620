"""The injector where nothing outlives the process: a world of its own, or a recorded run that is played back."""

from __future__ import annotations

from harness.faults.books import NoBooks
from harness.faults.gates import severity_stated, target_named
from harness.faults.injector import Injector
from harness.limits import Limits
from harness.ports import Clock


def volatile_injector(clock: Clock) -> Injector:
    """An injector that keeps the order and no books."""
    return Injector(clock, NoBooks(), (severity_stated, target_named), Limits().recovery_s)
