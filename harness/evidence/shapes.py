"""What nobody needs to know to recognise as a secret: tokens, private keys, passwords in addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Begins = Callable[[bytes, int, int], int]
"""Where the only match begins that could have a hint at a place; the hint before it, or 0, comes last. -1: nowhere."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of a secret; group 1 of the pattern is the secret itself."""

    name: str
    hints: tuple[str, ...]
    """A text without any of these has no secret of that shape."""
    pattern: re.Pattern[str]
    of_bytes: re.Pattern[bytes]
    begins: Begins
    """No match goes beyond a second hint, or both of them begin alike: so hints are enough to find all matches."""


def _with_it(_: bytes, at: int, __: int) -> int:
    """With the hint itself."""
    return at


def _before_it(characters: int) -> Begins:
    return lambda _, at, __: at - characters


def _last(opening: bytes) -> Begins:
    """With the last of these between two hints."""
    return lambda content, at, previous: content.rfind(opening, previous, at)


def _shape(name: str, pattern: str, *hints: str, begins: Begins = _with_it) -> Shape:
    return Shape(name, hints, re.compile(pattern), re.compile(pattern.encode()), begins)


SHAPES = (
    _shape("a JSON web token", r"(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)", "eyJ"),
    _shape("a bearer token", r"earer(?:\s|%20|\+)+((?=[\w~+/.-]*\d)[\w~+/.-]{20,}=*)", "earer"),
    _shape(
        "a password in an address",
        r"://([^/\s:@\"'<>\\\[\]]+:[^/\s:@\"'<>\\\[\]]+)@",
        "@",
        begins=_last(b"://"),
    ),
    _shape(
        "a private key",
        r"(-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?)",
        "PRIVATE KEY-----",
        begins=_last(b"-----BEGIN "),
    ),
    _shape(
        "a connection string's key",
        r"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=([\w+/%&=.-]{20,})",
        *("AccountKey=", "SharedAccessKey=", "SharedAccessSignature="),
    ),
    _shape("an Atlas service account's secret", r"\b(mdb_sa_sk_\w{8,})", "mdb_sa_sk_"),
    _shape(
        "an Entra client secret",
        r"(?<![\w~.-])([\w~.-]{3}\dQ~[\w~.-]{31,34})(?![\w~.-])",
        "Q~",
        begins=_before_it(4),
    ),
)


def shapes_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where secrets of a known shape stand in a text: start, end, and what it is."""
    for shape in SHAPES:
        if any(hint in text for hint in shape.hints):
            yield from ((*found.span(1), shape.name) for found in shape.pattern.finditer(text))
