"""Reads control frameworks: one TOML file per framework, one table `[[control]]` for each thing that it asks for.

At the head of a file:

| key | meaning |
|---|---|
| `id` | short name, as `nist-800-53`; what `cmkproof list controls --framework` takes |
| `title`, `edition`, `publisher` | which framework, and in which edition its identifiers are meant |
| `source` | where it is published |
| `licence` | optional: what binds whoever wants to quote its text |

In each `[[control]]`:

| key | meaning |
|---|---|
| `id` | as the framework writes it |
| `title` | in words of ours: texts of most frameworks are copyrighted |
| `kind` | `configuration`, `behaviour` or `process` (`harness/model/control.py`) |
| `verified` | optional: `false` when nobody has compared the identifier with a copy of the framework |
| `link` | tables with `requirement`, `strength` (`direct`, `partial`, `supporting`) and `why`, one line |

A control without links is one that an auditor of key custody asks for and nothing here answers: not covered.

Two kinds of links are refused. A requirement that only reads a configuration (`check = "passive"`) is never direct
evidence for a control about behaviour: a setting that reads right does not show what happens when the key is gone. And
nothing is direct evidence for a process, which people carry out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import msgspec

from harness.catalog.tables import RequirementId, Tables, converted, read
from harness.errors import ConfigError
from harness.model.control import Control, Framework, Kind, Link, Strength
from harness.model.requirement import Check, Requirement
from harness.settings import nearest, shown

DIRECTORY = Path(__file__).parent / "controls"

Line = Annotated[str, msgspec.Meta(pattern=r"^\S[^\n]*$")]


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands above the controls."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
    title: Line
    edition: Line
    publisher: Line
    source: Line
    licence: str = ""


class ControlRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table `[[control]]`; its links are read one by one, each with a line of its own."""

    id: Line
    title: Line
    kind: Kind
    verified: bool = True
    link: tuple[Any, ...] = ()


class LinkRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One link of a control."""

    requirement: RequirementId
    strength: Strength
    why: Line


def load(known: Mapping[str, Requirement], own: Iterable[Path] = ()) -> Mapping[str, Framework]:
    """Every framework by its short name: those that come with cmkproof, and those in directories of an owner.

    A framework of a later directory takes the place of the one of the same name.

    Raises:
        ConfigError: naming the file and the line, for anything that is not as described above; a link to a requirement
            that is not among the `known` ones is an error too.
    """
    found = _frameworks(_built_in(), known)
    for directory in own:
        found |= _frameworks(_files(directory), known)
    return dict(sorted(found.items()))


@cache
def _built_in() -> tuple[Tables, ...]:
    """Those of the installation do not change while it runs, and parsing them is most of the work."""
    return _files(DIRECTORY)


def _files(directory: Path) -> tuple[Tables, ...]:
    files = sorted(directory.glob("*.toml")) if directory.is_dir() else []
    if not files:
        missing = "holds no framework (*.toml)" if directory.is_dir() else "does not exist"
        raise ConfigError(f"the directory {shown(directory)} {missing}", where="controls")
    return tuple(read(path, "control") for path in files)


def _frameworks(files: Iterable[Tables], known: Mapping[str, Requirement]) -> dict[str, Framework]:
    found: dict[str, Framework] = {}
    for tables in files:
        framework = _framework(tables, known)
        if framework.id in found:
            where = f"{tables.name}:{tables.line_with('id', 1)}"
            raise ConfigError(f"another file of this directory describes {framework.id} too", where=where)
        found[framework.id] = framework
    return found


def _framework(tables: Tables, known: Mapping[str, Requirement]) -> Framework:
    head = converted(tables.head, Head, f"{tables.name}:1")
    controls: dict[str, Control] = {}
    for line, values in tables.rows:
        row = converted(values, ControlRow, f"{tables.name}:{line}")
        if row.id in controls:
            raise ConfigError(f"{row.id} stands in this file twice", where=f"{tables.name}:{line}")
        controls[row.id] = Control(row.id, row.title, row.kind, tuple(_links(row, tables, line, known)), row.verified)
    if not controls:
        raise ConfigError(f"{head.id} has no control", where=f"{tables.name}:1", advice="Add a table [[control]].")
    return Framework(controls=tuple(controls.values()), **msgspec.structs.asdict(head))


def _links(row: ControlRow, tables: Tables, start: int, known: Mapping[str, Requirement]) -> Iterator[Link]:
    linked: set[str] = set()
    for values in row.link:
        named = values.get("requirement") if isinstance(values, Mapping) else None
        line = tables.line_with(f'"{named}"', start) if isinstance(named, str) else start
        where = f"{tables.name}:{line}"
        link = Link(**msgspec.structs.asdict(converted(values, LinkRow, where)))
        if link.requirement in linked:
            raise ConfigError(f"{row.id} links {link.requirement} twice", where=where)
        linked.add(link.requirement)
        _check(row, link, known, where)
        yield link


def _check(row: ControlRow, link: Link, known: Mapping[str, Requirement], where: str) -> None:
    requirement = known.get(link.requirement)
    if requirement is None:
        hint = nearest(link.requirement, known)
        raise ConfigError(f"{row.id}: there is no requirement {link.requirement!r}.{hint}", where=where, advice=_LIST)
    if link.strength is not Strength.DIRECT:
        return
    if row.kind is Kind.PROCESS:
        raise ConfigError(
            f"{row.id} is a process, which people carry out: {link.requirement} cannot be direct evidence for it",
            where=where,
            advice=_WEAKER,
        )
    if row.kind is Kind.BEHAVIOUR and requirement.check is Check.PASSIVE:
        raise ConfigError(
            f"{row.id} is about behaviour and {link.requirement} only reads a configuration: never direct evidence",
            where=where,
            advice=f"{_WEAKER} Or link a requirement whose scenario makes it happen.",
        )


_LIST = "`cmkproof list requirements` shows them all."
_WEAKER = 'Give the link the strength "partial" or "supporting".'
