"""What is true of all endpoint records of a region together, in every history."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any, NamedTuple, Self

from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach, Monitor, Question
from harness.checkers.laws.statuses import LIVE
from harness.checkers.laws.temporal import HELD, Always, Due, Judged, Seen, WithinOrAtOnce
from harness.checkers.laws.topics import happened, seen
from harness.model.history import Acted, Observed


@seen("region")
def _one_live(look: Observed, known: Known) -> Judged:
    live = [status for status in look.facts["statuses"] if status in LIVE]
    if len(live) <= 1:
        return HELD if live else None
    return Breach(f"{look.subject} has one live endpoint at most", "one", ", ".join(live))


law(
    "one_live_record_per_region",
    partial(Always, _one_live),
    "At one moment a region has at most one record that is being created, waits or is active.",
    "atlas.md 2.1",
    7,
)


@seen("region")
def _lost_one(look: Observed, known: Known) -> tuple[Due, ...] | None:
    if "PENDING_RECREATION" not in look.facts["statuses"]:
        return None
    return (Due(look.subject, known.bound("recreation_s")),)


@seen("region")
def _replaced(look: Observed, known: Known) -> Seen:
    statuses = look.facts["statuses"]
    if "PENDING_RECREATION" not in statuses or not LIVE.isdisjoint(statuses) or "FAILED" in statuses:
        return Seen(look.subject, None)
    claim = f"what was lost in {look.subject} is replaced in time"
    return Seen(look.subject, Breach(claim, "an endpoint that is being created, or further", ", ".join(statuses)))


@happened("deletes", "turns off the customer's key for")
def _given_up(act: Acted, known: Known) -> tuple[str, ...]:
    """Whoever deletes endpoints, or turns the key off, wants no replacement."""
    return tuple(subject for subject in known.looks if subject.startswith("region "))


law(
    "lost_endpoint_is_replaced",
    partial(WithinOrAtOnce, after=_lost_one, then=_replaced, unless=_given_up),
    "Beside a record that is being recreated, another one of its region is seen within the agreed recreation time.",
    "EAR-063, EAR-064",
    5,
)


class Asked(NamedTuple):
    """One more record of a region may come into sight."""

    region: str


class Lost(NamedTuple):
    """A connection was rejected or removed on the vault."""

    connection: str


class Sighted(NamedTuple):
    """A record is in sight."""

    region: str
    order: int
    connection: str
    subject: str


@happened("asks for")
def _asked(act: Acted, known: Known) -> Asked | None:
    kind, _, region = act.subject.partition(" ")
    return Asked(region.removeprefix("in ")) if kind == "endpoint" else None


@happened("rejects", "removes")
def _lost(act: Acted, known: Known) -> Lost:
    return Lost(str(act.arguments.get("name")))


@seen("endpoint")
def _sighted(look: Observed, known: Known) -> Sighted | None:
    if not look.facts.get("present"):
        return None
    region, _, order = look.subject.removeprefix("endpoint ").partition(" #")
    return Sighted(region, int(order or 1), str(look.facts.get("connection_name") or ""), look.subject)


class Unasked(Monitor):
    """Counts what was asked for and what was lost, region by region, against the records that come into sight."""

    __slots__ = ("_connections", "_lost")

    def __init__(self) -> None:
        super().__init__(Question(_asked), Question(_lost), Question(_sighted))
        self._connections: dict[str, str] = {}
        """Region of each connection that a record has named."""
        self._lost: dict[str, int] = {}
        """How often each connection was lost."""

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Count, or compare."""
        if number == 0:
            self.open[answer.region] = self.open.get(answer.region, 0) + 1
        elif number == 1:
            self._lost[answer.connection] = self._lost.get(answer.connection, 0) + 1
        else:
            self._compare(answer, sequence)

    def _compare(self, found: Sighted, sequence: int) -> None:
        if found.connection:
            self._connections[found.connection] = found.region
        asked = self.open.get(found.region, 0)
        if not asked:
            return  # the region had a life before the history
        self.cases += 1
        lost = sum(times for name, times in self._lost.items() if self._connections.get(name) == found.region)
        if found.order > asked + lost:
            claim = f"{found.subject} was asked for, or replaces a lost one"
            self.broken(Breach(claim, "neither, so no such record", "it is there"), sequence)

    def copy(self) -> Self:
        """An equal monitor that goes its own way."""
        twin = super().copy()
        twin._connections, twin._lost = self._connections.copy(), self._lost.copy()
        return twin

    def state(self, at: float) -> Hashable:
        """All that was counted."""
        return frozenset(self.open.items()), frozenset(self._connections.items()), frozenset(self._lost.items())


law(
    "no_record_appears_unasked",
    Unasked,
    "A region never holds more records than were asked for or lost there: a deletion is not undone by a recreation, "
    "and asking once makes one record.",
    "EAR-061, EAR-063",
    9,
)
