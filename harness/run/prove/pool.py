"""Trials shared out among processes, with results in the order in which they were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Protocol

from harness.run.prove.trials import Trial, perform
from harness.run.records import Record
from harness.settings import Settings

BATCHES_PER_WORKER = 3
"""Each batch costs the collection of the suite once; several a worker keep all of them busy to the end."""


class PerformAll(Protocol):
    """Performs trials and returns the records of each; `done` hears of how many have been performed so far."""

    def __call__(self, trials: Sequence[Trial], done: Callable[[int], None] = ...) -> list[list[Record]]:
        """Raises `TrialsEnded`: the suite could not be performed."""


@contextmanager
def performers(settings: Settings, workers: int) -> Iterator[PerformAll]:
    """Processes that perform trials as long as they are needed; with one worker this process does it itself."""
    if workers <= 1:
        yield lambda trials, done=_nobody: _perform_here(settings, trials, done)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield lambda trials, done=_nobody: _share_out(pool, settings, trials, workers, done)


def _perform_here(settings: Settings, trials: Sequence[Trial], done: Callable[[int], None]) -> list[list[Record]]:
    results = perform(settings, trials) if trials else []
    done(len(results))
    return results


def _share_out(
    pool: Executor, settings: Settings, trials: Sequence[Trial], workers: int, done: Callable[[int], None]
) -> list[list[Record]]:
    batches = min(len(trials), workers * BATCHES_PER_WORKER)
    futures = {
        pool.submit(perform, settings, trials[first::batches]): range(first, len(trials), batches)
        for first in range(batches)
    }
    found: dict[int, list[Record]] = {}
    for future in as_completed(futures):
        found.update(zip(futures[future], future.result(), strict=True))
        done(len(found))
    return [found[at] for at in range(len(trials))]


def _nobody(_: int) -> None:
    """Nobody wants to know how far it is."""
