"""`cmkproof list controls`: what auditors ask for, and which requirements answer it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli.terminal import Output, TableFormat, console, explained, print_json, print_table, table

if TYPE_CHECKING:
    from harness.model.control import Control, Framework
    from harness.model.requirement import Requirement

EDITION = re.compile(r"(?:v|r|rev|revision|version)?\d*")
"""What may follow the name of a framework when somebody says which edition is meant."""

COLUMNS = ("control", "coverage", "kind", "title", "requirement", "strength", "why")
UNVERIFIED = " (identifier not compared with the framework)"
UNTESTABLE = " (no scenario shows it)"


@explained
def controls(
    framework: Annotated[
        str, typer.Option("--framework", metavar="NAME", help="Only this one, control by control.")
    ] = "",
    output: Output = TableFormat.TEXT,
) -> None:
    """Show control frameworks: what they ask for, which requirements answer it, and what nothing answers."""
    requirements, frameworks = in_force()
    chosen = [_named(framework, frameworks)] if framework else list(frameworks.values())
    if output is TableFormat.JSON:
        print_json([_as_document(one, requirements) for one in chosen])
    elif framework:
        _print_controls(chosen[0], requirements)
    else:
        _print_summary(chosen, requirements)


def in_force() -> tuple[Mapping[str, Requirement], Mapping[str, Framework]]:
    """The requirements, and the frameworks that the settings of this place put in force.

    Raises:
        ConfigError: a file of the owner's is not as it must be.
    """
    from harness import catalog
    from harness.catalog import controls
    from harness.run.options import load_settings

    requirements = catalog.load()
    return requirements, controls.load(requirements, map(Path, load_settings().controls))


def links_of(control: Control, requirements: Mapping[str, Requirement]) -> Iterator[tuple[str, str, str]]:
    """Requirement, strength and rationale of each link, with a note when no scenario shows the requirement."""
    from harness.catalog.coverage import is_testable

    for link in control.links:
        note = "" if is_testable(link, requirements) else UNTESTABLE
        yield link.requirement, link.strength.value, link.why + note


def titled(control: Control) -> str:
    """The control's title, with a note when nobody has checked its identifier."""
    return control.title + ("" if control.verified else UNVERIFIED)


def _named(name: str, frameworks: Mapping[str, Framework]) -> Framework:
    """The framework that somebody means: by its id, the beginning of it, or as it is called, with edition or without.

    Raises:
        UsageError: none or several are called so.
    """
    from harness.errors import UsageError
    from harness.settings import nearest

    if name.casefold() in frameworks:
        return frameworks[name.casefold()]
    meant = [one for one in frameworks.values() if any(_is_called(name, known) for known in _names(one))]
    if len(meant) == 1:
        return meant[0]
    hint = nearest(name.casefold(), [one.id for one in meant] or frameworks)
    raise UsageError(f"there is no framework {name!r}.{hint}", advice=f"There are {', '.join(frameworks)}.")


def _names(framework: Framework) -> tuple[str, str]:
    return _squashed(framework.id), _squashed(re.split("[,:]", framework.title)[0])


def _is_called(name: str, known: str) -> bool:
    said = _squashed(name)
    edition = said.removeprefix(known)
    return bool(said) and (known.startswith(said) or (edition != said and EDITION.fullmatch(edition) is not None))


def _squashed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _counts(framework: Framework, requirements: Mapping[str, Requirement]) -> dict[str, int]:
    from harness.catalog.coverage import coverage
    from harness.model.control import Coverage

    counted = Counter(coverage(one, requirements) for one in framework.controls)
    return {one.value: counted[one] for one in Coverage}


def _print_summary(frameworks: list[Framework], requirements: Mapping[str, Requirement]) -> None:
    rows = [(one, _counts(one, requirements)) for one in frameworks]
    columns = ("framework", "controls", *rows[0][1], "title", "edition")
    print_table(
        TableFormat.TEXT,
        columns,
        [(one.id, str(len(one.controls)), *map(str, counts.values()), one.title, one.edition) for one, counts in rows],
    )


def _print_controls(framework: Framework, requirements: Mapping[str, Requirement]) -> None:
    """A row for each link, the first with the control itself; a control without links has one row that says so."""
    from harness.catalog.coverage import coverage

    rows: list[tuple[str, ...]] = []
    for control in framework.controls:
        about = (control.id, coverage(control, requirements).value, control.kind.value, titled(control))
        for number, link in enumerate(list(links_of(control, requirements)) or [("", "", "")]):
            rows.append((*(about if number == 0 else ("",) * len(about)), *link))
    typer.echo(f"{framework.title}, {framework.edition} ({framework.publisher}, {framework.source})")
    if framework.licence:
        typer.echo(framework.licence)
    console().print(table(COLUMNS, rows))


def _as_document(framework: Framework, requirements: Mapping[str, Requirement]) -> dict[str, Any]:
    from harness.catalog.coverage import coverage

    return {
        "framework": framework.id,
        "title": framework.title,
        "edition": framework.edition,
        "publisher": framework.publisher,
        "source": framework.source,
        "licence": framework.licence,
        "coverage": _counts(framework, requirements),
        "controls": [
            {
                "control": one.id,
                "title": one.title,
                "kind": one.kind.value,
                "verified": one.verified,
                "coverage": coverage(one, requirements).value,
                "links": [
                    dict(zip(("requirement", "strength", "why"), link, strict=True))
                    for link in links_of(one, requirements)
                ],
            }
            for one in framework.controls
        ],
    }
