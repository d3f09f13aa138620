"""`cmkproof list`: what there is."""

from __future__ import annotations

import typer

from harness.cli.controls import controls
from harness.cli.requirements import requirements
from harness.cli.terminal import Output, TableFormat, explained, print_table
from harness.cli.waivers import waivers

app = typer.Typer(
    no_args_is_help=True, help="Show requirements, scenarios, steps, readings, mutants, controls or waivers."
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
