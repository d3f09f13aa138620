"""What a live run changes: around each scenario a project and a key of its own, and what it may break."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf

from harness.atlas import ServiceAccount
from harness.backends.live import fixtures as made
from harness.backends.live.backend import ROLES, Held
from harness.backends.live.breaking import Breaking
from harness.backends.live.fixtures import Fixtures
from harness.backends.live.simulator import SimulatedStage, SimulatorControl
from harness.backends.live.undoing import undo_all
from harness.backends.live.wiring import Wiring
from harness.backends.live.workshop import Workshop
from harness.faults.asking import giving_up
from harness.faults.injector import Injector
from harness.faults.ledger import Intent, UndoLedger
from harness.ports import Clock, Site, Stage
from harness.settings import resolve

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
    """What a live run has made and changed so far. Made by `harness.backends.live.undertaking`."""

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


def run_token(run_id: str) -> str:
    """The run's id as names of resources may have it."""
    return run_id.lower().replace("_", "-")


def tag(required: str) -> Mapping[str, str]:
    """`name=value` as a tag."""
    name, _, value = required.partition("=")
    return {name: value}
