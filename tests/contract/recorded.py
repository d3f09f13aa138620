"""Recorded answers of the real Atlas: reading them, and the shape of a JSON value."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NAME = re.compile(r"(GET|POST|PUT|PATCH|DELETE)_(api_.+)_\d+\.http")


@dataclass(frozen=True)
class Recording:
    """One recorded answer; header names are in lower case."""

    file: Path
    method: str
    route: str
    """Path with underscores for slashes and placeholders for identifiers, as the file name gives it."""
    status: int
    headers: dict[str, str]
    body: Any

    @property
    def media_type(self) -> str:
        """Media type without its parameters; empty where there is none."""
        return self.headers.get("content-type", "").partition(";")[0]


def read_all(directory: Path) -> list[Recording]:
    """Every recording below a directory, in a stable order."""
    return [_read(file) for file in sorted(directory.rglob("*.http"))]


def _read(file: Path) -> Recording:
    found = _NAME.fullmatch(file.name)
    assert found is not None, f"{file.name}: not a recording's name"
    head, _, text = file.read_text(encoding="utf-8").replace("\r\n", "\n").partition("\n\n")
    first, *lines = head.split("\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = json.loads(text) if "json" in headers.get("content-type", "") and text.strip() else None
    return Recording(file, found[1], _route(found[2]), int(first.split()[1]), headers, body)


def _route(name: str) -> str:
    route = re.sub(r"[0-9a-f]{24}", "{id}", name)
    return re.sub(r"cluster-\d+", "{cluster}", route)


def differences(recorded: Any, ours: Any, at: str = "") -> list[str]:
    """Where two JSON values differ in keys or types; of lists the first items are compared, values never."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        only = [f"{at}/{key}: only recorded" for key in recorded.keys() - ours.keys()]
        only += [f"{at}/{key}: only ours" for key in ours.keys() - recorded.keys()]
        both = sorted(recorded.keys() & ours.keys())
        return sorted(only) + [d for key in both for d in differences(recorded[key], ours[key], f"{at}/{key}")]
    if isinstance(recorded, list) and isinstance(ours, list):
        return differences(recorded[0], ours[0], f"{at}/0") if recorded and ours else []
    if _kind(recorded) != _kind(ours):
        return [f"{at}: recorded {_kind(recorded)}, ours {_kind(ours)}"]
    return []


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return "number" if isinstance(value, int | float) else type(value).__name__
