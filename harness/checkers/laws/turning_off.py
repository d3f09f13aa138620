"""What is true of turning the key or private networking off, in every history."""

from __future__ import annotations

from functools import partial
from typing import Any

from harness.checkers.laws.known import Known, Look
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach, Question
from harness.checkers.laws.temporal import EVERYTHING, HELD, Judged, NeverAfter, Seen
from harness.checkers.laws.topics import Part, accepted, happened_but, seen
from harness.model.history import Acted, Observed

ANY_RECORD = "any_record"
"""Answer to `disable_blocked_by` by which every endpoint record counts, whatever its status (EAR-076)."""

OFF = "turns off the customer's key for"
PUBLIC = "no longer requires private networking for"
SETTLED = frozenset({"ACTIVE", "PENDING_ACCEPTANCE"})
"""Statuses that an endpoint does not leave for being gone while nothing is done to it."""

CLAIM = "nothing depends on what is turned off"


class Without(NeverAfter):
    """Nothing that depends on what is turned off was seen right before, or is seen right after."""

    __slots__ = ()

    def __init__(self, *, before: Part[Judged], **parts: Part[Any]) -> None:
        super().__init__(**parts)
        self.questions = (*self.questions, Question(before))

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Judge what was seen before, or what is seen after."""
        if number < len(self.questions) - 1:
            super().take(number, answer, sequence, at)
            return
        self.cases += 1
        if isinstance(answer, Breach):
            self.broken(answer, sequence)


def _still_counts(look: Look, known: Known) -> bool:
    """Whether nothing was done since that takes dependants away."""
    return look.restless == known.restless


@accepted(OFF, PUBLIC)
def _endpoints_before(act: Acted, known: Known) -> Judged:
    look = known.looks.get("endpoints")
    if look is None or not _still_counts(look, known) or known.reading("disable_blocked_by") != ANY_RECORD:
        return None
    settled = sorted(SETTLED.intersection(look.facts["statuses"]))
    return Breach(f"{CLAIM}: endpoints", "none", ", ".join(settled)) if settled else HELD


@accepted(OFF)
def _clusters_before(act: Acted, known: Known) -> Judged:
    looks = {
        name: one for name, one in known.looks.items() if name.startswith("cluster ") and _still_counts(one, known)
    }
    using = [name for name, one in looks.items() if one.facts.get("key_provider") == "AZURE"]
    if using:
        return Breach(f"{CLAIM}: {using[0]}", "none", ", ".join(using))
    return HELD if looks else None


@accepted(OFF, PUBLIC)
def _endpoints_are_over(act: Acted, known: Known) -> tuple[str, ...] | None:
    return ("endpoints",) if known.reading("disable_blocked_by") == ANY_RECORD else None


@accepted(OFF)
def _key_is_over(act: Acted, known: Known) -> tuple[str, ...]:
    return ("cluster",)


@seen("endpoints", "cluster")
def _dependant(look: Observed, known: Known) -> Seen:
    kind = look.subject.partition(" ")[0]
    depends = look.facts["count"] if kind == "endpoints" else look.facts.get("key_provider") == "AZURE"
    return Seen(kind, Breach(f"{CLAIM}: {look.subject}", "none", look.subject) if depends else None)


@happened_but("passes")
def _anything_else(act: Acted, known: Known) -> tuple[str, ...]:
    """What is done afterwards may bring new dependants about."""
    return EVERYTHING


law(
    "turned_off_only_without_endpoints",
    partial(Without, before=_endpoints_before, after=_endpoints_are_over, never=_dependant, unless=_anything_else),
    "Once the key or private networking are off, no endpoint is left.",
    "EAR-076, EAR-077",
    11,
)

law(
    "turned_off_only_without_clusters",
    partial(Without, before=_clusters_before, after=_key_is_over, never=_dependant, unless=_anything_else),
    "Once the key is off, no cluster is left that uses it.",
    "EAR-093",
    12,
)
