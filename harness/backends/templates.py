"""The template of a request: its path with names in place of what differs from call to call, from the tables that
both sides already have; for what no table has, by the looks of what stands in the path."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from harness.atlas import permissions as atlas
from harness.azure import permissions as azure
from harness.backends.needs import ATLAS_PATH

CLOUD = "cloudProvider"
"""What Atlas's description calls the place in which our requests say AZURE."""
KNOWN_MAX = 4096

LOOKS = (
    ("id", re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")),
    ("objectId", re.compile(r"[0-9a-f]{24}")),
    ("version", re.compile(r"[0-9a-f]{32}")),
)
"""What identifiers look like: of Microsoft, of Atlas, of a version of a key."""
SIGN_IN = re.compile(r"/([^/]+)/(?:oauth2/|v2\.0/)")
"""Authorities of Entra begin with the tenant; `common` and the like name none."""


@dataclass(frozen=True, slots=True)
class Template:
    """A path with names in braces, and what stood in their places and in the query."""

    path: str
    parameters: dict[str, str] = field(default_factory=dict)


@lru_cache(KNOWN_MAX)
def template(method: str, url: str) -> Template:
    """The template of a request; `url` as it is shown, without secrets."""
    parts = urlsplit(url)
    try:
        found = _of_atlas(method, parts.path) if parts.path.startswith(ATLAS_PATH) else _of_azure(method, url)
    except LookupError:
        found = _by_looks(parts.path)
    asked: dict[str, str] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        asked[name] = f"{asked[name]},{value}" if name in asked else value
    return Template(found.path, {**asked, **found.parameters})


def _of_atlas(method: str, path: str) -> Template:
    row, match = atlas.matched(method, path)
    if "/AZURE" in row.operation.path:
        return Template(row.operation.path.replace("/AZURE", f"/{{{CLOUD}}}"), {**match.groupdict(), CLOUD: "AZURE"})
    return Template(row.operation.path, match.groupdict())


def _of_azure(method: str, url: str) -> Template:
    row, match = azure.matched(method, url)
    named = {name: value for name, value in match.groupdict().items() if value}
    path = match.string
    for name in sorted(named, key=match.start, reverse=True):
        path = f"{path[: match.start(name)]}{{{name}}}{path[match.end(name) :]}"
    if row.plane == "data":
        named["vault"] = (urlsplit(url).hostname or "").partition(".")[0]
    return Template(path, named)


def _by_looks(path: str) -> Template:
    parameters: dict[str, str] = {}
    if (tenant := SIGN_IN.match(path)) and tenant[1] != "common":
        parameters["tenantId"] = tenant[1]
        path = path.replace(tenant[1], "{tenantId}", 1)
    parts = path.split("/")
    for at, part in enumerate(parts):
        kind = next((name for name, look in LOOKS if look.fullmatch(part)), "")
        if kind:
            number = sum(name.startswith(kind) for name in parameters)
            name = f"{kind}{number + 1}" if number else kind
            parameters[name], parts[at] = part, f"{{{name}}}"
    return Template("/".join(parts), parameters)
