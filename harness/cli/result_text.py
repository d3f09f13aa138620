"""The result of a run for people: what is broken and how to see it again, the requirements, the totals."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import typer

from harness.cli.terminal import console, table
from harness.model.verdict import Outcome
from harness.model.waiver import Waiver
from harness.run.document import is_simulated
from harness.run.engine import Request, Result
from harness.run.law_counts import counted_laws
from harness.run.records import Record
from harness.run.tally import RequirementOutcome
from harness.run.waiving import Use

if TYPE_CHECKING:
    from harness.run.audit import Audit

STYLES = {
    Outcome.MET: "green",
    Outcome.WAIVED: "cyan",
    Outcome.NOT_TESTED: "dim",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.NOT_MET: "bold red",
}
FEW = 5
"""So many laws without an occasion are named."""

BANNER = "SIMULATED: this run used a simulated system; it says nothing about the operation of a real one."


def print_result(done: Audit) -> None:
    """Everything, on stdout."""
    result = done.result
    if result.outcomes:
        console().print(_table(result))
    else:
        typer.echo("nothing was selected: no scenario fits what was asked for")
    for one in result.outcomes:
        if one.outcome in (Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.WAIVED):
            typer.echo("\n" + "\n".join(block(one, result)))
    for about in waiver_blocks(result):
        typer.echo("\n" + about)
    for problem in result.problems:
        typer.echo(f"\nunusable feature file {problem}")
    for failure in result.failures:
        typer.echo(f"\nthe run itself failed: {failure}")
    partial = sum(one.is_partial for one in result.outcomes)
    if partial:
        typer.echo(f"\nof {counted(partial, 'requirement')} only some scenarios were selected (as 1/3 says)")
    typer.echo("\n" + totals(result))
    typer.echo(laws(result))
    if is_simulated(result):
        typer.echo(BANNER)
    typer.echo(evidence(done))
    typer.echo(f"reports {result.directory}")


def totals(result: Result) -> str:
    """All counts in one line."""
    counts = Counter(one.outcome for one in result.outcomes)
    listed = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome)
    return (
        f"{counted(len(result.outcomes), 'requirement')}, {counted(len(result.records), 'scenario')}: {listed}"
        f" · {result.seconds:.1f} s · exit {int(result.exit_code)}"
    )


def laws(result: Result) -> str:
    """What every history was judged by beside its own claims, and what no scenario was an occasion for."""
    found = counted_laws(result.records.values())
    idle = [one.law.name.replace("_", " ") for one in found if one.held + one.undecided + one.broken == 0]
    said = f"{counted(len(found), 'law')} of every history judged, {sum(1 for one in found if one.broken)} broken"
    return said + (f"; no occasion for {len(idle)}" + (f": {', '.join(idle)}" * (len(idle) <= FEW)) if idle else "")


def evidence(done: Audit) -> str:
    """What became of the evidence, in one line."""
    if done.sealed is None:
        return "evidence NOT CLOSED: the directory is marked as incomplete"
    signed = f"signed with {done.sealed.signed_with}" if done.sealed.signed_with else "not signed"
    return f"evidence closed, {signed}; check it with cmkproof bundle verify"


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def block(one: RequirementOutcome, result: Result) -> Iterator[str]:
    """What somebody needs to know about a requirement that is not MET."""
    yield f"{one.requirement.id} {one.outcome.value}{' by ' + one.waiver if one.waiver else ''}"
    yield f"  promise    {one.requirement.statement}"
    for record in one.decisive:
        yield f"  scenario   {record.id}"
        yield from _seen(record)
        yield f"  evidence   {result.directory / record.evidence if record.evidence else 'none: it never got that far'}"
    yield f"  source     {one.requirement.source}"
    yield f"  reproduce  {reproduce(one, result.request)}"
    yield f"  more       cmkproof explain {one.requirement.id}"


def waiver_blocks(result: Result) -> Iterator[str]:
    """What became of each waiver about what the run was asked for, with all that is known where a failure needs it."""
    waiving = result.waiving
    for waiver in waiving.waivers:
        use = waiving.use_of(waiver, result.outcomes)
        if use in (Use.ELSEWHERE, Use.NOT_ASKED):
            continue
        lines = [waiving.told(waiver, use)]
        if use in (Use.APPLIED, Use.REFUSED):
            lines += [f"  {name:<11}{text}" for name, text in about(waiver).items()]
        yield "\n".join(lines)


def about(waiver: Waiver) -> Mapping[str, str]:
    """Who answers for a waiver, since why and until when, line by line."""
    return {
        "owner": waiver.owner,
        "approver": waiver.approver or "nobody",
        "ticket": waiver.ticket,
        "expires": waiver.until,
        "reason": waiver.reason,
    }


def _seen(record: Record) -> Iterator[str]:
    if record.failed_step:
        yield f"  step       {record.failed_step}"
    if record.evidence_error:
        yield f"  not kept   {record.evidence_error}"
    if not record.findings:
        yield f"  reason     {record.code + ' ' if record.code else ''}{record.reason}"
        if record.advice:
            yield f"  next       {record.advice}"
        return
    worst = record.findings[0]
    yield f"  expected   {worst.expected} ({worst.claim})"
    yield f"  observed   {worst.observed}"
    yield f"  since      {worst.since or 'the moment it was looked at'}"


def reproduce(one: RequirementOutcome, request: Request) -> str:
    """The command that shows it again."""
    settings = request.settings
    words = ["cmkproof", "run", "--req", one.requirement.id, "--seed", str(settings.seed)]
    if settings.profile != "fake":
        words += ["--profile", settings.profile]
    if settings.features:
        words += ["--features", settings.features]
    if settings.allow != "destructive":
        words += ["--allow", settings.allow]
    for name, answer in settings.readings.items():
        words += ["--reading", f"{name}={answer}"]
    return shlex.join(words)


def _table(result: Result) -> Any:
    rows = [
        (
            one.requirement.id,
            one.outcome.value,
            f"{len(one.records)}/{one.of}" if one.is_partial else str(len(one.records)),
            one.requirement.statement + (f" ({one.reason})" if one.outcome is Outcome.NOT_TESTED else ""),
        )
        for one in result.outcomes
    ]
    styles = [STYLES[one.outcome] for one in result.outcomes]
    return table(("requirement", "outcome", "scenarios", "promise"), rows, styles)
