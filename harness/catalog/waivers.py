"""Reads `waivers.toml`: broken promises that somebody accepts for a time, one table `[[waiver]]` each.

| key | meaning |
|---|---|
| `id` | name of the waiver, for people and reports |
| `requirement` | the requirement that may be broken |
| `scope` | `{ profile = "sandbox", scenarios = ["…"] }`, none being all; or the profile alone; `*` is every one |
| `owner` | who answers for it |
| `approver` | who agreed, somebody else than the owner; without one it does not count |
| `reason` | why it is accepted |
| `ticket` | where it is followed up |
| `expires` | a date, which counts to its end in UTC, or a date-time in UTC |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from harness.catalog.tables import Tables, converted, read
from harness.errors import ConfigError
from harness.model.requirement import Requirement
from harness.model.waiver import Scope, Waiver, expiry_of
from harness.settings import find_file, nearest
from harness.settings.text import SecretInFile, is_secret
from harness.suite import ScenarioText

FILE_NAME = "waivers.toml"
TABLE = "waiver"
Said = Annotated[str, msgspec.Meta(pattern=r"\S")]
"""A text that says something."""


class ScopeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scope as it stands in the file."""

    profile: Said
    scenarios: tuple[Said, ...] = ()


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table as it stands in the file."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][\w.-]*$")]
    requirement: Said
    scope: ScopeRow | Said
    owner: Said
    reason: Said
    ticket: Said
    expires: Any
    approver: str = ""


def waivers_file(named: str = "") -> Path:
    """The file as it is named, else beside `cmkproof.toml`, else in the working directory."""
    if named:
        return Path(named)
    settings = find_file(Path.cwd())
    return (settings.parent if settings else Path.cwd()) / FILE_NAME


def read_waivers(
    path: Path, requirements: Mapping[str, Requirement], scenarios: Mapping[str, ScenarioText]
) -> tuple[Waiver, ...]:
    """The waivers of a file, in its order.

    Raises:
        ConfigError: naming the file and the line, for anything that is not as described above, and for requirements
            and scenarios that do not exist.
        SecretInFile: something in it has the shape of a secret; waivers go into every report.
    """
    tables = read(path, TABLE)
    for key in tables.head:
        where = f"{tables.name}:{tables.line_with(key, 1)}"
        raise ConfigError(f"unknown key {key!r}.{nearest(key, [TABLE])}", where=where, advice=_ADVICE)
    found: dict[str, Waiver] = {}
    for line, values in tables.rows:
        where = f"{tables.name}:{line}"
        waiver = _waiver(values, where)
        if waiver.id in found:
            raise ConfigError(f"waiver {waiver.id} stands in this file already", where=where, advice=_ADVICE)
        _refuse_strangers(waiver, requirements, scenarios, tables, line)
        found[waiver.id] = waiver
    return tuple(found.values())


_ADVICE = "docs/waivers.md shows what a waiver looks like."


def _waiver(values: object, where: str) -> Waiver:
    if not isinstance(values, Mapping):
        raise ConfigError(f"write [[{TABLE}]], once for each {TABLE}", where=where, advice=_ADVICE)
    _refuse_names(values, Row.__struct_fields__, "", where)
    if isinstance(inner := values.get("scope"), Mapping):
        _refuse_names(inner, ScopeRow.__struct_fields__, "scope.", where)
    for key, text in _texts(values, ""):
        if is_secret(text):
            raise SecretInFile(f"{key} looks like a secret; waivers go into every report", where=where)
    try:
        row = converted(values, Row, where)
    except ConfigError as error:
        raise ConfigError(error.message, advice=_ADVICE) from None
    try:
        expires = expiry_of(row.expires)
    except ValueError as error:
        raise ConfigError(f"waiver {row.id}: expires = {row.expires!s}: {error}", where=where) from None
    scope = Scope(row.scope) if isinstance(row.scope, str) else Scope(row.scope.profile, row.scope.scenarios)
    requirement = row.requirement.upper()
    return Waiver(row.id, requirement, scope, row.owner, row.reason, row.ticket, expires, row.approver)


def _refuse_names(values: Mapping[str, Any], known: tuple[str, ...], prefix: str, where: str) -> None:
    for key in values:
        if key not in known:
            raise ConfigError(f"unknown key {prefix + key!r}.{nearest(key, known)}", where=where, advice=_ADVICE)


def _texts(values: object, name: str) -> Iterator[tuple[str, str]]:
    """Every text with the name of its key."""
    if isinstance(values, Mapping):
        for key, inner in values.items():
            yield from _texts(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(values, list):
        for inner in values:
            yield from _texts(inner, name)
    elif isinstance(values, str):
        yield name, values


def _refuse_strangers(
    waiver: Waiver,
    requirements: Mapping[str, Requirement],
    scenarios: Mapping[str, ScenarioText],
    tables: Tables,
    line: int,
) -> None:
    if waiver.requirement not in requirements:
        raise ConfigError(
            f"waiver {waiver.id}: there is no requirement {waiver.requirement!r}."
            f"{nearest(waiver.requirement, requirements)}",
            where=f"{tables.name}:{tables.line_with('requirement', line)}",
            advice="`cmkproof list requirements` shows them all.",
        )
    testing = [one.id for one in scenarios.values() if waiver.requirement in one.tags.requirements]
    for scenario in waiver.scope.scenarios:
        if scenario not in testing:
            stranger = f"does not test {waiver.requirement}" if scenario in scenarios else "does not exist"
            raise ConfigError(
                f"waiver {waiver.id}: scenario {scenario!r} {stranger}.{nearest(scenario, testing)}",
                where=f"{tables.name}:{tables.line_with('scenarios', line)}",
                advice=f"`cmkproof explain {waiver.requirement}` shows those that do.",
            )
