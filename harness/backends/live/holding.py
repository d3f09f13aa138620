"""One process at a time writes an undo ledger and acts on it: the run, its watchdog, or somebody who recovers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from harness.errors import EvidenceError, SafetyError

LOCK = ".undo.lock"


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """Keep the ledger of this directory to oneself; the lock goes with the process that has it, however it ends.

    Raises:
        SafetyError: another process has it.
        EvidenceError: nothing can be written there.
    """
    lock = FileLock(directory / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise SafetyError(
            f"another process still acts on the undo ledger in {directory}",
            advice="A run that is going on undoes what it changed by itself; a run that is gone, its watchdog does.",
        ) from None
    except OSError as error:
        raise EvidenceError(f"{directory} cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        (directory / LOCK).unlink(missing_ok=True)
        lock.release()


def is_held(directory: Path) -> bool:
    """Whether some process has it now."""
    if not (directory / LOCK).exists():
        return False
    lock = FileLock(directory / LOCK)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    lock.release()
    return False
