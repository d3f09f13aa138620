"""A recorded system as a backend: the real clients, on a tape instead of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests

from harness.atlas import ApiKey, AtlasClient, AtlasService, ServiceAccount
from harness.azure import AzureKeyService, ServicePrincipal
from harness.backends.recording import ExchangeRecorder
from harness.backends.replay.failures import rebuilt
from harness.backends.replay.player import Player
from harness.backends.replay.transports import Desk, TapeAdapter, TapeTransport
from harness.backends.transport import RecordingAdapter, RecordingTransport, azure_transport
from harness.backends.wire import CLEAR, END, INJECT
from harness.errors import Unsupported
from harness.evidence.redaction import REDACTED
from harness.evidence.run_secrets import RunSecrets
from harness.evidence.tape import Exchanged, Header, Tape, TapeError
from harness.faults.simulated import volatile_injector
from harness.model.verdict import Assurance
from harness.model.wire_fault import WireFault
from harness.model.wire_queue import WireFaults
from harness.ports import (
    Clock,
    ClusterService,
    Credentials,
    Directory,
    Injector,
    KeyService,
    Recorder,
    Stage,
    VaultAudit,
    Wire,
)


def replayed(recorded: str) -> Assurance:
    """What the replay of a run is worth: of a simulation, no more than the simulation itself."""
    return Assurance.SIMULATED if recorded == Assurance.SIMULATED.value else Assurance.REPLAYED


class ReplayBackend:
    """Implements `harness.ports.Backend`. Every secret is the mark that stands in its place on the tape.

    Raises:
        TapeError: the recorded run signed in by ways that no tape shows.
    """

    def __init__(self, tape: Tape, player: Player, secrets: RunSecrets) -> None:
        self._header, system = tape.header, tape.header.system
        self.assurance = replayed(system.assurance)
        self.capabilities = frozenset(system.capabilities)
        self.readings: Mapping[str, str] = system.readings
        self.clock: Clock = player.virtual or _TapedTime(self._header, player)
        self.site = system.site
        self.credentials: Credentials = _Marked()
        self.recorder: Recorder = (recorder := _ReplayRecorder(player, secrets))
        self._stage = _TapedStage(player)
        self.injector: Injector = volatile_injector(self.clock)
        faults = WireFaults()
        self._wire = _TapedWire(player, faults)
        desk, passive = Desk(player, faults), _LatestTime(player)
        self._http = RecordingTransport(TapeTransport(desk), passive, recorder.record)
        self._adapter = RecordingAdapter(TapeAdapter(desk), passive, recorder.record)
        self._services: dict[str, AtlasService] = {}
        self._keys = self._key_service(_custodian(tape))

    def clusters(self, role: str = "owner") -> ClusterService:
        """The Atlas side as seen by the identity that held this role.

        Raises:
            Unsupported: there was no such identity.
        """
        if role not in self._header.identities:
            raise Unsupported(f"no identity holds the role {role!r}")
        if role not in self._services:
            account = ApiKey if self._header.identities[role] == "api_key" else ServiceAccount
            secret, url = account(REDACTED, REDACTED), self._header.system.atlas_url
            client = AtlasClient(secret, self.clock, base_url=url, transport=self._http)
            self._services[role] = AtlasService(client)
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
        """The stage manager of a recorded simulation.

        Raises:
            Unsupported: what was recorded was real.
        """
        if "stage" not in self.capabilities:
            raise Unsupported("only a simulation can arrange this")
        return self._stage

    def wire(self) -> Wire:
        """The wire as it was: what faults did to requests is on the tape."""
        return self._wire

    def close(self) -> None:
        """Give the clients back."""
        for service in self._services.values():
            service.close()

    def _key_service(self, custodian: ServicePrincipal) -> AzureKeyService:
        system = self._header.system
        other = (system.other_place, system.site.other_key) if system.other_place else None
        return AzureKeyService(
            system.place,
            custodian,
            self.clock,
            lambda: azure_transport(self._adapter, self.clock, use_environment=False),
            other=other,
        )


def _custodian(tape: Tape) -> ServicePrincipal:
    """Who signed in to Azure, as far as the sign-in itself shows it."""
    if tape.header.system.azure_sign_in == "machine":
        raise TapeError(
            f"{tape.header.scenario}: the custodian was signed in by the machine, by ways that no tape shows",
            advice="Record with azure.auth = secret, workload or environment.",
        )
    for event in tape.events:
        form = event.request.form if isinstance(event, Exchanged) and event.request else None
        if form and "client_id" in form and isinstance(event, Exchanged):
            return ServicePrincipal(urlsplit(event.url).path.split("/")[1], form["client_id"], REDACTED)
    site = tape.header.system.site  # nobody signed in
    return ServicePrincipal(site.tenant_id, site.client_id, REDACTED)


class _Marked:
    def client_secret(self) -> str:
        """The mark."""
        return REDACTED


class _TapedTime:
    """Time as it was read when it was recorded; nobody waits."""

    def __init__(self, header: Header, player: Player) -> None:
        self.kind = header.clock
        self._player = player

    def now(self) -> float:
        return self._player.reading()

    def monotonic(self) -> float:
        """Seconds since the beginning of the tape."""
        return self._player.elapsed

    def sleep(self, seconds: float) -> None:
        """Nothing passes by itself."""


class _LatestTime:
    """For those who only note when something happened: looking at it reads nothing from the tape."""

    kind = "replayed"

    def __init__(self, player: Player) -> None:
        self._player = player

    def now(self) -> float:
        return self._player.time

    def monotonic(self) -> float:
        """Seconds since the beginning of the tape."""
        return self._player.elapsed

    def sleep(self, seconds: float) -> None:
        """Nothing passes by itself."""


class _ReplayRecorder(ExchangeRecorder):
    """Says of secrets what was found out when they were still there."""

    def __init__(self, player: Player, secrets: RunSecrets) -> None:
        super().__init__(secrets)
        self._player = player

    @property
    def secret_revealed(self) -> bool:
        return self._player.revealed


class _TapedStage:
    """Implements `harness.ports.Stage`: every act has been done already."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def set(self, knob: str, value: object) -> None:
        self._do("set", knob=knob, value=value)

    def set_project_active(self, *, active: bool) -> None:
        self._do("set_project_active", active=active)

    def expire_secret(self, after_s: float) -> None:
        self._do("expire_secret", after_s=after_s)

    def restrict_sign_in(self, addresses: Sequence[str] | None) -> None:
        self._do("restrict_sign_in", addresses=None if addresses is None else list(addresses))

    def unregister_provider(self, namespace: str) -> None:
        self._do("unregister_provider", namespace=namespace)

    def watch_over_vault(self) -> None:
        self._do("watch_over_vault")

    def purge_key(self, name: str) -> None:
        self._do("purge_key", name=name)

    def delete_vault(self) -> None:
        self._do("delete_vault")

    def recover_vault(self) -> None:
        self._do("recover_vault")

    def _do(self, act: str, **arguments: Any) -> None:
        failure = self._player.staged(act, arguments)
        if failure:
            raise rebuilt(failure, requests.PreparedRequest())


class _TapedWire:
    """Implements `harness.ports.Wire`: every fault has done already what it does, and is only counted."""

    def __init__(self, player: Player, faults: WireFaults) -> None:
        self._player = player
        self._faults = faults

    @property
    def in_force(self) -> Mapping[int, WireFault]:
        return self._faults.in_force

    def inject(self, fault: WireFault) -> int:
        self._player.staged(INJECT, fault.told())
        return self._faults.inject(fault)

    def end(self, number: int) -> None:
        self._player.staged(END, {"number": number})
        self._faults.end(number)

    def clear(self) -> None:
        self._player.staged(CLEAR, {})
        self._faults.clear()
