"""`cmkproof prove`: does the suite notice what is broken, and only that?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import asking
from harness.cli.asking import BEHAVE, REPORT, SELECT
from harness.cli.terminal import Output, TableFormat, console, explained, print_json, table, while_somebody_reads

if TYPE_CHECKING:
    from harness.run.prove.kills import Kill
    from harness.run.prove.proof import Proof


@explained
def prove(
    mutant: Annotated[
        list[str] | None,
        typer.Option("--mutant", metavar="ID", help="Only this mutant; repeat.", rich_help_panel=SELECT),
    ] = None,
    req: Annotated[
        list[str] | None,
        typer.Option("--req", metavar="ID", help="Only mutants that break this; repeat.", rich_help_panel=SELECT),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Everything made up on the fakes follows from it.", rich_help_panel=BEHAVE)
    ] = None,
    thorough: Annotated[
        bool,
        typer.Option("--thorough", help="Find all who notice a mutant, not only the first.", rich_help_panel=BEHAVE),
    ] = False,
    seeds: Annotated[
        int, typer.Option(min=0, help="Perform the sound fake under so many seeds too.", rich_help_panel=BEHAVE)
    ] = 0,
    readings: Annotated[
        bool,
        typer.Option(
            "--readings",
            help="And under all answers to the open questions.",
            rich_help_panel=BEHAVE,
        ),
    ] = False,
    features: asking.Features = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; default: one a processor.", rich_help_panel=BEHAVE)
    ] = None,
    reports: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where the proof goes.", rich_help_panel=REPORT)
    ] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """Break the fake rule by rule and see whether the suite notices, names the right requirement, and is quiet else.

    Exit code 1 when a mutant gets away without a declared reason, or is noticed only by scenarios of other
    requirements, or a sound fake raises an alarm; 3 when a sound fake leaves something undecided.
    """
    from harness.run.options import load_settings

    flags = asking.flags(
        profile=None,
        readings=None,
        allow=None,
        features=features,
        seed=seed,
        workers=workers or os.cpu_count() or 1,
        reports=asking.directory(reports, "--reports"),
    )
    settings = load_settings(flags)
    from harness.backends.clocks import RealClock
    from harness.run.prove.command import Question, carry_out
    from harness.run.prove.proof import document

    question = Question(settings, tuple(mutant or ()), tuple(req or ()), seeds, thorough, readings)
    proof, directory = carry_out(question, RealClock(), _progress)
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(document(proof))
        else:
            _print(proof)
            typer.echo(f"proof {directory / 'prove.json'}")
    raise typer.Exit(proof.exit_code)


def _progress(stage: str, done: int, of: int) -> None:
    if not of:
        return
    typer.echo(f"{done}/{of} trials: {stage}", err=True)


def _print(proof: Proof) -> None:
    rows = [[kill.mutant.id, _fate(kill), " ".join(kill.mutant.breaks), _noticed(kill)] for kill in proof.kills]
    styles = ["green" if kill.named else "yellow" if kill.mutant.survives else "bold red" for kill in proof.kills]
    console().print(table(("mutant", "fate", "breaks", "noticed by"), rows, styles))
    for line in _totals(proof):
        typer.echo(line)


def _fate(kill: Kill) -> str:
    if not kill.killed:
        return "survived"
    return "killed" if kill.named else "killed, not named"


def _noticed(kill: Kill) -> str:
    if not kill.killed:
        return kill.reason
    further = f" and {len(kill.by) - 1} more" if len(kill.by) > 1 else ""
    return f"{kill.by[0]}{further}"


def _totals(proof: Proof) -> Iterator[str]:
    from harness.cli.result_text import counted
    from harness.model.verdict import Outcome

    killed, named = sum(kill.killed for kill in proof.kills), sum(kill.named for kill in proof.kills)
    yield ""
    yield (
        f"{counted(len(proof.kills), 'mutant')}: {killed} killed ({100 * proof.score:.1f} %), "
        f"{named} by a scenario of what they break, {len(proof.kills) - killed} survived"
    )
    met, not_tested = len(proof.ended(Outcome.MET)), len(proof.ended(Outcome.NOT_TESTED))
    yield (
        f"sound fake: {counted(len(proof.baseline), 'scenario')}, {met} MET, {len(proof.unsound)} false alarms, "
        f"{not_tested} not tested under these answers"
    )
    for record in proof.unsound:
        yield f"  {record.outcome.value} {record.id}: {record.reason}"
    if proof.trials:
        yield f"further trials on sound fakes: {len(proof.trials)}, alarms: {len(proof.alarms)}"
    for one in proof.alarms:
        answers = " ".join(f"{name}={answer}" for name, answer in one.trial.readings.items())
        yield f"  {one.outcome.value} {one.requirement} (seed {one.trial.seed} {answers}) {one.scenario}: {one.reason}"
    yield "SIMULATED: a proof about the suite and its fake; it says nothing about the operation of a real system."
