"""What is true of private endpoints in every history, whether a scenario speaks of it or not."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from harness.checkers.registry import broken, invariant
from harness.checkers.timeline import happened, looks, next_look, subjects
from harness.model.history import Completion, History, Observed
from harness.model.verdict import Finding

PREFIX = "endpoint "
"""Subjects that are endpoint records: `endpoint US_EAST_2 #1`."""

LIVE = frozenset({"INITIATING", "INITATING", "PENDING_ACCEPTANCE", "ACTIVE"})
"""Statuses of which a region has at most one record."""

GONE = "gone"
"""Pseudo-status of a record that is no longer listed."""

UNSEEN = "not seen yet"
"""Pseudo-status of a record that was looked for before it was ever listed; anything may follow."""

_CREATED = frozenset({"PENDING_ACCEPTANCE", "ACTIVE", "FAILED", "PENDING_RECREATION", "DELETING", GONE})

SUCCESSORS: dict[str, frozenset[str]] = {
    "INITIATING": _CREATED,
    "INITATING": _CREATED,  # as one table of the documentation spells it (atlas.md 6 #1)
    "PENDING_ACCEPTANCE": frozenset({"ACTIVE", "FAILED", "PENDING_RECREATION", "DELETING", GONE}),
    "ACTIVE": frozenset({"PENDING_RECREATION", "DELETING", "FAILED", GONE}),
    "FAILED": frozenset({"DELETING", GONE}),
    "PENDING_RECREATION": frozenset({"DELETING", "FAILED", GONE}),
    "DELETING": frozenset({"FAILED", GONE}),
    GONE: frozenset(),
}
"""Statuses that may be seen after each status, with any number of documented steps between two looks (atlas.md 2.1)."""


@invariant
def status_moves_as_documented(history: History) -> list[Finding]:
    """No record is ever seen to take a step, or a chain of steps, that the state machine does not have."""
    return [
        broken(
            f"the status of {subject} moves as documented",
            f"{before} is never followed by {after}",
            f"{before} → {after}",
            at,
        )
        for subject, steps in _records(history).items()
        for (_, earlier), (at, later) in itertools.pairwise(steps)
        if (before := _status(earlier)) not in (after := _status(later), UNSEEN)
        and after not in SUCCESSORS.get(before, frozenset())
    ]


@invariant
def status_is_documented(history: History) -> list[Finding]:
    """Whatever status is seen, it is one of the six that the documentation names (ST-API; chaos invariant 1)."""
    return [
        broken(f"the status of {subject} is a documented one", ", ".join(sorted(SUCCESSORS)), str(facts["status"]), at)
        for subject, steps in _records(history).items()
        for at, facts in steps
        if facts.get("present") and facts["status"] not in SUCCESSORS
    ]


@invariant
def active_only_after_approval(history: History) -> list[Finding]:
    """A record is seen to become ACTIVE only after its own connection was approved, a replacement too.

    EAR-055, EAR-065; chaos invariants 3 and 6. A record that is ACTIVE at first sight had a life before the history.
    """
    found = []
    for subject, steps in _records(history).items():
        watched = [(at, facts) for at, facts in steps if facts.get("present")]
        active = next((at for at, facts in watched if facts["status"] == "ACTIVE"), None)
        if active is None or active == watched[0][0]:
            continue
        named = {str(facts["connection_name"]) for _, facts in watched if facts.get("connection_name")}
        approved = {str(act.arguments.get("name")) for _, act in happened(history, {"approves"}, before=active)}
        if not named & approved:
            found.append(broken(f"{subject} is active only after its approval", "an approval before", "none", active))
    return found


@invariant
def one_live_record_per_region(history: History) -> list[Finding]:
    """At one moment a region has at most one record that is being created, waits or is active (atlas.md 2.1)."""
    return [
        broken(f"{subject} has one live endpoint at most", "one", ", ".join(live), at)
        for subject in subjects(history, "region ")
        for at, facts in looks(history, subject)
        if len(live := [status for status in facts["statuses"] if status in LIVE]) > 1
    ]


@invariant
def deletion_shows_at_once(history: History) -> list[Finding]:
    """The look after an accepted deletion shows DELETING, or nothing any more (EAR-061; clients rely on it)."""
    found = []
    for entry, act in history.acts():
        if act.verb == "deletes" and act.subject.startswith(PREFIX) and act.completion is Completion.OK:
            seen = next_look(history, act.subject, entry.sequence)
            if seen and seen[1].get("present") and seen[1]["status"] not in ("DELETING", "FAILED"):
                claim = f"{act.subject} is being deleted once its deletion is accepted"
                found.append(broken(claim, "DELETING, or gone", str(seen[1]["status"]), seen[0]))
    return found


@invariant
def no_record_appears_unasked(history: History) -> list[Finding]:
    """A region never holds more records than were asked for or lost there (EAR-061, EAR-063).

    So a deletion is not undone by a recreation, and asking once makes one record (chaos invariants 9, 10 and 23).
    """
    found = []
    for region in sorted({act.subject for _, act in history.acts() if act.verb == "asks for"}):
        records = subjects(history, f"{region} #")
        for order, subject in enumerate(records, 1):
            first = next((at for at, facts in looks(history, subject) if facts.get("present")), None)
            if first is None:
                continue
            asked = sum(act.subject == region for _, act in happened(history, {"asks for"}, before=first))
            if asked and order > asked + _losses(history, records, first):
                claim = f"{subject} was asked for, or replaces a lost one"
                found.append(broken(claim, "neither, so no such record", "it is there", first))
    return found


def _losses(history: History, records: list[str], before: int) -> int:
    """How many connections of these records were rejected or removed on the vault."""
    names = {facts.get("connection_name") for one in records for _, facts in looks(history, one)}
    lost = happened(history, {"rejects", "removes"}, before=before)
    return sum(act.arguments.get("name") in names for _, act in lost)


@invariant
def record_keeps_its_region(history: History) -> list[Finding]:
    """A record never moves to another region."""
    return [
        broken(f"{subject} stays in its region", str(earlier["region"]), str(later["region"]), at)
        for subject, steps in _records(history).items()
        for (_, earlier), (at, later) in itertools.pairwise(steps)
        if later.get("present") and earlier.get("present") and earlier["region"] != later["region"]
    ]


@invariant
def waiting_record_names_its_connection(history: History) -> list[Finding]:
    """A record that waits for approval names the connection to approve (EAR-054)."""
    return [
        broken(f"{subject} names its connection while it waits for approval", "a connection name", "none", at)
        for subject, steps in _records(history).items()
        for at, facts in steps
        if facts.get("status") == "PENDING_ACCEPTANCE" and not facts.get("connection_name")
    ]


def _records(history: History) -> dict[str, list[tuple[int, Mapping[str, Any]]]]:
    records: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for entry in history.entries:
        if isinstance(entry.what, Observed) and entry.what.subject.startswith(PREFIX):
            records.setdefault(entry.what.subject, []).append((entry.sequence, entry.what.facts))
    return records


def _status(facts: Mapping[str, Any]) -> str:
    if facts.get("present"):
        return str(facts["status"])
    return GONE if facts.get("seen", True) else UNSEEN
