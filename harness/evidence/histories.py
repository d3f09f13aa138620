"""Sealed histories on disk: one JSON line for each entry."""

from __future__ import annotations

import json
from base64 import b32encode
from hashlib import sha256
from pathlib import Path

from harness.errors import EvidenceError
from harness.evidence.schemas import check_file
from harness.evidence.texts import each_text
from harness.model.history import History, as_record
from harness.ports import Secrets

FOLDER = "history"
STEM = 8
"""Characters of a file name: forty bits, so that among a thousand scenarios no two will share one."""


def history_lines(history: History) -> str:
    """The history as JSON lines."""
    return "".join(json.dumps(as_record(entry), sort_keys=True) + "\n" for entry in history.entries)


def keep_out(history: History, secrets: Secrets) -> None:
    """Take out of a history, before it is sealed, what has turned out to be secret by now."""
    lines = history_lines(history)
    if secrets.hide(lines) != lines:
        history.rewrite(lambda value: each_text(value, secrets.hide))


def keep_history(history: History, directory: Path, scenario_id: str) -> str:
    """Write a history; returns the file's name relative to `directory`.

    Raises:
        NotAsDescribed: a line is not as its schema says; the file stays, since what happened cannot be had again.
        EvidenceError: it could not be written.
    """
    name, content = f"{FOLDER}/{file_stem(scenario_id)}.jsonl", history_lines(history).encode()
    try:
        (directory / FOLDER).mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(content)
    except OSError as error:
        raise EvidenceError(f"the history of {scenario_id!r} could not be written: {error}") from error
    check_file(name, content)
    return name


def file_stem(scenario_id: str) -> str:
    """A short file name that no other scenario has: reports name a file for each of hundreds of scenarios."""
    return b32encode(sha256(scenario_id.encode()).digest())[:STEM].decode().lower()
