"""Request bodies by declaration: what a field may hold, in one place per resource; anything else is a documented 400.

Shapes are plain objects built once at import. A shape reads a decoded JSON value and returns it, checked; it never
changes it. A JSON `null` counts as an absent field, as Atlas's own clients take it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import msgspec

from harness.fake.faces.atlas.errors import Problem


class Shape(Protocol):
    """Something a JSON value can be checked against."""

    def read(self, value: Any, path: str) -> Any:
        """The value, checked.

        Raises:
            Problem: a 400 that names `path`.
        """


@dataclass(frozen=True, slots=True)
class Text:
    """A string, possibly of a pattern (whole match), from a closed list, or at most so long."""

    pattern: re.Pattern[str] | None = None
    choices: frozenset[str] = frozenset()
    shortest: int = 0
    longest: int = 10_000
    wrong: str = "INVALID_ATTRIBUTE"
    """Code for a string that does not fit; its parameter is the path, for a closed list the value."""

    def read(self, value: Any, path: str) -> str:
        """See `Shape`."""
        if not isinstance(value, str):
            raise Problem("INVALID_JSON_ATTRIBUTE", path)
        if self.choices and value not in self.choices:
            raise Problem("INVALID_ENUM_VALUE", value)
        fits = self.shortest <= len(value) <= self.longest
        if not fits or (self.pattern is not None and self.pattern.fullmatch(value) is None):
            raise Problem(self.wrong, path)
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean."""

    def read(self, value: Any, path: str) -> bool:
        """See `Shape`."""
        if not isinstance(value, bool):
            raise Problem("INVALID_JSON_ATTRIBUTE", path)
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds, whole unless `fractions`."""

    least: float = 0
    most: float = 2**31 - 1
    fractions: bool = False

    def read(self, value: Any, path: str) -> int | float:
        """See `Shape`."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Problem("INVALID_JSON_ATTRIBUTE", path)
        if isinstance(value, float) and not self.fractions:
            raise Problem("INVALID_JSON_ATTRIBUTE", path)
        if not self.least <= value <= self.most:
            raise Problem("INVALID_ATTRIBUTE", path)
        return value


@dataclass(frozen=True, slots=True)
class Instant:
    """An ISO 8601 date and time."""

    def read(self, value: Any, path: str) -> str:
        """See `Shape`."""
        if not isinstance(value, str):
            raise Problem("INVALID_JSON_ATTRIBUTE", path)
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise Problem("INVALID_DATE_FORMAT", value) from None
        return value


@dataclass(frozen=True, slots=True)
class Echo:
    """A field that only Atlas sets. Real clients send it back, so it is taken and dropped (EAR-046)."""

    def read(self, value: Any, path: str) -> Any:  # noqa: ARG002 - the protocol's signature
        """See `Shape`."""
        return value


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """A field that only Atlas sets and that may not be sent."""

    def read(self, value: Any, path: str) -> Any:  # noqa: ARG002 - the protocol's signature
        """See `Shape`."""
        raise Problem("ATTRIBUTE_READ_ONLY", path)


@dataclass(frozen=True, slots=True)
class Many:
    """An array of one shape."""

    item: Shape
    least: int = 0
    most: int = 1000

    def read(self, value: Any, path: str) -> list[Any]:
        """See `Shape`."""
        if not isinstance(value, list):
            raise Problem("INVALID_JSON_ATTRIBUTE", path)
        if not self.least <= len(value) <= self.most:
            raise Problem("INVALID_ATTRIBUTE", path)
        return [self.item.read(item, f"{path}[{index}]") for index, item in enumerate(value)]


@dataclass(frozen=True, slots=True)
class Record:
    """An object with the declared fields and no other."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    _echoes: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Know which fields are dropped."""
        object.__setattr__(self, "_echoes", frozenset(n for n, s in self.fields.items() if isinstance(s, Echo)))

    def read(self, value: Any, path: str) -> dict[str, Any]:
        """See `Shape`."""
        if not isinstance(value, dict):
            raise Problem("INVALID_JSON_ATTRIBUTE" if path else "INVALID_JSON", *([path] if path else []))
        prefix = f"{path}." if path else ""
        checked: dict[str, Any] = {}
        for name, member in value.items():
            if name not in self.fields:
                raise Problem("INVALID_ATTRIBUTE", prefix + name)
            if member is not None and name not in self._echoes:
                checked[name] = self.fields[name].read(member, prefix + name)
        self._require(checked, prefix)
        return checked

    def _require(self, checked: Mapping[str, Any], prefix: str) -> None:
        missing = [prefix + name for name in self.required if name not in checked]
        if len(missing) == 1:
            raise Problem("MISSING_ATTRIBUTE", missing[0])
        if missing:
            raise Problem("MISSING_ATTRIBUTES", ", ".join(missing))


OBJECT_ID = re.compile(r"[a-f0-9]{24}", re.ASCII)
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


def decode(raw: bytes) -> Any:
    """A JSON document as Python values.

    Raises:
        Problem: `MALFORMED_JSON`; not JSON, not UTF-8, nested beyond reason, or empty.
    """
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem("MALFORMED_JSON") from None
