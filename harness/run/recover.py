"""Undoing, after a run, what it could not undo itself: it was killed, or something kept it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.backends.live.connecting import wired
from harness.backends.live.undoing import left_changed, undo_all
from harness.backends.live.workshop import workshop_of
from harness.errors import UsageError
from harness.faults.ledger import FILE, UndoLedger
from harness.settings import Settings


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was undone."""

    done: tuple[str, ...]
    """Each undo with its target, in the order in which they were done."""


def recover(directory: Path, settings: Settings) -> Recovered:
    """Undo whatever the ledger of a run has open. Doing it twice is harmless.

    Raises:
        UsageError: that is no run with a ledger, or the profile is not live.
        LeftChanged: something still could not be undone.
        EvidenceError: the ledger is damaged.
    """
    path = directory / FILE
    if not path.is_file():
        raise UsageError(f"there is no {FILE} in {directory}", advice="Name the directory of a live run.")
    if settings.backend != "live" or settings.mode == "observe":
        raise UsageError(
            f"profile {settings.profile} cannot change anything, so it cannot undo anything either",
            advice="Give the profile of the run with -p.",
        )
    with wired(settings, reads_only=False) as (wiring, _), wiring.gatekeeper.undoing():
        ledger = UndoLedger(path, wiring.clock)
        unresolved = ledger.unresolved
        if not unresolved:
            return Recovered(())
        vaults = [str(one.target["name"]) for one in unresolved if one.undo in ("restore_vault", "delete_vault")]
        workshop = workshop_of(wiring, settings.azure.vault or next(iter(vaults), "none"))
        try:
            left = undo_all(ledger, workshop, unresolved)
        finally:
            workshop.close()
    if left:
        raise left_changed(left, ledger)
    return Recovered(tuple(f"{one.undo} {one.target.get('name', one.target.get('project_id'))}" for one in unresolved))
