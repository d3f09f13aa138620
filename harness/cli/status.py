"""`cmkproof status`: is anything still changed?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.terminal import explained

if TYPE_CHECKING:
    from harness.run.status import Status


@explained
def status(
    profile: Annotated[str | None, typer.Option("--profile", "-p", help="Ask the target of this profile too.")] = None,
    reports: Annotated[str | None, typer.Option(metavar="DIR", help="Where results of runs are.")] = None,
) -> None:
    """Say whether anything is still changed: exit 0 when nothing is, 4 when something is. Changes nothing."""
    from harness.run import status as asking
    from harness.run.exit_codes import ExitCode
    from harness.run.options import load_settings

    settings = load_settings({"profile": profile, "reports": reports})
    found = asking.status(settings)
    for line in _lines(found, settings.profile):
        typer.echo(line)
    if not found.clean:
        raise typer.Exit(ExitCode.LEFT_CHANGED)


def _lines(found: Status, profile: str) -> Iterator[str]:
    from harness.faults.stamps import Stamp

    for one in found.runs:
        run, is_on = one.residue, "is going on" if one.going_on else "is over"
        yield f"{run.directory}: the run {is_on} and has {run.open} changes that are not undone"
        for intent in run.intents:
            yield f"  - {intent}"
        if not one.going_on:
            yield f"  undo: cmkproof recover {run.directory} -p {run.profile or profile}"
    for remains in found.target:
        yield f"{remains.place}: " + (f"in use by {remains.lease}" if remains.lease else "nobody has its lease")
        for stamp in remains.stamps:
            yield f"  - broken on purpose: {stamp.words}"
        if remains.stamps:
            damaged = sum(1 for stamp in remains.stamps if not isinstance(stamp, Stamp))
            yield f"  undo: cmkproof recover --from-cloud -p {profile}" + (
                f" ({damaged} of them cannot be read any more)" if damaged else ""
            )
    if found.clean:
        asked = "by ledgers and by the tags of the target" if found.asked else "by ledgers; no target was asked"
        yield f"nothing is changed ({asked})"
