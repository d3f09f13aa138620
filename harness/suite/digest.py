"""The digest of the feature files: two suites with the same digest promise the same."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from harness.errors import UsageError


def features_digest(directory: Path) -> str:
    """SHA-256 over the names and the bytes of all feature files below a directory.

    Raises:
        UsageError: one of them cannot be read.
    """
    whole = sha256()
    for path in sorted(directory.rglob("*.feature"), key=lambda one: one.relative_to(directory).as_posix()):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error}") from None
        name = path.relative_to(directory).as_posix()
        whole.update(f"{name}\n{len(content)}\n".encode() + content)
    return whole.hexdigest()
