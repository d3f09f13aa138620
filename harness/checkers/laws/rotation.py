"""What is true of rotations in every history."""

from __future__ import annotations

from functools import partial

from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach
from harness.checkers.laws.standing import CALM, KEY_CHANGE
from harness.checkers.laws.temporal import EVERYTHING, NeverAfter, Seen
from harness.checkers.laws.topics import accepted, happened_but, seen
from harness.model.history import Acted, Completion, Observed


@accepted(KEY_CHANGE[0])
def _rotated(act: Acted, known: Known) -> tuple[str, ...] | None:
    """The custodian rotated right before, so the version moved to is a sound one; and nothing is broken."""
    before = known.last_act
    if act.subject != KEY_CHANGE[1] or known.standing or before is None or before.verb != "rotates":
        return None
    if before.completion is not Completion.OK:
        return None
    running = (
        name
        for name, look in known.looks.items()
        if name.startswith("cluster ") and look.facts.get("key_provider") == "AZURE" and not look.facts["paused"]
    )
    return tuple(running) or None


@seen("cluster")
def _served(look: Observed, known: Known) -> Seen | None:
    if not look.facts.get("present"):
        return None
    claim = f"{look.subject} runs throughout a rotation"
    return Seen(look.subject, Breach(claim, "it runs", "it is stopped") if look.facts["paused"] else None)


@happened_but(*CALM, "rotates", "uses")
def _disturbed(act: Acted, known: Known) -> tuple[str, ...]:
    """The version before is needed until every node uses the next one, so that disabling it is a cause as well."""
    return EVERYTHING


law(
    "rotation_leaves_no_gap",
    partial(NeverAfter, after=_rotated, never=_served, unless=_disturbed),
    "No cluster is seen stopped after its project has moved to the next version of its key, while nothing else is "
    "done.",
    "EAR-074, EAR-127",
    22,
)
