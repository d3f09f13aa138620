"""From the text of a document to its clauses, by the form it is written in."""

from __future__ import annotations

from pathlib import PurePath

from harness.catalog.clauses.markdown import markdown_clauses
from harness.catalog.clauses.openapi import openapi_clauses
from harness.catalog.clauses.restructured import restructured_clauses
from harness.catalog.clauses.text import Clause
from harness.errors import UsageError

_READERS = {
    ".txt": restructured_clauses,
    ".rst": restructured_clauses,
    ".md": markdown_clauses,
    ".json": openapi_clauses,
}
SUFFIXES = tuple(_READERS)
"""Endings of the files that can be read."""


def clauses_of(name: str, text: str) -> list[Clause]:
    """The clauses of a document with this file name, in its order.

    Raises:
        UsageError: its form is not one of those we read, or it does not keep to it.
    """
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise UsageError(
            f"{name} has none of the endings {', '.join(SUFFIXES)}",
            advice="A description of an API in YAML can be had from its vendor, or converted, as JSON.",
        )
    return reader(text)
