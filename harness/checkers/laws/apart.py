"""What happens to one endpoint, or was done to it, has no effect on others and is not undone, in every history."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple, Self

from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach, Monitor, Question
from harness.checkers.laws.standing import CALM
from harness.checkers.laws.topics import accepted, happened, happened_but, seen
from harness.model.history import Acted, Observed

ANYTHING = "anything"
"""Cause that may concern every endpoint."""


class Record(NamedTuple):
    """A look at one record."""

    subject: str
    status: str
    """Empty: it is not there."""
    connection: str
    is_new: bool
    """It was not there at the look before, or nobody looked."""


@seen("endpoint")
def _record(look: Observed, known: Known) -> Record:
    before = known.facts(look.subject)
    present = bool(look.facts.get("present"))
    return Record(
        look.subject,
        str(look.facts["status"]) if present else "",
        str(look.facts.get("connection_name") or ""),
        present and not (before and before.get("present")),
    )


@happened_but(*CALM, "uses")
def _concerns(act: Acted, known: Known) -> str:
    """The connection or the record that an act concerns; all of them where it does not say."""
    if act.verb in ("rejects", "removes"):
        return str(act.arguments.get("name"))
    return act.subject if act.verb == "deletes" and act.subject.startswith("endpoint ") else ANYTHING


class Apart(Monitor):
    """An active record is not seen otherwise while only other endpoints were acted on.

    A cause counts for the rest of the history, since its effect may show late.
    """

    __slots__ = ("_causes",)

    def __init__(self) -> None:
        super().__init__(Question(_concerns), Question(_record))
        self._causes: dict[str, None] = {}

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Remember a cause; judge a record."""
        if number == 0:
            self._causes[answer] = None
        elif ANYTHING not in self._causes:
            self._judge(answer, sequence)

    def _judge(self, found: Record, sequence: int) -> None:
        connection = self.open.get(found.subject)
        if connection is not None and self._causes and self._causes.keys().isdisjoint((found.subject, connection)):
            self.cases += 1
            if found.status != "ACTIVE":
                claim = f"{found.subject} is untouched by what is done to others"
                self.broken(Breach(claim, "ACTIVE", found.status or "gone"), sequence)
        if found.status == "ACTIVE":
            self.open[found.subject] = found.connection
        else:
            self.open.pop(found.subject, None)

    def copy(self) -> Self:
        """An equal monitor that goes its own way."""
        twin = super().copy()
        twin._causes = self._causes.copy()
        return twin

    def state(self, at: float) -> Hashable:
        """What is active, and what was acted on."""
        return frozenset(self.open.items()), frozenset(self._causes)


law(
    "endpoints_are_independent",
    Apart,
    "An active endpoint stays active while only other endpoints were lost or deleted, in its region or another.",
    "EAR-063",
    30,
)


class Deleted(NamedTuple):
    """The deletion of a record was accepted, right after somebody had listed what there is."""

    region: str


@accepted("deletes")
def _deleted(act: Acted, known: Known) -> Deleted | None:
    listed, record = known.looks.get("endpoints"), known.facts(act.subject)
    if listed is None or listed.acts != known.acts or not (record and record.get("present")):
        return None
    return Deleted(act.subject.partition(" #")[0])


@happened("asks for", "rejects", "removes")
def _explains(act: Acted, known: Known) -> str | None:
    """A new record may come of it: in the region of the request, or in the region of a connection, whichever it is."""
    if act.verb != "asks for":
        return ANYTHING
    kind, _, region = act.subject.partition(" ")
    return f"{kind} {region.removeprefix('in ')}" if kind == "endpoint" else None


class NotRecreated(Monitor):
    """After the caller's own deletion no new record comes into sight, unless one was asked for or lost."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Question(_explains), Question(_record, only_open=True), Question(_deleted))

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Note what explains a new record, judge one, note a deletion."""
        if number == 0:
            if answer is ANYTHING:
                self.open.clear()
                self.open[ANYTHING] = None
            else:
                self.open.pop(answer, None)
        elif ANYTHING not in self.open:
            self._take(answer, sequence)

    def _take(self, answer: Deleted | Record, sequence: int) -> None:
        if isinstance(answer, Deleted):
            self.open[answer.region] = None
            return
        if answer.subject.partition(" #")[0] in self.open:
            self.cases += 1
            if answer.is_new:
                claim = f"{answer.subject} does not come after the deletion of the one before"
                self.broken(Breach(claim, "no such record", answer.status), sequence)


law(
    "deletion_is_not_recreated",
    NotRecreated,
    "Atlas makes no endpoint in place of one that its owner deleted: it replaces only what the vault lost.",
    "EAR-061, EAR-063",
    10,
)
