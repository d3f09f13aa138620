"""Faults: one that is bound to what it strikes, and whoever brings them about in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from harness.model.fault import Fault

Image = Mapping[str, Any]
"""What was there before a fault, as JSON: names and values, nothing secret. It goes into the undo ledger."""


class Injection(Protocol):
    """One fault on one target. Whoever drives it keeps the order: capture, write down, inject, observe, undo, check.

    Every method may raise a `TargetError`; one that is not `definite` leaves open whether the act happened.
    """

    @property
    def fault(self) -> Fault:
        """The catalogue's entry."""

    @property
    def target(self) -> Mapping[str, Any]:
        """What is struck, by names and identifiers: enough for another process to undo it."""

    def capture(self) -> Image:
        """Read, afresh, all that the fault will change.

        Raises:
            SafetyError: there is nothing to strike, or it is broken already.
        """

    def inject(self) -> None:
        """Bring the fault about. Only after `capture`."""

    def observed(self) -> bool:
        """Look whether it is in force."""

    def undo(self, image: Image) -> None:
        """Make it good. Looks at the world first and does only what is still to be done; twice is harmless.

        Raises:
            Undecided: it is not good again within the limits.
        """

    def restored(self, image: Image) -> bool:
        """Look, afresh, whether everything is as it was, or as good as it was."""


class Injector(Protocol):
    """Brings faults about and undoes them; keeps the order, and the books of what has to be undone."""

    @property
    def undoing(self) -> bool:
        """A fault is being undone: whatever is done now is done to make it good."""

    def inject(self, injection: Injection, *, severity: str, hold_s: float) -> Image:
        """Bring a fault about, for at most `hold_s` seconds, in a scenario of this severity; returns what was there.

        Raises:
            SafetyError: it may not be brought about, or there is nothing to strike; nothing was changed.
            EvidenceError: its undo could not be written down; nothing was changed.
            TargetError: it could not be brought about; it is undone.
        """

    def observed(self, injection: Injection) -> bool:
        """Look whether a fault is in force, and write it down when it is."""

    def undo(self, injection: Injection) -> str:
        """Undo a fault and return how it ended, once a fresh look shows that it is undone.

        Raises:
            ForeignChange: somebody else has changed what was struck; nothing was done.
            TargetError, Undecided: it is not undone, as far as can be seen.
            EvidenceError: it is undone, and that could not be written down.
        """
