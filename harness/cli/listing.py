"""`cmkproof list`: what there is."""

from __future__ import annotations

from typing import Annotated

import typer

from harness.cli.controls import controls
from harness.cli.requirements import requirements
from harness.cli.terminal import Output, TableFormat, explained, print_table
from harness.cli.waivers import waivers

app = typer.Typer(
    no_args_is_help=True, help="Show requirements, scenarios, steps, readings, mutants, faults, controls or waivers."
)
app.command()(controls)
app.command()(requirements)
app.command()(waivers)


@app.command()
@explained
def scenarios(output: Output = TableFormat.TEXT) -> None:
    """Show every scenario with the requirements that it tests."""
    from harness.catalog import load
    from harness.run.options import known_names, load_settings
    from harness.suite import features_directory, read_suite

    suite = read_suite(features_directory(load_settings().features), known_names(load()))
    for problem in suite.problems:
        typer.echo(str(problem), err=True)
    print_table(
        output,
        ("requirements", "severity", "needs", "id"),
        ((one.tags.requirements, one.tags.severity, one.tags.needs, one.id) for one in suite.scenarios.values()),
    )
    if suite.problems:
        raise typer.Exit(2)


@app.command()
@explained
def steps(output: Output = TableFormat.TEXT) -> None:
    """Show every sentence that scenarios are made of."""
    from harness.run.phrase_book import phrases

    print_table(
        output,
        ("kind", "sentence", "module", "meaning"),
        ((one.kind, one.sentence, one.module, one.meaning) for one in phrases()),
    )


@app.command()
@explained
def mutants(output: Output = TableFormat.TEXT) -> None:
    """Show every way in which `cmkproof prove` breaks the fake, and which requirements that breaks."""
    from harness.fake.mutants import MUTANTS

    print_table(
        output,
        ("id", "breaks", "what"),
        ((one.id, one.breaks, one.what) for _, one in sorted(MUTANTS.items())),
    )


@app.command()
@explained
def readings(output: Output = TableFormat.TEXT) -> None:
    """Show the open questions of the documentation, with the answers that a run can presume."""
    from harness.fake.kernel.readings import CATALOGUE

    print_table(
        output,
        ("name", "answers", "source", "question"),
        ((one.name, one.choices, one.source, one.question) for one in CATALOGUE),
    )


@app.command()
@explained
def faults(
    live: Annotated[bool, typer.Option("--live", help="Only those that can be brought about live.")] = False,
    output: Output = TableFormat.TEXT,
) -> None:
    """Show every fault that scenarios and drills can bring about on purpose."""
    from harness.faults.catalogue import CATALOGUE

    print_table(
        output,
        ("id", "name", "severity", "effects", "places", "undo", "live", "what"),
        (
            (
                one.id,
                one.name,
                one.severity,
                ", ".join(effect.value for effect in one.effects),
                ", ".join(place.value for place in one.places),
                one.undo.value,
                "yes" if one.live else "no",
                one.what,
            )
            for one in CATALOGUE.values()
            if one.live or not live
        ),
    )
