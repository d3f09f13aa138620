"""The files of a bundle as they lie on disk, and the sums that they should have."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

LINE = re.compile(r"([0-9a-f]{64})  ([^\\\n]+)\n")
CHUNK = 1 << 20


class Unlistable(Exception):
    """Something in the directory that no bundle may hold: a link, a device."""


def listed_below(directory: str, prefix: str = "") -> Iterator[str]:
    """Every file, as paths relative to the directory.

    Raises:
        Unlistable: something is neither file nor directory.
        OSError: a directory cannot be read.
    """
    with os.scandir(directory) as found:
        for one in found:
            name = prefix + one.name
            if one.is_file(follow_symlinks=False):
                yield name
            elif one.is_dir(follow_symlinks=False):
                yield from listed_below(one.path, f"{name}/")
            else:
                raise Unlistable(name)


def digest_of(path: str) -> str:
    """SHA-256 of a file, read as cheaply as the system allows: bundles have tens of thousands.

    Raises:
        OSError: it cannot be read.
    """
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        whole = sha256()
        while content := os.read(file, CHUNK):
            whole.update(content)
        return whole.hexdigest()
    finally:
        os.close(file)


def parse_sums(content: bytes) -> tuple[dict[str, str], list[str]]:
    """Digest by name, and everything that is wrong with the form of the sums.

    The form is strict, so that one list of files can be written in one way only: lower-case digests, two spaces, names
    in order, each once, none that leads out of the bundle.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return {}, ["SHA256SUMS is no text"]
    sums: dict[str, str] = {}
    problems: list[str] = []
    before = ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        found = LINE.fullmatch(line)
        if found is None:
            problems.append(f"SHA256SUMS, line {number}: not of the form `digest  name`")
            continue
        digest, name = found.groups()
        if leads_outside(name):
            problems.append(f"SHA256SUMS, line {number}: {name} leads out of the bundle")
        elif name <= before:
            problems.append(f"SHA256SUMS, line {number}: {name} is out of order, or stands there twice")
        before = max(before, name)
        sums.setdefault(name, digest)
    return sums, problems


def leads_outside(name: str) -> bool:
    """Whether a name is none of a file in the bundle."""
    return name.startswith("/") or any(part in ("", ".", "..") for part in name.split("/"))


def read(directory: Path, name: str) -> bytes:
    """A file of the bundle, never by way of a link.

    Raises:
        OSError: it cannot be read.
    """
    path = directory / name
    if path.is_symlink():
        raise OSError(f"{name} is a link")
    return path.read_bytes()
