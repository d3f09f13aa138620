"""`cmkproof recover`: undo what a live run left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.terminal import explained


@explained
def recover(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Directory of the run, as it printed it.")],
    profile: Annotated[str | None, typer.Option("--profile", "-p", help="The profile that the run had.")] = None,
) -> None:
    """Undo everything that a live run made or changed and did not undo. Harmless when repeated."""
    from harness.run import recover as recovering
    from harness.run.options import load_settings

    done = recovering.recover(run, load_settings({"profile": profile})).done
    for one in done:
        typer.echo(f"undone: {one.replace('_', ' ')}")
    typer.echo("nothing is left to undo")
