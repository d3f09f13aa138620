"""`cmkproof posture`: audit a project and its vault as they stand, without changing anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import asking
from harness.cli.asking import BEHAVE, REPORT
from harness.cli.terminal import explained, while_somebody_reads
from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.run.audit import Audit
    from harness.run.posture import Check, Posture


class PostureFormat(StrEnum):
    """How an audit is printed."""

    TEXT = "text"
    JSON = "json"


@explained
def posture(
    profile: asking.Profile = None,
    seed: Annotated[
        int | None, typer.Option(help="Everything made up on the fake follows from it.", rich_help_panel=BEHAVE)
    ] = None,
    strict: Annotated[
        bool | None, typer.Option("--strict", help="NOT_TESTED fails the audit too.", rich_help_panel=BEHAVE)
    ] = None,
    reports: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where results go.", rich_help_panel=REPORT)
    ] = None,
    output: Annotated[
        PostureFormat, typer.Option("--output", "-o", help="What goes to stdout.", rich_help_panel=REPORT)
    ] = PostureFormat.TEXT,
) -> None:
    """Audit project and vault as they stand; -p observe for a real target, else a made-up project on the fake."""
    from harness.backends.clocks import RealClock
    from harness.cli.progress import progress
    from harness.run.audit import audit
    from harness.run.options import load_settings
    from harness.run.posture import document, posture_of, request_for

    flags = asking.flags(
        profile=profile,
        readings=None,
        allow="passive",
        features=None,
        seed=seed,
        strict=strict,
        reports=asking.directory(reports, "--reports"),
    )
    settings = load_settings(flags)
    if settings.backend == "live" and settings.mode != "observe":
        raise UsageError(
            f"profile {settings.profile} is one whose target is changed, and this audit only looks",
            advice='Use --profile observe, or another profile with mode = "observe".',
        )
    with progress(settings) as watcher:
        done = audit(request_for(settings), RealClock(), watcher)
    found = posture_of(done.result)
    if done.trouble:
        typer.echo(done.trouble, err=True)
    with while_somebody_reads():
        if output is PostureFormat.JSON:
            typer.echo(json.dumps(document(found), indent=2, ensure_ascii=False))
        else:
            _print(found, done)
    raise typer.Exit(int(found.exit_code))


def _print(found: Posture, done: Audit) -> None:
    from harness.cli.result_text import BANNER, counted, evidence, waiver_blocks
    from harness.model.verdict import Outcome
    from harness.run.document import is_simulated

    troubled = (Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.WAIVED)
    for check in (one for outcome in troubled for one in found.with_outcome(outcome)):
        typer.echo("\n".join(_block(check)) + "\n")
    untested = found.with_outcome(Outcome.NOT_TESTED)
    if untested:
        typer.echo("not tested")
        for check in untested:
            typer.echo(f"  {', '.join(check.ids)}: {check.record.reason}")
            if check.missing:
                typer.echo(f"    {check.missing}")
        typer.echo("")
    for block in waiver_blocks(found.result):
        typer.echo(block + "\n")
    for failure in found.result.failures:
        typer.echo(f"the audit itself failed: {failure}\n")
    counts = ", ".join(f"{len(found.with_outcome(outcome))} {outcome.value}" for outcome in Outcome)
    typer.echo(f"{counted(len(found.checks), 'check')}: {counts} · exit {int(found.exit_code)}")
    if is_simulated(found.result):
        typer.echo(BANNER)
    typer.echo(evidence(done))
    typer.echo(f"reports {found.result.directory}")


def _block(check: Check) -> Iterator[str]:
    """A check that is not in order: what is at fault, and how to put it right."""
    record = check.record
    yield f"{', '.join(check.ids)} {check.outcome.value}{' by ' + check.waiver if check.waiver else ''}"
    yield f"  promise    {check.requirements[0].statement}"
    for resource in check.resources:
        yield f"  resource   {resource}"
    if record.findings:
        yield f"  expected   {record.findings[0].expected}"
        yield f"  observed   {record.findings[0].observed}"
    else:
        yield f"  reason     {record.code + ' ' if record.code else ''}{record.reason}"
    if check.remedy and record.findings:
        yield f"  remedy     {check.remedy}"
    if record.advice:
        yield f"  next       {record.advice}"
    yield f"  source     {check.requirements[0].source}"
    yield f"  evidence   {record.evidence or 'none: it never got that far'}"
