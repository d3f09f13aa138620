"""INTEGRITY: every file is as it was when the bundle was closed; none is missing, none was added."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785

from harness.evidence.verify.files import Unlistable, digest_of, listed_below, parse_sums, read
from harness.evidence.verify.findings import Line, Verdict, judged, whatever_it_holds
from harness.evidence.verify.histories import broken_histories
from harness.model import layout


@whatever_it_holds(Line.INTEGRITY)
def integrity(directory: Path) -> Verdict:
    """What is wrong with the files of a bundle."""
    try:
        sums, problems = parse_sums(read(directory, layout.SUMS))
    except OSError as error:
        return judged(Line.INTEGRITY, [f"there is no {layout.SUMS}: the bundle was never closed ({error})"], "")
    problems += _files(directory, sums)
    if not problems:
        problems += _manifest(directory, sums)
        problems += broken_histories(directory, sums)
    return judged(Line.INTEGRITY, problems, f"{len(sums)} files are as they were when the bundle was closed")


def incomplete(directory: Path) -> str:
    """Why a directory is no closed bundle; empty when it is one, or looks like one."""
    try:
        marked = read(directory, layout.INCOMPLETE).decode("utf-8", "replace").strip()
    except OSError:
        return "" if (directory / layout.SUMS).exists() else "it was never closed"
    return marked.partition("\n")[0] or "it is marked as incomplete"


def _files(directory: Path, sums: Mapping[str, str]) -> list[str]:
    root = str(directory)
    try:
        present = set(listed_below(root))
    except Unlistable as error:
        return [f"{error} is no file: links and devices have no place in a bundle"]
    except OSError as error:
        return [f"the directory cannot be read: {error}"]
    problems = [f"{name} was added" for name in sorted(present - sums.keys() - layout.OUTSIDE_THE_SUMS)]
    problems += [f"{name} is missing" for name in sorted(sums.keys() - present)]
    for name in sorted(present & sums.keys()):
        try:
            if digest_of(f"{root}/{name}") != sums[name]:
                problems.append(f"{name} was changed")
        except OSError as error:
            problems.append(f"{name} cannot be read: {error.strerror}")
    return problems


def _manifest(directory: Path, sums: Mapping[str, str]) -> Iterator[str]:
    """The manifest says the same as the sums, in canonical form."""
    try:
        content = read(directory, layout.MANIFEST)
        manifest: Any = json.loads(content)
        listed = {one["path"]: one for one in manifest["files"]}
        canonical = rfc8785.dumps(manifest) + b"\n"
    except (OSError, ValueError, KeyError, TypeError, rfc8785.CanonicalizationError) as error:
        yield f"{layout.MANIFEST} cannot be understood: {error}"
        return
    if content != canonical:
        yield f"{layout.MANIFEST} is not in canonical form (RFC 8785)"
    if len(listed) != len(manifest["files"]):
        yield f"{layout.MANIFEST} lists a file twice"
    for name in sorted(listed.keys() ^ (sums.keys() - {layout.MANIFEST})):
        yield f"{name} stands in only one of {layout.MANIFEST} and {layout.SUMS}"
    for name in sorted(listed.keys() & sums.keys()):
        one = listed[name]
        if one.get("sha256") != sums[name]:
            yield f"{name} has one digest in {layout.MANIFEST} and another in {layout.SUMS}"
        elif one.get("bytes") != (directory / name).stat().st_size:
            yield f"{name} has another size than {layout.MANIFEST} says"


def sums_digest(directory: Path) -> str:
    """What stands for a whole bundle: the SHA-256 of its sums.

    Raises:
        OSError: it has none.
    """
    return sha256(read(directory, layout.SUMS)).hexdigest()
