"""The undo ledger: what has to be undone is on disk before it is done (DESIGN 6).

One JSON object a line, appended and forced to disk. Each line carries its number, the hash of the line before and a
checksum of its own, so that a torn last line is recognised and left aside, and any other damage is an error. A line of
kind `intent` names an undo before the change is made; `undone` closes it. Undoing twice is harmless by design, so an
intent whose change never happened is simply undone too.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from harness.errors import EvidenceError
from harness.ports import Clock

FILE = "undo.jsonl"
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Intent:
    """A change that is about to be made, by what undoes it."""

    number: int
    undo: str
    """Name of the operation that undoes it."""
    target: Mapping[str, Any]
    """What it is done to; names and identifiers, nothing secret."""


class UndoLedger:
    """Append-only. Opening an existing file continues it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._open: dict[int, Intent] = {}
        self._lines = 0
        self._last = NOTHING_BEFORE
        for line in _lines_of(path):
            self._take(line)

    def __len__(self) -> int:
        """Lines so far; an intent's number is at least the length before it."""
        return self._lines

    @property
    def unresolved(self) -> Sequence[Intent]:
        """What has not been undone, newest first: the order in which to undo it."""
        return sorted(self._open.values(), key=lambda intent: -intent.number)

    def intend(self, undo: str, **target: Any) -> Intent:
        """Write down how a change will be undone; returns once that is safe on disk.

        Raises:
            EvidenceError: it could not be written; do not make the change.
        """
        intent = Intent(self._lines, undo, target)
        self._append({"kind": "intent", "undo": undo, "target": target})
        return intent

    def undone(self, intent: Intent) -> None:
        """Write down that a change has been undone.

        Raises:
            EvidenceError: it could not be written.
        """
        self._append({"kind": "undone", "intent": intent.number})

    def _append(self, said: Mapping[str, Any]) -> None:
        line = {"number": self._lines, "at": self._clock.now(), **said, "before": self._last}
        text = json.dumps(line, separators=(",", ":"), ensure_ascii=False)
        encoded = f"{text}\t{zlib.crc32(text.encode()):08x}\n".encode()
        try:
            _write_through(self.path, encoded)
        except OSError as error:
            raise EvidenceError(f"the undo ledger {self.path.name} cannot be written: {error}") from error
        self._take(line)

    def _take(self, line: Mapping[str, Any]) -> None:
        self._lines = int(line["number"]) + 1
        self._last = _digest(line)
        if line["kind"] == "intent":
            self._open[line["number"]] = Intent(line["number"], line["undo"], line["target"])
        else:
            self._open.pop(line["intent"], None)


def _write_through(path: Path, encoded: bytes) -> None:
    """Append in one write, and force file and directory to disk."""
    fresh = not path.exists()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, encoded)
        os.fsync(file)
    finally:
        os.close(file)
    if fresh:
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _lines_of(path: Path) -> Iterator[Mapping[str, Any]]:
    """The lines of a ledger; a torn last one is cut off, since nothing was done before it was whole.

    Raises:
        EvidenceError: a line is damaged, missing or in the wrong place.
    """
    if not path.exists():
        return
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if whole != raw:
        os.truncate(path, len(whole))
    before = NOTHING_BEFORE
    for number, encoded in enumerate(whole.decode(errors="replace").splitlines()):
        text, _, checksum = encoded.rpartition("\t")
        damaged = f"line {number + 1} of the undo ledger {path.name} is damaged"
        if f"{zlib.crc32(text.encode()):08x}" != checksum:
            raise EvidenceError(damaged, advice="Undo by hand what its readable lines name.")
        line: Mapping[str, Any] = json.loads(text)
        if line["number"] != number or line["before"] != before:
            raise EvidenceError(f"{damaged}: it does not follow the line before")
        before = _digest(line)
        yield line


def _digest(line: Mapping[str, Any]) -> str:
    return sha256(json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
