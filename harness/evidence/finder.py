"""Finding any of many known texts in another one, in one pass however many they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from harness.evidence.encodings import forms

FRESH_MAX = 32
"""So many forms are looked for one by one before they are worth a new automaton."""

WRAPPED = re.compile(r"(?:[A-Za-z0-9+/_-]{40,}(?:\r?\n|\\r\\n|\\n)[ \t]*)+[A-Za-z0-9+/_-]+={0,2}")
"""Base64 on several lines, as mail and certificates write it; the line breaks also as JSON and Python escape them."""
WRAPS = re.compile(r"(?<=[A-Za-z0-9+/_-]{40})(?:\r?\n|\\r\\n|\\n)")
"""Where such a line ends, which is quicker to look for."""
BREAK = re.compile(r"(?:\r?\n|\\r\\n|\\n)[ \t]*")


class Span(NamedTuple):
    """Where a secret stands in a text, and which."""

    start: int
    end: int
    secret: str


class Finder:
    """Knows secrets in all their forms. The automaton is made anew only once what it lacks has doubled it."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self._shortest = 0
        self._settled: list[tuple[str, str]] = []
        self._fresh: list[tuple[str, str]] = []
        self._automaton: AhoCorasick | None = None

    def add(self, secret: str) -> None:
        """Find this from now on."""
        self.secrets.add(secret)
        added = [(form, secret) for form in forms(secret)]
        shortest = min(len(form) for form, _ in added)
        self._shortest = min(self._shortest or shortest, shortest)
        self._fresh += added

    def spans(self, text: str) -> list[Span]:
        """Where secrets stand, from left to right; those that overlap are one."""
        if not self._shortest or len(text) < self._shortest:
            return []
        return _merged(chain(self._whole(text), self._wrapped(text)))

    def _whole(self, text: str) -> Iterator[Span]:
        if len(self._fresh) > max(FRESH_MAX, len(self._settled)):
            self._settled += self._fresh
            self._fresh = []
            known = [form for form, _ in self._settled]
            self._automaton = AhoCorasick(known, implementation=Implementation.ContiguousNFA)
        if self._automaton:
            for which, start, end in _matches(self._automaton, text):
                yield Span(start, end, self._settled[which][1])
        for form, secret in self._fresh:
            at = text.find(form)
            while at >= 0:
                yield Span(at, at + len(form), secret)
                at = text.find(form, at + 1)

    def _wrapped(self, text: str) -> Iterator[Span]:
        """Blocks of base64 that hold a secret once their lines are put together."""
        if not WRAPS.search(text):
            return
        for block in WRAPPED.finditer(text):
            for found in self._whole(BREAK.sub("", block[0])):
                yield Span(*block.span(), found.secret)


def _merged(found: Iterator[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(found):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            longer = last.secret if last.end >= span.end else span.secret
            merged[-1] = Span(last.start, max(last.end, span.end), longer)
        else:
            merged.append(span)
    return merged


def _matches(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    try:
        return automaton.find_matches_as_indexes(text, overlapping=True)
    except UnicodeEncodeError:  # lone surrogates; with something else in their place positions stay as they are
        return automaton.find_matches_as_indexes(text.encode("utf-8", "replace").decode(), overlapping=True)
