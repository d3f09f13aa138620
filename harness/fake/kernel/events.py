"""The discrete-event heap: timers are data, so that a world can be copied, compared and restored.

Order is (time, seeded priority, sequence): timers due at the same instant fire in an order that the seed decides and
that never depends on memory addresses or dictionary order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True, order=True)
class Timer:
    """Something that will happen: `kind` names the law, `subject` the thing it happens to."""

    due: float
    priority: int
    sequence: int
    kind: str = field(compare=False)
    subject: str = field(compare=False)


@dataclass(slots=True)
class EventHeap:
    """Pending timers, earliest first."""

    timers: list[Timer] = field(default_factory=list)
    sequence: int = 0

    def push(self, due: float, priority: int, kind: str, subject: str) -> Timer:
        """Add a timer that fires at `due` (unix seconds)."""
        self.sequence += 1
        timer = Timer(due, priority, self.sequence, kind, subject)
        heappush(self.timers, timer)
        return timer

    def pop_due(self, now: float) -> Timer | None:
        """Remove and return the earliest timer that is due, or None."""
        if self.timers and self.timers[0].due <= now:
            return heappop(self.timers)
        return None
