"""Lines that are on disk before what they announce is done: appended, forced through, and recognised when damaged.

One JSON object a line. Each carries its number, the hash of the line before, and after a tab a checksum of its own, so
that a torn last line is recognised and left aside, and any other damage is an error.
"""

from __future__ import annotations

import errno
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from harness.errors import EvidenceError

NOTHING_BEFORE = "0" * 64

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds."""

    lines: Sequence[Line]
    size: int
    """Bytes of the lines that are whole; what follows them is torn."""


def read(path: Path) -> Written:
    """The lines of a file, without changing it; a torn last one does not count: nothing was done before it was whole.

    Raises:
        EvidenceError: a line is damaged, missing or in the wrong place, or the file cannot be read.
    """
    try:
        raw = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise EvidenceError(f"the undo ledger {path.name} cannot be read: {error}") from error
    whole = raw[: raw.rfind(b"\n") + 1]
    lines: list[Line] = []
    before = NOTHING_BEFORE
    for number, encoded in enumerate(whole.decode(errors="replace").splitlines()):
        text, _, checksum = encoded.rpartition("\t")
        damaged = f"line {number + 1} of the undo ledger {path.name} is damaged"
        if f"{zlib.crc32(text.encode()):08x}" != checksum:
            raise EvidenceError(damaged, advice="Undo by hand what its readable lines name.")
        line: Line = json.loads(text)
        if line["number"] != number or line["before"] != before:
            raise EvidenceError(f"{damaged}: it does not follow the line before")
        before = digest(line)
        lines.append(line)
    return Written(lines, len(whole))


def append(path: Path, line: Line, size: int) -> int:
    """Put a line behind the first `size` bytes and return once file and directory are on disk; returns the new size.

    What cannot be written whole is taken back, so that the next line still follows a whole one.

    Raises:
        EvidenceError: it could not be written.
    """
    text = _encoded(line)
    encoded = f"{text}\t{zlib.crc32(text.encode()):08x}\n".encode()
    try:
        _write_through(path, encoded, size)
    except OSError as error:
        raise EvidenceError(f"the undo ledger {path.name} cannot be written: {error}") from error
    return size + len(encoded)


def digest(value: Any) -> str:
    """SHA-256 of a value as a line spells it."""
    return sha256(_encoded(value).encode()).hexdigest()


def _encoded(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _write_through(path: Path, encoded: bytes, size: int) -> None:
    fresh = not path.exists()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.ftruncate(file, size)
        try:
            if os.write(file, encoded) != len(encoded):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(file)
        except OSError:
            os.ftruncate(file, size)
            raise
    finally:
        os.close(file)
    if fresh:
        _force(path.parent)


def _force(directory: Path) -> None:
    """A new name is on disk only once its directory is."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
