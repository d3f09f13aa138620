"""`cmkproof run`: perform scenarios, judge them, write evidence."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import asking
from harness.cli.asking import BEHAVE, REPORT, SAFETY
from harness.cli.terminal import explained, while_somebody_reads

if TYPE_CHECKING:
    from harness.run.engine import Request, Result


class RunFormat(StrEnum):
    """How the result of a run is printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@explained
def run(
    req: asking.Requirements = None,
    tag: asking.Tags = None,
    keyword: asking.Keyword = "",
    profile: asking.Profile = None,
    seed: Annotated[
        int | None, typer.Option(help="Everything made up on the fake follows from it.", rich_help_panel=BEHAVE)
    ] = None,
    reading: asking.Readings = None,
    allow: asking.Allow = None,
    features: asking.Features = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that share the scenarios.", rich_help_panel=BEHAVE)
    ] = None,
    max_failures: Annotated[
        int, typer.Option(min=0, help="Stop after so many failures; 0: never.", rich_help_panel=BEHAVE)
    ] = 0,
    strict: Annotated[
        bool | None, typer.Option("--strict", help="NOT_TESTED fails the run too.", rich_help_panel=BEHAVE)
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Plan of a live run that changes something.", rich_help_panel=SAFETY),
    ] = None,
    confirm: Annotated[
        str, typer.Option(metavar="HASH", help="Hash of that plan: yes, do it.", rich_help_panel=SAFETY)
    ] = "",
    reports: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where results go.", rich_help_panel=REPORT)
    ] = None,
    output: Annotated[
        RunFormat, typer.Option("--output", "-o", help="What goes to stdout.", rich_help_panel=REPORT)
    ] = RunFormat.TEXT,
) -> None:
    """Perform the audit and write evidence; without options all of it, on the embedded fake."""
    from harness.run.options import load_settings

    flags = asking.flags(
        profile=profile,
        readings=reading,
        allow=allow,
        features=features,
        seed=seed,
        workers=workers,
        strict=strict,
        reports=asking.directory(reports, "--reports"),
    )
    settings = load_settings(flags)
    from harness.run.engine import Request

    request = Request(settings, tuple(req or ()), tuple(tag or ()), keyword, max_failures, plan, confirm)
    raise typer.Exit(int(perform(request, output).exit_code))


def perform(request: Request, output: RunFormat) -> Result:
    """Carry a run out, print its result, and return it."""
    from harness.backends.clocks import RealClock
    from harness.cli import github, result_text
    from harness.cli.progress import progress
    from harness.run import document
    from harness.run.audit import audit

    with progress(request.settings) as watcher:
        done = audit(request, RealClock(), watcher)
    result = done.result
    with while_somebody_reads():
        match output:
            case RunFormat.JSON:
                typer.echo(document.encoded(result))
            case RunFormat.GITHUB:
                github.print_annotations(result)
            case RunFormat.TEXT:
                result_text.print_result(done)
    if done.trouble:
        typer.echo(done.trouble, err=True)
    return result
