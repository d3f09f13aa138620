"""The last look before evidence is sealed: no byte of any file may hold a secret, in whatever encoding.

What is found is named by file, place and kind, never by its value. Nothing is repaired here: a leak is a defect, and
evidence with a leak is not sealed.
"""

from __future__ import annotations

import zipfile
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from harness.errors import EvidenceError
from harness.evidence.detector import Detector
from harness.evidence.files import content_of, names_in

PACKED = (".xlsx", ".zip", ".docx")
"""Files whose members are looked at one by one, unpacked."""

BETWEEN = b"\n\0\n"
"""Stands between files that are looked through together; no secret and no shape goes across it."""

BATCH = 4 << 20
"""Bytes of files that are looked through together; what is larger is looked through by itself, without a copy."""

SHOWN_MAX = 20
"""So many findings a message names."""


class Leak(EvidenceError):
    """What would be sealed holds a secret, or what looks like one."""

    code = "CMK502"
    usual_advice = (
        "Nothing was sealed. Delete the directory or keep it as you keep the secret; replace the secret if others may"
        " have read it, and report how it came there."
    )


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A secret in a file."""

    file: str
    """Relative to the directory; a member of a packed file stands after an exclamation mark."""
    offset: int
    """In bytes from the beginning of the file or member; -1: the name of the file itself."""
    what: str
    """A known secret with its encoding, or a shape that is never allowed."""

    def __str__(self) -> str:
        return f"{self.file}: {self.what}" + (f" at byte {self.offset}" if self.offset >= 0 else ", in its name")


@dataclass(slots=True)
class Searched:
    """What was looked through, and what was found there."""

    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the bytes that were looked through, by the name of their file."""
    findings: set[Finding] = field(default_factory=set)


def scan(directory: Path, secrets: Collection[str]) -> tuple[Finding, ...]:
    """Every secret in the files of a directory, also in packed ones and in the names of files.

    Raises:
        EvidenceError: a file cannot be read, or is none.
    """
    return tuple(sorted(search(directory, names_in(directory), Detector(secrets)).findings))


def search(directory: Path, names: Sequence[str], detector: Detector) -> Searched:
    """Look through some files of a directory, and through their names; of files that are alike, through one.

    Raises:
        EvidenceError: a file cannot be read.
    """
    hidden = _with_secrets(names, detector)
    done = Searched()
    for name in hidden:
        done.findings.update(Finding("(a file)", -1, what) for _, what in detector.find(_as_bytes(name)))
    found: dict[str, set[Finding]] = {}
    for batch in _batches(directory, names, done):
        for at, what in detector.find(batch.content):
            name, member, offset = batch.place_of(at)
            found.setdefault(done.digests[name], set()).add(Finding(f"!{member}" * bool(member), offset, what))
    for name in names:
        where = "(a file)" if name in hidden else name
        for one in found.get(done.digests[name], ()):
            done.findings.add(Finding(where + one.file, one.offset, one.what))
    return done


def refuse(findings: Sequence[Finding]) -> None:
    """Insist that nothing was found.

    Raises:
        Leak: something was; the message names places, never values.
    """
    if not findings:
        return
    more = len(findings) - SHOWN_MAX
    named = "".join(f"\n       - {one}" for one in findings[:SHOWN_MAX])
    rest = f"\n       - and {more} more" if more > 0 else ""
    raise Leak(f"the evidence holds {len(findings)} secret{'s' * (len(findings) > 1)}:{named}{rest}")


@dataclass(slots=True)
class _Batch:
    """The contents of many files one after the other: looking through a few large texts is quicker than many small."""

    parts: list[bytes]
    starts: list[int]
    sources: list[tuple[str, str]]
    size: int = 0

    def add(self, name: str, member: str, content: bytes) -> None:
        self.starts.append(self.size)
        self.sources.append((name, member))
        self.parts.append(content)
        self.size += len(content) + len(BETWEEN)

    @property
    def content(self) -> bytes:
        return BETWEEN.join(self.parts)

    def place_of(self, at: int) -> tuple[str, str, int]:
        """File, member of it, and offset there."""
        which = bisect_right(self.starts, at) - 1
        return *self.sources[which], at - self.starts[which]


def _with_secrets(names: Sequence[str], detector: Detector) -> set[str]:
    """Those names that hold a secret themselves; there are hardly ever any."""
    if not any(detector.find(BETWEEN.join(map(_as_bytes, names)))):
        return set()
    return {name for name in names if any(detector.find(_as_bytes(name)))}


def _as_bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _batches(directory: Path, names: Iterable[str], done: Searched) -> Iterator[_Batch]:
    """Every content once, whatever files have it; notes the digests of all files."""
    batch, known = _Batch([], [], []), set[tuple[str, bool]]()
    for name in names:
        content, packed = _content(directory, name), name.endswith(PACKED)
        done.digests[name] = digest = sha256(content).hexdigest()
        if (digest, packed) in known:
            continue
        known.add((digest, packed))
        for member, part in _parts(name, content, packed=packed):
            if batch.parts and batch.size + len(part) > BATCH:
                yield batch
                batch = _Batch([], [], [])
            batch.add(name, member, part)
    yield batch


def _content(directory: Path, name: str) -> bytes:
    try:
        return content_of(directory, name)
    except OSError as error:
        raise EvidenceError(f"{name} cannot be searched for secrets: {error.strerror}") from error


def _parts(name: str, content: bytes, *, packed: bool) -> Iterator[tuple[str, bytes]]:
    """A content, and what is in each member of a packed one."""
    yield "", content
    if not packed:
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member, archive.read(member)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise EvidenceError(f"{name} cannot be unpacked to be searched for secrets: {error}") from error
