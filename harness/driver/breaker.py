"""The breaker brings faults of the catalogue about and undoes them: the one party that may not be let alone.

What it does on the vault it does with the custodian's hands, and the history says so, act by act, with the fault's id
and whether the act was part of the fault or of its undo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from harness.driver.journal import Journal
from harness.errors import HarnessError, LeftChanged, SafetyError, TargetError, Undecided
from harness.faults.binding import bound, target_at
from harness.faults.catalogue import find
from harness.faults.injection import Tools
from harness.faults.lines import digest
from harness.limits import Limits
from harness.ports import Backend, Image, Injection

PARTY = "breaker"
HANDS = "key custodian"
"""Who acts on the vault."""

T = TypeVar("T")


@dataclass
class Broken:
    """A fault that was brought about in this scenario."""

    injection: Injection
    before: Image
    outcome: str = ""
    """How it ended; empty: it is in force."""

    @property
    def subject(self) -> str:
        """What observations of it are written down under."""
        return f"fault {self.injection.fault.name}"


class Breaker:
    """Acts through the backend's injector, which keeps the order and the books."""

    def __init__(self, journal: Journal, backend: Backend, limits: Limits, severity: str) -> None:
        """`severity` is what the scenario is tagged with."""
        self._journal = journal
        self._backend = backend
        self._limits = limits
        self._severity = severity
        self._broken: list[Broken] = []

    @property
    def broken(self) -> Sequence[Broken]:
        """Every fault of this scenario, in the order in which they were brought about."""
        return self._broken

    @property
    def in_force(self) -> Sequence[Broken]:
        """Those that were not undone yet."""
        return [one for one in self._broken if not one.outcome]

    def break_it(self, fault: str, region: str, hold_s: float) -> None:
        """Bring a fault about, for at most `hold_s` seconds; `region` is where it strikes if it is one of a region.

        Raises:
            SafetyError: it may not be brought about, or the target is broken already; nothing was changed.
            Undecided: it was brought about, and is not in force.
        """
        entry = find(fault)
        tools = Tools(self._backend, self._limits, self._act(entry.id))
        injection = bound(entry.id, tools, target_at(entry.id, self._backend.site, region))
        before = self._backend.injector.inject(injection, severity=self._severity, hold_s=hold_s)
        broken = Broken(injection, before)
        self._broken.append(broken)
        seen = self._backend.injector.observed(injection)
        self._journal.observe(PARTY, broken.subject, {"in_force": seen, "fault": entry.id, "before": digest(before)})
        if not seen:
            raise Undecided(f"{entry.id} {entry.name} was brought about, and a look does not show it in force")

    def undo(self, fault: str) -> None:
        """Undo one fault, and look at it afresh; whatever else is in force stays so.

        Raises:
            SafetyError: it is not in force.
            LeftChanged: it could not be undone.
        """
        entry = find(fault)
        struck = [one for one in self.in_force if one.injection.fault.id == entry.id]
        if not struck:
            raise SafetyError(f"{entry.id} {entry.name} is not in force")
        self._undo(struck)

    def undo_everything(self) -> None:
        """Undo every fault that is in force, newest first, and look at each afresh.

        Raises:
            LeftChanged: one could not be undone; the others are.
        """
        self._undo(self.in_force)

    def _undo(self, faults: Sequence[Broken]) -> None:
        troubles: list[HarnessError] = []
        for one in reversed(faults):
            try:
                one.outcome = self._backend.injector.undo(one.injection)
            except (TargetError, Undecided, LeftChanged) as error:
                troubles.append(error)
        if troubles:
            raise LeftChanged("; ".join(error.message for error in troubles))

    def look(self) -> None:
        """Look afresh at everything that was broken, and write down whether it is as it was.

        Of what was not undone it is written down whether it is in force, too.
        """
        for one in self._broken:
            seen: dict[str, Any] = {
                "undone": bool(one.outcome),
                "fault": one.injection.fault.id,
                "outcome": one.outcome,
                "before": digest(one.before),
            }
            if not one.outcome:
                seen["in_force"] = one.injection.observed()
            seen["as_before"] = one.injection.restored(one.before)
            seen["after"] = digest(one.injection.capture()) if one.outcome and seen["as_before"] else ""
            self._journal.observe(PARTY, one.subject, seen)

    def _act(self, fault: str) -> Callable[..., Any]:
        """Elementary changes as entries of the history; one that fails is written down, and its error goes on."""

        def act(verb: str, subject: str, call: Callable[[], T], **arguments: Any) -> T | None:
            errors: list[TargetError] = []

            def attempt() -> T:
                try:
                    return call()
                except TargetError as error:
                    errors.append(error)
                    raise

            undoing = self._backend.injector.undoing
            answer = self._journal.act(HANDS, verb, subject, attempt, fault=fault, undoing=undoing, **arguments)
            if errors:
                raise errors[0]
            return answer

        return act
