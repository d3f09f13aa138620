"""Undoing, after a run, what it could not undo itself: it was killed, or something kept it.

By its ledger, or, where that is lost, by what it left in the tags of the target.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.backends.live.connecting import wired
from harness.backends.live.holding import held
from harness.backends.live.remains import from_tags
from harness.backends.live.undoing import Undone, left_changed, undo_all
from harness.backends.live.wiring import Wiring
from harness.backends.live.workshop import Workshop, workshop_of
from harness.errors import UsageError
from harness.faults.ledger import FILE, Intent, UndoLedger
from harness.faults.residue import unresolved_in
from harness.settings import Settings


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was undone."""

    done: tuple[Undone, ...]
    """Each undo with its target, in the order in which they were done."""


def recover(directory: Path, settings: Settings, *, accept_foreign: bool = False) -> Recovered:
    """Undo whatever the ledger of a run has open. Doing it twice is harmless.

    With `accept_foreign` a fault whose target somebody else has changed is closed and left as it is.

    Raises:
        UsageError: that is no run with a ledger, or the profile is not live.
        SafetyError: the run is still going on.
        LeftChanged: something still could not be undone.
        EvidenceError: the ledger is damaged.
    """
    path = directory / FILE
    if not path.is_file():
        raise UsageError(f"there is no {FILE} in {directory}", advice="Name the directory of a live run.")
    _refuse_powerless(settings)
    with held(directory), wired(settings, reads_only=False) as (wiring, _), wiring.gatekeeper.undoing():
        ledger = UndoLedger(path, wiring.clock)
        unresolved = ledger.unresolved
        if not unresolved and not ledger.closed_keys:
            return Recovered(())
        with _workshop(wiring, _vault(settings, unresolved)) as workshop:
            results = undo_all(ledger, workshop, unresolved, accept_foreign=accept_foreign)
    if error := left_changed(results, ledger):
        raise error
    return Recovered(tuple(results))


def recover_from_cloud(
    settings: Settings, *, overdue: bool = False, accept_foreign: bool = False, over: str = ""
) -> Recovered:
    """Undo what the tags of the target say is broken on purpose, and take away what the run named in its lease made.

    With `overdue` only faults whose deadline has passed: for whoever sweeps regularly, beside runs that are going on.
    `over` is the holder of a lease that has not ended, of whom somebody knows that it is over all the same.

    Raises:
        UsageError: the profile is not live.
        LeftChanged: something could not be undone.
    """
    _refuse_powerless(settings)
    with wired(settings, reads_only=False) as (wiring, _), wiring.gatekeeper.undoing():
        return Recovered(tuple(from_tags(wiring, overdue=overdue, accept_foreign=accept_foreign, over=over)))


def recover_all(
    settings: Settings, directory: Path | None, *, from_cloud: bool, overdue: bool, accept_foreign: bool, over: str
) -> Iterator[Undone]:
    """What is asked for on the command line: one run, every run of the profile that left something, or the tags.

    Raises:
        UsageError: what is asked for excludes itself, or there is no such run, or the profile is not live.
        LeftChanged: something could not be undone.
    """
    if from_cloud and directory:
        raise UsageError("--from-cloud is for where the ledger is lost", advice="Name the run, or give --from-cloud.")
    if (overdue or over) and not from_cloud:
        raise UsageError("--overdue and --over go with --from-cloud")
    if from_cloud:
        yield from recover_from_cloud(settings, overdue=overdue, accept_foreign=accept_foreign, over=over).done
        return
    if directory is None:
        _refuse_powerless(settings)
    left = [one.directory for one in unresolved_in(Path(settings.reports)) if one.profile in ("", settings.profile)]
    for one in [directory] if directory else reversed(left):
        yield from recover(one, settings, accept_foreign=accept_foreign).done


def _refuse_powerless(settings: Settings) -> None:
    if settings.backend != "live" or settings.mode == "observe":
        raise UsageError(
            f"profile {settings.profile} cannot change anything, so it cannot undo anything either",
            advice="Give the profile of the run with -p.",
        )


@contextmanager
def _workshop(wiring: Wiring, vault: str) -> Iterator[Workshop]:
    workshop = workshop_of(wiring, vault)
    try:
        yield workshop
    finally:
        workshop.close()


def _vault(settings: Settings, unresolved: Sequence[Intent]) -> str:
    """The vault of the run: the profile's, or the one that it made."""
    named = (str(one.target["name"]) for one in unresolved if one.undo in ("restore_vault", "delete_vault"))
    struck = (str(one.about.site["vault"]) for one in unresolved if one.about and one.about.site.get("vault"))
    return settings.azure.vault or next(named, "") or next(struck, "none")
