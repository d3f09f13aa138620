"""Resource versions: which one a request asks for, which one answers, what is deprecated (atlas.md 3.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from harness.fake.faces.atlas.errors import Problem

_MEDIA_TYPE = re.compile(r"application/vnd\.atlas\.(\d{4}-\d{2}-\d{2})\+json\s*(?:;[^,]*)?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an operation's resource.

    `resource` is the class that Atlas's `x-java-method` header names; `sunset` an ISO date or empty.
    """

    date: str
    resource: str
    sunset: str = ""


@dataclass(frozen=True, slots=True)
class Negotiated:
    """The version that answers, ready for the wire."""

    version: Version
    media_type: str
    headers: tuple[tuple[str, str], ...]
    """Deprecation and Sunset where they apply."""


class Versions:
    """The versions of one operation, oldest first."""

    def __init__(self, *versions: Version) -> None:
        if [v.date for v in versions] != sorted(v.date for v in versions):
            raise ValueError("versions must be listed oldest first")
        self._negotiated = [_negotiated(v, later) for v, later in zip(versions, [*versions[1:], None], strict=True)]

    @property
    def latest(self) -> Negotiated:
        """The newest version."""
        return self._negotiated[-1]

    def resolve(self, wanted: str, *, strict: bool) -> Negotiated | None:
        """The newest version not later than the date `wanted`; with `strict` only that very date. None: no such one."""
        for candidate in reversed(self._negotiated):
            if candidate.version.date == wanted or (not strict and candidate.version.date < wanted):
                return candidate
        return None


def requested_date(header: str | None) -> str:
    """Version date in an Accept or Content-Type header.

    Raises:
        Problem: `INVALID_VERSION_DATE`; there is none, or it is not a day of the calendar.
    """
    found = _date_in(header or "")
    if found is None:
        raise Problem("INVALID_VERSION_DATE")
    return found


@lru_cache(maxsize=256)
def _date_in(header: str) -> str | None:
    for part in header.split(","):
        match = _MEDIA_TYPE.fullmatch(part.strip())
        if match is None:
            continue
        try:
            date.fromisoformat(match[1])
        except ValueError:
            continue
        return match[1]
    return None


def _negotiated(version: Version, later: Version | None) -> Negotiated:
    headers: list[tuple[str, str]] = []
    if later is not None:
        headers.append(("deprecation", _http_day(later.date)))
    if version.sunset:
        headers.append(("sunset", _http_day(version.sunset)))
    return Negotiated(version, f"application/vnd.atlas.{version.date}+json;charset=utf-8", tuple(headers))


def _http_day(iso: str) -> str:
    """Midnight of a day as Atlas writes it: the day of the month without a leading zero (recorded)."""
    day = date.fromisoformat(iso)
    return f"{_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year} 00:00:00 GMT"


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
