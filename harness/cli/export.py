"""`cmkproof export`: a run in the formats of other tools."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.terminal import explained

if TYPE_CHECKING:
    from harness.evidence.account import Account


class ExportFormat(StrEnum):
    """What a run can be exported as."""

    OSCAL = "oscal"
    CSV = "csv"
    JSONL = "jsonl"
    JUNIT = "junit"
    SARIF = "sarif"
    ALLURE = "allure"
    CUCUMBER = "cucumber"
    XLSX = "xlsx"
    CHAOSTOOLKIT = "chaostoolkit"


@explained
def export(
    kind: Annotated[ExportFormat, typer.Argument(metavar="FORMAT", help="oscal, csv, jsonl, junit, sarif, allure, …")],
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Directory of a run, or an archive of one.")],
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="PATH",
            help="File, or directory of oscal, allure and chaostoolkit; default: named by the run.",
        ),
    ] = None,
) -> None:
    """Write a run in a format of other tools: oscal, csv, jsonl, junit, sarif, allure, cucumber, xlsx, chaostoolkit."""
    from harness.evidence.account import read_account
    from harness.evidence.bundle.archive import opened

    with opened(bundle) as directory:
        account = read_account(directory)
        target = outside(to or Path(f"{account.run.id}{_ending(kind)}"), bundle)
        _write(kind, account, target)
    typer.echo(f"wrote {target}")


def outside(target: Path, bundle: Path) -> Path:
    """A place that is in no bundle, which would no longer be as it was closed.

    Raises:
        UsageError: it is in this one or in another.
    """
    from harness.errors import UsageError
    from harness.model import layout

    whole = target.resolve()
    if whole.is_relative_to(bundle.resolve()) or any((one / layout.SUMS).exists() for one in whole.parents):
        raise UsageError(f"{target} would lie inside the bundle", advice="Name a place outside of it.")
    return target


def _ending(kind: ExportFormat) -> str:
    from harness.evidence.export import FORMATS

    return FORMATS[kind].ending if kind in FORMATS else f"-{kind}"


def _write(kind: ExportFormat, account: Account, target: Path) -> None:
    from harness.evidence import oscal
    from harness.evidence.export import FORMATS
    from harness.evidence.oscal.validate import can_validate, validate
    from harness.evidence.writing import write_bytes, write_text
    from harness.run.experiments.journal import journals

    match kind:
        case ExportFormat.OSCAL:
            for name, text in oscal.texts(account).items():
                if can_validate():
                    validate(name, text)
                write_text(target, Path(name).name, text)
        case ExportFormat.ALLURE:
            for path in sorted((account.directory / "allure-results").iterdir()):
                write_bytes(target, path.name, path.read_bytes())
        case ExportFormat.CHAOSTOOLKIT:
            for name, journal in journals(account).items():
                write_text(target, f"{name}.json", json.dumps(journal, indent=2, ensure_ascii=False) + "\n")
        case _:
            write_bytes(target.parent, target.name, FORMATS[kind].render(account))
