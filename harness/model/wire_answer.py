"""Answers as the wire brings them, and what faults of the wire make of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from harness.model.wire_fault import Garble, Mistype, Paging, Rewrite, Skew, Stale, WireFault

Headers = Sequence[tuple[str, str]]

LISTS = ("results", "value")
"""Where Atlas, and where Azure and Graph, keep the entries of a page."""

ABOUT_LENGTH = frozenset({"content-length", "transfer-encoding", "content-encoding"})
"""Headers that say how a body was sent; a body that was changed is sent another way."""

FORGED = "expired"
"""Stands where a token or a nonce stood. It is not derived from what it replaces."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and the whole body."""

    status: int
    reason: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """The first value of a header; empty when there is none."""
        return next((value for one, value in self.headers if one.lower() == name), "")

    def having(self, name: str, value: str) -> Answer:
        """The same with another value of a header."""
        return replace(self, headers=[*(one for one in self.headers if one[0].lower() != name), (name, value)])

    def saying(self, body: bytes) -> Answer:
        """The same with another body."""
        kept = [one for one in self.headers if one[0].lower() not in ABOUT_LENGTH]
        return replace(self, headers=[*kept, ("content-length", str(len(body)))], body=body)


class Past:
    """What services said at each address, for reads that are shown old answers."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, ...], list[Answer]] = {}

    def shown(self, fault: Stale, place: tuple[str, ...], fresh: Answer) -> Answer:
        """What a reading shows, given what the service says to it; `place` is who asks for what."""
        said = self._said.setdefault(place, [])
        said.append(fresh)
        is_second = len(said) % 2 == 0
        return said[-1 - fault.lag] if is_second and len(said) > fault.lag else fresh

    def forget(self) -> None:
        """Nothing was said yet."""
        self._said.clear()


def altered(fault: WireFault, answer: Answer) -> Answer:
    """What a fault makes of an answer. Where there is nothing for it to change, the answer stays what it is."""
    match fault:
        case Garble(body=None):
            return answer.saying(answer.body[: len(answer.body) // 2])
        case Garble(body=str(body)):
            return answer.saying(body.encode())
        case Mistype(content_type=content_type):
            return answer.having("content-type", content_type)
        case Rewrite(name=name, value=value):
            return _with_document(answer, lambda document: _rewritten(document, name, value))
        case Paging():
            return _with_document(answer, lambda document: _shifted(document, doubled=fault.entry == "doubled"))
        case Skew(skew_s=skew_s):
            return _skewed(answer, skew_s)
    return answer


def place_of(url: str, headers: Headers) -> tuple[str, str]:
    """Who asks for what; all that sign in otherwise than by a token are one, since a digest never repeats."""
    authorization = next((value for name, value in headers if name.lower() == "authorization"), "")
    return url, authorization if authorization.lower().startswith("bearer ") else ""


def forged(headers: Headers) -> Headers:
    """Headers of a request whose bearer token, or whose nonce, the service does not take."""
    return [(name, _forged(value) if name.lower() == "authorization" else value) for name, value in headers]


def _forged(authorization: str) -> str:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "digest":
        return f"{scheme} {FORGED}"
    before, quote, after = rest.partition('nonce="')
    return f"{scheme} {before}{quote}{FORGED}{after[after.find(chr(34)) :]}" if quote else f"{scheme} {FORGED}"


def _with_document(answer: Answer, change: Any) -> Answer:
    try:
        document = json.loads(answer.body)
    except ValueError:
        return answer
    return answer.saying(json.dumps(change(document), separators=(",", ":"), ensure_ascii=False).encode())


def _rewritten(document: Any, name: str, value: str) -> Any:
    if isinstance(document, list):
        return [_rewritten(one, name, value) for one in document]
    if not isinstance(document, dict):
        return document
    return {
        key: value if key == name and isinstance(one, str) else _rewritten(one, name, value)
        for key, one in document.items()
    }


def _shifted(document: Any, *, doubled: bool) -> Any:
    """A page whose first entry slid to the page before, or was pushed onto it as well; the count stays."""
    if not isinstance(document, dict):
        return document
    name = next((one for one in LISTS if isinstance(document.get(one), list)), "")
    if not name:
        return document
    entries = document[name]
    return {**document, name: [*entries[:1], *entries] if doubled else entries[1:]}


def _skewed(answer: Answer, skew_s: float) -> Answer:
    try:
        date = parsedate_to_datetime(answer.header("date")) + timedelta(seconds=skew_s)
    except (ValueError, OverflowError):
        return answer
    return answer.having("date", format_datetime(date, usegmt=True))
