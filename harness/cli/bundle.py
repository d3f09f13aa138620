"""`cmkproof bundle`: check a run's evidence, look into it, vouch for it, compare it, pack it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import asking
from harness.cli.terminal import Output, TableFormat, explained, print_json, print_table, while_somebody_reads

if TYPE_CHECKING:
    from harness.evidence.verify import Trust, Verdict
    from harness.run.verification import Verified
    from harness.settings import Settings

SHOWN = 20
"""Details of a line that are printed; JSON has all of them."""

app = typer.Typer(
    help="Check the evidence of a run, look into it, vouch for it, compare it, pack it.", no_args_is_help=True
)

Bundle = Annotated[Path, typer.Argument(metavar="BUNDLE", help="Directory of a run, or an archive of one.")]


class LineName(StrEnum):
    """The lines of a verification, as options name them."""

    INTEGRITY = "integrity"
    AUTHENTICITY = "authenticity"
    COMPLETENESS = "completeness"
    REPLAY = "replay"


@app.command("verify")
@explained
def verify(
    bundle: Bundle,
    key: Annotated[
        list[Path] | None, typer.Option("--key", metavar="FILE", help="Public key that you trust; repeat.")
    ] = None,
    fingerprint: Annotated[
        list[str] | None,
        typer.Option("--fingerprint", metavar="HEX", help="Fingerprint of a key that you trust; repeat."),
    ] = None,
    timestamp_ca: Annotated[
        list[Path] | None,
        typer.Option("--timestamp-ca", metavar="FILE", help="Certificates of a timestamp authority that you trust."),
    ] = None,
    only: Annotated[list[LineName] | None, typer.Option("--only", help="Only this line; repeat.")] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """Say four things about a bundle, each for itself: INTEGRITY, AUTHENTICITY, COMPLETENESS, REPLAY.

    Exit code 0: every line is VALID. 6: one is INVALID, or the bundle was never closed. 3: one could not be checked,
    as AUTHENTICITY without a key that you trust. The network is not used.
    """
    from harness.backends.clocks import RealClock
    from harness.errors import UsageError
    from harness.evidence.bundle.archive import opened
    from harness.evidence.verify import Line
    from harness.evidence.verify.authenticity import NoKey
    from harness.run.options import load_settings
    from harness.run.verification import ALL, verify

    if not bundle.exists():
        raise UsageError(f"{bundle} does not exist", advice="Give the directory that a run names at its end.")
    trust = _trust(load_settings({}), key or [], fingerprint or [], timestamp_ca or [])
    lines = [Line[one.name] for one in only] if only else ALL
    with opened(bundle) as directory:
        try:
            found = verify(directory, trust, RealClock(), lines=lines)
        except NoKey as error:
            raise UsageError(f"a key that is to be trusted: {error}") from None
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(_as_document(found))
        else:
            typer.echo("\n".join(_told(found)))
    raise typer.Exit(found.exit_code)


def _trust(settings: Settings, keys: list[Path], fingerprints: list[str], authorities: list[Path]) -> Trust:
    from harness.evidence.verify import Trust

    known = [*keys, *map(Path, settings.evidence.trusted_keys)]
    roots = authorities or ([Path(settings.evidence.timestamp_ca)] if settings.evidence.timestamp_ca else [])
    return Trust(tuple(map(_read, known)), tuple(fingerprints), tuple(map(_read, roots)))


def _read(path: Path) -> bytes:
    from harness.errors import UsageError

    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _as_document(found: Verified) -> dict[str, object]:
    return {
        "bundle": found.bundle,
        "incomplete": found.incomplete,
        "lines": [
            {
                "line": one.line.value,
                "standing": one.standing.value,
                "sentence": one.sentence,
                "details": list(one.details),
            }
            for one in found.verdicts
        ],
        "exit_code": int(found.exit_code),
    }


def _told(found: Verified) -> Iterator[str]:
    if found.incomplete:
        yield f"INCOMPLETE    {found.bundle} is no closed bundle: {found.incomplete}"
    for one in found.verdicts:
        yield from _line(one)


def _line(one: Verdict) -> Iterator[str]:
    yield f"{one.line.value:<13} {one.standing.value:<12} {one.sentence}"
    if len(one.details) > 1:
        yield from (f"{'':<27}{detail}" for detail in one.details[1:SHOWN])
    if len(one.details) > SHOWN:
        yield f"{'':<27}and {len(one.details) - SHOWN} more: --output json shows them all"


@app.command("inspect")
@explained
def inspect(bundle: Bundle, output: Output = TableFormat.TEXT) -> None:
    """Show what a bundle says of itself; `verify` says whether to believe it."""
    from harness.evidence.bundle.archive import opened
    from harness.run.bundles import inspect

    with opened(bundle) as directory:
        found = inspect(directory)
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(found)
            return
        for name, value in found.items():
            shown = ", ".join(f"{count} {kind}" for kind, count in value.items()) if isinstance(value, dict) else value
            typer.echo(f"{name:<13} {shown if shown not in ('', None) else '-'}")


@app.command("diff")
@explained
def diff(before: Bundle, now: Bundle, output: Output = TableFormat.TEXT) -> None:
    """Show what differs between two runs: tool, features, limits, readings, and every outcome."""
    from harness.evidence.bundle.archive import opened
    from harness.run.bundles import compare

    with opened(before) as first, opened(now) as second:
        found = compare(first, second)
    with while_somebody_reads():
        if not found and output is TableFormat.TEXT:
            typer.echo("no difference")
            return
        print_table(output, ("about", "before", "now"), [(one.what, one.before, one.now) for one in found])


@app.command("sign")
@explained
def sign(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Directory of a run.")],
    key: Annotated[
        str,
        typer.Option("--key", metavar="REF", help="Private key: file:PATH, env:NAME, azure:KEY_ID; else evidence.key."),
    ] = "",
    again: Annotated[bool, typer.Option("--again", help="Take the place of a signature that is there.")] = False,
    profile: asking.Profile = None,
) -> None:
    """Vouch for a bundle whose files are as they were when it was closed."""
    from harness.errors import UsageError
    from harness.run.bundles import sign
    from harness.run.options import load_settings
    from harness.run.sealing.sealing import Vouching
    from harness.run.sealing.vouching import signer_for, vouching_of

    settings = load_settings({"profile": profile})
    vouching = Vouching(signer_for(key, "--key", settings)) if key else vouching_of(settings)
    if vouching.signer is None:
        raise UsageError("no key signs", advice="Name one with --key, or as evidence.key in cmkproof.toml.")
    typer.echo(f"signed {bundle} with the key {sign(bundle, vouching, again=again)}")


@app.command("make")
@explained
def make(
    bundle: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="Directory of a run.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Archive to write; default: RUN.tar beside the working directory."),
    ] = None,
    profile: asking.Profile = None,
) -> None:
    """Pack a bundle into one archive, the same byte for byte whoever packs it.

    A bundle that only lacked its place in the chain, or a timestamp, is closed first.
    """
    from harness.errors import UsageError
    from harness.evidence.bundle.archive import ENDING, pack
    from harness.evidence.verify.integrity import incomplete
    from harness.run.bundles import close_late, closed
    from harness.run.options import load_settings
    from harness.run.sealing.vouching import vouching_of

    if bundle.is_dir() and incomplete(bundle):
        close_late(bundle, vouching_of(load_settings({"profile": profile})))
    closed(bundle)
    archive = to or Path(bundle.resolve().name + ENDING)
    if archive.resolve().is_relative_to(bundle.resolve()):
        raise UsageError(f"{archive} would lie inside the bundle", advice="Name a place outside with --to.")
    pack(bundle, archive)
    typer.echo(f"packed {bundle} as {archive}")
