"""`manifest.json` and `SHA256SUMS`: every file of a bundle with its digest."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec

from harness.errors import EvidenceError
from harness.evidence.files import content_of, names_in
from harness.evidence.forms import FileEntry, Manifest
from harness.model import layout

FORMAT = 1


def manifest_of(directory: Path, run: str, *, simulated: bool) -> Manifest:
    """What is in a directory, itself and what says something about the sums left out.

    Raises:
        EvidenceError: a file cannot be read, or is none: links and devices have no place in a bundle.
    """
    files = [_entry(directory, name) for name in names_in(directory) if name not in layout.NOT_IN_THE_MANIFEST]
    return Manifest(format=FORMAT, run=run, simulated=simulated, files=files)


def with_file(manifest: Manifest, directory: Path, name: str) -> Manifest:
    """The same manifest with one file more, or one that is looked at again.

    Raises:
        EvidenceError: it cannot be read.
    """
    others = [one for one in manifest.files if one.path != name]
    files = sorted([*others, _entry(directory, name)], key=lambda one: one.path)
    return msgspec.structs.replace(manifest, files=files)


def canonical(manifest: Manifest) -> bytes:
    """A manifest in canonical form (RFC 8785), on one line.

    It has texts and whole numbers only, under names in ASCII: so far its canonical form is what `msgspec` writes, in a
    tenth of the time that a writer for all of RFC 8785 takes.
    """
    return msgspec.json.encode(manifest, order="sorted") + b"\n"


def sums_of(manifest: Manifest, manifest_bytes: bytes) -> bytes:
    """The lines of `SHA256SUMS`, in the form of coreutils, by name."""
    digests = {one.path: one.sha256 for one in manifest.files}
    digests[layout.MANIFEST] = sha256(manifest_bytes).hexdigest()
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def _entry(directory: Path, name: str) -> FileEntry:
    try:
        content = content_of(directory, name)
    except OSError as error:
        raise EvidenceError(f"{directory / name} could not be read: {error.strerror}") from error
    return FileEntry(
        path=name,
        sha256=sha256(content).hexdigest(),
        bytes=len(content),
        media_type=layout.media_type(name),
        kind=layout.kind_of(name),
        redacted=name.startswith(layout.REDACTED),
    )
