"""The last look before evidence is sealed: no byte of any file may hold a secret, in whatever encoding.

What is found is named by file, place and kind, never by its value. Nothing is repaired here: a leak is a defect, and
evidence with a leak is not sealed.
"""

from __future__ import annotations

import zipfile
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from ahocorasick_rs import BytesAhoCorasick, Implementation

from harness.errors import EvidenceError
from harness.evidence.encodings import forms, halves, is_plain
from harness.evidence.shapes import SHAPES

HALF_MIN = 16
"""Halves of encoded forms that are at least this long are looked for, since a line may break in between."""

ANCHOR = 16
"""Of what was drawn at random so many of its last bytes are looked for: that is quicker, and a part is a leak too."""

PACKED = frozenset({".xlsx", ".zip", ".docx"})
"""Files whose members are looked at one by one, unpacked."""

BETWEEN = b"\n\0\n"
"""Stands between files that are looked through together; no secret and no shape goes across it."""

BATCH = 4 << 20
"""Bytes of files that are looked through together."""

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


def scan(directory: Path, secrets: Collection[str]) -> tuple[Finding, ...]:
    """Every secret in the files of a directory, also in packed ones and in the names of files.

    Raises:
        EvidenceError: a file cannot be read.
    """
    detector = _Detector(secrets)
    names = sorted(one.relative_to(directory).as_posix() for one in directory.rglob("*") if one.is_file())
    hidden = {name for name in names if any(detector.find(name.encode()))} if detector.holds(names) else set()
    found = {Finding("(a file)", -1, what) for name in hidden for _, what in detector.find(name.encode())}
    for batch in _batches(directory, names):
        for at, what in detector.find(batch.content):
            name, member, offset = batch.place_of(at)
            where = "(a file)" if name in hidden else name
            found.add(Finding(where + (f"!{member}" if member else ""), offset, what))
    return tuple(sorted(found))


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


def _batches(directory: Path, names: Iterable[str]) -> Iterator[_Batch]:
    batch = _Batch([], [], [])
    for name in names:
        for member, content in _contents(directory / name):
            batch.add(name, member, content)
        if batch.size > BATCH:
            yield batch
            batch = _Batch([], [], [])
    yield batch


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """What is in a file, and in each member of a packed one."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"{path.name} cannot be searched for secrets: {error.strerror}") from error
    yield "", content
    if path.suffix not in PACKED:
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            for member in packed.namelist():
                yield member, packed.read(member)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise EvidenceError(f"{path.name} cannot be unpacked to be searched for secrets: {error}") from error


class _Detector:
    """Knows all forms of all secrets; made once for all files."""

    def __init__(self, secrets: Iterable[str]) -> None:
        patterns: dict[bytes, str] = {}
        for secret in filter(None, secrets):
            anchor = ANCHOR if is_plain(secret) else 0
            for form, encoding in forms(secret).items():
                for part in _parts(form, encoding):
                    patterns.setdefault(part.encode("utf-8", "surrogatepass")[-anchor:], encoding)
        self._encodings = list(patterns.values())
        self._automaton = (
            BytesAhoCorasick(list(patterns), implementation=Implementation.ContiguousNFA) if patterns else None
        )

    def holds(self, texts: Iterable[str]) -> bool:
        """Whether any of these texts holds a secret."""
        return any(self.find(BETWEEN.join(one.encode() for one in texts)))

    def find(self, content: bytes) -> Iterator[tuple[int, str]]:
        """Where, and what."""
        if self._automaton:
            for which, start, _ in self._automaton.find_matches_as_indexes(content, overlapping=True):
                yield start, f"a known secret ({self._encodings[which]})"
        for shape in SHAPES:
            if any(hint.encode() in content for hint in shape.hints):
                for match in shape.of_bytes.finditer(content):
                    yield match.start(1), shape.name


def _parts(form: str, encoding: str) -> Sequence[str]:
    """What a form is found by: base64, which may be broken over lines, by either of its halves."""
    both = halves(form) if encoding == "base64" else (form,)
    return both if len(both[0]) >= HALF_MIN else (form,)
