"""Clauses of a page in Markdown, as Microsoft's documentation is written, and of the descriptions in an API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harness.catalog.clauses.text import Clause, section_path

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_TAB = re.compile(r"\(#tab/")
_FENCE = re.compile(r"^\s*(```+|~~~+)")
_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d+[.)])\s+")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|?[\s:|-]*-{2,}[\s:|-]*\|?\s*$")
_NOTICE = re.compile(r"^\[!\w+\]\s*$|^\[!(?:INCLUDE|VIDEO)\b.*$", re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|\[([^\]]*)\]\[[^\]]*\]")
_EMPHASIS = re.compile(r"(\*\*|__|(?<!\w)[*_])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_COMMENT = re.compile(r"<!--.*?-->|:::[^\n]*", re.DOTALL)


def markdown_clauses(text: str) -> list[Clause]:
    """The clauses of a document, in its order."""
    return list(_blocks(_COMMENT.sub("", _without_front_matter(text)).expandtabs(4).splitlines(), ()))


def _without_front_matter(text: str) -> str:
    found = re.match(r"\A---\n.*?\n---\n", text, re.DOTALL)
    return text[found.end() :] if found else text


def _blocks(lines: Sequence[str], above: tuple[str, ...]) -> Iterator[Clause]:
    headings: list[str] = []
    tab: tuple[str, ...] = ()
    at = 0
    while at < len(lines):
        line = lines[at]
        if heading := _HEADING.match(line):
            if _TAB.search(heading[2]):
                tab = (_plain(heading[2]),)
            else:
                level = len(heading[1]) - 1  # the title of the document is no section
                headings = [*(headings + [""] * 6)[: level - 1], _plain(heading[2])] if level else []
            at += 1
            continue
        if re.fullmatch(r"-{3,}\s*", line):
            tab = ()
        block, at = _block(lines, at)
        path = (*above, *headings, *tab)
        if block and block[0].lstrip().startswith(">"):
            yield from _blocks([re.sub(r"^\s*> ?", "", one) for one in block], path)
        elif block:
            yield from _clause(path, block)


def _block(lines: Sequence[str], at: int) -> tuple[list[str], int]:
    """The block that starts at a line, and the line after it; no lines where there is none."""
    first = lines[at]
    if fence := _FENCE.match(first):
        closing = (end for end in range(at + 1, len(lines)) if lines[end].strip().startswith(fence[1]))
        end = next(closing, len(lines))
        return list(lines[at + 1 : end]), end + 1
    if not first.strip() or _RULE.match(first) or _NOTICE.match(first.strip()):
        return [], at + 1
    if _ROW.match(first):
        return [first], at + 1
    end = at + 1
    while end < len(lines) and _goes_on(first, lines[end]):
        end += 1
    return list(lines[at:end]), end


def _goes_on(first: str, line: str) -> bool:
    """Whether a line belongs to the block that starts with another."""
    quoted = first.lstrip().startswith(">")
    if quoted or line.lstrip().startswith(">"):
        return quoted and line.lstrip().startswith(">")
    return bool(line.strip()) and not any(rule.match(line) for rule in (_HEADING, _FENCE, _ITEM, _ROW))


def _clause(path: Sequence[str], block: Sequence[str]) -> Iterator[Clause]:
    if _ROW.match(block[0]):
        cells = [_plain(cell) for cell in re.split(r"(?<!\\)\|", block[0].strip().strip("|"))]
        text = " | ".join(cells)
    else:
        text = _plain(" ".join([_ITEM.sub("", block[0]), *block[1:]]))
    if text:
        yield Clause(section_path(*path), text)


def _plain(text: str) -> str:
    """A text without links, images, code marks and emphasis."""
    text = _LINK.sub(lambda found: found[1] or found[2] or "", _IMAGE.sub("", text))
    text = _EMPHASIS.sub(r"\2", text.replace("`", ""))
    return " ".join(re.sub(r"\\([\\`*_{}\[\]()#+.!|>-])", r"\1", text).split())
