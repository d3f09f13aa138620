"""What was taken out is listed: where, by which rule, how long it was, and a commitment that its owner can open.

A commitment is an HMAC over the value that is gone, under a key that only the run's owner has. Whoever holds the key
and the value can show that this very value stood there; nobody else can try out guesses.
"""

from __future__ import annotations

import hmac
from typing import Literal

import msgspec

Rule = Literal["header", "field", "value", "plaintext", "jwk", "bytes", "shape"]
"""`header`: a credential in a header. `field`: a field whose name says that it is secret. `value`: a known secret,
wherever it stands. `plaintext`: the plain side of a cryptographic operation. `jwk`: a private part of a key. `bytes`: a
body that is no text. `shape`: what looks like a secret, whoever knows it."""

COMMITMENT_LENGTH = 32
"""Hexadecimal digits that are kept: 128 bits."""


class Removed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was taken out."""

    rule: Rule
    length: int
    """Characters, of a body that is no text bytes."""
    commitment: str
    """Empty for the plain side of a cryptographic operation, which is drawn for the occasion and thrown away."""


class Commitments:
    """Commits to values under a key, which is never kept; its repr does not show it."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    def __repr__(self) -> str:
        return "<Commitments>"

    @property
    def key(self) -> bytes:
        """For the other processes of the run, in memory only."""
        return self._key

    def change_key(self, key: bytes) -> None:
        """Commit with another key from now on."""
        self._key = key
        self._known.clear()

    def of(self, value: str) -> str:
        """The commitment to a value."""
        known = self._known.get(value)
        if known is None:
            known = self._known[value] = commitment(self._key, value.encode("utf-8", "surrogatepass"))
        return known


def commitment(key: bytes, value: bytes) -> str:
    """HMAC-SHA256 over a value, cut short."""
    return hmac.digest(key, value, "sha256").hex()[:COMMITMENT_LENGTH]


class Removals:
    """What was taken out of one event, by place."""

    def __init__(self, commitments: Commitments) -> None:
        self._commitments = commitments
        self.listed: dict[str, Removed] = {}

    def note(self, place: str, rule: Rule, value: str) -> None:
        """List a value that was taken out; a second, different one at the same place gets a number."""
        removed = Removed(rule, len(value), "" if rule == "plaintext" else self._commitments.of(value))
        name, number = place, 1
        while self.listed.setdefault(name, removed) != removed:
            number += 1
            name = f"{place}#{number}"
