"""INTEGRITY: every file is as it was when the bundle was closed; none is missing, none was added."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from harness.evidence.schemas import NotAsDescribed, check_file, schema_of
from harness.evidence.verify.files import Unlistable, listed_below, measured, parse_sums, read
from harness.evidence.verify.findings import Line, Verdict, judged, whatever_it_holds
from harness.evidence.verify.histories import broken_histories
from harness.model import layout

OF_OTHERS = ("allure-results/", "oscal/", "interop/")
"""Files in formats of other tools: no schema of ours describes them, and there are thousands."""


@whatever_it_holds(Line.INTEGRITY)
def integrity(directory: Path) -> Verdict:
    """What is wrong with the files of a bundle."""
    try:
        sums, problems = parse_sums(read(directory, layout.SUMS))
    except OSError as error:
        return judged(Line.INTEGRITY, [f"there is no {layout.SUMS}: the bundle was never closed ({error})"], "")
    sizes: dict[str, int] = {}
    with _without_collections():
        problems += _files(directory, sums, sizes)
    if not problems:
        problems += _manifest(directory, sums, sizes)
        problems += broken_histories(directory, sums)
        problems += _undescribed(directory, sums)
    return judged(Line.INTEGRITY, problems, f"{len(sums)} files are as they were when the bundle was closed")


@contextmanager
def _without_collections() -> Iterator[None]:
    """The collector of cycles stands still: names and digests make none, and it would look at all of them again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def incomplete(directory: Path) -> str:
    """Why a directory is no closed bundle; empty when it is one, or looks like one."""
    if os.path.lexists(directory / layout.INCOMPLETE):
        try:
            marked = read(directory, layout.INCOMPLETE).decode("utf-8", "replace").strip()
        except OSError:
            marked = ""
        return "; ".join(marked.splitlines()[:2]) or "it is marked as incomplete"
    return "" if os.path.lexists(directory / layout.SUMS) else "it was never closed"


def _files(directory: Path, sums: Mapping[str, str], sizes: dict[str, int]) -> list[str]:
    """What is wrong with files; fills in the size of each."""
    root = str(directory)
    try:
        present = set(listed_below(root))
    except Unlistable as error:
        return [f"{error} is no file: links and devices have no place in a bundle"]
    except OSError as error:
        return [f"the directory cannot be read: {error}"]
    problems = [f"{name} was added" for name in sorted(present - sums.keys() - layout.OUTSIDE_THE_SUMS)]
    problems += [f"{name} is missing" for name in sorted(sums.keys() - present)]
    for name in sums.keys() & present if problems else sums:
        try:
            digest, sizes[name] = measured(f"{root}/{name}")
        except OSError as error:
            problems.append(f"{name} cannot be read: {error.strerror}")
            continue
        if digest != sums[name]:
            problems.append(f"{name} was changed")
    return problems


def _manifest(directory: Path, sums: Mapping[str, str], sizes: Mapping[str, int]) -> Iterator[str]:
    """The manifest says the same as the sums, in canonical form.

    Of documents that hold texts, whole numbers and truths under names in ASCII, RFC 8785 makes what is made here.
    """
    content = read(directory, layout.MANIFEST)
    manifest: Any = msgspec.json.decode(content)
    listed = {one["path"]: one for one in manifest["files"]}
    if content != msgspec.json.encode(manifest, order="sorted") + b"\n":
        yield f"{layout.MANIFEST} is not in canonical form (RFC 8785)"
    if len(listed) != len(manifest["files"]):
        yield f"{layout.MANIFEST} lists a file twice"
    for name in sorted(listed.keys() ^ (sums.keys() - {layout.MANIFEST})):
        yield f"{name} stands in only one of {layout.MANIFEST} and {layout.SUMS}"
    for name, one in listed.items():
        if one.get("sha256") != sums.get(name):
            yield f"{name} has one digest in {layout.MANIFEST} and another in {layout.SUMS}"
        elif one.get("bytes") != sizes[name]:
            yield f"{name} has another size than {layout.MANIFEST} says"


def _undescribed(directory: Path, sums: Mapping[str, str]) -> Iterator[str]:
    """Documents that are not as their schemas say."""
    for name in sums:
        if not name.startswith(OF_OTHERS) and schema_of(name):
            try:
                check_file(name, read(directory, name))
            except NotAsDescribed as error:
                yield error.message


def sums_digest(directory: Path) -> str:
    """What stands for a whole bundle: the SHA-256 of its sums.

    Raises:
        OSError: it has none.
    """
    return sha256(read(directory, layout.SUMS)).hexdigest()
