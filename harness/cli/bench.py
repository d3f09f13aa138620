"""`cmkproof bench`: how fast histories are performed, judged and searched here, beside Hypothesis in the same run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli.asking import BEHAVE, SELECT
from harness.cli.terminal import Output, TableFormat, explained, print_json, while_somebody_reads

if TYPE_CHECKING:
    from harness.explore.course import Judged
    from harness.explore.measuring import Hunt, Opponent
    from harness.ports import Clock


@explained
def bench(
    walks: Annotated[int, typer.Option(min=2, help="Random histories that are timed.", rich_help_panel=BEHAVE)] = 200,
    steps: Annotated[int, typer.Option(min=1, help="Moves of the sweep.", rich_help_panel=BEHAVE)] = 12,
    seeds: Annotated[int, typer.Option(min=1, help="Walks to find a planted fault.", rich_help_panel=BEHAVE)] = 2500,
    limit: Annotated[
        float, typer.Option(min=1.0, help="Seconds that Hypothesis gets for a planted fault.", rich_help_panel=BEHAVE)
    ] = 30.0,
    processes: Annotated[
        int | None,
        typer.Option(min=1, help="For the timed histories; default: one a processor.", rich_help_panel=BEHAVE),
    ] = None,
    planted: Annotated[
        list[str] | None,
        typer.Option("--planted", metavar="ID", help="Only this planted fault; repeat.", rich_help_panel=SELECT),
    ] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """Measure events a second, 90 days, the sweep, and the time to the minimal history of every planted fault.

    Exit code 1 when a planted fault is not found.
    """
    from harness.backends.clocks import RealClock
    from harness.explore.course import every_law
    from harness.explore.guided import Plan
    from harness.explore.measuring import hunted

    clock, judged, chosen = RealClock(), every_law(), _chosen(planted)
    measured = _speeds(judged, clock, walks, steps, processes or os.cpu_count() or 1)
    hunts = list(hunted(judged, clock, chosen, Plan(walks=seeds), _hypothesis(clock, limit)))
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(_document(measured, hunts, limit))
        else:
            for line in (*_lines(measured), *hunt_lines(hunts, limit)):
                typer.echo(line)
    raise typer.Exit(0 if all(hunt.law for hunt in hunts) else 1)


def _chosen(planted: Sequence[str] | None) -> tuple[str, ...]:
    from harness.errors import UsageError
    from harness.fake.mutants.sequences import SEQUENCES
    from harness.settings import nearest

    for name in planted or ():
        if name not in SEQUENCES:
            raise UsageError(f"there is no planted fault {name!r}.{nearest(name, SEQUENCES)}")
    return tuple(planted or SEQUENCES)


def _hypothesis(clock: Clock, limit: float) -> Opponent | None:
    if find_spec("hypothesis") is None:
        return None
    from harness.explore.second_opinion import ask

    def search(judged: Judged) -> tuple[float, bool]:
        opinion = ask(judged, clock, seed=1, faults=2, limit_s=limit)
        return opinion.seconds, opinion.ended

    return search


def _speeds(judged: Judged, clock: Clock, walks: int, steps: int, processes: int) -> dict[str, Any]:
    from harness.explore.exhaustive import Bound
    from harness.explore.measuring import quarter, sweeping, walking

    calm, walked = quarter(judged, clock), walking(clock, walks=walks, processes=processes)
    swept, seconds = sweeping(clock, Bound(steps))
    return {
        "calm_days": 90, "calm_events": calm.events, "calm_s": calm.seconds, "calm_events_per_s": calm.per_second,
        "walk_events": walked.events, "walk_events_per_s": walked.per_second, "processes": processes,
        "sweep_steps": swept.steps, "sweep_states": swept.states, "sweep_s": seconds, "sweep_complete": swept.complete,
    }  # fmt: skip


def _document(measured: dict[str, Any], hunts: Sequence[Hunt], limit: float) -> dict[str, Any]:
    from dataclasses import asdict

    from harness.explore.measuring import middle_ratio

    return {**measured, "hypothesis_limit_s": limit, "median_ratio": middle_ratio(hunts), "chaos_toolkit": _chaos(),
            "hunts": [asdict(hunt) for hunt in hunts]}  # fmt: skip


def _chaos() -> str:
    """It performs one written experiment and searches for none, so there is nothing of it to time beside a search."""
    return "not installed" if find_spec("chaoslib") is None else "installed, does not search"


def _lines(measured: dict[str, Any]) -> Iterator[str]:
    complete = "complete" if measured["sweep_complete"] else "INCOMPLETE"
    yield f"90 days of a cluster   {measured['calm_s']:.2f} s, {measured['calm_events']} events"
    yield (
        f"events a second        {measured['walk_events_per_s']:,.0f} in random histories, "
        f"{measured['processes']} processes; {measured['calm_events_per_s']:,.0f} in 90 calm days, one process"
    )
    yield (
        f"sweep                  {measured['sweep_steps']} steps, {measured['sweep_states']} states, "
        f"{measured['sweep_s']:.1f} s, {complete}"
    )
    yield f"Chaos Toolkit          {_chaos()}"


def hunt_lines(hunts: Sequence[Hunt], limit: float) -> Iterator[str]:
    """What came of the hunts, as text; a time at which Hypothesis was stopped is a lower bound and says so."""
    from harness.explore.measuring import middle_ratio

    for hunt in hunts:
        theirs = "not installed" if hunt.theirs_s is None else f"{hunt.theirs_s:.1f} s"
        capped = " or more" if hunt.theirs_s is not None and not hunt.theirs_ended else ""
        yield f"{hunt.planted}: {hunt.law or 'NOT FOUND'} in {hunt.ours_s:.2f} s, Hypothesis {theirs}{capped}"
        if hunt.moves:
            yield f"    {hunt.moves}"
    found, ratio = sum(bool(hunt.law) for hunt in hunts), middle_ratio(hunts)
    beside = "not compared" if ratio is None else f"{ratio:.0f} times as fast as Hypothesis in the median"
    yield f"{found} of {len(hunts)} planted faults found; {beside} (Hypothesis was stopped after {limit:g} s)"
