"""Clauses of a description of an API (OpenAPI 3): what it says of its parts, each at a JSON pointer (RFC 6901).

Two places go by name instead of by number, so that a new neighbour does not move them: an alternative that has a title,
and a value of a long list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from harness.catalog.clauses.markdown import markdown_clauses
from harness.catalog.clauses.text import Clause
from harness.errors import UsageError

METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "trace")
LISTS = ("enum", "required", "x-rolesRequirements")
"""Members whose values belong together: one clause."""
LONG = 12
"""Of a list with more values each is a clause: event names come and go without anything else changing."""
SINGLE = ("format", "maximum", "minimum", "pattern", "readOnly", "writeOnly", "deprecated")
"""Members that say one thing."""
SKIPPED = ("example", "examples", "externalDocs", "responses", "tags", "summary")
"""Members that promise nothing; of responses the codes count."""


def openapi_clauses(text: str) -> list[Clause]:
    """The clauses of a description in JSON, in its order.

    Raises:
        UsageError: it is not JSON, or not such a description.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"this is not JSON: {error}") from None
    if not isinstance(document, dict) or "openapi" not in document:
        raise UsageError("this is not a description of an API: it has no member `openapi`")
    return list(_walk({key: document[key] for key in ("paths", "components") if key in document}, ""))


def _walk(node: Any, pointer: str) -> Iterator[Clause]:
    if isinstance(node, list):
        for number, inner in enumerate(node):
            title = inner.get("title") if isinstance(inner, dict) else None
            yield from _walk(inner, _below(pointer, title if isinstance(title, str) else str(number)))
        return
    if not isinstance(node, dict):
        return
    parent = pointer.rpartition("/")[2]
    if parent in ("properties", "schemas"):  # names given by the vendor, which may be `description` or `enum`
        yield from _members(node, pointer, ())
        return
    if operations := [name for name in METHODS if name in node]:
        yield Clause(pointer, f"operations: {', '.join(operations)}")
    description = node.get("description")
    if isinstance(description, str):
        yield from (Clause(pointer, one.text) for one in markdown_clauses(description))
    for key in LISTS:
        values = [str(one) for one in node[key]] if isinstance(node.get(key), list) else []
        if len(values) > LONG:
            yield from (Clause(_below(f"{pointer}/{key}", one), one) for one in values)
        elif values:
            yield Clause(pointer, f"{key}: {', '.join(values)}")
    for key in SINGLE:
        if isinstance(node.get(key), (str, int, float)):
            yield Clause(pointer, f"{key}: {node[key]}")
    if isinstance(node.get("responses"), dict):
        yield Clause(pointer, f"responses: {', '.join(sorted(node['responses']))}")
    yield from _members(node, pointer, ("description", *LISTS, *SINGLE, *SKIPPED))


def _members(node: Mapping[str, Any], pointer: str, told: tuple[str, ...]) -> Iterator[Clause]:
    for key, inner in node.items():
        if key not in told:
            yield from _walk(inner, _below(pointer, key))


def _below(pointer: str, name: str) -> str:
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
