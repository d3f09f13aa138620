"""A live target as a backend: one project, one key, and the clients that scenarios act with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from harness.atlas import ApiKey, AtlasService, ServiceAccount
from harness.azure import AzureKeyService, VaultPlace
from harness.backends.live.wiring import Wiring
from harness.backends.recording import ExchangeRecorder
from harness.backends.taped import TapedClock, TapedStage
from harness.backends.wire import ClientWire
from harness.errors import Unsupported
from harness.evidence.run_secrets import RunSecrets
from harness.evidence.tape import System
from harness.faults.injector import Injector as OrderedInjector
from harness.model.verdict import Assurance
from harness.model.wire_queue import WireFaults
from harness.ports import (
    Clock,
    ClusterService,
    Credentials,
    Directory,
    Injector,
    KeyService,
    Recorder,
    Site,
    Stage,
    VaultAudit,
    Wire,
)

ROLES: Mapping[str, tuple[str, ...]] = {
    "reader": ("GROUP_READ_ONLY",),
    "cluster-manager": ("GROUP_READ_ONLY", "GROUP_CLUSTER_MANAGER"),
}
"""Roles in the project of identities that are made where scenarios ask for them (atlas.md 3.5, 3.8)."""


@dataclass(frozen=True, slots=True)
class Held:
    """The secret of the application that Atlas signs in with. Implements `harness.ports.Credentials`."""

    secret: str = field(repr=False)

    def client_secret(self) -> str:
        """The secret."""
        return self.secret


class LiveBackend:
    """Implements `harness.ports.Backend`.

    `account_for` makes an identity with a role in the project; where it is None, the configured identity does all the
    reading, and no others exist. `clock` is the one on which the scenario waits.
    """

    def __init__(
        self,
        wiring: Wiring,
        site: Site,
        credentials: Credentials,
        *,
        assurance: Assurance,
        capabilities: frozenset[str],
        readings: Mapping[str, str],
        account_for: Callable[[str], ServiceAccount] | None,
        stage: Stage | None,
        secrets: RunSecrets,
        injector: OrderedInjector,
        clock: Clock,
    ) -> None:
        self.assurance = assurance
        self.capabilities = capabilities
        self.readings = readings
        self.site = site
        self.credentials = credentials
        self.recorder: Recorder = (recorder := ExchangeRecorder(secrets))
        self.clock: Clock = TapedClock(clock, recorder.taping)
        injector.clock = TapedClock(injector.clock, recorder.taping)
        self.injector: Injector = injector
        self._wiring = wiring
        self._tap = recorder.record
        self._faults = WireFaults()
        self._wire = ClientWire(self._faults, recorder.taping)
        self._account_for = account_for
        self._stage = stage and TapedStage(stage, recorder.taping)
        self._services: dict[str, AtlasService] = {}
        self._identities: dict[str, Literal["service_account", "api_key"]] = {}
        self._keys = self._key_service()
        self._protect()
        recorder.describe(self._system(), self._identities, clock, clock_is_read=True)

    def clusters(self, role: str = "owner") -> ClusterService:
        """The Atlas side as seen by the identity that holds this role.

        Raises:
            Unsupported: there is no such identity.
        """
        if role not in self._services:
            account = self._account(role)
            self._identities[role] = "api_key" if isinstance(account, ApiKey) else "service_account"
            self._services[role] = self._service(account)
        return self._services[role]

    def keys(self) -> KeyService:
        """The Azure side as seen by the custodian."""
        return self._keys

    def audit(self) -> VaultAudit:
        """The Azure side, for an auditor."""
        return self._keys.audit

    def directory(self) -> Directory:
        """The customer's tenant."""
        return self._keys.directory

    def stage(self) -> Stage:
        """The stage manager of a declared simulator.

        Raises:
            Unsupported: the target is real, and nobody arranges reality.
        """
        if self._stage is None:
            raise Unsupported("only a simulation can arrange this")
        return self._stage

    def wire(self) -> Wire:
        """The wire of this backend's clients; what makes and undoes things around the scenario has its own."""
        return self._wire

    def close(self) -> None:
        """Give nothing back but what is this backend's own; connections belong to the run."""

    def _account(self, role: str) -> ServiceAccount | ApiKey:
        if role == "owner" or (role == "reader" and self._account_for is None):
            return self._wiring.atlas_account()
        if self._account_for is None or role not in ROLES:
            raise Unsupported(f"no identity holds the role {role!r}")
        account = self._account_for(role)
        self.recorder.protect(account.client_secret)
        return account

    def _service(self, account: ServiceAccount | ApiKey) -> AtlasService:
        return AtlasService(self._wiring.atlas_client(account, self.clock, self._tap, faults=self._faults))

    def _key_service(self) -> AzureKeyService:
        place, other = self._places()
        return AzureKeyService(
            place,
            self._wiring.azure_sign_in(),
            self.clock,
            self._wiring.azure_transport(self._tap, self._faults),
            other=(other, self.site.other_key) if other else None,
        )

    def _places(self) -> tuple[VaultPlace, VaultPlace | None]:
        """Where the vault is, and the second one where there is one."""
        site = self.site
        other = self._wiring.place(site.other_vault, site.location) if site.other_vault else None
        return self._wiring.place(site.vault, site.location), other

    def _system(self) -> System:
        """What a replay has to know of the target."""
        settings = self._wiring.settings
        place, other = self._places()
        return System(
            assurance=self.assurance.value,
            capabilities=sorted(self.capabilities),
            readings=dict(self.readings),
            site=self.site,
            azure_sign_in="credential" if settings.azure.auth in ("secret", "workload", "environment") else "machine",
            place=place,
            other_place=other,
            atlas_url=settings.atlas.base_url,
        )

    def _protect(self) -> None:
        for secret in self._wiring.secrets():
            self.recorder.protect(secret)
        if self.credentials.client_secret():
            self.recorder.protect(self.credentials.client_secret())
