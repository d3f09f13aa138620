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


class OpenedLine(UndoForm, frozen=True, kw_only=True, tag="opened"):
    """Whose ledger this is."""

    profile: str
    """The profile of the run, with which to undo what the ledger names."""
    target: dict[str, Any]
    """What that profile lets a run change."""


class PlanLine(UndoForm, frozen=True, kw_only=True, tag="plan"):
    """A fault that is about to be prepared; nothing has been read or changed for it yet."""

    fault: str
    """Its id in the catalogue."""
    target: dict[str, Any]
    """What it is to strike."""


class FaultLine(UndoForm, frozen=True, kw_only=True, tag="fault"):
    """A fault that is about to be brought about, with all that its undo needs."""

    fault: str
    """Its id in the catalogue."""
    undo: str
    """How it is made good: inverse, compensate, expire, …"""
    target: dict[str, Any]
    """What it strikes, by names and identifiers."""
    site: dict[str, Any]
    """Where it struck: project, vault, principal and others, by names and identifiers."""
    image: dict[str, Any]
    """What was there before."""
    digest: str
    """SHA-256 of that image."""
    post: str
    """What has to be true once it is undone."""
    deadline: float
    """Unix seconds at which it has to be undone at the latest."""
    key: str
    """Names this very injection in the tags of the target."""
    authorisation: str
    """Hash of the plan that somebody confirmed, or why none was needed."""


class ArmedLine(UndoForm, frozen=True, kw_only=True, tag="armed"):
    """The target is stamped with the fault's undo; the act comes next."""

    intent: int
    """Number of the fault's line."""


class AppliedLine(UndoForm, frozen=True, kw_only=True, tag="applied"):
    """The act is over."""

    intent: int
    """Number of the fault's line."""
    known: bool
    """Whether it is known to have happened; if not, it counts as if it had."""


class SeenLine(UndoForm, frozen=True, kw_only=True, tag="observed"):
    """The fault was seen to be in force."""

    intent: int
    """Number of the fault's line."""


class UndoneLine(UndoForm, frozen=True, kw_only=True, tag="undone"):
    """A change that has been undone."""

    intent: int
    """Number of its intent, or of the fault's line."""
    outcome: str | None = None
    """How a fault ended: restored, compensated, expired, manual, foreign. Changes that are no faults have none."""


UndoLine = OpenedLine | IntentLine | PlanLine | FaultLine | ArmedLine | AppliedLine | SeenLine | UndoneLine
