"""The directory in which a run leaves what it found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.errors import EvidenceError
from harness.evidence.bundle.texts import incomplete
from harness.model.layout import INCOMPLETE

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
            reports.mkdir(parents=True, exist_ok=True)
            _make_marked(reports / run_id)
        except FileExistsError:
            continue
        except OSError as error:
            raise EvidenceError(f"the directory for the results cannot be made: {error}") from error
        return run_id, reports / run_id
    raise EvidenceError(f"{reports} has a hundred runs of the same second already")


def unmark(directory: Path) -> None:
    """Take the mark away from a directory that is finished and was never meant to be a bundle.

    Raises:
        EvidenceError: it cannot be taken away.
    """
    try:
        (directory / INCOMPLETE).unlink(missing_ok=True)
    except OSError as error:
        raise EvidenceError(f"{directory} cannot be finished: {error.strerror}") from error


def _make_marked(directory: Path) -> None:
    """A directory that is there only with the mark in it: it gets its name once the mark is written."""
    with TemporaryDirectory(prefix=".making-", dir=directory.parent) as made:
        (Path(made) / "run").mkdir()
        (Path(made) / "run" / INCOMPLETE).write_text(incomplete(), encoding="utf-8")
        directory.mkdir()  # the name is taken, or it is ours: a rename takes the place of an empty directory only
        (Path(made) / "run").rename(directory)
