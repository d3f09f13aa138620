"""The append-only record of a scenario: every act with its completion, every observation, every claim.

Checkers judge the sealed history and nothing else, so a verdict can be recomputed by whoever holds the record. Each
entry carries the hash of the one before, which makes an edited record recognisable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
"""Hash before the first entry."""

HARNESS = "harness"
"""The party that writes down what holds for a scenario before anybody acts."""

AGREEMENT = "agreement"
"""Subject of that first line: the limits and the readings in force, so that a history can be judged by itself."""

Facts = Mapping[str, Any]
"""JSON-compatible facts about one subject."""


class Completion(Enum):
    """How an operation ended."""

    OK = "ok"
    FAILED = "failed"
    """It certainly did not happen."""
    UNKNOWN = "unknown"
    """Nobody knows whether it happened."""


@dataclass(frozen=True, slots=True)
class Acted:
    """A party did something that could change the system, and what came of it."""

    party: str
    verb: str
    subject: str
    completion: Completion
    started: float
    """Unix seconds, before the act; the entry's own time is after it."""
    arguments: Facts = field(default_factory=dict)
    status: int | None = None
    """HTTP status of a refusal, or of an acceptance where its status is documented."""
    reason: str = ""
    """The service's error code for a refusal."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """What a party saw of a subject."""

    party: str
    subject: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Claimed:
    """A promise made about the history, to be judged by the checker of that name.

    `since` is the sequence number of the entry from which the promise counts (usually the act that caused it).
    """

    checker: str
    text: str
    since: int
    arguments: Facts = field(default_factory=dict)


Happening = Acted | Observed | Claimed


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    sequence: int
    at: float
    """Unix seconds on the run's clock."""
    what: Happening
    digest: str
    """SHA-256 over the digest before and this line."""


@dataclass(slots=True)
class History:
    """The record of one scenario."""

    entries: list[Entry] = field(default_factory=list)
    sealed: bool = False

    def append(self, at: float, what: Happening) -> Entry:
        """Add a line.

        Raises:
            ValueError: the history is sealed, or time ran backwards.
        """
        if self.sealed:
            raise ValueError("a sealed history takes no further entry")
        if self.entries and at < self.entries[-1].at:
            raise ValueError(f"time ran backwards: {at} after {self.entries[-1].at}")
        sequence = len(self.entries)
        entry = Entry(sequence, at, what, chain(self.digest, sequence, at, what))
        self.entries.append(entry)
        return entry

    def rewrite(self, shown: Callable[[Any], Any]) -> None:
        """Put another text in place of what must not be kept; digests follow. `shown` gets the facts of each entry.

        Raises:
            ValueError: the history is sealed.
        """
        entries, self.entries = self.entries, []
        for entry in entries:
            self.append(entry.at, _rewritten(entry.what, shown))

    def seal(self) -> str:
        """Close the record; returns the digest that stands for all of it."""
        self.sealed = True
        return self.digest

    @property
    def digest(self) -> str:
        """Digest of the last line."""
        return self.entries[-1].digest if self.entries else GENESIS

    def acts(self, since: int = 0) -> Iterator[tuple[Entry, Acted]]:
        """Acts from entry `since` on."""
        for entry in self.entries[since:]:
            if isinstance(entry.what, Acted):
                yield entry, entry.what

    def observations(self, subject: str, since: int = 0) -> Iterator[tuple[Entry, Observed]]:
        """Observations of one subject from entry `since` on."""
        for entry in self.entries[since:]:
            if isinstance(entry.what, Observed) and entry.what.subject == subject:
                yield entry, entry.what

    def claims(self) -> Iterator[tuple[Entry, Claimed]]:
        """All claims, in order."""
        for entry in self.entries:
            if isinstance(entry.what, Claimed):
                yield entry, entry.what


def as_record(entry: Entry) -> dict[str, Any]:
    """The JSON form of an entry."""
    return {"sequence": entry.sequence, "at": entry.at, "digest": entry.digest, **_body(entry.what)}


def _rewritten(what: Happening, shown: Callable[[Any], Any]) -> Happening:
    changed = {
        one.name: shown(value) for one in fields(what) if isinstance(value := getattr(what, one.name), str | Mapping)
    }
    return replace(what, **changed)


def chain(previous: str, sequence: int, at: float, what: Happening) -> str:
    """The digest of a line that follows `previous`."""
    line = json.dumps({"sequence": sequence, "at": at, **_body(what)}, sort_keys=True, separators=(",", ":"))
    return sha256((previous + line).encode()).hexdigest()


def _body(what: Happening) -> dict[str, Any]:
    match what:
        case Acted():
            return {
                "kind": "acted",
                "party": what.party,
                "verb": what.verb,
                "subject": what.subject,
                "completion": what.completion.value,
                "started": what.started,
                "arguments": dict(what.arguments),
                "status": what.status,
                "reason": what.reason,
                "detail": what.detail,
            }
        case Observed():
            return {
                "kind": "observed",
                "party": what.party,
                "subject": what.subject,
                "facts": dict(what.facts),
            }
        case Claimed():
            return {
                "kind": "claimed",
                "checker": what.checker,
                "text": what.text,
                "since": what.since,
                "arguments": dict(what.arguments),
            }
