"""`faults.jsonl`: everything that was broken, or put right, on purpose."""

from __future__ import annotations

from typing import Any, Literal

from harness.evidence.forms.result import Form


class Fault(Form, frozen=True, kw_only=True):
    """One act that took something away from the system under test, or gave it back."""

    run: str
    scenario: str
    simulated: bool
    entry: int
    """Line of the scenario's history, from 0."""
    effect: Literal["takes away", "gives back"]
    party: str
    verb: str
    subject: str
    arguments: dict[str, Any]
    authorisation: str
    """Hash of the confirmed plan, or why none is needed."""
    started: float
    """Unix seconds on the run's clock."""
    ended: float
    completion: str
    status: int | None
    restored: str
    """How the state from before came back."""
