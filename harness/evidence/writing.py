"""Writing documents of a bundle: in one form, checked against its schema, and whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from harness.errors import EvidenceError
from harness.evidence.schemas import check_file


def write_document(directory: Path, name: str, document: msgspec.Struct) -> None:
    """Write a JSON document for people to read, too.

    Raises:
        EvidenceError: it cannot be written.
    """
    write_text(directory, name, msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n")


def write_lines(directory: Path, name: str, lines: Iterable[msgspec.Struct]) -> None:
    """Write JSON lines.

    Raises:
        EvidenceError: they cannot be written.
    """
    write_bytes(directory, name, msgspec.json.Encoder().encode_lines(list(lines)))


def write_text(directory: Path, name: str, text: str) -> None:
    """Write a text in UTF-8.

    Raises:
        EvidenceError: it cannot be written.
    """
    write_bytes(directory, name, text.encode())


def write_bytes(directory: Path, name: str, content: bytes) -> None:
    """Write a file and the directories above it, unless a schema describes it and it is not like that.

    Raises:
        NotAsDescribed: it is not as its schema says; nothing was written.
        EvidenceError: it cannot be written.
    """
    check_file(name, content)
    path = directory / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise EvidenceError(f"{path} could not be written: {error.strerror}") from error
