"""The files of a bundle as they lie on disk, and the sums that they should have."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

FORM = re.compile(r"(?:[0-9a-f]{64}  [^\\\n\r]+\n)*")
OUTSIDE = re.compile(r"^/|(^|/)\.{0,2}(/|$)")
"""Names that lead out of the bundle, or that could be written in another way."""
SUSPICIOUS = ("  /", "//", "./", ".\n", "/\n")
"""Without any of these in the sums no name is one of those."""
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


def measured(path: str) -> tuple[str, int]:
    """SHA-256 and size of a file, read as cheaply as the system allows: bundles have tens of thousands.

    Raises:
        OSError: it cannot be read.
    """
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        content = os.read(file, CHUNK)
        whole, size = sha256(content), len(content)
        while len(content) == CHUNK:
            content = os.read(file, CHUNK)
            whole.update(content)
            size += len(content)
        return whole.hexdigest(), size
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
    if FORM.fullmatch(text) is None:
        bad = next(number for number, line in enumerate(text.splitlines(keepends=True), 1) if not FORM.fullmatch(line))
        return {}, [f"SHA256SUMS, line {bad}: not of the form `digest  name`"]
    lines = text.split("\n")[:-1]
    names = [line[66:] for line in lines]
    disorder = "is out of order, or stands there twice"
    problems = [f"SHA256SUMS: {name} {disorder}" for before, name in pairwise(names) if name <= before]
    if any(sign in text for sign in SUSPICIOUS):
        problems += [f"SHA256SUMS: {name} leads out of the bundle" for name in names if OUTSIDE.search(name)]
    return {name: line[:64] for name, line in zip(names, lines, strict=True)}, problems


def read(directory: Path, name: str) -> bytes:
    """A file of the bundle; links are not followed, and nobody waits for a pipe.

    Raises:
        OSError: it cannot be read.
    """
    path = directory / name
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(f"{name} is no file")
    return path.read_bytes()
