"""Requirements: the promises of the documentation, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Label(Enum):
    """How we know the promise."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INFERRED = "inferred"


class Check(Enum):
    """What it takes to test it."""

    PASSIVE = "passive"
    """Reads only."""
    ACTIVE = "active"
    """Changes a sandbox."""
    DESTRUCTIVE = "destructive"
    """Breaks key access or links on purpose."""
    NONE = "none"
    """Cannot be observed on the wire; `why_not_tested` says why."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One promise: stable id, statement, where it is made, how it can be checked."""

    id: str
    statement: str
    chapter: str
    source: str
    """Document and section that make the promise."""
    label: Label
    check: Check
    why_not_tested: str = ""
    """For promises that no scenario can observe: the reason, shown in every run."""
    bound: str = ""
    """Time bound of the promise, e.g. `3 minutes`."""
    bound_is_ours: bool = False
    """The documentation gives no bound; this one is a limit of ours (settings `limits`)."""
    remedy: str = ""
    """How to put it right where it is not so, in one line."""
    readings: tuple[str, ...] = ()
    """Open questions of the documentation that the promise touches, by name."""
    unobservable_under: tuple[str, ...] = ()
    """Answers, as `name=answer`, under which no API shows whether the promise is kept."""
    checkers: tuple[str, ...] = ()
    """Names of the checkers that judge it: those of its scenarios' claims, and of what holds in every history."""

    @property
    def bound_by(self) -> str:
        """Whose the time bound is: `documentation`, `ours`, or nobody's where there is none."""
        if not self.bound:
            return ""
        return "ours" if self.bound_is_ours else "documentation"

    def is_observable_under(self, answers: Mapping[str, str]) -> bool:
        """Whether some API shows it where these readings are in force."""
        return not any(answers.get(name) == answer for name, _, answer in map(_parts, self.unobservable_under))


def _parts(pair: str) -> tuple[str, str, str]:
    return pair.partition("=")
