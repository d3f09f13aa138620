"""Finds, in bytes of any kind, every form of every known secret and every shape that is never allowed.

All of it is looked for in one pass. Of each form only the last few bytes are in the automaton, which keeps it small
and quick however many secrets there are; what ends like that is then compared as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import BytesAhoCorasick, Implementation

from harness.evidence.encodings import forms, halves, is_plain
from harness.evidence.shapes import SHAPES, Shape

HALF_MIN = 16
"""Halves of encoded forms that are at least this long are looked for, since a line may break in between."""

PART = 16
"""Of what was drawn at random so many of its last bytes are looked for: that is quicker, and a part is a leak too."""

ENDING = 7
"""So many last bytes of a form are in the automaton; with fewer there are too many hits, with more too many states."""


class Detector:
    """Knows all forms of all secrets; made once for all files."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._encodings: dict[bytes, str] = {}
        for secret in filter(None, secrets):
            part = PART if is_plain(secret) else 0
            for form, encoding in forms(secret).items():
                for looked_for in _parts(form, encoding):
                    self._encodings.setdefault(looked_for[-part:].encode("utf-8", "surrogatepass"), encoding)
        endings: dict[bytes, list[bytes]] = {}
        for known in self._encodings:
            endings.setdefault(known[-ENDING:], []).append(known)
        self._forms = list(endings.values())
        self._shapes = [shape for shape in SHAPES for _ in shape.hints]
        hints = [hint.encode() for shape in SHAPES for hint in shape.hints]
        self._automaton = BytesAhoCorasick([*endings, *hints], implementation=Implementation.ContiguousNFA)

    def find(self, content: bytes) -> Iterator[tuple[int, str]]:
        """Where, and what."""
        hints: dict[str, list[int]] = {}
        known = len(self._forms)
        for which, start, end in self._automaton.find_matches_as_indexes(content, overlapping=True):
            if which >= known:
                hints.setdefault(self._shapes[which - known].name, []).append(start)
                continue
            for form in self._forms[which]:
                if len(form) <= end and content.startswith(form, end - len(form)):
                    yield end - len(form), f"a known secret ({self._encodings[form]})"
        for shape in SHAPES:
            yield from ((at, shape.name) for at in _matches(shape, content, hints.get(shape.name, ())))


def _matches(shape: Shape, content: bytes, hints: Sequence[int]) -> Iterator[int]:
    """Where secrets of a shape begin, given the places of its hints from left to right."""
    previous, through = 0, 0
    for at in hints:
        begin = shape.begins(content, at, previous)
        previous = at
        if begin >= through and (match := shape.of_bytes.match(content, begin)):
            through = match.end()
            yield match.start(1)


def _parts(form: str, encoding: str) -> Sequence[str]:
    """What a form is found by: base64, which may be broken over lines, by either of its halves."""
    both = halves(form) if encoding == "base64" else (form,)
    return both if len(both[0]) >= HALF_MIN else (form,)
