"""What a refusal means for somebody who sets up a profile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.errors import Refused, RoleMissing


@contextmanager
def asking(what: str, *, grant: str, absent: str) -> Iterator[None]:
    """Ask for something that may be forbidden, or not there: each with its own next step.

    Raises:
        RoleMissing: it is forbidden (401, 403), and `grant` says what to do.
        Refused: anything else; where it is not there (404), `absent` says what to do.
    """
    try:
        yield
    except Refused as refusal:
        if refusal.status in (401, 403):
            raise RoleMissing(f"{what}: {refusal.reason} {_short(refusal.detail)}".rstrip(), advice=grant) from refusal
        if refusal.status == 404:
            refusal.advice = absent
        raise


def _short(sentence: str) -> str:
    """The first line, which is what matters of Azure's long ones."""
    lines = sentence.splitlines()
    return lines[0] if lines else ""
