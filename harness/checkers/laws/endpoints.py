"""What is true of single endpoint records in every history."""

from __future__ import annotations

from functools import partial

from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach
from harness.checkers.laws.statuses import LIVE, SUCCESSORS
from harness.checkers.laws.temporal import HELD, Always, Before, Effect, Judged
from harness.checkers.laws.topics import happened, seen
from harness.model.history import Acted, Observed


@seen("endpoint")
def _documented(look: Observed, known: Known) -> Judged:
    if not look.facts.get("present"):
        return None
    status = look.facts["status"]
    if status in SUCCESSORS:
        return HELD
    claim = f"the status of {look.subject} is a documented one"
    return Breach(claim, ", ".join(sorted(SUCCESSORS)), str(status))


law(
    "status_is_documented",
    partial(Always, _documented),
    "Whatever status is seen, it is one of the six that the documentation names.",
    "ST-API",
    1,
)


@happened("approves")
def _approval(act: Acted, known: Known) -> str | None:
    return str(act.arguments.get("name"))


@seen("endpoint")
def _becomes_active(look: Observed, known: Known) -> Effect | None:
    if look.facts.get("status") != "ACTIVE" or not (before := known.facts(look.subject)):
        return None
    if not before.get("present") or before["status"] == "ACTIVE":
        return None
    names = {str(facts["connection_name"]) for facts in (before, look.facts) if facts.get("connection_name")}
    return Effect(names, Breach(f"{look.subject} is active only after its approval", "an approval before", "none"))


law(
    "active_only_after_approval",
    partial(Before, _approval, _becomes_active),
    "A record is seen to become ACTIVE only after its own connection was approved. One that is ACTIVE at first sight "
    "had a life before the history.",
    "EAR-055, EAR-065",
    3,
)


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
