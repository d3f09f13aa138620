"""What the identities of a run must be allowed to do, on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.run.doctor.permissions import needed
from harness.settings import Settings


def permissions(settings: Settings) -> Mapping[str, Any]:
    """Roles in Atlas (atlas.md 3.5) and permissions in Azure (azure.md 1.8); none where nothing real is touched."""
    if settings.backend == "fake":
        return {"atlas": [], "azure": []}
    return {"atlas": _atlas(settings), "azure": list(needed(settings))}


def _atlas(settings: Settings) -> list[str]:
    if settings.atlas.project_id:
        reads = "Project Owner (private endpoints are listed to owners only)"
        return [reads] if settings.mode == "observe" else ["Project Owner"]
    return ["Organization Project Creator (and so owner of the projects it makes)"]
