"""`redactions.jsonl`: what was taken out of the recordings, by which rule, with a commitment to each value."""

from __future__ import annotations

from harness.evidence.forms.result import Form


class Redaction(Form, frozen=True, kw_only=True):
    """One value that was taken out at one kind of place in one scenario's recording."""

    run: str
    scenario: str
    simulated: bool
    place: str
    """Such as `request.headers.authorization`."""
    rule: str
    length: int
    """Characters of the value."""
    commitment: str
    """HMAC-SHA-256 over the value with a key that only the owner can have, cut to 32 characters (docs/redaction.md)."""
    exchanges: int
    """So many exchanges had it there, not counting those that repeat an earlier one."""
    first: int
    """Number of the first of these on the tape."""
