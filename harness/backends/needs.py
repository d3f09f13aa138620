"""What a request needs of whoever sends it, in the words of the clouds, from the tables of both sides."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.atlas import permissions as atlas
from harness.azure import permissions as azure

ATLAS_PATH = "/api/atlas/"
"""How the paths of Atlas's API begin; none of Azure's does."""


def needed(method: str, url: str) -> str:
    """Permission and scope, or role; empty for signing in and for what no table has."""
    path = urlsplit(url).path
    try:
        if path.startswith(ATLAS_PATH):
            return f"the Atlas role {atlas.required(method, path).role.value}"
        row = azure.required(method, path)
    except LookupError:
        return ""
    return f"{' and '.join(row.actions)} at the {row.where}"
