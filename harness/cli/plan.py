"""`cmkproof plan`: what a run would do, what undoes it, and a hash to confirm it by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli import asking
from harness.cli.terminal import Output, TableFormat, explained, print_json, while_somebody_reads

if TYPE_CHECKING:
    from harness.run.engine import Request


@explained
def plan(
    req: asking.Requirements = None,
    tag: asking.Tags = None,
    keyword: asking.Keyword = "",
    allow: asking.Allow = None,
    profile: asking.Profile = None,
    reading: asking.Readings = None,
    features: asking.Features = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the plan goes (default: plan-HASH.json).")
    ] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """Rehearse a run on the embedded fake and write down what it would do. The target is not touched, nor asked."""
    from harness.run.options import load_settings

    flags = asking.flags(profile=profile, readings=reading, allow=allow, features=features)
    settings = load_settings(flags)
    from harness.run.engine import Request

    request = Request(settings, tuple(req or ()), tuple(tag or ()), keyword)
    raise typer.Exit(perform(request, out, output))


def perform(request: Request, out: Path | None, output: TableFormat, *, command: str = "run") -> int:
    """Make a plan, write it and print it; `command` is what carries it out. Returns the exit code."""
    from harness.backends.clocks import RealClock
    from harness.cli.progress import progress
    from harness.run.exit_codes import ExitCode
    from harness.run.plan.plan import plan as make
    from harness.run.plan.plan import write

    typer.echo("rehearsing on the embedded fake; no request leaves this machine", err=True)
    with progress(request.settings) as watcher:
        document, rehearsal = make(request, RealClock(), watcher)
    for problem in rehearsal.result.problems:
        typer.echo(str(problem), err=True)
    if rehearsal.result.problems:
        return ExitCode.USAGE
    if not rehearsal.scenarios:
        typer.echo("no scenario was selected, so there is nothing to plan", err=True)
        return ExitCode.NOTHING_SELECTED
    path = write(document, out)
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(document)
        else:
            typer.echo("\n".join(_lines(document, path, request, command)))
    return ExitCode.FINE


def _lines(document: Mapping[str, Any], path: Path, request: Request, command: str) -> Iterator[str]:
    decides, informs = document["decides"], document["informs"]
    yield f"profile {decides['profile']}: {document['touches']}"
    severities = Counter(one["severity"] for one in decides["scenarios"])
    counted = ", ".join(f"{count} {severity}" for severity, count in sorted(severities.items()))
    yield f"{len(decides['scenarios'])} scenarios would run" + f": {counted}" * bool(counted)
    yield from _changes(decides["changes"])
    yield from _calls(informs["calls"])
    yield from _reach(informs)
    yield from _time(informs)
    yield from _missing(informs)
    yield f"\nplan written: {path}   hash {document['hash']}"
    if request.settings.backend == "live" and request.settings.mode != "observe":
        selection = " …" if command == "run" else ""
        confirmed = f"--plan {path} --confirm {document['hash'][:12]}"
        yield f"run it: cmkproof {command} -p {decides['profile']}{selection} {confirmed}"


def _changes(changes: list[Mapping[str, Any]]) -> Iterator[str]:
    if not changes:
        return
    yield f"\nchanges: {len(changes)}, in the order of the scenarios"
    scenario = ""
    for number, one in enumerate(changes, 1):
        if one["scenario"] != scenario:
            scenario = one["scenario"]
            yield f"  {scenario}"
        undo = one["undo"]
        act = f"{one['party']} {one['verb']} {one['subject']} ({one['expected']})"
        yield f"  {number:4} {act}   undo: {undo['class']}, {undo['what']}"


def _calls(calls: Mapping[str, Any]) -> Iterator[str]:
    yield f"\ncalls: {calls['total']}, {calls['by_side']['atlas']} to Atlas and {calls['by_side']['azure']} to Azure"
    for row in calls["list"]:
        yield f"  {row['count']:6} {row['side']} {row['method']:6} {row['url']}"


def _reach(informs: Mapping[str, Any]) -> Iterator[str]:
    if informs["made"]:
        yield "\nmade and removed again"
        yield from (f"  {one['count']:6} {one['what']}: {one['removed']}" for one in informs["made"])
    reach = informs["blast_radius"]
    kinds = ("projects", "clusters", "endpoints", "keys", "vaults")
    where = "" if reach["real"] else " (none of it real)"
    yield f"\nblast radius{where}: " + ", ".join(f"{reach[kind]} {kind}" for kind in kinds)
    yield from (f"  {name} {value}: {reach['named_is']}" for name, value in reach["named"].items())


def _time(informs: Mapping[str, Any]) -> Iterator[str]:
    length, requests = informs["duration"], informs["requests"]
    live = f", about {_span(length['live_s'])} on the target" if length["live_parts"] else ""
    yield f"\nduration: {_span(length['virtual_s'])} on a virtual clock{live}"
    yield from (f"  {_span(one['seconds']):>10} {one['what']}: {one['source']}" for one in length["live_parts"])
    fits = "fits" if requests["fits"] else "DOES NOT FIT"
    yield (
        f"budget: {requests['estimate']} requests (rehearsal {requests['rehearsal']} times {requests['factor']:g}, and"
        f" {requests['set_up']} to set up) of {requests['limit']}; time limit {_span(requests['time_limit_s'])}: {fits}"
    )


def _missing(informs: Mapping[str, Any]) -> Iterator[str]:
    for side, needed in informs["permissions"].items():
        if needed:
            yield f"\npermissions needed in {side.capitalize()}"
            yield from (f"  {one['permission']}, to {'; '.join(one['for'])}" for one in needed)
    for what, rows in informs["not_tested"].items():
        reasons = Counter(row["reason"] for row in rows)
        if rows:
            yield f"\nnot tested: {len(rows)} {what}"
            yield from (f"  {count:4}: {reason}" for reason, count in reasons.most_common())
    yield from (f"\nWARNING {one}" for one in informs["warnings"])


def _span(seconds: float) -> str:
    from harness.checkers.temporal import seconds as in_words

    return in_words(seconds)
