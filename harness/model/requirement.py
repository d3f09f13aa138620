"""Requirements: the promises of the documentation, one by one."""

from __future__ import annotations

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
