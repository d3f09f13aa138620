"""`cmkproof score`: how much of what is promised was exercised of late, and how much of that held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli.terminal import Output, TableFormat, explained, print_json

if TYPE_CHECKING:
    from harness.run.score import Score, Scored

SHOWN = 12
"""Promises of a kind that are named; JSON has all of them."""


@explained
def score(
    bundles: Annotated[
        list[Path] | None, typer.Argument(metavar="[BUNDLE]...", help="Directories of runs; none: all of the reports.")
    ] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """Say two things about all promises, never merged: COVERAGE and CONFORMANCE.

    Evidence that is older than `evidence.valid_days` counts as expired; bundles that are not closed or not whole do not
    count. What a simulation shows is scored apart. Exit code 1: fresh evidence breaks a promise, or a law.
    """
    from datetime import UTC, datetime

    from harness import catalog
    from harness.backends.clocks import RealClock
    from harness.errors import UsageError
    from harness.run import score as scoring
    from harness.run.options import load_settings

    settings = load_settings({})
    reports = Path(settings.reports)
    for named in bundles or ():
        if not named.is_dir():
            raise UsageError(f"{named} is no directory", advice="Give the directory that a run names at its end.")
    chosen = bundles or sorted(one for one in reports.glob("*") if one.is_dir() and (one / "result.json").exists())
    now = datetime.fromtimestamp(RealClock().now(), UTC)
    found = scoring.score(chosen, list(catalog.load()), now, settings.evidence.valid_days)
    if output is TableFormat.JSON:
        print_json(_document(found, settings.evidence.valid_days))
    else:
        typer.echo("\n".join(_told(found, settings.evidence.valid_days)))
    if any(one.count(scoring.Standpoint.BROKEN) or one.violated for one in found.scores):
        raise typer.Exit(1)


def _told(found: Scored, valid_days: float) -> Iterator[str]:
    for one in found.scores:
        yield f"{one.kind.upper():<11} coverage {_percent(one.coverage)} · conformance {_percent(one.conformance)}"
        yield from _details(one)
        if one.violated:
            named = ", ".join(name.replace("_", " ") for name in one.violated)
            yield f"{'':<11} laws of every history are broken: {named}"
    yield f"evidence counts for {valid_days:g} days; {len(found.counted)} runs counted: {', '.join(found.counted)}"
    for name, reason in found.left_out.items():
        yield f"left out: {name}: {reason}"
    yield "SIMULATED evidence says nothing about the operation of a real system."


def _details(one: Score) -> Iterator[str]:
    from harness.run.score import Standpoint

    for standpoint in Standpoint:
        named = [cell.requirement for cell in one.cells if cell.standpoint is standpoint]
        if named:
            more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
            listed = "" if standpoint is Standpoint.HELD else f": {', '.join(named[:SHOWN])}{more}"
            yield f"{'':<11} {len(named):>4} {standpoint.value}{listed}"


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.1f} %"


def _document(found: Scored, valid_days: float) -> dict[str, Any]:
    return {
        "valid_days": valid_days,
        "scores": [
            {
                "kind": one.kind,
                "coverage": one.coverage,
                "conformance": one.conformance,
                "violated": list(one.violated),
                "cells": [
                    {
                        "requirement": cell.requirement,
                        "standing": cell.standpoint.value,
                        "outcome": cell.evidence.outcome.value if cell.evidence else None,
                        "run": cell.evidence.run if cell.evidence else None,
                        "at": cell.evidence.at.isoformat() if cell.evidence else None,
                    }
                    for cell in one.cells
                ],
            }
            for one in found.scores
        ],
        "counted": list(found.counted),
        "left_out": dict(found.left_out),
    }
