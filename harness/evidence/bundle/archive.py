"""A bundle as one file: a tar that is the same, byte for byte, whoever makes it from the same bundle."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.errors import EvidenceError

ENDING = ".tar"


class BadArchive(EvidenceError):
    """A file is no archive of a bundle."""

    code = "CMK509"
    usual_advice = "Give a directory of a run, or the file that `cmkproof bundle make` wrote."


def pack(bundle: Path, archive: Path) -> None:
    """Write a bundle as a tar, under the name of its directory.

    Raises:
        EvidenceError: a file cannot be read, or the archive cannot be written.
    """
    partial = archive.with_name(archive.name + ".partial")
    try:
        with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
            for path in sorted(bundle.rglob("*")):
                if path.is_dir():
                    continue
                content = path.read_bytes()
                entry = tarfile.TarInfo(f"{bundle.resolve().name}/{path.relative_to(bundle).as_posix()}")
                entry.size, entry.mode = len(content), 0o644  # no times, no owners: they say nothing about the run
                tar.addfile(entry, BytesIO(content))
        partial.replace(archive)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise EvidenceError(f"{archive} could not be written: {error}") from error


@contextmanager
def opened(bundle: Path) -> Iterator[Path]:
    """The directory of a bundle, unpacked for as long as it is needed where it is an archive.

    Raises:
        BadArchive: it is neither.
    """
    if not bundle.is_file():
        yield bundle
        return
    with TemporaryDirectory(prefix="cmkproof-") as place:
        try:
            with tarfile.open(bundle, "r:*") as tar:
                tar.extractall(place, filter="data")
        except (tarfile.TarError, OSError, EOFError) as error:
            raise BadArchive(f"{bundle} is no archive of a bundle: {error}") from error
        found = list(Path(place).iterdir())
        if len(found) != 1 or not found[0].is_dir():
            raise BadArchive(f"{bundle} holds {len(found)} things, and a bundle is one directory")
        yield found[0]
