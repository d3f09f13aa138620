"""Making a fault good, in the process that brought it about or in any other: look first, act, look again.

The same order everywhere: nothing is done where nothing is left to do, nothing that somebody else has changed is
touched, and an undo counts only once a fresh look shows that it worked.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from harness.errors import ForeignChange, Undecided
from harness.faults.injection import Image, Injection
from harness.faults.ledger import Outcome
from harness.model.fault import Undo
from harness.ports import Clock
from harness.wait import until

LOOK_EVERY_S = 15.0
"""Between two looks whether an undo has worked."""


@runtime_checkable
class Comparing(Protocol):
    """An injection that can tell its own change from somebody else's."""

    def foreign(self, image: Image) -> str:
        """What is neither as it was nor as the fault makes it, in words; empty: nothing is. Reads afresh."""


def make_good(injection: Injection, image: Image, clock: Clock, *, within_s: float, settles_s: float = 0.0) -> Outcome:
    """Undo a fault if it is not undone already, and return how it ended once a fresh look shows that.

    Where nobody has seen what became of the act it may still be under way: then what looks as it was counts only if it
    still does after `settles_s` seconds (Azure goes on with a deletion that it has accepted; azure.md 1.5).

    Raises:
        ForeignChange: somebody else has changed what was struck; nothing was done.
        TargetError: a look or the undo did not get through.
        Undecided: it was undone, and the world is not as it was `within_s` seconds later.
    """
    fault = injection.fault
    if injection.restored(image) and not _breaks(injection, image, clock, settles_s):
        return "expired" if fault.undo is Undo.EXPIRE else _ended(fault.undo)
    if isinstance(injection, Comparing) and (found := injection.foreign(image)):
        raise ForeignChange(f"{fault.id} {fault.name} was not undone: {found}")
    injection.undo(image)
    deadline = clock.now() + within_s
    if not until(clock, lambda: injection.restored(image), deadline=deadline, every_s=LOOK_EVERY_S):
        raise Undecided(f"{fault.id} {fault.name} was undone, and after {within_s:.0f} s it is not as it was")
    return _ended(fault.undo)


def _breaks(injection: Injection, image: Image, clock: Clock, within_s: float) -> bool:
    """Whether what looks as it was ceases to, within so many seconds."""
    if within_s <= 0:
        return False
    deadline = clock.now() + within_s
    return until(clock, lambda: not injection.restored(image), deadline=deadline, every_s=LOOK_EVERY_S)


def _ended(undo: Undo) -> Outcome:
    return "compensated" if undo is Undo.COMPENSATE else "restored"
