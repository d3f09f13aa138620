"""`manifest.json`: every file of a bundle, in canonical form (RFC 8785)."""

from __future__ import annotations

from typing import Literal

from harness.evidence.forms.result import Form

Class = Literal["primary", "derived", "reference"]
"""`primary`: what the verdicts rest on. `derived`: made from that. `reference`: what helps to read it."""


class FileEntry(Form, frozen=True, kw_only=True):
    """One file."""

    path: str
    sha256: str
    bytes: int
    media_type: str
    kind: Class
    redacted: bool
    """Something was taken out of it before it was written."""


class Manifest(Form, frozen=True, kw_only=True):
    """The whole document."""

    format: int
    run: str
    simulated: bool
    files: list[FileEntry]
