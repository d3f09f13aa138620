"""`ledger.json`: which bundle came before this one."""

from __future__ import annotations

from harness.evidence.forms.result import Form


class Predecessor(Form, frozen=True, kw_only=True):
    """The bundle that was sealed before, in the same directory of reports."""

    run: str
    sequence: int
    digest: str
    """SHA-256 of its `SHA256SUMS`."""


class Ledger(Form, frozen=True, kw_only=True):
    """The whole document."""

    format: int
    run: str
    sequence: int
    """From 1."""
    previous: Predecessor | None
