"""Closes the bundle of a run: documents, reports, a last look for secrets, sums, signature; then, at once, sealed.

From its first moment a directory carries `INCOMPLETE.txt`. The very last act takes that mark away, so that a run that
is killed at any moment leaves a directory that says of itself that it is none.
"""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.errors import EvidenceError, HarnessError
from harness.evidence.account import Account, read_account
from harness.evidence.bundle import chain, texts
from harness.evidence.bundle.attestation import attest
from harness.evidence.bundle.signing import Signer, fingerprint
from harness.evidence.bundle.sums import canonical, manifest_of, sums_of, with_file
from harness.evidence.writing import write_bytes, write_document, write_text
from harness.model import layout
from harness.ports import Clock
from harness.run.engine import Result
from harness.run.sealing.derived import write_derived
from harness.run.sealing.primaries import write_primaries
from harness.run.sealing.searching import Search, search_beside


class Unclosed(EvidenceError):
    """Something that nobody foresaw kept a bundle open."""

    code = "CMK513"
    usual_advice = "This is a defect of cmkproof: report it with the sentence above. The result of the run stands."


@dataclass(frozen=True, slots=True)
class Vouching:
    """How a bundle is vouched for."""

    signer: Signer | None = None
    timestamp: Callable[[bytes], bytes] | None = None
    """Gets an RFC 3161 response for some bytes."""


NOBODY = Vouching()
"""Nobody vouches for it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle that is closed."""

    directory: Path
    sequence: int
    digest: str
    """SHA-256 of its sums."""
    signed_with: str
    """Fingerprint of the key; empty: nobody signed it."""


def seal(result: Result, clock: Clock, vouching: Vouching = NOBODY) -> Sealed:
    """Close the bundle of a run that is over; `clock` is the one on the wall.

    Raises:
        EvidenceError: it cannot be closed; the directory stays marked as incomplete, and says why.
    """
    directory = result.directory
    try:
        with _collector_at_rest(), search_beside(directory, result.secrets) as search:
            write_primaries(result, clock.now())
            account = read_account(directory)
            write_derived(account)
            return close(account, vouching, search)
    except HarnessError as error:
        mark(directory, f"{error.code} {error.message}")
        raise
    except Exception as error:  # a defect of ours in a report costs the bundle, and never what the run has found
        mark(directory, f"{Unclosed.code} {type(error).__name__}")
        raise Unclosed(f"the bundle could not be closed: {type(error).__name__}: {error}") from error


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Without the search for cycles: of the millions of objects that reports are made from hardly any is in one, and
    looking at them again and again takes a third of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def close(account: Account, vouching: Vouching, search: Search) -> Sealed:
    """Put everything under sums, if no secret is in it, and the sums under a signature.

    Raises:
        Leak: a secret is.
        EvidenceError: something cannot be read or written, or there is no place in the chain, or no timestamp.
    """
    directory = account.directory
    search.everything_is_there()
    searched = manifest_of(directory, account.run.id, simulated=account.run.simulated)
    search.vouch_for(searched)  # before there is a place: a bundle that only lacks one is not searched again
    with chain.next_place(directory.parent, account.run.id) as place:
        write_document(directory, layout.LEDGER, place)
        manifest = with_file(searched, directory, layout.LEDGER)
        listed = canonical(manifest)
        sums = sums_of(manifest, listed)
        write_bytes(directory, layout.MANIFEST, listed)
        vouch(account, sums, vouching)
        _finish(directory, sums)
    signed_with = fingerprint(vouching.signer.public_key()) if vouching.signer else ""
    return Sealed(directory, place.sequence, chain.digest_of(directory), signed_with)


def vouch(account: Account, sums: bytes, vouching: Vouching) -> None:
    """Sign the sums and attest what they stand for."""
    if vouching.signer:
        write_bytes(account.directory, layout.SIGNER, vouching.signer.public_key())
        write_bytes(account.directory, layout.SIGNATURE, vouching.signer.sign(sums))
        write_bytes(account.directory, layout.ATTESTATION, attest(account, sums, vouching.signer))
    if vouching.timestamp:
        write_bytes(account.directory, layout.TIMESTAMP, vouching.timestamp(sums))


def mark(directory: Path, reason: str = "") -> None:
    """Mark a directory as incomplete."""
    write_text(directory, layout.INCOMPLETE, texts.incomplete(reason))


def reason_of(directory: Path) -> str:
    """Code of the error that kept a bundle open; empty where none did, and where the run did not get that far."""
    try:
        marked = (directory / layout.INCOMPLETE).read_text(encoding="utf-8")
    except OSError:
        return ""
    found = re.search(r"^(CMK\d{3}) ", marked, re.MULTILINE)
    return found[1] if found else ""


def _finish(directory: Path, sums: bytes) -> None:
    """The sums on disk, whole; then the mark goes."""
    partial = directory / f"{layout.SUMS}.partial"
    try:
        with partial.open("wb") as file:
            file.write(sums)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(directory / layout.SUMS)
        (directory / layout.INCOMPLETE).unlink()
        _sync(directory)
    except OSError as error:
        raise EvidenceError(f"{directory} could not be closed: {error.strerror}") from error


def _sync(directory: Path) -> None:
    """Names in a directory survive a loss of power only once the directory itself is on disk."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
