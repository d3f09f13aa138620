"""`cmkproof drill`: bring faults about on purpose, for a time, and see that everything recovers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import asking
from harness.cli.asking import REPORT, SAFETY
from harness.cli.terminal import explained, while_somebody_reads

if TYPE_CHECKING:
    from harness.run.drill import Drill
    from harness.run.engine import Request


@explained
def drill(
    faults: Annotated[list[str], typer.Argument(metavar="FAULT…", help="Names or ids of faults; they overlap.")],
    hold: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 90s, 20m, 2h.")] = "20m",
    profile: asking.Profile = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only the plan; nothing is touched.", rich_help_panel=SAFETY)
    ] = False,
    plan: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The plan of this drill.", rich_help_panel=SAFETY)
    ] = None,
    confirm: Annotated[
        str, typer.Option(metavar="HASH", help="Hash of that plan: yes, do it.", rich_help_panel=SAFETY)
    ] = "",
    reports: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where results go.", rich_help_panel=REPORT)
    ] = None,
) -> None:
    """Break something of a project made for it, hold it, undo it, and prove that everything is as it was.

    On the profile fake it is a rehearsal. A real target needs the plan and its hash; without them the plan is made.
    """
    from harness.run.drill import drill_of, refuse_unfit, write_feature
    from harness.run.engine import Request
    from harness.run.options import load_settings

    settings = load_settings({"profile": profile, "reports": asking.directory(reports, "--reports")})
    asked = drill_of(faults, hold, live=settings.backend == "live")
    if settings.backend == "live":
        refuse_unfit(asked, settings)
    with TemporaryDirectory(prefix="cmkproof-drill-") as place:
        directory = write_feature(asked, settings.limits, Path(place))
        settings = load_settings({"profile": profile, "reports": reports, "features": str(directory)})
        request = Request(settings, tags=(asked.severity,), plan=plan, confirmed=confirm)
        raise typer.Exit(_perform(asked, request, hold, dry_run=dry_run))


def _perform(asked: Drill, request: Request, hold: str, *, dry_run: bool) -> int:
    from harness.cli import plan as planning
    from harness.cli.run import RunFormat
    from harness.cli.run import perform as perform_run
    from harness.cli.terminal import TableFormat
    from harness.run.drill import about, needs_plan
    from harness.run.drill_account import account

    for line in about(asked):
        typer.echo(line)
    if dry_run or (needs_plan(request.settings) and not request.confirmed):
        words = " ".join(one.name for one in asked.faults)
        return planning.perform(request, None, TableFormat.TEXT, command=f"drill {words} --for {hold}")
    result = perform_run(request, RunFormat.TEXT)
    with while_somebody_reads():
        for line in account(result):
            typer.echo(line)
    return int(result.exit_code)
