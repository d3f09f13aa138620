"""Brings faults about and undoes them, always in the same order: what is to be undone is on disk before it is done.

    refuse → plan → capture → write the undo down → stamp the target → armed → inject → applied
           → … → undo → a fresh look that it worked → undone → take the stamp off

Whatever fails on the way, from the moment at which the undo is written down the fault counts as brought about, and is
undone before the error goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from harness.errors import HarnessError, SafetyError, TargetError
from harness.faults.books import Books, Entry
from harness.faults.healing import make_good
from harness.faults.injection import Image, Injection
from harness.faults.ledger import Outcome
from harness.ports import Clock


class Gate(Protocol):
    """Raises SafetyError where a fault may not be brought about; touches nothing."""

    def __call__(self, injection: Injection, active: Sequence[Injection], severity: str) -> None:
        """Let a fault pass, beside those that are in force, in a scenario of this severity."""


@dataclass(frozen=True, slots=True)
class Active:
    """A fault that is in force, or may be."""

    injection: Injection
    image: Image
    entry: Entry
    deadline: float
    """Unix seconds at which it has to be undone at the latest."""


def _nothing() -> None:
    """Nothing has to be done."""


class Injector:
    """Implements `harness.ports.Injector`.

    `recovery_s` is how long a target may take to be as it was after an undo, `settles_s` how long an act may go on of
    which nobody knows whether it happened.
    """

    def __init__(
        self, clock: Clock, books: Books, gates: Sequence[Gate], recovery_s: float, settles_s: float = 0.0
    ) -> None:
        self.clock = clock
        self._books = books
        self._gates = gates
        self._recovery_s = recovery_s
        self._settles_s = settles_s
        self._active: list[Active] = []
        self._undoing = False
        self.before_first: Callable[[], None] = _nothing
        """Called while nothing is in force yet and something is about to be."""

    @property
    def undoing(self) -> bool:
        """A fault is being undone: whatever is done now is done to make it good."""
        return self._undoing

    @property
    def active(self) -> Sequence[Injection]:
        """What is in force, oldest first."""
        return [one.injection for one in self._active]

    @property
    def in_force(self) -> Sequence[Active]:
        """The same with what is known of each."""
        return list(self._active)

    def inject(self, injection: Injection, *, severity: str, hold_s: float) -> Image:
        """Bring a fault about, for at most `hold_s` seconds, in a scenario of this severity; returns what was there.

        Raises:
            SafetyError: it may not be brought about, or there is nothing to strike; nothing was changed.
            EvidenceError: its undo could not be written down; nothing was changed.
            TargetError: it could not be brought about; it is undone.
            LeftChanged: it could not be brought about, nor undone.
        """
        for gate in self._gates:
            gate(injection, self.active, severity)
        if not self._active:
            self.before_first()
        self._books.planned(injection)
        image = injection.capture()
        deadline = self.clock.now() + hold_s
        active = Active(injection, image, self._books.intended(injection, image, deadline), deadline)
        self._active.append(active)
        try:
            self._act(active)
        except BaseException as error:
            self._after(error, active)
            raise
        return image

    def observed(self, injection: Injection) -> bool:
        """Look whether a fault is in force, and write it down when it is."""
        active = self._find(injection)
        if seen := injection.observed():
            self._books.observed(active.entry)
        return seen

    def undo(self, injection: Injection) -> Outcome:
        """Undo a fault and return how it ended, once a fresh look shows that it is undone.

        Raises:
            ForeignChange: somebody else has changed what was struck; nothing was done.
            TargetError, Undecided: it is not undone, as far as can be seen; the ledger still has it.
            EvidenceError: it is undone, and that could not be written down.
        """
        return self._undo(self._find(injection), 0.0)

    def _undo(self, active: Active, settles_s: float) -> Outcome:
        within_s = self._recovery_s
        self._undoing = True
        try:
            outcome = make_good(active.injection, active.image, self.clock, within_s=within_s, settles_s=settles_s)
        finally:
            self._undoing = False
        self._active.remove(active)
        self._books.undone(active.entry, outcome)
        return outcome

    def undo_everything(self) -> Sequence[HarnessError]:
        """Undo whatever is in force, newest first; returns what went wrong, and goes on with the next all the same."""
        troubles = []
        for active in reversed(list(self._active)):
            try:
                self.undo(active.injection)
            except HarnessError as error:
                troubles.append(error)
        return troubles

    def _act(self, active: Active) -> None:
        self._books.armed(active.entry)
        try:
            active.injection.inject()
        except TargetError:
            self._books.applied(active.entry, known=False)
            raise
        self._books.applied(active.entry, known=True)

    def _after(self, error: BaseException, active: Active) -> None:
        """An act that failed may have happened, wholly or in part: undo it, and tell of further trouble beside it."""
        try:
            self._undo(active, self._settles_s)
        except HarnessError as trouble:
            error.add_note(trouble.diagnostics())

    def _find(self, injection: Injection) -> Active:
        for one in self._active:
            if one.injection is injection:
                return one
        raise SafetyError(f"{injection.fault.id} {injection.fault.name} is not in force")
