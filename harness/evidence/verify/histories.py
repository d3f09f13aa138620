"""The hash chain inside each history: every line carries the digest of the line before and of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from harness.evidence.verify.files import read
from harness.model import layout
from harness.model.history import GENESIS


def broken_histories(directory: Path, sums: Mapping[str, str]) -> Iterator[str]:
    """Histories whose chain does not hold, or does not end where the results say; tapes other than the results say."""
    try:
        rows = [json.loads(line) for line in read(directory, layout.ROWS).splitlines()]
    except (OSError, ValueError) as error:
        yield f"{layout.ROWS} cannot be understood: {error}"
        return
    for row in rows:
        if row["exchanges"] and sums.get(row["exchanges"]) != row["exchanges_digest"]:
            yield f"{row['exchanges']} is not the recording that {layout.ROWS} names"
        if row["history"]:
            try:
                end = end_of_chain(read(directory, row["history"]))
            except (OSError, ValueError, KeyError, TypeError) as error:
                yield f"{row['history']}: {error}"
                continue
            if end != row["history_digest"]:
                yield f"{row['history']} ends with another digest than {layout.ROWS} names"


def end_of_chain(content: bytes) -> str:
    """The digest of the last line of a history.

    Raises:
        ValueError: a line is missing, changed or out of order.
    """
    digest = GENESIS
    for number, line in enumerate(content.splitlines()):
        record = json.loads(line)
        claimed, sequence = record.pop("digest"), record["sequence"]
        digest = sha256((digest + json.dumps(record, sort_keys=True, separators=(",", ":"))).encode()).hexdigest()
        if sequence != number or claimed != digest:
            raise ValueError(f"line {number + 1} does not follow from the lines before it")
    return digest
