"""Waivers: somebody accepts, for a time and with the consent of a second person, that a promise is broken. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum

ANY_PROFILE = "*"


class State(Enum):
    """What a waiver is worth at an instant."""

    IN_FORCE = "in force"
    EXPIRED = "expired"
    NOT_APPROVED = "not approved"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a waiver counts."""

    profile: str
    """Name of a profile, or `*` for all."""
    scenarios: tuple[str, ...] = ()
    """Ids of the scenarios that may fail; none: every scenario of the requirement may."""

    def covers(self, profile: str, scenario: str) -> bool:
        """Whether the failure of a scenario in a run of a profile lies within it."""
        return self.covers_profile(profile) and (not self.scenarios or scenario in self.scenarios)

    def covers_profile(self, profile: str) -> bool:
        """Whether runs of a profile lie within it."""
        return self.profile in (ANY_PROFILE, profile)


@dataclass(frozen=True, slots=True)
class Waiver:
    """One exception, with the names of those who answer for it."""

    id: str
    requirement: str
    scope: Scope
    owner: str
    """Who answers for it and gets the promise kept again."""
    reason: str
    ticket: str
    """Where it is followed up: a key such as `SEC-142`, or an address."""
    expires: date
    """The last day, which counts to its end in UTC; or a `datetime` in UTC, from which on it is expired."""
    approver: str = ""
    """Who agreed; empty: nobody did."""

    @property
    def until(self) -> str:
        """When it ends, as it is written."""
        return expiry_text(self.expires)

    def covers(self, requirement: str, profile: str, scenario: str) -> bool:
        """Whether it is about the failure of a scenario that tests a requirement, in a run of a profile."""
        return self.requirement == requirement and self.scope.covers(profile, scenario)

    def state(self, at: datetime) -> State:
        """What it is worth at an instant. What was never approved never was in force, so it does not expire."""
        if self.unapproved:
            return State.NOT_APPROVED
        return State.EXPIRED if self._is_over(at) else State.IN_FORCE

    def objection(self, at: datetime) -> str:
        """Why it does not count at an instant, as what follows its name in a sentence; empty when it counts."""
        match self.state(at):
            case State.IN_FORCE:
                return ""
            case State.EXPIRED:
                return f"expired on {self.until}"
        return f"is not approved: {self.unapproved}"

    @property
    def unapproved(self) -> str:
        """Why it is not approved; empty when it is."""
        if not self.approver.strip():
            return "it names no approver"
        return "owner and approver are the same person" if _person(self.owner) == _person(self.approver) else ""

    def _is_over(self, at: datetime) -> bool:
        if isinstance(self.expires, datetime):
            return at >= self.expires
        return at.astimezone(UTC).date() > self.expires


def expiry_of(value: object) -> date:
    """The end of a waiver as files write it: a date, or a date-time that says how far it is from UTC.

    Raises:
        ValueError: it is neither; the text says what is wanted.
    """
    try:
        read = _parsed(value) if isinstance(value, str) else value
        if isinstance(read, datetime) and read.tzinfo:
            return read.astimezone(UTC)
        if isinstance(read, date) and not isinstance(read, datetime):
            return read
    except (ValueError, OverflowError):
        pass
    raise ValueError("it must be a date such as 2027-03-31, or a date-time in UTC such as 2027-03-31T18:00:00Z")


def expiry_text(expires: date) -> str:
    """The end of a waiver as text; `expiry_of` reads it back."""
    return expires.isoformat().replace("+00:00", "Z")


def _parsed(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text.upper() or " " in text else date.fromisoformat(text)


def _person(name: str) -> str:
    """A name such that two ways to write it are one person."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
