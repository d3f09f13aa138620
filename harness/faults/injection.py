"""A fault, bound to what it strikes: what every one of the forty has to be able to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from harness.model.fault import Fault

Image = Mapping[str, Any]
"""What was there before, as JSON: names and values, nothing secret. It goes into the undo ledger."""


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
        """Bring the fault about."""

    def observed(self) -> bool:
        """Look whether it is in force."""

    def undo(self, image: Image) -> None:
        """Make it good. Looks at the world first and does only what is still to be done; twice is harmless."""

    def restored(self, image: Image) -> bool:
        """Look, afresh, whether everything is as it was, or as good as it was."""
