"""`cmkproof replay`: recompute the verdicts of a recorded run, with the network off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.terminal import Output, TableFormat, explained, print_json, while_somebody_reads

if TYPE_CHECKING:
    from harness.run.replay import Difference, Verification

SHOWN = 20
"""Differences that are printed; JSON has all of them."""
WIDTH = 200
"""Characters of a value that are printed."""


@explained
def replay(
    run_directory: Annotated[
        Path, typer.Argument(metavar="BUNDLE", help="Directory of a recorded run, or an archive of one.")
    ],
    features: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Other features than those that lie in the bundle.")
    ] = None,
    reports: Annotated[Path, typer.Option(metavar="DIR", help="Where the results of the replay go.")] = Path("reports"),
    output: Output = TableFormat.TEXT,
) -> None:
    """Perform a recorded run again on what was recorded, offline, and compare every verdict.

    Exit code 0 when all are equal; 6 when one differs, or a tape is missing, altered, or does not fit.
    """
    from harness.backends.clocks import RealClock
    from harness.cli.progress import progress
    from harness.evidence.bundle.archive import opened
    from harness.model import layout
    from harness.run import directories, document
    from harness.run import replay as replaying
    from harness.run.verification import own_features

    with opened(run_directory) as bundle, own_features(bundle) as recorded_features:
        recorded = replaying.open_run(bundle)
        chosen = features or (recorded_features if (bundle / layout.FEATURES).is_dir() else "")
        request = replaying.request_of(recorded, reports=str(reports), features=str(chosen))
        with progress(request.settings) as watcher:
            found = replaying.replay(recorded, request, RealClock(), watcher)
        document.write(found.result)
        directories.unmark(found.result.directory)
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(replaying.as_document(found))
        else:
            typer.echo("\n".join(_told(found)))
    raise typer.Exit(found.exit_code)


def _told(found: Verification) -> Iterator[str]:
    for trouble in found.troubles:
        yield f"trouble    {trouble}"
    for one in found.differences[:SHOWN]:
        yield from _difference(one)
    if len(found.differences) > SHOWN:
        yield f"and {len(found.differences) - SHOWN} further differences: --output json shows them all"
    for note in found.notes:
        yield f"note       {note}"
    verdict = "every verdict is as recorded" if found.equal else "VERIFICATION FAILED"
    yield (
        f"replay of {found.recorded.run['id']} ({found.result.assurance}): {found.recomputed} scenarios recomputed, "
        f"{len(found.result.outcomes)} requirements, {len(found.differences)} differences: {verdict}"
        f" · {found.result.seconds:.1f} s · exit {int(found.exit_code)}"
    )
    yield f"reports {found.result.directory}"


def _difference(one: Difference) -> Iterator[str]:
    yield f"difference {one.about}: {one.what}"
    yield f"  recorded {_quoted(one.recorded)}"
    yield f"  replayed {_quoted(one.replayed)}"


def _quoted(value: object) -> str:
    text = str(value)
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"
