"""Is anything still changed? Answered from the ledgers of runs and, on a live target, from its tags. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.backends.live.connecting import wired
from harness.backends.live.holding import is_held
from harness.backends.live.remains import Remains, remains_of
from harness.backends.live.workshop import workshop_of
from harness.faults.residue import Residue, unresolved_in
from harness.settings import Settings


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run with something to undo."""

    residue: Residue
    going_on: bool
    """Some process acts on it now: the run itself, or whoever undoes it."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is still changed."""

    runs: tuple[Unfinished, ...]
    target: tuple[Remains, ...]
    asked: bool
    """The target itself was asked."""

    @property
    def clean(self) -> bool:
        """Nothing is changed, as far as was asked."""
        return not (self.runs or self.target)


def status(settings: Settings) -> Status:
    """What ledgers below the reports say and, of a live profile, the tags of the target.

    Raises:
        EvidenceError: a ledger is damaged, so that nobody knows what it has open.
        AccessError, TargetError, ConfigError: the target cannot be asked.
    """
    runs = tuple(Unfinished(one, is_held(one.directory)) for one in unresolved_in(Path(settings.reports)))
    if settings.backend != "live":
        return Status(runs, (), asked=False)
    with wired(settings, reads_only=True) as (wiring, _):
        workshop = workshop_of(wiring, settings.azure.vault or "none")
        try:
            return Status(runs, tuple(remains_of(workshop.places)), asked=True)
        finally:
            workshop.close()
