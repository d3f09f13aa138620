"""The result of a run in GitHub's workflow commands, with a summary for the job page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import typer

from harness.cli.result_text import BANNER, totals
from harness.model.verdict import Outcome
from harness.run.document import is_simulated
from harness.run.engine import Result
from harness.run.tally import RequirementOutcome
from harness.run.waiving import Use

SUMMARY = "GITHUB_STEP_SUMMARY"
"""Names the file that becomes the job's page."""

LEVELS = {Outcome.NOT_MET: "error", Outcome.INCONCLUSIVE: "warning", Outcome.WAIVED: "notice"}


def print_annotations(result: Result) -> None:
    """One command for each requirement and file that needs attention; a table in the summary, if there is one."""
    for one in result.outcomes:
        if one.outcome in LEVELS:
            typer.echo(_annotation(one, result))
    for waiver in result.waiving.waivers:
        if result.waiving.use_of(waiver, result.outcomes) is Use.NOT_NEEDED:
            title = _property(f"waiver {waiver.id}")
            typer.echo(f"::notice title={title}::{_data(result.waiving.told(waiver, Use.NOT_NEEDED))}")
    for problem in result.problems:
        place = f"file={_file(problem.path, result)},line={problem.line}"
        typer.echo(f"::error {place}::{_data(problem.message)}")
    for failure in result.failures:
        typer.echo(f"::error::{_data(failure)}")
    typer.echo(totals(result))
    if is_simulated(result):
        typer.echo(BANNER)
    typer.echo(f"reports {result.directory}")
    if summary := os.environ.get(SUMMARY):
        with Path(summary).open("a", encoding="utf-8") as page:
            page.write("\n".join(_summary(result)) + "\n")


def _annotation(one: RequirementOutcome, result: Result) -> str:
    record = next(iter(one.decisive), None)
    scenario = result.suite.scenarios.get(record.id) if record else None
    place = f",file={_file(scenario.path, result)},line={scenario.line}" if scenario else ""
    title = _property(f"{one.requirement.id} {one.outcome.value}")
    return f"::{LEVELS[one.outcome]} title={title}{place}::{_data(f'{one.requirement.statement} {one.reason}')}"


def _file(path: str, result: Result) -> str:
    """A feature file as the repository knows it, as far as it stands in one."""
    directory = Path(result.request.settings.features or "features")
    if directory.is_absolute():
        inside = directory.is_relative_to(Path.cwd())
        directory = directory.relative_to(Path.cwd()) if inside else Path(directory.name)
    return _property(f"{directory.as_posix()}/{path}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _summary(result: Result) -> Iterator[str]:
    yield f"## cmkproof: {totals(result)}"
    if is_simulated(result):
        yield f"\n**{BANNER}**"
    yield "\n| requirement | outcome | promise | reason |\n|---|---|---|---|"
    for one in result.outcomes:
        cells = (one.requirement.id, one.outcome.value, one.requirement.statement, one.reason)
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
