"""Progress on stderr: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from harness.model.verdict import Outcome
from harness.run.engine import Watcher
from harness.run.records import Record
from harness.settings import Settings

STEPS = 10
"""Plain lines in a run, beside those about scenarios that are not MET."""


@contextmanager
def progress(settings: Settings) -> Iterator[Watcher]:
    """A watcher that shows how the run goes on."""
    console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
    if console.is_terminal and not os.environ.get("CI"):
        with _live(console) as bar:
            yield _Live(console, bar, settings).watcher()
    else:
        yield _Plain(console, settings).watcher()


def _live(console: Console) -> Progress:
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


class _Watching:
    """What both forms share: the first line, and a line for each scenario that is not MET."""

    def __init__(self, console: Console, settings: Settings) -> None:
        self.console = console
        self.settings = settings
        self.counts: Counter[Outcome] = Counter()
        self.expected = 0

    def watcher(self) -> Watcher:
        return Watcher(self.begun, self.performed)

    def begun(self, run_id: str, expected: int) -> None:
        from harness import __version__

        self.expected = expected
        self._say(
            f"cmkproof {__version__} · profile {self.settings.profile} · seed {self.settings.seed} · run {run_id}"
        )

    def performed(self, record: Record) -> None:
        self.counts[record.outcome] += 1
        if record.outcome is not Outcome.MET:
            self._say(f"{record.outcome.value} {record.id}")

    def _say(self, line: str) -> None:
        self.console.print(line, markup=False)

    def _so_far(self) -> str:
        return ", ".join(f"{self.counts[outcome]} {outcome.value}" for outcome in Outcome if self.counts[outcome])


class _Live(_Watching):
    def __init__(self, console: Console, bar: Progress, settings: Settings) -> None:
        super().__init__(console, settings)
        self._bar = bar
        self._task = bar.add_task("starting", total=None)

    def begun(self, run_id: str, expected: int) -> None:
        super().begun(run_id, expected)
        self._bar.update(self._task, total=expected)

    def performed(self, record: Record) -> None:
        super().performed(record)
        self._bar.update(self._task, advance=1, description=self._so_far())


class _Plain(_Watching):
    def performed(self, record: Record) -> None:
        super().performed(record)
        done = self.counts.total()
        if done * STEPS // max(self.expected, 1) > (done - 1) * STEPS // max(self.expected, 1):
            self._say(f"{done}/{self.expected} scenarios: {self._so_far()}")
