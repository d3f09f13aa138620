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
    faults: Annotated[list[str], typer.Argument(metavar="FAULT…", help="Names or ids of faults; they overlap.")],
    hold: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 90s, 20m, 2h.")] = "20m",
    profile: Annotated[
        str | None, typer.Option("--profile", "-p", help="Let `cmkproof drill` do it there, not a simulator's routes.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Default: standard output.")] = None,
) -> None:
    """Write an experiment for Chaos Toolkit: for `cmkproof serve`, or with -p a drill on the target of a profile."""
    from harness.evidence.writing import write_text
    from harness.run.experiments.drill import by_command, on_simulator
    from harness.run.experiments.writing import experiment_json
    from harness.run.options import load_settings

    made = by_command(faults, hold, load_settings({"profile": profile})) if profile else on_simulator(faults, hold)
    written = experiment_json(made)
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
    pauses = ""
    if activity.pause_before_s or activity.pause_after_s:
        pauses = f", waiting {activity.pause_before_s:g} s before and {activity.pause_after_s:g} s after"
    return f"{activity.name}: {_doing(activity)}{pauses}"


def _doing(activity: Activity) -> str:
    from harness.faults.catalogue import find
    from harness.run.experiments.experiment import Command, FaultAct

    does = activity.does
    if isinstance(does, FaultAct):
        beside = f" beside {', '.join(does.beside)}" if does.beside else ""
        return f"{does.act} {does.fault} {find(does.fault).name}{beside}"
    tolerated = "" if activity.tolerance is None else f", which has to be {activity.tolerance}"
    called = f"cmkproof {' '.join(does.words)}" if isinstance(does, Command) else f"{does.method} {does.url}"
    return f"{called}{tolerated}"
