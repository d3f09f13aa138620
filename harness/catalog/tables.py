"""TOML as this package reads and writes it: where a table stands, and texts in quotes."""

from __future__ import annotations

import json
import re


def quoted(text: str) -> str:
    """A basic string of TOML, which takes JSON's escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def lines_of(text: str, table: str) -> list[int]:
    """The lines, counted from 1, on which the tables `[[table]]` of a file start."""
    return [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{table}]]"]


def place_of(name: str, text: str, problem: str) -> str:
    """`file:line` of what a message of msgspec (`… at $.clause[3].digest`) or tomllib (`… at line 3`) speaks of."""
    if found := re.search(r"\$\.(\w+)\[(\d+)\]", problem):
        lines = lines_of(text, found[1])
        if int(found[2]) < len(lines):
            return f"{name}:{lines[int(found[2])]}"
    line = re.search(r"at line (\d+)", problem)
    return f"{name}:{line[1] if line else 1}"
