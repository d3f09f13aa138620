"""`cmkproof experiment`: faults as experiments of Chaos Toolkit, and what an experiment of Chaos Toolkit stands for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.terminal import explained

if TYPE_CHECKING:
    from harness.run.experiments.experiment import Activity, Experiment

app = typer.Typer(help="Exchange experiments with Chaos Toolkit.", no_args_is_help=True)


@app.command("export")
@explained
def export(
    faults: Annotated[list[str], typer.Argument(metavar="FAULT…", help="Ids such as F-25; several overlap.")],
    for_s: Annotated[float, typer.Option("--for", metavar="SECONDS", help="How long each is in force.")] = 5.0,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Default: standard output.")] = None,
) -> None:
    """Write an experiment that Chaos Toolkit can run against `cmkproof serve`."""
    from harness.evidence.writing import write_text
    from harness.run.experiments.drill import drill
    from harness.run.experiments.writing import experiment_json

    written = experiment_json(drill([one.upper() for one in faults], for_s))
    if to is None:
        typer.echo(written, nl=False)
        return
    write_text(to.parent, to.name, written)
    typer.echo(f"wrote {to}")


@app.command("import")
@explained
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An experiment of Chaos Toolkit, in JSON.")],
) -> None:
    """Say what an experiment of Chaos Toolkit stands for; refuse what cmkproof has no equal of."""
    from harness.errors import Unreadable
    from harness.run.experiments.reading import read_experiment

    try:
        raw = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror}") from None
    for line in _plan(read_experiment(raw)):
        typer.echo(line)


def _plan(experiment: Experiment) -> Iterator[str]:
    yield experiment.title
    for part, activities in (
        (f"steady state, at first and in the end: {experiment.steady_state_title}", experiment.steady_state),
        ("method", experiment.method),
        ("rollbacks", experiment.rollbacks),
    ):
        yield f"{part}{'' if activities else ': nothing'}"
        yield from (f"  {number}. {_said(one)}" for number, one in enumerate(activities, start=1))


def _said(activity: Activity) -> str:
    from harness.run.experiments.experiment import HttpCall
    from harness.run.experiments.served_faults import served

    does, pauses = activity.does, ""
    if activity.pause_before_s or activity.pause_after_s:
        pauses = f", waiting {activity.pause_before_s:g} s before and {activity.pause_after_s:g} s after"
    if isinstance(does, HttpCall):
        tolerated = "" if activity.tolerance is None else f", which has to be {activity.tolerance}"
        return f"{activity.name}: {does.method} {does.url}{tolerated}{pauses}"
    beside = f" beside {', '.join(does.beside)}" if does.beside else ""
    return f"{activity.name}: {does.act} {does.fault}, {served(does.fault).title}{beside}{pauses}"
