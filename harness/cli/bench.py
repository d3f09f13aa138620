"""`cmkproof bench`: how fast the search for histories is on this machine."""

from __future__ import annotations

from dataclasses import asdict
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.asking import BEHAVE
from harness.cli.terminal import Output, TableFormat, console, explained, print_json, table, while_somebody_reads

if TYPE_CHECKING:
    from harness.explore.benchmark import Hunt


@explained
def bench(
    steps: Annotated[int, typer.Option(min=1, help="Moves of the sweep.", rich_help_panel=BEHAVE)] = 8,
    seeds: Annotated[int, typer.Option(min=1, help="Random walks.", rich_help_panel=BEHAVE)] = 100,
    cap: Annotated[
        float,
        typer.Option(min=0, help="Seconds that Hypothesis has for a planted fault; 0: none.", rich_help_panel=BEHAVE),
    ] = 20.0,
    planted: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this planted fault; repeat.", rich_help_panel=BEHAVE)
    ] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """Measure events a second, a sweep, ninety simulated days, and how soon planted faults are found and shrunk."""
    from time import perf_counter

    from harness.errors import UsageError
    from harness.explore import benchmark
    from harness.fake.mutants.sequences import SEQUENCES

    if unknown := [name for name in planted or () if name not in SEQUENCES]:
        raise UsageError(f"there is no planted fault {unknown[0]!r}", advice="`cmkproof explore --planted list`.")
    days, walked = benchmark.ninety_days(perf_counter), benchmark.walks(perf_counter, seeds)
    swept = benchmark.sweeping(perf_counter, steps)
    hunted = list(benchmark.hunts(perf_counter, cap, tuple(planted or ())))
    faster = benchmark.median_times_faster(hunted)
    with while_somebody_reads():
        if output is TableFormat.JSON:
            rows = [asdict(one) for one in hunted]
            print_json({"days": days, "walks": walked, "sweep": swept, "hunts": rows, "median_times_faster": faster})
            return
        typer.echo(f"90 days: {days['took_s']:.2f} s, {days['events']} events, {days['events_a_second']:.0f} a second")
        typer.echo(
            f"walks: {walked['walks']} in {walked['took_s']:.2f} s, {walked['events_a_second']:.0f} events a second"
        )
        typer.echo(
            f"sweep: every history of {swept['steps']} moves in {swept['took_s']:.2f} s, {swept['states']} states"
        )
        console().print(table(("planted fault", "found and shrunk", "moves", "Hypothesis"), map(_row, hunted)))
        if faster is not None:
            typer.echo(f"median: {faster:.1f} times as fast as Hypothesis, where its cap counts as its time")
        typer.echo("Chaos Toolkit: " + ("has no such search" if find_spec("chaoslib") else "not installed"))


def _row(one: Hunt) -> list[str]:
    if one.other_s is None:
        other = "not asked" if find_spec("hypothesis") else "not installed"
    else:
        other = f"{one.other_s:.2f} s" if one.other_found else f"nothing in {one.other_s:.1f} s"
    return [one.planted, f"{one.took_s:.2f} s" if one.found else "not found", str(one.moves or ""), other]
