"""Instants as Atlas writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(instant: float) -> str:
    """Unix seconds as an ISO 8601 instant in UTC, whole seconds (recorded: `2026-08-10T03:05:16Z`)."""
    return datetime.fromtimestamp(int(instant), UTC).replace(tzinfo=None).isoformat() + "Z"


def unix(text: str) -> float:
    """An ISO 8601 instant as unix seconds; without an offset it is UTC.

    Raises:
        ValueError: not such an instant.
    """
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)).timestamp()
