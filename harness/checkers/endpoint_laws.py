"""What is true of private endpoints in every history, whether a scenario speaks of it or not."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from harness.checkers.registry import invariant
from harness.model.history import History, Observed
from harness.model.verdict import Finding, Judgement

PREFIX = "endpoint "
"""Subjects that are endpoint records: `endpoint US_EAST_2 #1`."""

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
        _broken(
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
def record_keeps_its_region(history: History) -> list[Finding]:
    """A record never moves to another region."""
    return [
        _broken(f"{subject} stays in its region", str(earlier["region"]), str(later["region"]), at)
        for subject, steps in _records(history).items()
        for (_, earlier), (at, later) in itertools.pairwise(steps)
        if later.get("present") and earlier.get("present") and earlier["region"] != later["region"]
    ]


@invariant
def waiting_record_names_its_connection(history: History) -> list[Finding]:
    """A record that waits for approval names the connection to approve (EAR-054)."""
    return [
        _broken(f"{subject} names its connection while it waits for approval", "a connection name", "none", at)
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


def _broken(claim: str, expected: str, observed: str, at: int) -> Finding:
    return Finding(claim, Judgement.BROKEN, expected, observed, witnesses=(at,))
