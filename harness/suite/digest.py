"""The digest of the feature files: two suites with the same digest promise the same."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from harness.errors import UsageError


def features_digest(directory: Path) -> str:
    """SHA-256 over the names and the bytes of all feature files below a directory.

    Raises:
        UsageError: one of them cannot be read.
    """
    whole = sha256()
    for name, content in feature_files(directory):
        whole.update(f"{name}\n{len(content)}\n".encode() + content)
    return whole.hexdigest()


def file_digests(directory: Path) -> dict[str, str]:
    """SHA-256 of each feature file, by its name below the directory.

    Raises:
        UsageError: one of them cannot be read.
    """
    return {name: sha256(content).hexdigest() for name, content in feature_files(directory)}


def feature_files(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Every feature file below a directory, in order: name and bytes.

    Raises:
        UsageError: one of them cannot be read.
    """
    for path in sorted(directory.rglob("*.feature"), key=lambda one: one.relative_to(directory).as_posix()):
        try:
            yield path.relative_to(directory).as_posix(), path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error}") from None
