"""`cmkproof explore`: is there a history in which the fake breaks a law?"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli import asking
from harness.cli.asking import BEHAVE, REPORT, SELECT
from harness.cli.terminal import Output, TableFormat, explained, print_json, while_somebody_reads

if TYPE_CHECKING:
    pass


@explained
def explore(
    seeds: Annotated[int, typer.Option(min=0, help="Random walks.", rich_help_panel=BEHAVE)] = 200,
    steps: Annotated[int, typer.Option(min=1, help="Moves of a walk.", rich_help_panel=BEHAVE)] = 60,
    faults: Annotated[int, typer.Option(min=0, help="Faults that overlap at most.", rich_help_panel=BEHAVE)] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Of the first walk.", rich_help_panel=BEHAVE)] = 1,
    sweep: Annotated[
        int,
        typer.Option(
            min=0, help="First go through every history of so many moves on private endpoints.", rich_help_panel=BEHAVE
        ),
    ] = 5,
    planted: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Break the fake on purpose; `list` names them.", rich_help_panel=SELECT),
    ] = None,
    replay: Annotated[
        str | None, typer.Option(metavar="TOKEN", help="Perform this one history.", rich_help_panel=SELECT)
    ] = None,
    reports: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where the finding goes.", rich_help_panel=REPORT)
    ] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """Search histories of requests, faults and time for one that breaks a law, and make it as small as it gets.

    Exit code 1 when a law is broken, 0 when none is.
    """
    from harness.explore.searching import Question, answer, replayed

    directory = asking.directory(reports, "--reports")
    with _broken(planted):
        if replay is not None:
            result = replayed(replay)
        else:
            result = answer(Question(seeds, steps, faults, seed, sweep), planted or "")
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(result.document)
        else:
            for line in result.lines:
                typer.echo(line)
        if directory is not None and result.feature is not None:
            for path in _write(Path(directory), result.document, result.feature):
                typer.echo(f"wrote {path}", err=True)
    raise typer.Exit(1 if result.found else 0)


def _broken(planted: str | None) -> AbstractContextManager[Any]:
    from harness.errors import UsageError
    from harness.fake.mutants.sequences import SEQUENCES, planted_in_force
    from harness.settings import nearest

    if planted is None:
        return nullcontext()
    if planted == "list":
        for name, bug in SEQUENCES.items():
            typer.echo(f"{name}  {bug.what}")
        raise typer.Exit
    if planted not in SEQUENCES:
        hint = nearest(planted, SEQUENCES)
        raise UsageError(f"there is no planted fault {planted!r}.{hint}", advice="`--planted list` names them.")
    return planted_in_force(planted)


def _write(directory: Path, document: dict[str, Any], feature: str) -> list[Path]:
    directory.mkdir(parents=True, exist_ok=True)
    finding, scenario = directory / "finding.json", directory / "counterexample.feature"
    finding.write_text(json.dumps(document, indent=2) + "\n")
    scenario.write_text(feature)
    return [finding, scenario]
