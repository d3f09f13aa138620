"""Reads the requirements: one TOML file per chapter, one table `[[requirement]]` per promise.

| key | meaning |
|---|---|
| `id` | `EAR-001` (atlas.md 1) or `AKV-001` (azure.md 5); never reused |
| `statement` | the promise, one sentence that can be proved wrong |
| `source` | document and section that make it |
| `label` | `documented`, `observed` or `inferred` |
| `check` | `passive`, `active`, `destructive`, or `none` when no scenario can observe it |
| `why_not_tested` | with `check = "none"`: the reason |
| `bound` | optional: a time, `3 minutes`, or the name of a limit |
| `bound_is_ours` | optional: the documentation gives no time; `bound` may name an entry of `[limits]` |
| `remedy` | optional: how to put it right, in one line |
| `readings` | optional: open questions that the promise touches |
| `unobservable_under` | optional: answers to them, `name=answer`, under which no API shows the promise kept |
| `checkers` | names of the checkers that judge it |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from harness.catalog.tables import RequirementId, Text, converted, read
from harness.errors import ConfigError
from harness.limits import Limits
from harness.model.requirement import Check, Label, Requirement

DIRECTORY = Path(__file__).parent / "requirements"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table as it stands in the file."""

    id: RequirementId
    statement: Text
    source: Text
    label: Label
    check: Check
    why_not_tested: str = ""
    bound: str = ""
    bound_is_ours: bool = False
    remedy: str = ""
    readings: tuple[str, ...] = ()
    unobservable_under: tuple[Annotated[str, msgspec.Meta(pattern=r"^\w+=\w+$")], ...] = ()
    checkers: tuple[str, ...] = ()


def load(directory: Path = DIRECTORY) -> Mapping[str, Requirement]:
    """Every requirement by id, in order of ids.

    Raises:
        ConfigError: naming the file and the line, for anything that is not as described above.
    """
    found: dict[str, Requirement] = {}
    for path in sorted(directory.glob("*.toml")):
        for where, requirement in _read(path):
            if requirement.id in found:
                other = found[requirement.id].chapter
                raise ConfigError(f"{requirement.id} stands in {other}.toml already", where=where)
            found[requirement.id] = requirement
    if not found:
        raise ConfigError(f"no requirements in {directory.name}", advice="The installation is incomplete: reinstall.")
    return dict(sorted(found.items()))


def _read(path: Path) -> Iterator[tuple[str, Requirement]]:
    """Each requirement with its place, file and line."""
    tables = read(path, "requirement")
    if tables.head:
        raise ConfigError(f"unknown table {next(iter(tables.head))!r}", where=tables.name)
    for line, values in tables.rows:
        where = f"{tables.name}:{line}"
        yield where, _requirement(values, path.stem, where)


def _requirement(values: object, chapter: str, where: str) -> Requirement:
    row = converted(values, Row, where)
    if (row.check is Check.NONE) != bool(row.why_not_tested):
        raise ConfigError(f'{row.id}: `why_not_tested` goes with `check = "none"`, and only there', where=where)
    strangers = {pair.partition("=")[0] for pair in row.unobservable_under} - set(row.readings)
    if strangers:
        names = ", ".join(sorted(strangers))
        raise ConfigError(f"{row.id}: `unobservable_under` names {names}, `readings` does not", where=where)
    named = row.bound_is_ours and row.bound in Limits.names()
    if (row.bound or row.bound_is_ours) and not (named or re.fullmatch(r"\d+ \w+", row.bound)):
        raise ConfigError(
            f"{row.id}: bound {row.bound!r} is neither a time such as `3 minutes`"
            f" nor, with `bound_is_ours`, a limit: {', '.join(Limits.names())}",
            where=where,
        )
    return Requirement(chapter=chapter, **msgspec.structs.asdict(row))
