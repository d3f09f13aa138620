"""The third backend: recorded runs, played back in order on the recorded clock, with the network off."""

from harness.backends.replay.backend import replayed
from harness.backends.replay.factory import ReplayBackends
from harness.backends.replay.player import ReplayMismatch

__all__ = ["ReplayBackends", "ReplayMismatch", "replayed"]
