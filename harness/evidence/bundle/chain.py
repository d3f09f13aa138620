"""The chain of bundles in a directory of reports: each names the one before by the digest of its sums.

`ledger.jsonl` in that directory has a line for each bundle that was closed there. It shows when a bundle has gone; the
chain itself stands inside the bundles.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from harness.errors import EvidenceError
from harness.evidence.forms import Ledger, Predecessor
from harness.model import layout

FILE = "ledger.jsonl"
LOCK = ".ledger.lock"
PATIENCE_S = 120.0
"""Closing a bundle takes seconds; whoever waits longer waits for a process that hangs."""
FORMAT = 1


class BrokenChain(EvidenceError):
    """The ledger of a directory of reports cannot be read, or is locked."""

    code = "CMK507"


@contextmanager
def next_place(reports: Path, run: str) -> Iterator[Ledger]:
    """The place of a run in the chain; nobody else gets one until the caller has closed its bundle.

    Raises:
        BrokenChain: the ledger cannot be read or locked.
    """
    try:
        with FileLock(reports / LOCK, timeout=PATIENCE_S):
            previous = _latest(reports)
            sequence = previous.sequence + 1 if previous else 1
            yield Ledger(format=FORMAT, run=run, sequence=sequence, previous=previous)
            append(reports, reports / run, sequence)
    except Timeout:
        raise BrokenChain(
            f"another run has kept {reports / FILE} locked for {PATIENCE_S:.0f} s",
            advice="See whether one hangs; `cmkproof bundle make` closes this bundle later.",
        ) from None


def append(reports: Path, bundle: Path, sequence: int) -> None:
    """Note that a bundle was closed, in place of a line that a crash cut short."""
    line = msgspec.json.encode(Predecessor(run=bundle.name, sequence=sequence, digest=digest_of(bundle))) + b"\n"
    try:
        (reports / FILE).touch()
        with (reports / FILE).open("r+b") as file:
            file.truncate(file.read().rfind(b"\n") + 1)
            file.seek(0, os.SEEK_END)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BrokenChain(f"{reports / FILE} could not be written: {error.strerror}") from error


def digest_of(bundle: Path) -> str:
    """What stands for a bundle: the SHA-256 of its sums."""
    return sha256((bundle / layout.SUMS).read_bytes()).hexdigest()


def entries(reports: Path) -> list[Predecessor]:
    """All lines of the ledger, in order; a line that a crash cut short at the end counts for nothing.

    Raises:
        BrokenChain: it cannot be read.
    """
    try:
        content = (reports / FILE).read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BrokenChain(f"{reports / FILE} cannot be read: {error.strerror}") from error
    whole, newline, _ = content.rpartition(b"\n")
    try:
        return msgspec.json.Decoder(Predecessor).decode_lines(whole + newline)
    except msgspec.MsgspecError as error:
        raise BrokenChain(
            f"{reports / FILE} cannot be understood: {error}",
            advice="Put it right from a copy: it is the list of bundles that were closed in this directory.",
        ) from error


def _latest(reports: Path) -> Predecessor | None:
    """The bundle that was closed last, also one that a crash kept out of the ledger: it is entered now."""
    listed = entries(reports)
    latest = max(listed, key=lambda one: one.sequence, default=None)
    for bundle, sequence in sorted(_closed(reports, latest.sequence if latest else 0), key=lambda one: one[1]):
        append(reports, bundle, sequence)
        latest = Predecessor(run=bundle.name, sequence=sequence, digest=digest_of(bundle))
    return latest


def _closed(reports: Path, after: int) -> Iterator[tuple[Path, int]]:
    """Bundles in the directory whose place comes after the last one in the ledger."""
    for bundle in reports.iterdir():
        if (bundle / layout.INCOMPLETE).exists() or not (bundle / layout.SUMS).is_file():
            continue
        try:
            place = msgspec.json.decode((bundle / layout.LEDGER).read_bytes(), type=Ledger)
        except (OSError, msgspec.MsgspecError):
            continue
        if place.run == bundle.name and place.sequence > after:
            yield bundle, place.sequence
