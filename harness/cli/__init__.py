"""The command `cmkproof`, one module per group of commands. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

from harness import __version__
from harness.cli import (
    bench,
    bundle,
    config,
    docs,
    doctor,
    drill,
    experiment,
    explain,
    explore,
    export,
    laws,
    listing,
    parity,
    plan,
    posture,
    prove,
    recover,
    replay,
    report,
    run,
    score,
    serve,
    status,
)

HELP = """Prove that MongoDB Atlas encryption at rest with a customer-managed key in Azure Key Vault
behaves as documented.

`cmkproof run` performs the whole audit on the embedded fake: no account, no network.
"""

app = typer.Typer(
    name="cmkproof", help=HELP, no_args_is_help=True, rich_markup_mode="markdown", pretty_exceptions_enable=False
)
app.command("run")(run.run)
app.command("posture")(posture.posture)
app.command("replay")(replay.replay)
app.add_typer(bundle.app, name="bundle")
app.command("score")(score.score)
app.command("laws")(laws.laws)
app.command("report")(report.report)
app.command("export")(export.export)
app.add_typer(experiment.app, name="experiment")
app.command("doctor")(doctor.doctor)
app.command("drill")(drill.drill)
app.command("recover")(recover.recover)
app.command("status")(status.status)
app.command("serve")(serve.serve)
app.command("plan")(plan.plan)
app.command("parity")(parity.parity)
app.command("prove")(prove.prove)
app.command("explore")(explore.explore)
app.command("bench")(bench.bench)
app.add_typer(listing.app, name="list")
app.command("explain")(explain.explain)
app.add_typer(config.app, name="config")
app.add_typer(docs.app, name="docs")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cmkproof {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that stand before a command."""


def main() -> None:
    """Entry point of the command.

    An error that nobody foresaw is a defect of ours and says nothing about the promises: exit 3, never 1 (NOT_MET).
    """
    try:
        app()
    except Exception:  # whatever it is, Python's own exit code for it would mean NOT_MET
        traceback.print_exc()
        typer.echo("cmkproof itself failed; nothing was found out about any promise", err=True)
        sys.exit(3)
