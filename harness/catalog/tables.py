"""The TOML files of the catalogue: what stands at their head, their rows, and on which line each row is; and texts as
such files hold them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from harness.errors import ConfigError
from harness.settings import shown
from harness.settings.text import line_of_error

T = TypeVar("T")
Text = Annotated[str, msgspec.Meta(min_length=1)]
RequirementId = Annotated[str, msgspec.Meta(pattern=r"^(EAR|AKV)-\d{3}$")]


@dataclass(frozen=True, slots=True)
class Tables:
    """One file. `rows` are its tables `[[NAME]]`, each with its line; `head` is everything else."""

    name: str
    """The file, as people know it."""
    head: Mapping[str, Any]
    rows: tuple[tuple[int, Any], ...]
    lines: tuple[str, ...]

    def line_with(self, text: str, start: int) -> int:
        """The first line from `start` on that holds a text; `start` itself when none does."""
        found = (number for number in range(start, len(self.lines) + 1) if text in self.lines[number - 1])
        return next(found, start)


def read(path: Path, table: str) -> Tables:
    """A file whose rows are tables `[[table]]`.

    Raises:
        ConfigError: it cannot be read or is not TOML, or its rows are no list of tables; with file and line.
    """
    name = shown(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"this is not TOML: {error}", where=f"{name}:{line_of_error(error)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the file cannot be read: {error}", where=name) from None
    rows = document.pop(table, [])
    if not isinstance(rows, list):
        raise ConfigError(f"write [[{table}]], once for each {table}", where=f"{name}:1")
    lines = tuple(text.splitlines())
    header = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
    starts = [number for number, line in enumerate(lines, 1) if header.match(line)]
    if len(starts) != len(rows):  # written in some other way that TOML allows: the file must do as a place
        starts = [1] * len(rows)
    return Tables(name, document, tuple(zip(starts, rows, strict=True)), lines)


def converted(values: object, kind: type[T], where: str) -> T:
    """A table as the struct that it must be; `where` is its place, file and line.

    Raises:
        ConfigError: it is not one.
    """
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(str(error), where=where) from None


def quoted(text: str) -> str:
    """A basic string of TOML, which takes JSON's escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
