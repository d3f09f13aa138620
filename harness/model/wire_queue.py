"""The faults of the wire that are in force, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from harness.model.wire_answer import Answer, Past, altered
from harness.model.wire_fault import Asked, Stale, WireFault

FAULTS_MOST = 1000


class WireFaults:
    """Faults by the number that each got: the first that fits a request happens to it, and is counted."""

    def __init__(self) -> None:
        self._in_force: dict[int, WireFault] = {}
        self._numbers = count(1)
        self._past = Past()

    @property
    def in_force(self) -> Mapping[int, WireFault]:
        """All that can still happen, by number, each with what is left of its `times`."""
        return dict(self._in_force)

    def inject(self, fault: WireFault) -> int:
        """Let one more thing go wrong from now on; returns its number.

        Raises:
            ValueError: there are too many already.
        """
        if len(self._in_force) >= FAULTS_MOST:
            raise ValueError(f"at most {FAULTS_MOST} faults can be in force")
        number = next(self._numbers)
        self._in_force[number] = fault
        return number

    def end(self, number: int) -> None:
        """Let this one go wrong no more; one that is over already may be ended again."""
        self._in_force.pop(number, None)
        if not self._in_force:
            self._past.forget()

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._in_force.clear()
        self._past.forget()

    def take(self, asked: Asked) -> WireFault | None:
        """What happens to a request, counted."""
        for number, fault in self._in_force.items():
            if fault.fits(asked):
                self._count(number, fault)
                return fault
        return None

    def altered(self, fault: WireFault, place: tuple[str, ...], answer: Answer) -> Answer:
        """What the client gets of an answer; `place` is who asked for what."""
        if isinstance(fault, Stale):
            return self._past.shown(fault, place, answer)
        return altered(fault, answer)

    def _count(self, number: int, fault: WireFault) -> None:
        """Past answers outlive the fault that is over, so that its last reading can still be an old one."""
        if fault.times == 1:
            del self._in_force[number]
        elif fault.times is not None:
            self._in_force[number] = replace(fault, times=fault.times - 1)
