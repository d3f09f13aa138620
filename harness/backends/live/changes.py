"""A live run that changes its target: lease, fixtures, and around each scenario a project and a key of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from harness.atlas import ServiceAccount
from harness.backends.live import fixtures as made
from harness.backends.live import lease, safety
from harness.backends.live.backend import ROLES, Held
from harness.backends.live.breaking import Breaking
from harness.backends.live.fixtures import Fixtures
from harness.backends.live.holding import held
from harness.backends.live.simulator import SimulatedStage, SimulatorControl
from harness.backends.live.undoing import interrupted, left_changed, undo_all
from harness.backends.live.wiring import Wiring
from harness.backends.live.workshop import Workshop, workshop_of
from harness.faults.asking import giving_up
from harness.faults.gates import refuse_production
from harness.faults.injector import Injector
from harness.faults.ledger import FILE, Intent, UndoLedger
from harness.faults.watchdog import Watchdog
from harness.ports import Clock, Site, Stage
from harness.settings import resolve, resolve_if_set

ACCOUNT_HOURS = 24
"""Life of the identities made for a scenario, should nobody remove them."""
ACCOUNT_HOURS_SIMULATED = 8760
"""The same where months pass in a moment; the longest life that Atlas allows is a year."""
SECRET_AGE_S = 30 * 86_400.0
"""On a simulator the application's secret is renewed before a scenario when it may be older than this."""


@dataclass(frozen=True, slots=True)
class ScenarioParts:
    """What a scenario gets."""

    site: Site
    credentials: Held
    stage: Stage | None
    account_for: Callable[[str], ServiceAccount] | None
    injector: Injector
    clock: Clock


class Changes:
    """What a live run has made and changed so far. Made by `changing`."""

    def __init__(
        self,
        wiring: Wiring,
        control: SimulatorControl | None,
        workshop: Workshop,
        ledger: UndoLedger,
        fixtures: Fixtures,
        token: str,
        breaking: Breaking,
    ) -> None:
        self._wiring = wiring
        self._control = control
        self._workshop = workshop
        self._ledger = ledger
        self._fixtures = fixtures
        self._token = token
        self._breaking = breaking
        self._scenarios = 0
        self._renewed_at = -inf
        """On a simulator nobody knows what earlier runs did to the application's secret, so the first act renews it."""

    @contextmanager
    def scenario(self) -> Iterator[ScenarioParts]:
        """A project and a key for one scenario; afterwards both are gone and the vault is as it was.

        What cannot be undone now stays in the ledger and is tried again at the end of the run.
        """
        first = len(self._ledger)
        self._scenarios += 1
        name = f"cmkproof-{self._token}-{self._scenarios:03}"
        stage: SimulatedStage | None = None
        try:
            due = self._wiring.clock.now() > self._renewed_at + SECRET_AGE_S
            if self._control and due and self._fixtures.application.secret:
                self._renew_secret()
            site = self._prepare(name)
            stage = SimulatedStage(self._control, site) if self._control else None
            injector, clock = self._breaking.for_scenario(site)
            credentials = Held(self._fixtures.application.secret)
            yield ScenarioParts(site, credentials, stage, self._account_maker(site.project_id, name), injector, clock)
        finally:
            if not giving_up.is_set():
                with self._wiring.gatekeeper.undoing():
                    try:
                        self._put_back(stage)
                    finally:
                        undo_all(self._ledger, self._workshop, self._since(first))

    def _prepare(self, name: str) -> Site:
        """Make key and project, writing down how each is undone first; what is written last is undone first."""
        workshop, ledger, vault = self._workshop, self._ledger, self._fixtures.vault
        ledger.intend("delete_key", name=name)
        workshop.azure.create_key(name, vault=vault)
        made.remember_connections(workshop, ledger, self._fixtures)
        project_id = self._project(name)
        role_id = self._role(project_id)
        made.remember_vault(workshop, ledger, self._fixtures)
        return self._fixtures.site(self._wiring, project_id, name, role_id)

    def _role(self, project_id: str) -> str:
        """The role by which Atlas signs in without a secret; empty where it has one."""
        settings, principal_id = self._wiring.settings, self._fixtures.application.principal_id
        if settings.azure.atlas_sign_in == "secret":
            return ""
        tenant_id = resolve(settings.azure.tenant_id, "azure.tenant_id")
        return self._workshop.projects.create_cloud_role(project_id, tenant_id, principal_id)

    def _project(self, name: str) -> str:
        atlas, safety_settings = self._wiring.settings.atlas, self._wiring.settings.safety
        if atlas.project_id:
            project_id = resolve(atlas.project_id, "atlas.project_id")
            if self._wiring.settings.azure.atlas_sign_in == "secretless":
                principal_id = self._fixtures.application.principal_id
                self._ledger.intend("remove_cloud_role", project_id=project_id, name=principal_id)
            self._ledger.intend("empty_project", project_id=project_id, key=name)
            return project_id
        self._ledger.intend("remove_project", name=name)
        organization = resolve(atlas.organization_id, "atlas.organization_id")
        return self._workshop.projects.create_project(organization, name, tag(safety_settings.require_tag)).id

    def _account_maker(self, project_id: str, name: str) -> Callable[[str], ServiceAccount]:
        hours = ACCOUNT_HOURS if self._control is None else ACCOUNT_HOURS_SIMULATED

        def make(role: str) -> ServiceAccount:
            account = f"{name}-{role}"
            self._ledger.intend("remove_service_accounts", project_id=project_id, name=account)
            return self._workshop.projects.create_service_account(project_id, account, ROLES[role], hours)

        return make

    def _put_back(self, stage: SimulatedStage | None) -> None:
        """Turn back what only the stage can turn back, and renew the application's secret if the scenario ended it."""
        if stage is None:
            return
        stage.put_back()
        if stage.secret_expired:
            self._renew_secret()

    def _renew_secret(self) -> None:
        application = self._fixtures.application
        secret = self._workshop.azure.renew_secret(application.client_id, made.secret_life_s(self._wiring))
        self._fixtures = replace(self._fixtures, application=replace(application, secret=secret))
        self._renewed_at = self._wiring.clock.now()

    def _since(self, first: int) -> Sequence[Intent]:
        return [intent for intent in self._ledger.unresolved if intent.number >= first]


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


def run_token(run_id: str) -> str:
    """The run's id as names of resources may have it."""
    return run_id.lower().replace("_", "-")


def tag(required: str) -> Mapping[str, str]:
    """`name=value` as a tag."""
    name, _, value = required.partition("=")
    return {name: value}
