"""Trials shared out among processes, with results in the order in which they were asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from harness.run.prove.trials import Trial, perform
from harness.run.records import Record
from harness.settings import Settings

BATCHES_PER_WORKER = 3
"""Each batch costs the collection of the suite once; several a worker keep all of them busy to the end."""


def perform_all(
    settings: Settings, trials: Sequence[Trial], workers: int, done: Callable[[int], None] = lambda _: None
) -> list[list[Record]]:
    """The records of each trial; `done` hears of how many trials have been performed so far.

    Raises:
        TrialsEnded: the suite could not be performed.
    """
    if not trials:
        return []
    if workers <= 1 or len(trials) <= 1:
        results = perform(settings, trials)
        done(len(trials))
        return results
    batches = min(len(trials), workers * BATCHES_PER_WORKER)
    found: dict[int, list[Record]] = {}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = {
            pool.submit(perform, settings, trials[first::batches]): range(first, len(trials), batches)
            for first in range(batches)
        }
        for future in as_completed(futures):
            found.update(zip(futures[future], future.result(), strict=True))
            done(len(found))
    return [found[at] for at in range(len(trials))]
