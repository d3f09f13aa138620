"""Abstract traces: what a history says once names, ids and times are taken out of it.

A look's facts become tokens by path: `status` → ACTIVE, `open[KIND]` → listed, `connection_name` → a name. Names count
only by whether they are there and whether they are the same as before. An act divides a trace into segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.model.history import HARNESS, Acted, Completion, Entry, History, Observed

DERIVED: Mapping[str, frozenset[str]] = {
    "endpoints": frozenset({"count", "regions", "active_regions", "statuses"}),
    "region": frozenset({"count", "statuses"}),
    "events": frozenset({"counts"}),
}
"""Facts left out, by kind of subject: they sum up records that are compared one by one, or count looks."""

OURS = frozenset({"seen"})
"""Facts that say something of the auditor, not of the system."""

NAMES = frozenset(
    {"id", "name", "identifier", "version", "location", "description", "error_message", "private_endpoint_id"}
    | {"key_identifier", "key_vault_name", "subscription_id", "resource_group_name", "tenant_id", "client_id"}
    | {"role_id", "connection_name", "allowed_addresses", "control_plane", "clusters", "retention_days"}
    | {"created", "expires", "vault", "subscription", "known_subscriptions", "custodians", "atlas"}
    | {"endpoints", "connections", "holdings", "versions", "settings", "secrets", "before", "after"}
)
"""Facts that hold names, ids, times, addresses, texts and figures that each target has its own of, or records of such:
what an audit of the posture saw is compared by its verdicts."""

LISTING = "endpoints"
"""Looking at this subject shows every endpoint record that there is, so a record not shown is absent."""


@dataclass(frozen=True, slots=True)
class Token:
    """An abstract value."""

    text: str
    is_name: bool = False


ABSENT = Token("absent")
LISTED = Token("listed")


@dataclass(frozen=True, slots=True)
class Act:
    """An act with what came of it."""

    party: str
    verb: str
    subject: str
    completion: Completion
    status: int | None
    reason: str
    sequence: int

    @property
    def words(self) -> str:
        """The act as people say it."""
        return f"{self.party} {self.verb} {self.subject}"


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a subject showed. `segment` counts the acts before it."""

    segment: int
    at: float
    tokens: Mapping[str, Token]


@dataclass(frozen=True, slots=True)
class Listing:
    """A look at all endpoint records at once."""

    segment: int
    at: float
    regions: frozenset[str]
    count: int

    def is_without(self, subject: str) -> bool:
        """Whether `endpoint REGION #n` cannot have been among them."""
        region, _, order = subject.removeprefix("endpoint ").partition(" #")
        return region not in self.regions or self.count < int(order)


@dataclass(slots=True)
class Trace:
    """A history without names, ids and times that matter."""

    acts: list[Act] = field(default_factory=list)
    looks: dict[str, list[Look]] = field(default_factory=dict)
    segments: list[tuple[float, float]] = field(default_factory=list)
    """Beginning and end of the time between two acts, in unix seconds."""
    names: dict[str, str] = field(default_factory=dict)
    """Subjects that have a name of the target's own, and what they are called here."""

    listings: list[Listing] = field(default_factory=list)

    def looks_at(self, subject: str) -> list[Look]:
        """Looks at a subject; an endpoint that a listing does not show is absent from it."""
        own = self.looks.get(subject, [])
        if not subject.startswith("endpoint "):
            return own
        seen = {(look.segment, look.at) for look in own}
        without = [
            Look(one.segment, one.at, {})
            for one in self.listings
            if one.is_without(subject) and (one.segment, one.at) not in seen
        ]
        return sorted((*own, *without), key=lambda look: (look.segment, look.at))


def trace_of(history: History) -> Trace:
    """The abstract trace of a history."""
    trace = Trace()
    begun = history.entries[0].at if history.entries else 0.0
    for entry in history.entries:
        match entry.what:
            case Acted():
                trace.segments.append((begun, entry.what.started))
                begun = entry.at
                trace.acts.append(_act(entry, entry.what, trace.names))
            case Observed(party=party) if party != HARNESS:  # what was agreed beforehand is no behaviour of a target
                subject = _abstract(entry.what.subject, trace.names)
                look = Look(len(trace.acts), entry.at, dict(tokens(entry.what)))
                trace.looks.setdefault(subject, []).append(look)
                if subject == LISTING:
                    facts = entry.what.facts
                    listed = Listing(look.segment, look.at, frozenset(facts["regions"]), facts["count"])
                    trace.listings.append(listed)
    trace.segments.append((begun, history.entries[-1].at if history.entries else 0.0))
    return trace


def kind_of(subject: str) -> str:
    """The kind of a subject: its first word."""
    return subject.partition(" ")[0]


def tokens(look: Observed) -> Iterator[tuple[str, Token]]:
    """What a look shows, by path; what is not there has no token."""
    left_out = OURS | DERIVED.get(kind_of(look.subject), frozenset())
    for name, value in look.facts.items():
        if name not in left_out:
            yield from _tokens(name, value, named=name in NAMES)


def _tokens(path: str, value: Any, *, named: bool) -> Iterator[tuple[str, Token]]:
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _tokens(f"{path}.{key}", inner, named=named)
    elif isinstance(value, list | tuple):
        yield from _members(path, value, named=named)
    else:
        yield path, Token(str(value), named)


def _members(path: str, values: Iterable[Any], *, named: bool) -> Iterator[tuple[str, Token]]:
    """A list counts by its members, a list of names by whether it has any."""
    members = sorted({str(value) for value in values})
    if named:
        yield from [(path, LISTED)] if members else []
    else:
        yield from ((f"{path}[{member}]", LISTED) for member in members)


def _act(entry: Entry, act: Acted, names: dict[str, str]) -> Act:
    subject = _abstract(act.subject, names)
    return Act(act.party, act.verb, subject, act.completion, act.status, act.reason, entry.sequence)


def _abstract(subject: str, names: dict[str, str]) -> str:
    """Keys have names that each target has its own of; all other subjects are called the same everywhere."""
    if not subject.startswith("key "):
        return subject
    return names.setdefault(subject, f"key #{len(names) + 1}")
