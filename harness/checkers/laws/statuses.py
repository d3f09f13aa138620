"""Statuses of endpoint records, and which may be seen after which (atlas.md 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LIVE = frozenset({"INITIATING", "INITATING", "PENDING_ACCEPTANCE", "ACTIVE"})
"""Statuses of which a region has at most one record."""

GONE = "gone"
"""Pseudo-status of a record that is no longer listed."""

UNSEEN = "not seen yet"
"""Pseudo-status of a record that was looked for before it was ever listed; anything may follow."""

_CREATED = frozenset({"PENDING_ACCEPTANCE", "ACTIVE", "FAILED", "PENDING_RECREATION", "DELETING", GONE})

SUCCESSORS: Mapping[str, frozenset[str]] = {
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


def status_of(facts: Mapping[str, Any] | None) -> str:
    """The status that a look at a record shows; a record that nobody looked at has not been seen."""
    if facts is None:
        return UNSEEN
    if facts.get("present"):
        return str(facts["status"])
    return GONE if facts.get("seen", True) else UNSEEN
