"""JSON Schemas of the files of a bundle, and whether a document is as its schema says.

Shared by whoever writes a bundle and whoever verifies it: what a file has to look like is agreed between them, and
nothing else of the harness is needed to ask. The schemas are made from the forms (`harness.run.schema_files`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec

from harness.errors import EvidenceError

if TYPE_CHECKING:
    from jsonschema_rs import Validator

SUFFIX = ".schema.json"

DESCRIBED = {
    "run.json": "run",
    "result.json": "result",
    "population.json": "population",
    "manifest.json": "manifest",
    "ledger.json": "ledger",
    "spec/clauses.json": "clauses",
    "results.jsonl": "row",
    "faults.jsonl": "fault",
    "redactions.jsonl": "redaction",
    "waivers.json": "waivers",
    "state/*.json": "sightings",
    "attestation.dsse.json": "attestation",
    "history/*.jsonl": "history-line",
    "exchanges/*.jsonl": "tape-line",
    "undo.jsonl": "undo-line",
}
"""Which schema describes which file of a bundle; of a file of JSON lines, each line."""

CHECKSUMMED = frozenset({"undo.jsonl"})
"""Files whose lines end in a tab and a checksum, which is no part of the JSON."""


class NotAsDescribed(EvidenceError):
    """A document of a bundle is not what its schema says."""

    code = "CMK506"
    usual_advice = "If this version wrote the file, report it as a defect; otherwise somebody altered it."


def names() -> list[str]:
    """All schemas, by name."""
    return sorted(set(DESCRIBED.values()))


def text(name: str) -> str:
    """A schema as it stands in its file."""
    return (resources.files(__name__) / f"{name}{SUFFIX}").read_text(encoding="utf-8")


@cache
def validator(name: str) -> Validator:
    """The validator for a schema."""
    import jsonschema_rs  # a run that writes nothing needs none

    return jsonschema_rs.validator_for(json.loads(text(name)))


@cache
def schema_of(file: str) -> str:
    """The name of the schema that describes a file, by its path in the bundle; empty where none does."""
    return next((name for pattern, name in DESCRIBED.items() if fnmatchcase(file, pattern)), "")


def check(file: str, document: Any, line: int = 0) -> None:
    """Whether a document, or a line of a file of lines, is as described; `file` is its path in the bundle.

    Raises:
        NotAsDescribed: it is not; says where.
    """
    if (name := schema_of(file)) and (error := next(validator(name).iter_errors(document), None)):
        place = "/".join(["", *(_escaped(str(one)) for one in error.instance_path)])
        raise NotAsDescribed(f"{_named(file, line)} at {place or 'its root'}: {_short(error.message)}")


def check_file(file: str, content: bytes) -> None:
    """Whether a whole file is as described.

    Raises:
        NotAsDescribed: it is not, or is no JSON.
    """
    if not schema_of(file):
        return
    for number, part in _documents(file, content):
        try:
            document = msgspec.json.decode(part)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise NotAsDescribed(f"{_named(file, number)} is no JSON: {error}") from error
        check(file, document, number)


def _documents(file: str, content: bytes) -> Iterator[tuple[int, bytes]]:
    if not file.endswith(".jsonl"):
        yield 0, content
        return
    for number, line in enumerate(content.split(b"\n"), 1):
        if line:
            yield number, line.rpartition(b"\t")[0] if file in CHECKSUMMED else line


def _named(file: str, line: int) -> str:
    return f"{file}, line {line}," if line else file


def _escaped(step: str) -> str:
    """A step of a JSON pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")


def _short(message: str, most: int = 200) -> str:
    return message if len(message) <= most else f"{message[: most - 1]}…"
