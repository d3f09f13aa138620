"""What is true of single endpoint records in every history."""

from __future__ import annotations

from functools import partial

from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach
from harness.checkers.laws.statuses import SUCCESSORS, UNSEEN, status_of
from harness.checkers.laws.temporal import HELD, Always, Before, Due, Effect, Judged, Seen, Within
from harness.checkers.laws.topics import accepted, happened, seen
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


@seen("endpoint")
def _moves(look: Observed, known: Known) -> Judged:
    before, after = status_of(known.facts(look.subject)), status_of(look.facts)
    if before in (UNSEEN, after):
        return None
    if after == UNSEEN or after in SUCCESSORS.get(before, frozenset()):
        return HELD
    claim = f"the status of {look.subject} moves as documented"
    return Breach(claim, f"{before} is never followed by {after}", f"{before} → {after}")


law(
    "status_moves_as_documented",
    partial(Always, _moves),
    "No record is ever seen to take a step, or a chain of steps, that the state machine does not have.",
    "atlas.md 2.1",
    2,
)


@seen("endpoint")
def _replacement_becomes_active(look: Observed, known: Known) -> Effect | None:
    return None if look.subject.endswith(" #1") else _becomes_active.ask(look, known)


law(
    "replacement_needs_own_approval",
    partial(Before, _approval, _replacement_becomes_active),
    "The approval of an endpoint that was lost does not count for the one that Atlas makes in its place.",
    "EAR-065",
    6,
)


@seen("endpoint")
def _region_kept(look: Observed, known: Known) -> Judged:
    before = known.facts(look.subject)
    if not (before and before.get("present") and look.facts.get("present")):
        return None
    if before["region"] == look.facts["region"]:
        return HELD
    return Breach(f"{look.subject} stays in its region", str(before["region"]), str(look.facts["region"]))


law("record_keeps_its_region", partial(Always, _region_kept), "A record never moves to another region.", "atlas.md 2.1")


@seen("endpoint")
def _named_while_waiting(look: Observed, known: Known) -> Judged:
    if look.facts.get("status") != "PENDING_ACCEPTANCE":
        return None
    if look.facts.get("connection_name"):
        return HELD
    return Breach(f"{look.subject} names its connection while it waits for approval", "a connection name", "none")


law(
    "waiting_record_names_its_connection",
    partial(Always, _named_while_waiting),
    "A record that waits for approval names the connection to approve.",
    "EAR-054",
)


@seen("endpoint")
def _first_look_after(look: Observed, known: Known) -> Seen:
    if not look.facts.get("present") or look.facts["status"] in ("DELETING", "FAILED"):
        return Seen(look.subject, None)
    claim = f"{look.subject} is being deleted once its deletion is accepted"
    return Seen(look.subject, Breach(claim, "DELETING, or gone", str(look.facts["status"])))


@accepted("deletes")
def _deletion_is_due(act: Acted, known: Known) -> tuple[Due, ...] | None:
    """Any look tells: the bound is none."""
    return (Due(act.subject, 0.0),) if act.subject.startswith("endpoint ") else None


@accepted()
def _nothing_releases(act: Acted, known: Known) -> tuple[str, ...] | None:
    """No act makes a deletion invisible."""


law(
    "deletion_shows_at_once",
    partial(Within, after=_deletion_is_due, then=_first_look_after, unless=_nothing_releases),
    "The look after an accepted deletion shows DELETING, or nothing any more.",
    "EAR-061",
    8,
)


@seen("endpoint")
def _gone(look: Observed, known: Known) -> Seen:
    if not look.facts.get("present") or look.facts["status"] == "FAILED":
        return Seen(look.subject, None)
    claim = f"{look.subject} is gone in time once its deletion is accepted"
    return Seen(look.subject, Breach(claim, "gone, or FAILED with a reason", str(look.facts["status"])))


@accepted("deletes")
def _end_is_due(act: Acted, known: Known) -> tuple[Due, ...] | None:
    return (Due(act.subject, known.bound("deletion_s")),) if act.subject.startswith("endpoint ") else None


law(
    "deletion_ends",
    partial(Within, after=_end_is_due, then=_gone, unless=_nothing_releases),
    "A deleted record is gone within the agreed deletion time, or says that its deletion failed.",
    "EAR-061",
    8,
)


@accepted("rejects", "removes")
def _loss_is_due(act: Acted, known: Known) -> tuple[Due, ...] | None:
    lost = act.arguments.get("name")
    found = [
        subject
        for subject, look in known.looks.items()
        if subject.startswith("endpoint ")
        and look.facts.get("status") == "ACTIVE"
        and look.facts.get("connection_name") == lost
    ]
    return tuple(Due(subject, known.bound("detection_s")) for subject in found) or None


@seen("endpoint")
def _loss_shows(look: Observed, known: Known) -> Seen:
    if status_of(look.facts) != "ACTIVE":
        return Seen(look.subject, None)
    claim = f"{look.subject} shows in time that its connection was lost"
    return Seen(look.subject, Breach(claim, "PENDING_RECREATION", "ACTIVE"))


@happened("approves")
def _approved_again(act: Acted, known: Known) -> tuple[str, ...]:
    """A rejection that was taken back has no effect to wait for (reading `reapprove_rejected`)."""
    return tuple(
        subject
        for subject, look in known.looks.items()
        if subject.startswith("endpoint ") and look.facts.get("connection_name") == act.arguments.get("name")
    )


law(
    "lost_connection_shows",
    partial(Within, after=_loss_is_due, then=_loss_shows, unless=_approved_again),
    "An active record whose connection was rejected or removed on the vault is no longer seen ACTIVE after the agreed "
    "detection time.",
    "EAR-063",
    4,
)
