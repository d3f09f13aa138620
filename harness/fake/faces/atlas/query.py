"""Query strings: the parameters every operation knows, those of lists, and each operation's own (atlas.md 3.5).

Unknown names and values that do not fit get `INVALID_QUERY_PARAMETER`; of a repeated single-valued parameter the first
counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from harness.fake.faces.atlas.errors import Problem

ITEMS_PER_PAGE_MOST = 500


@dataclass(frozen=True, slots=True)
class Parameter:
    """An operation's own parameter; `kind` is `text`, `flag`, `date` or `whole`."""

    kind: str = "text"
    many: bool = False
    choices: frozenset[str] = frozenset()
    linked: str = ""
    """Default to show in page links; empty: the links leave the parameter out."""


@dataclass(frozen=True, slots=True)
class QueryRules:
    """What an operation lets a query say."""

    own: Mapping[str, Parameter] = field(default_factory=dict)
    paged: bool = False
    counted: bool = True
    """Default of `includeCount` (false for events)."""
    pretty: bool = True

    @property
    def names(self) -> frozenset[str]:
        """Every parameter known."""
        common = {"envelope", "pretty"} if self.pretty else {"envelope"}
        listing = {"includeCount", "itemsPerPage", "pageNum"} if self.paged else set()
        return frozenset(common | listing | set(self.own))


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read."""

    envelope: bool = False
    pretty: bool = False
    count: bool = True
    page: int = 1
    size: int = 100
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def first(self, name: str) -> str | None:
        """Value of a single-valued parameter, or None."""
        values = self.own.get(name)
        return values[0] if values else None


class Reader:
    """Reads queries by one operation's rules."""

    def __init__(self, rules: QueryRules) -> None:
        self._rules = rules
        self._names = rules.names
        self._default = Query(count=rules.counted)

    def read(self, text: str) -> Query:
        """A query string as a `Query`.

        Raises:
            Problem: `INVALID_QUERY_PARAMETER` naming the parameter.
        """
        if not text:
            return self._default
        given: dict[str, list[str]] = {}
        for name, value in _pairs(text):
            if name not in self._names:
                raise Problem("INVALID_QUERY_PARAMETER", name)
            given.setdefault(name, []).append(value)
        return Query(
            envelope=_flag(given, "envelope", default=False),
            pretty=_flag(given, "pretty", default=False),
            count=_flag(given, "includeCount", default=self._rules.counted),
            page=_whole(given, "pageNum", 1, 2**31 - 1, default=1),
            size=_whole(given, "itemsPerPage", 1, ITEMS_PER_PAGE_MOST, default=100),
            own={name: self._own(name, given) for name in self._rules.own if name in given},
        )

    def _own(self, name: str, given: Mapping[str, list[str]]) -> tuple[str, ...]:
        parameter = self._rules.own[name]
        values = tuple(given[name]) if parameter.many else (given[name][0],)
        if parameter.choices and not parameter.choices.issuperset(values):
            raise Problem("INVALID_ENUM_VALUE", next(v for v in values if v not in parameter.choices))
        if parameter.kind == "flag":
            return ("true" if _flag(given, name, default=False) else "false",)
        if parameter.kind == "whole":
            return (str(_whole(given, name, 0, 2**31 - 1, default=0)),)
        return values

    def link(self, query: Query, page: int, *, self_link: bool) -> str:
        """Query string of a page link: `self` has `pageNum` before `itemsPerPage`, its neighbours after (recorded)."""
        shown = {name: p.linked for name, p in self._rules.own.items() if p.linked}
        shown |= {name: values[0] for name, values in query.own.items() if name in shown}
        shown["includeCount"] = "true" if query.count else "false"
        ordered = sorted(shown.items())
        pages = [("pageNum", str(page)), ("itemsPerPage", str(query.size))]
        return _encoded((*ordered, *(pages if self_link else pages[::-1])))


@lru_cache(maxsize=1024)
def _encoded(pairs: tuple[tuple[str, str], ...]) -> str:
    """Clients ask for the same pages again and again."""
    return urlencode(pairs)


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        raise Problem("INVALID_QUERY_PARAMETER", text[:100]) from None


def _flag(given: Mapping[str, list[str]], name: str, *, default: bool) -> bool:
    if name not in given:
        return default
    value = given[name][0].lower()
    if value not in ("true", "false"):
        raise Problem("INVALID_QUERY_PARAMETER", name)
    return value == "true"


def _whole(given: Mapping[str, list[str]], name: str, least: int, most: int, *, default: int) -> int:
    if name not in given:
        return default
    text = given[name][0]
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most):
        raise Problem("INVALID_QUERY_PARAMETER", name)
    return int(text)
