"""The directory in which a run leaves what it found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from harness.errors import EvidenceError

SAME_SECOND_MAX = 100


def make(reports: Path, started: float) -> tuple[str, Path]:
    """A new directory for a run that began at `started` (unix seconds), and the run's id. Names sort by time.

    Raises:
        EvidenceError: it cannot be made.
    """
    stamp = datetime.fromtimestamp(started, UTC).strftime("%Y%m%dT%H%M%SZ")
    for attempt in range(SAME_SECOND_MAX):
        run_id = f"{stamp}-{attempt}" if attempt else stamp
        try:
            (reports / run_id).mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise EvidenceError(f"the directory for the results cannot be made: {error}") from error
        return run_id, reports / run_id
    raise EvidenceError(f"{reports} has a hundred runs of the same second already")
