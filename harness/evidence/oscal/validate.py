"""Asks an OSCAL library whether documents are OSCAL, where one is installed (extra `oscal`)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from harness.evidence.oscal import FILES
from harness.evidence.schemas import NotAsDescribed

LIBRARY = "trestle"
MODULES = {
    "assessment-plan": "trestle.oscal.assessment_plan",
    "assessment-results": "trestle.oscal.assessment_results",
    "component-definition": "trestle.oscal.component",
}
"""Where the library has its class for each document."""


def can_validate() -> bool:
    """Whether the library is installed."""
    return find_spec(LIBRARY) is not None


def validate(file: str, text: str) -> None:
    """Ask the library about a document; `file` is its path in the bundle.

    Raises:
        NotAsDescribed: it is not valid; says where.
        ImportError: the library is not installed (`can_validate`).
    """
    model: Any = import_module(MODULES[FILES[file]]).Model
    try:
        model.model_validate_json(text)
    except ValueError as error:
        raise NotAsDescribed(f"{file} is no valid OSCAL{_told(error)}") from None


def _told(error: ValueError) -> str:
    """The first thing that is wrong, and where; the library's errors list all."""
    listed: list[dict[str, Any]] = getattr(error, "errors", list)()
    if not listed:
        return f": {error}"
    place = "/".join(["", *map(str, listed[0]["loc"])])
    more = f" (and {len(listed) - 1} more)" if len(listed) > 1 else ""
    return f" at {place}: {listed[0]['msg']}{more}"
