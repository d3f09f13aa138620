"""What has to come about once nothing stands in its way, in every history."""

from __future__ import annotations

from functools import partial

from harness.checkers.laws.clusters import anything_else, key_in_use_disabled, running
from harness.checkers.laws.feed import ABOUT_THE_KEY, TURNED_ON
from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach
from harness.checkers.laws.standing import CALM
from harness.checkers.laws.temporal import EVERYTHING, Due, Seen, Within
from harness.checkers.laws.topics import accepted, happened_but, seen
from harness.checkers.laws.turning_off import OFF
from harness.model.history import Acted, Observed

UPDATED = "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED"
TOWARDS = ("INITIATING", "INITATING")
"""Statuses of an endpoint that is being created."""

LOSSES = ("rejects ", "removes ", "deletes endpoint ")
"""How standing faults begin that end one endpoint and concern no other."""


@happened_but(*CALM, "uses")
def _in_the_way(act: Acted, known: Known) -> tuple[str, ...]:
    return EVERYTHING


def _is_obstructed(known: Known) -> bool:
    """Whether a fault is in force that may keep an endpoint from coming about; the loss of another one does not."""
    return any(not one.startswith(LOSSES) for one in known.standing)


@accepted("approves")
def _approved(act: Acted, known: Known) -> tuple[Due, ...] | None:
    if _is_obstructed(known):
        return None
    name = act.arguments.get("name")
    waiting = [
        subject
        for subject, look in known.looks.items()
        if look.facts.get("status") == "PENDING_ACCEPTANCE" and look.facts.get("connection_name") == name
    ]
    return tuple(Due(subject, known.bound("detection_s")) for subject in waiting) or None


@seen("endpoint")
def _waits_no_longer(look: Observed, known: Known) -> Seen:
    if look.facts.get("status") != "PENDING_ACCEPTANCE":
        return Seen(look.subject, None)
    claim = f"{look.subject} is active in time once it is approved"
    return Seen(look.subject, Breach(claim, "ACTIVE", "PENDING_ACCEPTANCE"))


law(
    "approval_is_noticed",
    partial(Within, after=_approved, then=_waits_no_longer, unless=_in_the_way),
    "An endpoint whose connection was approved no longer waits after the agreed detection time.",
    "EAR-056",
    29,
)


@accepted("asks for")
def _asked(act: Acted, known: Known) -> tuple[Due, ...] | None:
    kind, _, region = act.subject.partition(" ")
    if kind != "endpoint" or _is_obstructed(known):
        return None
    return (Due(f"region {region.removeprefix('in ')}", known.bound("creation_s")),)


@seen("region")
def _created(look: Observed, known: Known) -> Seen:
    statuses = look.facts["statuses"]
    if any(status not in TOWARDS for status in statuses):
        return Seen(look.subject, None)
    claim = f"what was asked for in {look.subject} is created in time"
    return Seen(look.subject, Breach(claim, "it waits for approval, or FAILED", ", ".join(statuses) or "nothing"))


law(
    "asked_endpoint_is_created",
    partial(Within, after=_asked, then=_created, unless=_in_the_way),
    "An endpoint that was asked for waits for approval within the agreed creation time, or says that it failed.",
    "EAR-054, EAR-058",
    29,
)


@accepted("disables")
def _alert_is_due(act: Acted, known: Known) -> tuple[Due, ...] | None:
    """Under private networking nobody but the nodes of a cluster tries the key (EAR-114)."""
    configuration = known.facts("encryption")
    noticed = running(known) or (configuration and not configuration.get("require_private_networking"))
    if not noticed or not key_in_use_disabled(act, known):
        return None
    return (Due("alerts", known.bound("pause_s", "alert_s")),)


@seen("alerts")
def _alerted(look: Observed, known: Known) -> Seen:
    if not ABOUT_THE_KEY.isdisjoint(look.facts["open"]):
        return Seen("alerts", None)
    return Seen("alerts", Breach("an alert opens once the key is disabled", "an alert about the key", "none"))


law(
    "disabled_key_raises_an_alert",
    partial(Within, after=_alert_is_due, then=_alerted, unless=anything_else),
    "An alert about the key is open within the agreed time once the key version in use is disabled and stays so, "
    "while a cluster uses it.",
    "EAR-117",
    28,
)


@accepted(TURNED_ON, OFF)
def _changed(act: Acted, known: Known) -> tuple[Due, ...]:
    return (Due("events", known.bound("alert_s")),)


@seen("events")
def _told(look: Observed, known: Known) -> Seen:
    if look.facts["counts"].get(UPDATED, 0):
        return Seen("events", None)
    return Seen("events", Breach("the feed tells that the configuration was changed", UPDATED, "nothing"))


@accepted()
def _nothing_releases(act: Acted, known: Known) -> tuple[str, ...] | None:
    """Nothing makes a change untold."""


law(
    "change_is_told_of",
    partial(Within, after=_changed, then=_told, unless=_nothing_releases),
    "A change of the key configuration is in the feed within the agreed time.",
    "EAR-120",
    27,
)
