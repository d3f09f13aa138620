"""`undo.jsonl`: the undo ledger of a run; on disk, a tab and a checksum follow each line."""

from __future__ import annotations

from typing import Any

from harness.evidence.forms.result import Form


class UndoForm(Form, frozen=True, kw_only=True, tag_field="kind"):
    """What every line carries."""

    number: int
    """From 0."""
    at: float
    """Unix seconds on the run's clock."""
    before: str
    """SHA-256 of the line before."""


class IntentLine(UndoForm, frozen=True, kw_only=True, tag="intent"):
    """A change that is about to be made, by what undoes it."""

    undo: str
    """Name of the operation that undoes it."""
    target: dict[str, Any]
    """What that operation is done to."""


class UndoneLine(UndoForm, frozen=True, kw_only=True, tag="undone"):
    """A change that has been undone."""

    intent: int
    """Number of its intent."""


UndoLine = IntentLine | UndoneLine
