"""Clauses of a page or include in reStructuredText, as MongoDB's documentation is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from harness.catalog.clauses.roles import shown
from harness.catalog.clauses.text import Clause, section_path

_ADORNMENT = re.compile(r"^([=\-~`'^\"*+#.:_])\1{2,}\s*$")
_DIRECTIVE = re.compile(r"^\.\. (?:\|[^|]+\| )?([\w:.+-]+)::(?:\s+(.*))?$")
_OPTION = re.compile(r"^:[\w-]+:")
_ITEM = re.compile(r"^((?:[-*+]|(?:\w|\d+|#)[.)])\s+)(?=\S)")
_LINE = re.compile(r"^\|(?: |$)")

SILENT = frozenset(
    (
        "contents",
        "default-domain",
        "dismissible-skills-card",
        "facet",
        "figure",
        "image",
        "include",
        "literalinclude",
        "meta",
        "replace",
        "sharedinclude",
        "toctree",
        "versionadded",
    )
)
"""Directives that say nothing by themselves: what an include says is a document of its own."""

TRANSPARENT = frozenset(("composable-tutorial", "container", "io-code-block", "procedure", "selected-content", "tabs"))
"""Directives around others, whose argument and options nobody reads."""

CODE = frozenset(("code", "code-block", "input", "output", "parsed-literal", "sourcecode"))
"""Directives whose body is one clause as it stands."""

NAMED = frozenset(("alert", "expression"))
"""Directives that define a term: their argument is both a clause and a heading."""


def restructured_clauses(text: str) -> list[Clause]:
    """The clauses of a document, in its order."""
    return list(_Page().blocks(text.expandtabs(8).splitlines(), ()))


@dataclass(slots=True)
class _Page:
    """One pass through a document."""

    levels: list[tuple[str, bool]] = field(default_factory=list)
    """Styles of headings, outermost first, in the order in which the document uses them; the first is the title's."""

    def blocks(self, lines: Sequence[str], above: tuple[str, ...]) -> Iterator[Clause]:
        """The clauses of some lines with the same margin, below some headings."""
        lines = _dedented(lines)
        headings: tuple[str, ...] = ()
        at, steps = 0, 0
        while at < len(lines):
            if not lines[at].strip():
                at += 1
                continue
            if heading := _heading(lines, at):
                title, style, at = heading
                level = self._level(style)
                headings = (*headings[: level - 1], title) if level else ()
                continue
            end = _end(lines, at)
            path = (*above, *headings)
            if found := _DIRECTIVE.match(lines[at]):
                steps += found[1] == "step"
                yield from self._directive(found, lines[at + 1 : end], path, steps)
            elif not lines[at].startswith(".. ") and lines[at].strip() != "..":
                yield from self._body(lines[at:end], path)
            at = end

    def _level(self, style: tuple[str, bool]) -> int:
        if style not in self.levels:
            self.levels.append(style)
        return self.levels.index(style)

    def _directive(
        self, found: re.Match[str], body: Sequence[str], path: tuple[str, ...], step: int
    ) -> Iterator[Clause]:
        name, argument = found[1], (found[2] or "").strip()
        body = _dedented(body)
        if name in SILENT:
            return
        if name in CODE:
            yield from _clause(path, _code(body))
            return
        argument, body = _whole_argument(argument, body, options=name not in TRANSPARENT)
        if name == "list-table":
            yield from self._table(body, path)
            return
        if name not in TRANSPARENT and name != "tab":
            yield from _clause((*path, f"step {step}") if name == "step" else path, shown(argument))
        if name == "step":
            path = (*path, f"step {step}")
        elif name in NAMED or name == "tab":
            path = (*path, shown(argument))
        yield from self.blocks(_without_options(body), path)

    def _table(self, body: Sequence[str], path: tuple[str, ...]) -> Iterator[Clause]:
        """A row is a clause; where the first column names the rows, its cell is a heading too."""
        named = any(line.strip().startswith(":stub-columns:") for line in body)
        for row in _items(_without_options(body)):
            cells = [" ".join(one.text for one in self.blocks(cell, ())) for cell in _items(row)]
            heading = (*path, cells[0]) if named and cells else path
            yield from _clause(heading, " | ".join(cells))

    def _body(self, lines: Sequence[str], path: tuple[str, ...]) -> Iterator[Clause]:
        """A paragraph or one item of a list."""
        if _ITEM.match(lines[0]):
            yield from self.blocks(_unmarked(lines), path)
        elif lines[0].startswith(" "):
            yield from self.blocks(lines, path)
        else:
            yield from _clause(path, shown(" ".join(_LINE.sub("", line) for line in lines)))


def _clause(path: Sequence[str], text: str) -> Iterator[Clause]:
    if text.strip():
        yield Clause(section_path(*path), " ".join(text.split()))


def _heading(lines: Sequence[str], at: int) -> tuple[str, tuple[str, bool], int] | None:
    """Title, style and the line after it, if a heading starts here."""
    above = _ADORNMENT.match(lines[at])
    if above and at + 2 < len(lines) and lines[at + 1].strip() and lines[at + 2].rstrip() == lines[at].rstrip():
        return shown(lines[at + 1].strip()), (above[1], True), at + 3
    below = _ADORNMENT.match(lines[at + 1]) if at + 1 < len(lines) else None
    if below and not above and not lines[at].startswith((" ", ".. ")):
        return shown(lines[at].strip()), (below[1], False), at + 2
    return None


def _end(lines: Sequence[str], at: int) -> int:
    """The line after the block that starts at a line: its own lines and, for items and directives, what is set in."""
    set_in = bool(_ITEM.match(lines[at]) or lines[at].startswith((".. ", " ")) or lines[at].strip() == "..")
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if not line.strip():
            if not set_in:
                break
        elif not line.startswith(" ") and (set_in or _DIRECTIVE.match(line)):
            break
        end += 1
    return end


def _whole_argument(argument: str, body: Sequence[str], *, options: bool) -> tuple[str, Sequence[str]]:
    """An argument that goes on in the lines right below the directive, and the body without them."""
    at = 0
    while options and argument and at < len(body) and body[at].strip() and not _OPTION.match(body[at]):
        argument, at = f"{argument} {body[at].strip()}", at + 1
    return argument, body[at:]


def _without_options(body: Sequence[str]) -> Sequence[str]:
    at = 0
    while at < len(body) and _OPTION.match(body[at]):
        at += 1
    return body[at:]


def _code(body: Sequence[str]) -> str:
    return "\n".join(_without_options(body))


def _items(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """The items of a list, each without its mark."""
    lines = _dedented(lines)
    starts = [at for at, line in enumerate(lines) if _ITEM.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _unmarked(lines[start:end])


def _unmarked(lines: Sequence[str]) -> list[str]:
    """An item without its mark: what followed the mark on its line stands above what is set in below it."""
    return [_ITEM.sub("", lines[0]), *_dedented(lines[1:])]


def _dedented(lines: Sequence[str]) -> list[str]:
    """The lines without the margin that they share."""
    margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    margin = min(margins, default=0)
    return [line[margin:].rstrip() for line in lines]
