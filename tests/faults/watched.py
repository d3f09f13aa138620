"""A watchdog whose recovery is a line in a file; run as a module by the tests of the watchdog."""

from __future__ import annotations

import sys

from harness.faults.watchdog import Task, watch


def recover(task: Task) -> None:
    """Leave word of it."""
    with (task.directory / "recovered").open("a", encoding="utf-8") as file:
        file.write(f"{task.settings}\n")


if __name__ == "__main__":
    watch(sys.stdin.fileno(), recover)
