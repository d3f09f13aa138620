"""`manifest.json`: every file of a bundle, in canonical form (RFC 8785)."""

from __future__ import annotations

from harness.evidence.forms.result import Form
from harness.model.layout import Kind


class FileEntry(Form, frozen=True, kw_only=True):
    """One file."""

    path: str
    sha256: str
    bytes: int
    media_type: str
    kind: Kind
    redacted: bool
    """Something was taken out of it before it was written."""


class Manifest(Form, frozen=True, kw_only=True):
    """The whole document."""

    format: int
    run: str
    simulated: bool
    files: list[FileEntry]
