"""`cmkproof parity`: whether the fake and a live system, or two recorded runs, behaved alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.terminal import Output, TableFormat, explained, print_json, while_somebody_reads

if TYPE_CHECKING:
    from harness.run.parity import Finding, Parity
    from harness.run.parity.ledger import Standing

RUN_HELP = "Directory of a run, as `cmkproof run` printed it."
OTHER_HELP = (
    "Directory of the run to compare it with; without one, the same scenarios are run on the embedded fake now."
)


@explained
def parity(
    run: Annotated[Path, typer.Argument(metavar="RUN", help=RUN_HELP)],
    other: Annotated[Path | None, typer.Argument(metavar="[OTHER]", help=OTHER_HELP)] = None,
    ledger: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Known divergences (default: divergences.toml here).")
    ] = None,
    write_ledger: Annotated[
        bool, typer.Option("--write-ledger", help="Add what is new to the ledger, for people to give it an owner.")
    ] = False,
    reports: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the run on the fake goes.")] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """Compare runs as abstract traces: outcomes, refusals, codes, states in their order; not names, ids or times.

    Exit 0: alike. 1: an open difference. 3: of a scenario nothing can be said. 5: nothing in common.
    """
    from harness.backends.clocks import RealClock
    from harness.cli.progress import progress
    from harness.run.options import load_settings
    from harness.run.parity.document import as_document, exit_code
    from harness.run.parity.session import Observer, against_ledger, settle

    settings = load_settings({"profile": "fake", "reports": str(reports) if reports else None})
    clock = RealClock()
    with progress(settings) as watcher:
        observer = Observer(watcher, lambda answer: typer.echo(f"trying reading {answer}", err=True))
        found = settle(run, other, settings, clock, observer)
    stands, added = against_ledger(found, ledger, clock, write=write_ledger)
    if write_ledger:
        typer.echo(f"{added} added to the ledger", err=True)
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(as_document(found, stands))
        else:
            typer.echo("\n".join(_lines(found, stands)))
    raise typer.Exit(int(exit_code(found, stands)))


def _lines(found: Parity, stands: Standing) -> Iterator[str]:
    fake, live = found.fake.run, found.live.run
    yield f"fake  {fake.id}  {fake.assurance}  seed {fake.seed}"
    yield f"live  {live.id}  {live.assurance}  seed {live.seed}" + "  (in the place of the live one)" * live.simulated
    for finding, why in stands.open:
        yield from _finding("OPEN", finding, why)
    for finding, entry in stands.known:
        yield from _finding("known", finding, f"{entry.owner}, until {entry.expires}: {entry.reason}")
    for entry in stands.stale:
        yield f"\nSTALE {entry.fingerprint} {entry.scenario}: it no longer occurs; take it out of the ledger"
    for scenario, why in sorted(found.undecided.items()):
        yield f"\nUNDECIDED {scenario}: {why}"
    yield ""
    for why, count in sorted(_counted(found).items()):
        yield f"not compared: {count} scenarios, {why}"
    yield (
        f"{len(found.compared)} scenarios compared: {found.agreeing} alike, {len(found.undecided)} undecided;"
        f" {len(stands.open)} open differences, {len(stands.known)} known, {len(stands.stale)} stale entries"
    )


def _finding(mark: str, finding: Finding, why: str) -> Iterator[str]:
    said = finding.difference
    yield f"\n{mark} {finding.fingerprint} {said.kind.value}: {said.scenario}"
    rows = {
        "at": said.place,
        "documented": finding.documented,
        "fake": said.fake,
        "live": said.live,
        "because": said.detail,
        "triage": finding.standing.value,
        "reading": f"{finding.reading} would match" if finding.reading else "",
        "ledger": why,
    }
    yield from (f"      {name:<11} {text}" for name, text in rows.items() if text)


def _counted(found: Parity) -> dict[str, int]:
    counts: dict[str, int] = {}
    for why in found.left_out.values():
        counts[why] = counts.get(why, 0) + 1
    return counts
