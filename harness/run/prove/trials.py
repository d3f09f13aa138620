"""A trial: the suite, or a part of it, performed once on one variation of the fake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from harness.errors import TrialsEnded
from harness.fake.mutants import broken
from harness.run import session
from harness.run.records import Record
from harness.settings import Settings
from harness.suite import features_directory

PLUGIN = "cmkproof-trials"


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What is varied, and which scenarios are performed on it."""

    mutant: str = ""
    """Empty: the fake as it is."""
    seed: int
    readings: dict[str, str] = {}
    scenarios: tuple[str, ...] | None = None
    """Ids, in the order in which they are performed; `None`: all, in the order of the suite."""
    about: tuple[str, ...] = ()
    """Requirements that the trial says something about; empty: all."""
    until_noticed: bool = False
    """Stop at the first promise that is not kept."""

    def takes(self, collected: Sequence[str]) -> Iterator[int]:
        """Positions of the scenarios to perform among those collected."""
        if self.scenarios is None:
            yield from range(len(collected))
            return
        position = {identifier: at for at, identifier in enumerate(collected)}
        yield from (position[identifier] for identifier in self.scenarios)

    def settings(self, common: Settings) -> Settings:
        """The settings that hold during the trial."""
        return msgspec.structs.replace(common, seed=self.seed, readings={**common.readings, **self.readings})

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """The fake is broken as the trial says."""
        with broken(self.mutant) if self.mutant else nullcontext():
            yield


class Trials:
    """Hands trials to the plugin, which performs them, and takes what comes of each; a plugin of pytest by its name."""

    def __init__(self, settings: Settings, trials: Sequence[Trial]) -> None:
        self.__name__ = PLUGIN
        self.settings = settings
        self.trials = trials
        self.results: list[list[Record]] = []


def perform(settings: Settings, trials: Sequence[Trial]) -> list[list[Record]]:
    """Perform trials one after the other; returns the records of each.

    Raises:
        TrialsEnded: pytest ended before all of them had been performed.
    """
    assigned = Trials(settings, trials)
    features = features_directory(settings.features)
    with TemporaryDirectory(prefix="cmkproof-prove-") as scratch:
        log = Path(scratch) / "pytest.log"
        options = [*session.arguments(features), f"--cmkproof-settings={settings.encoded()}"]
        session.perform(options, [assigned], log)
        if len(assigned.results) != len(trials):
            said = log.read_text(encoding="utf-8").strip().splitlines() or ["nothing"]
            raise TrialsEnded(f"the suite could not be performed; pytest said last: {said[-1]}")
    return assigned.results
