"""What is true of alerts and of the activity feed in every history."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any, NamedTuple, Self

from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach, Monitor, Question
from harness.checkers.laws.standing import CALM
from harness.checkers.laws.temporal import EVERYTHING, NeverAfter, Seen
from harness.checkers.laws.topics import accepted, happened, happened_but, seen
from harness.model.history import Acted, Observed

TURNED_ON = "turns on the customer's key for"
DENIED = "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED"
ABOUT_THE_KEY = frozenset({"AZURE_ENCRYPTION_KEY_INVALID", "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID", DENIED})
CHANGES: Mapping[str, tuple[str, ...]] = {
    "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED": ("project",),
    "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_CREATED": ("endpoint", "connection"),
}
"""Entries of the feed that a change of ours explains, with the kinds of subject of such a change: losing a connection
makes Atlas create a replacement."""


class Calm(Monitor):
    """Nothing but calm acts since the history turned the key on, and no alert about the key."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Question(_acted), Question(_alerts))

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Note what was done; judge what is open."""
        if number == 0:
            self.open[answer] = None
        elif "on" in self.open and "restless" not in self.open:
            self.cases += 1
            if answer:
                self.broken(Breach("an alert has a cause", "no alert about the key", answer), sequence)


@happened_but("passes")
def _acted(act: Acted, known: Known) -> str | None:
    if act.verb not in CALM:
        return "restless"
    return "on" if act.verb == TURNED_ON else None


@seen("alerts")
def _alerts(look: Observed, known: Known) -> str:
    return ", ".join(sorted(ABOUT_THE_KEY.intersection(look.facts["open"])))


law(
    "alert_needs_a_cause",
    Calm,
    "No alert says that the key is invalid or out of reach while nothing was done to either, where the history itself "
    "turned the key on.",
    "EAR-103, EAR-117",
    28,
)


class Told(NamedTuple):
    """How many entries of each kind the feed holds."""

    counts: Mapping[str, int]


@seen("events")
def _told(look: Observed, known: Known) -> Told:
    return Told(look.facts["counts"])


@happened_but("passes")
def _made(act: Acted, known: Known) -> str:
    return act.subject.partition(" ")[0]


@happened("rejects", "removes")
def _lost(act: Acted, known: Known) -> bool:
    return True


class Explained(Monitor):
    """Between two looks the feed tells of no more changes than were made."""

    __slots__ = ("_earlier", "_losses", "_made", "_seen")

    def __init__(self) -> None:
        super().__init__(Question(_told), Question(_made), Question(_lost))
        self._seen: Mapping[str, int] | None = None
        self._made: dict[str, int] = {}
        """Acts since the latest look, by kind of subject."""
        self._losses = 0
        self._earlier = 0
        """Losses before the latest look, whose replacements may be told of only afterwards."""

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Compare, or count."""
        if number == 0:
            self._compare(answer.counts, sequence)
            self._seen, self._made, self._earlier = answer.counts, {}, self._losses
        elif number == 1:
            self._made[answer] = self._made.get(answer, 0) + 1
        else:
            self._losses += 1

    def _compare(self, counts: Mapping[str, int], sequence: int) -> None:
        if self._seen is None:
            return
        self.cases += 1
        for kind, causes in CHANGES.items():
            told = counts.get(kind, 0) - self._seen.get(kind, 0)
            made = sum(self._made.get(cause, 0) for cause in causes)
            if told > made + self._earlier:
                claim = f"the feed tells of no change that nobody made: {kind}"
                self.broken(Breach(claim, f"at most {made}", str(told)), sequence)

    def copy(self) -> Self:
        """An equal monitor that goes its own way."""
        twin = super().copy()
        twin._seen, twin._made = self._seen, self._made.copy()
        twin._losses, twin._earlier = self._losses, self._earlier
        return twin

    def state(self, at: float) -> Hashable:
        """What was counted since the latest look."""
        return self._seen is not None, frozenset(self._made.items()), self._losses, self._earlier


law(
    "no_unexplained_change",
    Explained,
    "Between two looks the feed tells of no more changes than were made.",
    "EAR-119, EAR-120",
    27,
)


@accepted("closes the public side of")
def _closed(act: Acted, known: Known) -> tuple[str, ...] | None:
    """Under private networking, with no fault in force, no alert open, and links where clusters with the key run."""
    configuration, alerts = known.facts("encryption"), known.facts("alerts")
    if not (configuration and configuration.get("require_private_networking") and configuration.get("valid")):
        return None
    if known.standing or known.linked_late or (alerts and DENIED in " ".join(alerts["open"])) or not _linked(known):
        return None
    return ("the public side",)


def _linked(known: Known) -> bool:
    """Whether each region with nodes of a cluster with the key was seen to have an active endpoint."""
    endpoints = known.facts("endpoints")
    active = set(endpoints.get("active_regions", ())) if endpoints else set()
    clusters = [look.facts for name, look in known.looks.items() if name.startswith("cluster ")]
    using = [facts for facts in clusters if facts.get("present") and facts.get("key_provider") == "AZURE"]
    return all(active.issuperset(facts["regions"]) for facts in using)


@seen("alerts")
def _cut_off(look: Observed, known: Known) -> Seen:
    claim = "closing the vault's public side changes nothing for private traffic"
    denied = [label for label in look.facts["open"] if label.startswith(DENIED)]
    return Seen("the public side", Breach(claim, "no alert", ", ".join(denied)) if denied else None)


@happened_but("passes", "uses", "closes the public side of", "keeps a private way to")
def _another_cause(act: Acted, known: Known) -> tuple[str, ...]:
    return EVERYTHING


law(
    "private_traffic_needs_no_public_side",
    partial(NeverAfter, after=_closed, never=_cut_off, unless=_another_cause),
    "Once the vault's public side is closed under private networking, no alert says that the vault is out of reach, "
    "unless something else was done.",
    "EAR-070, EAR-072",
    16,
)
