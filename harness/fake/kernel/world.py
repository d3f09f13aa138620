"""One simulated world: its state, its clock and its laws.

A world is driven from outside: callers advance it to an instant (`advance_to`) and then ask a law to act. It reads no
clock, performs no I/O and draws chance only from its seeded streams, so the same seed and the same calls give the same
bytes. State is plain data and can be copied (`snapshot`) and put back (`restore`).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from harness.fake.kernel.arm import Arm, ArmState
from harness.fake.kernel.atlas import Atlas, AtlasState
from harness.fake.kernel.entra import Entra, EntraState
from harness.fake.kernel.events import EventHeap, Timer
from harness.fake.kernel.key_vault import KeyVault, KeyVaultState
from harness.fake.kernel.knobs import Knobs
from harness.fake.kernel.reachability import Reachability
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.streams import Streams

EPOCH = 1_780_300_800.0
"""Where virtual time starts unless told otherwise: 2026-06-01T08:00:00Z, in unix seconds."""

TIMERS_PER_ADVANCE_MAX = 5_000_000
"""A world that fires more timers than this in one advance is caught in a loop."""


@dataclass(slots=True)
class State:
    """Everything that changes; nothing else in a world does."""

    now: float
    streams: Streams
    heap: EventHeap = field(default_factory=EventHeap)
    entra: EntraState = field(default_factory=EntraState)
    arm: ArmState = field(default_factory=ArmState)
    key_vault: KeyVaultState = field(default_factory=KeyVaultState)
    atlas: AtlasState = field(default_factory=AtlasState)


class World:
    """The four services over one state."""

    def __init__(
        self, seed: int, *, start: float = EPOCH, readings: Readings | None = None, knobs: Knobs | None = None
    ) -> None:
        self.readings = readings or Readings()
        self.knobs = knobs or Knobs()
        self.state = State(now=start, streams=Streams(seed))
        self._laws: dict[str, Callable[[str], None]] = {}
        self.reachability = Reachability(self)
        self.entra = Entra(self)
        self.arm = Arm(self)
        self.key_vault = KeyVault(self)
        self.atlas = Atlas(self)

    @property
    def now(self) -> float:
        """Virtual time in unix seconds, UTC."""
        return self.state.now

    @property
    def streams(self) -> Streams:
        """The seeded random streams."""
        return self.state.streams

    def law(self, kind: str, handler: Callable[[str], None]) -> None:
        """Say what happens when a timer of this kind fires; each kind has exactly one law."""
        if kind in self._laws:
            raise ValueError(f"two laws for timer {kind!r}")
        self._laws[kind] = handler

    def schedule(self, after_s: float, kind: str, subject: str) -> None:
        """Let `kind` happen to `subject` in `after_s` seconds."""
        if kind not in self._laws:
            raise ValueError(f"no law for timer {kind!r}")
        self.state.heap.push(self.now + after_s, self.streams.integer("timer.priority"), kind, subject)

    def advance_to(self, instant: float) -> None:
        """Let time pass: fire every timer due up to `instant`, in order. Time never runs backwards."""
        for _ in range(TIMERS_PER_ADVANCE_MAX):
            if self.fire_next(instant) is None:
                return
        raise RuntimeError(f"more than {TIMERS_PER_ADVANCE_MAX} timers before {instant}")

    def fire_next(self, instant: float) -> Timer | None:
        """Let time pass up to the earliest timer due by `instant` and fire it; without one, up to `instant`: None."""
        state = self.state
        timer = state.heap.pop_due(instant)
        if timer is None:
            state.now = max(state.now, instant)
            return None
        state.now = max(state.now, timer.due)
        self._laws[timer.kind](timer.subject)
        return timer

    def start_over(self, seed: int, *, start: float = EPOCH) -> None:
        """Begin again with nothing in it and untouched knobs: as a new world with the same laws and readings."""
        self.knobs = Knobs()
        self.state = State(now=start, streams=Streams(seed))

    def snapshot(self) -> State:
        """A copy of everything that changes."""
        return deepcopy(self.state)

    def restore(self, snapshot: State) -> None:
        """Put back an earlier copy; the snapshot stays usable."""
        self.state = deepcopy(snapshot)
