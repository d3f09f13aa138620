"""What a history has shown so far, as far as laws ask for it. Kept once for all of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from harness.checkers.laws.standing import CALM, KEY_CHANGE, standing_after
from harness.checkers.laws.topics import What
from harness.limits import Limits
from harness.model.history import AGREEMENT, Acted, Completion, Observed

Facts = Mapping[str, Any]

REMEMBERED = frozenset({"encryption", "endpoints", "endpoint", "region", "cluster", "events", "alerts"})
"""Kinds of subjects whose latest look is kept."""

USUAL = Limits()
"""Limits where the history does not say."""


class Look(NamedTuple):
    """The latest look at a subject."""

    facts: Facts
    acts: int
    """Acts before it."""
    restless: int
    """Acts before it that were not calm."""


class Known:
    """The latest look at each subject, the acts since, and what was agreed. It knows the entries before the one asked
    about, and not that one."""

    __slots__ = (
        *("acts", "happened", "last_act", "limits", "linked_late"),
        *("looks", "moved", "readings", "restless", "standing"),
    )

    def __init__(self) -> None:
        self.looks: dict[str, Look] = {}
        self.acts = 0
        """Acts so far, those refused included."""
        self.happened = 0
        """Acts so far that may have happened, but for the passing of time."""
        self.restless = 0
        """Acts so far that may have happened and were not calm."""
        self.last_act: Acted | None = None
        self.standing: frozenset[str] = frozenset()
        """Faults in force."""
        self.linked_late = False
        """A link came into use after the cluster: nodes move to it within some time, and nobody sees when."""
        self.moved = False
        """The project was moved to another key or version: clusters follow later, and nobody sees when."""
        self.readings: Facts = {}
        """Answers to open questions that are in force, by name."""
        self.limits: Facts = {}

    def note(self, what: What) -> None:
        """Remember an entry."""
        if isinstance(what, Acted):
            self.acts += 1
            self.last_act = what
            if what.completion is not Completion.FAILED and what.verb != "passes":
                self.happened += 1
                self.restless += what.verb not in CALM
                self.moved = self.moved or (what.verb, what.subject) == KEY_CHANGE
                self.standing = standing_after(what, self.standing)
        elif what.subject.partition(" ")[0] in REMEMBERED:
            self.linked_late = self.linked_late or self._links_late(what)
            self.looks[what.subject] = Look(what.facts, self.acts, self.restless)
        elif what.subject == AGREEMENT:
            self.readings, self.limits = what.facts["readings"], what.facts["limits"]

    def _links_late(self, look: Observed) -> bool:
        """Whether a look shows more active regions than the one before, beside a cluster."""
        before = self.looks.get(look.subject) if look.subject == "endpoints" else None
        if before is None or before.facts.get("active_regions") == look.facts.get("active_regions"):
            return False
        return any(name.startswith("cluster ") and one.facts.get("present") for name, one in self.looks.items())

    def facts(self, subject: str) -> Facts | None:
        """What the latest look at a subject showed; None: nobody looked."""
        look = self.looks.get(subject)
        return look.facts if look else None

    def reading(self, name: str) -> str:
        """The answer to an open question that is in force; empty where the history does not say."""
        return str(self.readings.get(name, ""))

    def bound(self, *names: str) -> float:
        """The sum of named limits in seconds, and of what a look may take on a clock that moves by itself."""
        return sum(float(self.limits.get(name, getattr(USUAL, name))) for name in (*names, "look_s"))

    def copy(self) -> Known:
        """An equal one that goes its own way."""
        twin = object.__new__(Known)
        twin.looks, twin.acts, twin.happened, twin.last_act = self.looks.copy(), self.acts, self.happened, self.last_act
        twin.readings, twin.limits, twin.restless = self.readings, self.limits, self.restless
        twin.standing, twin.moved, twin.linked_late = self.standing, self.moved, self.linked_late
        return twin

    def state(self) -> Hashable:
        """What decides further answers: looks and whether anything was done since, not when or how often."""
        looks = (
            (name, frozen(look.facts), min(self.acts - look.acts, 2), look.restless == self.restless)
            for name, look in self.looks.items()
        )
        return frozenset(looks), self.standing, self.moved, self.linked_late


def frozen(value: Any) -> Hashable:
    """JSON-compatible facts as something that can be compared and hashed."""
    if isinstance(value, Mapping):
        return frozenset((name, frozen(one)) for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(frozen(one) for one in value)
    return value  # type: ignore[no-any-return]
