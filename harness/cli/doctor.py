"""`cmkproof doctor`: is everything there that a profile needs, and what to do where it is not."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.terminal import Output, TableFormat, explained, print_json, while_somebody_reads

if TYPE_CHECKING:
    from harness.run.doctor import Finding, Report

MARKS = {"ok": "ok  ", "warning": "warn", "failed": "FAIL", "skipped": "skip"}
STYLES = {"ok": "green", "warning": "yellow", "failed": "red", "skipped": "bright_black"}
NAME_WIDTH = 30
INDENT = " " * 5


@explained
def doctor(
    profile: Annotated[str | None, typer.Option("--profile", "-p", help="Profile of cmkproof.toml.")] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """Check what a profile needs: sign-in, roles, reachability, clocks; reads only, each line with what to do."""
    from harness.backends.clocks import RealClock
    from harness.run.doctor import examine
    from harness.run.options import load_settings

    logging.getLogger("azure").addHandler(logging.NullHandler())  # what the SDKs would complain about is in the report
    settings = load_settings({"profile": profile})
    if output is TableFormat.JSON:
        report = examine(settings, RealClock())
        with while_somebody_reads():
            print_json(report.as_json())
    else:
        with while_somebody_reads():
            report = examine(settings, RealClock(), _print)
            _print_total(report)
    raise typer.Exit(int(report.exit_code))


def _print(finding: Finding) -> None:
    """One line, and below it what to do where something is not fine."""
    mark = typer.style(MARKS[finding.status], fg=STYLES[finding.status])
    code = f"{finding.code} " if finding.code else ""
    typer.echo(f"{mark} {finding.name:<{NAME_WIDTH}} {code}{finding.detail}")
    if finding.fix:
        typer.echo(f"{INDENT}{'':<{NAME_WIDTH}} {finding.fix}")


def _print_total(report: Report) -> None:
    code = int(report.exit_code)
    missing = sum(check.status == "failed" for check in report.checks)
    verdict = f"{missing} of {len(report.checks)} checks failed" if missing else "everything needed is there"
    of = f"{report.profile} ({report.mode})" if report.mode else report.profile
    typer.echo(f"\nprofile {of}: {verdict} · exit {code}")
