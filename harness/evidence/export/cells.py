"""Rows of cells in SpreadsheetML (ECMA-376, part 1, 18.3.1.73), many at a time, and a workbook that gets them.

A run of a thousand scenarios has some two hundred thousand cells. One call of a library for each costs seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from harness.evidence.export.sheets import Row

CELL_MAX = 32_000
"""Characters that a cell takes; a spreadsheet refuses more."""
AT_A_TIME = 10_000
"""About so many cells are in memory as text at a time."""
LEVEL = 3
"""Of compression: a third more bytes than the usual level, in a third of the time."""

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 does not allow, and the carriage return, which its readers would change."""
_STYLE = re.compile(rb'<col [^>]*style="(\d+)"')
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
_END_OF_ROWS = b"</sheetData>"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one sheet as they stand in it, but for the style of their cells."""

    last: int
    """Number of the last row, from one; that of the heading where there is no other."""
    width: int
    content: Callable[[int], Iterator[bytes]]
    """The rows, some at a time, given the number of their cells' style."""


def rows_of(rows: Iterable[Row], first: int, width: int) -> Rows:
    """The rows of a sheet, from the one with the number `first` (from one) on, with at most `width` cells each."""
    kept = list(rows)
    return Rows(first + len(kept) - 1, width, lambda style: _written(kept, first, width, style))


def filled(book: bytes, sheets: Mapping[str, Rows]) -> bytes:
    """A workbook with more rows at the end of its sheets, by the names of their files; its columns say their style."""
    target = BytesIO()
    with ZipFile(BytesIO(book)) as empty, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=LEVEL) as full:
        for name in empty.namelist():
            content, added = empty.read(name), sheets.get(name)
            with full.open(name, "w") as member:  # as of 1980, which stands for no time
                for part in _with_rows(content, added) if added else (content,):
                    member.write(part)
    return target.getvalue()


def text_of(value: object) -> str:
    """A value as the text of a cell: not too long, and with nothing that XML cannot carry (ECMA-376, 22.4.2.4)."""
    text = str(value)
    text = text if len(text) <= CELL_MAX else f"{text[:CELL_MAX]} (cut; the bundle has it whole)"
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(_NO_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def _with_rows(sheet: bytes, rows: Rows) -> Iterator[bytes]:
    style = _STYLE.search(sheet)
    whole = f'<dimension ref="A1:{column(rows.width - 1)}{rows.last}"/>'.encode()
    before, end, after = _DIMENSION.sub(whole, sheet, count=1).partition(_END_OF_ROWS)
    yield before
    yield from rows.content(int(style[1]) if style else 0)
    yield end + after


def _written(rows: Iterable[Row], first: int, width: int, style: int) -> Iterator[bytes]:
    @lru_cache(maxsize=4096)
    def text_cell(text: str) -> str:
        blanks = ' xml:space="preserve"' if text != text.strip() else ""
        return f'" s="{style}" t="inlineStr"><is><t{blanks}>{text_of(text)}</t></is></c>'

    letters = [f'<c r="{column(number)}' for number in range(width)]
    parts: list[str] = []
    for number, row in enumerate(rows, first):
        parts.append(f'<row r="{number}">')
        for letter, value in zip(letters, row, strict=False):
            if isinstance(value, int | float) and not isinstance(value, bool):
                parts.append(f'{letter}{number}" s="{style}"><v>{value!r}</v></c>')
            elif value != "":  # a fifth of all cells, each with its cost
                parts.append(f"{letter}{number}{text_cell(str(value))}")
        parts.append("</row>")
        if len(parts) > AT_A_TIME:
            yield "".join(parts).encode()
            parts.clear()
    yield "".join(parts).encode()


def column(number: int) -> str:
    """The name of a column, from zero."""
    return chr(ord("A") + number) if number < 26 else column(number // 26 - 1) + column(number % 26)
