"""The files of a directory that is, or will be, a bundle."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from harness.errors import EvidenceError


def names_in(directory: Path) -> list[str]:
    """The names of all files below a directory, relative to it, sorted.

    Raises:
        EvidenceError: one is none: links and devices have no place in a bundle.
    """
    return sorted(_names(str(directory), ""))


def content_of(directory: Path, name: str) -> bytes:
    """What is in one of them.

    Raises:
        OSError: it cannot be read.
    """
    with open(f"{directory}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - thousands: no buffer, no second look
        return file.read()


def _names(directory: str, prefix: str) -> Iterator[str]:
    with os.scandir(directory) as found:
        for one in found:
            name = prefix + one.name
            if one.is_dir(follow_symlinks=False):
                yield from _names(one.path, f"{name}/")
            elif one.is_file(follow_symlinks=False):
                yield name
            else:
                raise EvidenceError(f"{one.path} is no file: links and devices have no place in a bundle")
