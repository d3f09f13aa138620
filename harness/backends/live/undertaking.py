"""A live run from its beginning to its end: what it refuses, the lease it takes, and what it leaves to be undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from harness.backends.live import fixtures as made
from harness.backends.live import lease, safety
from harness.backends.live.breaking import Breaking
from harness.backends.live.changes import Changes, run_token
from harness.backends.live.holding import held
from harness.backends.live.simulator import SimulatorControl
from harness.backends.live.undoing import interrupted, left_changed, undo_all
from harness.backends.live.wiring import Wiring
from harness.backends.live.workshop import Workshop, workshop_of
from harness.faults.asking import giving_up
from harness.faults.gates import refuse_production
from harness.faults.ledger import FILE, UndoLedger
from harness.faults.watchdog import Watchdog
from harness.settings import resolve, resolve_if_set


@contextmanager
def changing(
    wiring: Wiring, control: SimulatorControl | None, run_id: str, directory: Path, authorisation: str
) -> Iterator[Changes]:
    """Take the lease and make the fixtures; afterwards undo whatever is not undone yet.

    Raises:
        SafetyError: the target may not be changed, another run has it, or one has left something undone.
        LeftChanged: at the end; something could not be undone.
    """
    settings, token = wiring.settings, run_token(run_id)
    safety.refuse_unresolved(directory, settings.profile)
    with held(directory):
        ledger = UndoLedger(directory / FILE, wiring.clock)
        workshop = workshop_of(wiring, settings.azure.vault or made.vault_name(token))
        watchdog = Watchdog(directory, settings.encoded(), settings.safety.heartbeat_s)
        holder = lease.holder(run_id, directory)
        try:
            _refuse_unfit(wiring, workshop)
            try:
                ledger.opened(settings.profile, _may_change(wiring))
                _take_leases(wiring, workshop, ledger, holder)
                fixtures = made.make(wiring, workshop, ledger, token)
                breaking = Breaking(wiring, workshop, ledger, watchdog, holder, authorisation)
                yield Changes(wiring, control, workshop, ledger, fixtures, token, breaking)
            finally:
                _end(wiring, workshop, ledger)
        finally:
            watchdog.dismiss()
            workshop.close()


def _refuse_unfit(wiring: Wiring, workshop: Workshop) -> None:
    """The target is marked as one that may be changed, does not look like production, is empty, and nothing is broken.

    Raises:
        SafetyError: it is none of these; nothing was changed.
    """
    settings = wiring.settings
    for place in workshop.places:
        safety.refuse_untagged(place.name, place.tags(), settings.safety.require_tag)
    if settings.atlas.project_id:
        project = workshop.projects.project(resolve(settings.atlas.project_id, "atlas.project_id"))
        refuse_production([project.name], knowingly=settings.safety.production_names)
    safety.refuse_broken(workshop.places[0])
    _refuse_occupied(wiring, workshop)


def _may_change(wiring: Wiring) -> Mapping[str, str]:
    """What the profile lets a run change, for whoever reads its ledger."""
    azure, atlas = wiring.settings.azure, wiring.settings.atlas
    named = {
        "organization": resolve_if_set(atlas.organization_id, "atlas.organization_id"),
        "project": resolve_if_set(atlas.project_id, "atlas.project_id"),
        "resource group": azure.resource_group,
        "vault": azure.vault,
    }
    return {name: value for name, value in named.items() if value}


def _refuse_occupied(wiring: Wiring, workshop: Workshop) -> None:
    """A named project is emptied after each scenario, so it must hold nothing that anybody may miss.

    Raises:
        SafetyError: it does.
    """
    if not wiring.settings.atlas.project_id:
        return
    project_id = resolve(wiring.settings.atlas.project_id, "atlas.project_id")
    found = [f"cluster {cluster.name}" for cluster in workshop.atlas.clusters(project_id)]
    found += [f"Flex cluster {name}" for name in workshop.projects.flex_clusters(project_id)]
    found += [f"private endpoint {one.id}" for one in workshop.atlas.private_endpoints(project_id)]
    found += ["a customer's key"] if workshop.atlas.encryption(project_id).enabled else []
    safety.refuse_occupied(project_id, found)


def _take_leases(wiring: Wiring, workshop: Workshop, ledger: UndoLedger, holder: str) -> None:
    mine = lease.Lease(holder, wiring.clock.now() + wiring.settings.budget.time_s)
    for place in workshop.places:
        lease.refuse_another(place, mine, wiring.clock)
    for place in workshop.places:
        ledger.intend("release_lease", name=place.name, holder=holder)
        lease.take(place, mine, wiring.clock)


def _end(wiring: Wiring, workshop: Workshop, ledger: UndoLedger) -> None:
    """Undo what is left, unless somebody who was asked to wait for it has asked again to stop.

    Raises:
        LeftChanged: something is not undone.
    """
    try:
        if giving_up.is_set():
            raise KeyboardInterrupt
        with wiring.gatekeeper.undoing():
            results = undo_all(ledger, workshop, ledger.unresolved)
    except KeyboardInterrupt:
        if ledger.unresolved:
            raise interrupted(ledger) from None
        return
    if error := left_changed(results, ledger):
        raise error
