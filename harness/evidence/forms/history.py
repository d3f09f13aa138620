"""`history/*.jsonl`: the lines of a scenario's history, as `harness.model.history` writes them."""

from __future__ import annotations

from typing import Any

from harness.evidence.forms.result import Form
from harness.model.history import Completion


class HistoryForm(Form, frozen=True, kw_only=True, tag_field="kind"):
    """What every line carries."""

    sequence: int
    """From 0."""
    at: float
    """Unix seconds on the run's clock."""
    digest: str
    """SHA-256 over the digest before and this line."""


class ActedLine(HistoryForm, frozen=True, kw_only=True, tag="acted"):
    """A party did something that could change the system, and what came of it."""

    party: str
    verb: str
    subject: str
    completion: Completion
    started: float
    """Unix seconds, before the act; `at` is after it."""
    arguments: dict[str, Any]
    status: int | None
    """HTTP status of a refusal, or of an acceptance where its status is documented."""
    reason: str
    """The service's error code for a refusal."""
    detail: str


class ObservedLine(HistoryForm, frozen=True, kw_only=True, tag="observed"):
    """What a party saw of a subject."""

    party: str
    subject: str
    facts: dict[str, Any]


class ClaimedLine(HistoryForm, frozen=True, kw_only=True, tag="claimed"):
    """A promise about the history, judged by the checker of that name."""

    checker: str
    text: str
    since: int
    """Sequence number of the line from which the promise counts."""
    arguments: dict[str, Any]


HistoryLine = ActedLine | ObservedLine | ClaimedLine
