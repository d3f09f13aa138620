"""`cmkproof recover`: undo what a live run left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.terminal import explained


@explained
def recover(
    run: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="Directory of the run, as it printed it; without: all.")
    ] = None,
    profile: Annotated[str | None, typer.Option("--profile", "-p", help="The profile that the run had.")] = None,
    from_cloud: Annotated[
        bool, typer.Option("--from-cloud", help="By the tags of the target, where the ledger is lost.")
    ] = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="With --from-cloud: only what should have been undone by now.")
    ] = False,
    over: Annotated[
        str, typer.Option(metavar="HOLDER", help="With --from-cloud: this run is over, although its lease is not.")
    ] = "",
    accept_foreign: Annotated[
        bool, typer.Option("--accept-foreign", help="Leave what somebody else has changed, and close it.")
    ] = False,
) -> None:
    """Undo everything that a live run made or changed and did not undo. Harmless when repeated."""
    from harness.run import recover as recovering
    from harness.run.options import load_settings

    settings = load_settings({"profile": profile})
    for one in recovering.recover_all(
        settings, run, from_cloud=from_cloud, overdue=overdue, accept_foreign=accept_foreign, over=over
    ):
        typer.echo(f"undone: {one}")
    typer.echo("nothing is left to undo")
