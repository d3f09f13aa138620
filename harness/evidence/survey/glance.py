"""Recordings at a glance: what the survey of a run needs of them, and not their bodies, at a fraction of the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from harness.errors import EvidenceError

NOTHING = msgspec.Raw(b"{}")


class _Site(msgspec.Struct):
    project_id: str = ""
    tenant_id: str = ""
    subscription_id: str = ""
    resource_group: str = ""
    vault: str = ""


class _System(msgspec.Struct):
    site: _Site
    atlas_url: str = ""


class Opening(msgspec.Struct):
    """The first line of a tape."""

    system: _System


class Removed(msgspec.Struct):
    """What was taken out at one place."""

    rule: str
    length: int
    commitment: str


class Asked(msgspec.Struct, frozen=True):
    """Of the headers of a request: what it wanted."""

    accept: str = ""


class Answered(msgspec.Struct, frozen=True):
    """Of the headers of an answer: when it was given."""

    date: str | msgspec.UnsetType | None = msgspec.UNSET
    """None: the answer has no such header although the one that it is otherwise like has; unset: it is not told."""


class Event(msgspec.Struct):
    """A further line of a tape; of lines that are no exchange only the kind and the number."""

    kind: str
    n: int
    method: str = ""
    url: str = ""
    template: str = ""
    started: float = 0.0
    ended: float = 0.0
    status: int | None = None
    same_as: int = 0
    request_headers: Asked = Asked()
    response_headers: Answered = Answered()
    identity: dict[str, str] = {}
    redacted: dict[str, Removed] = {}
    parameters: dict[str, str] = {}
    request_id: str = ""

    @property
    def date(self) -> str | msgspec.UnsetType | None:
        """The `Date` of the answer; falsy where it has none."""
        return self.response_headers.date


class Line(msgspec.Struct):
    """A line of a history; what it says about its subject is read only where somebody asks."""

    kind: str
    sequence: int
    at: float
    party: str = ""
    verb: str = ""
    subject: str = ""
    completion: str = ""
    started: float = 0.0
    status: int | None = None
    facts: msgspec.Raw = NOTHING
    arguments: msgspec.Raw = NOTHING


@dataclass(frozen=True, slots=True)
class Glance:
    """One scenario's recordings."""

    scenario: str
    opening: Opening | None
    """None: nothing was recorded."""
    events: list[Event]
    lines: list[Line]


_OPENING = msgspec.json.Decoder(Opening)
_EVENTS = msgspec.json.Decoder(Event)
_LINES = msgspec.json.Decoder(Line)
_FACTS = msgspec.json.Decoder(dict[str, Any])


def glance(directory: Path, scenario: str, tape: str, history: str) -> Glance:
    """The recordings of a scenario, by the names of their files in a bundle; an empty name: there is none.

    Raises:
        EvidenceError: one of them cannot be read.
    """
    try:
        first, _, rest = (directory / tape).read_bytes().partition(b"\n") if tape else (b"", b"", b"")
        lines = (directory / history).read_bytes() if history else b""
        opening = _OPENING.decode(first) if first else None
        return Glance(scenario, opening, _EVENTS.decode_lines(rest), _LINES.decode_lines(lines))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise EvidenceError(f"the recordings of {scenario!r} cannot be read: {error}") from error


def exchanges(events: list[Event]) -> Iterator[tuple[Event, Event, str]]:
    """Each exchange, the one that says in full what it says, and the `Date` of its answer (empty: it has none)."""
    full: dict[int, tuple[Event, str]] = {}
    for event in events:
        if event.kind == "exchange":
            full[event.n] = event, event.date or ""
            yield event, *full[event.n]
        elif event.kind == "again":
            first, date = full[event.same_as]
            full[event.n] = first, (date if event.date is msgspec.UNSET else event.date) or ""
            yield event, *full[event.n]


def said(raw: msgspec.Raw) -> dict[str, Any]:
    """What a line says about its subject."""
    return _FACTS.decode(raw)
