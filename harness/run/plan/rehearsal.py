"""The rehearsal of a run on the embedded fake: the same features and clients, so calls, waits and acts are real ones.

The fake gets the abilities of the target and no more, so that what cannot be tested there is left out here as well. A
target that is only observed is stood in for by a project in production, arranged before the scenario begins.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import msgspec

from harness.backends.fake import FakeBackends
from harness.backends.live import abilities as live
from harness.driver import Scene
from harness.driver.arrangements import project_in_production
from harness.errors import Unsupported
from harness.fake.kernel.readings import Readings
from harness.limits import Limits
from harness.model.history import History
from harness.ports import Backend, Clock, ClusterService, Directory, KeyService, Site, Stage, VaultAudit, Wire
from harness.run.engine import Request, Result, Watcher, execute
from harness.run.parity.recorded import read_history
from harness.run.plan.calls import Call, read_calls
from harness.run.records import Record
from harness.settings import Settings

PAUSE_S = 4000.0
"""Between the arrangement of a project to observe and the scenario: longer than a token lives, so that it signs in."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One scenario of a rehearsal."""

    record: Record
    history: History | None
    calls: Sequence[Call]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of a rehearsal."""

    result: Result
    scenarios: Mapping[str, Rehearsed]


def rehearse(request: Request, clock: Clock, watcher: Watcher) -> Rehearsal:
    """Perform what is asked for on the embedded fake, with the abilities of the target. Nothing leaves the machine.

    Raises:
        UsageError: something asked for does not exist.
        EvidenceError: the rehearsal cannot be written.
    """
    with tempfile.TemporaryDirectory() as scratch:
        settings = msgspec.structs.replace(request.settings, reports=scratch, workers=1)
        factory = FakeInPlaceOf(request.settings)
        result = execute(replace(request, settings=settings, plan=None, confirmed=""), clock, watcher, factory)
        found = {name: _rehearsed(result.directory, one, factory.begun) for name, one in result.records.items()}
    return Rehearsal(result, found)


def _rehearsed(directory: Path, record: Record, begun: Mapping[str, float]) -> Rehearsed:
    if not (record.evidence and record.exchanges):
        return Rehearsed(record, None, ())
    calls = [one for one in read_calls(directory / record.exchanges) if one.started >= begun[record.id]]
    return Rehearsed(record, read_history(directory / record.evidence, record.digest), calls)


def abilities(settings: Settings) -> frozenset[str]:
    """What the target of a profile can do, in the words of `@needs:`; a declared simulator is believed."""
    return FakeBackends.capabilities if settings.backend == "fake" else live.abilities(settings, simulated=True)


class FakeInPlaceOf(FakeBackends):
    """Opens worlds that can do what the target of a profile can do. `begun` tells when each scenario's part began."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.seed, Readings(**settings.readings))
        self.capabilities = abilities(settings)
        self.begun: dict[str, float] = {}
        self._settings = settings

    @contextmanager
    def open(self, scenario_id: str) -> Iterator[Backend]:
        """A world in which nothing has happened yet, but for a project to observe."""
        with super().open(scenario_id) as backend:
            if "operate" not in self.capabilities:
                project_in_production(Scene(backend, History(), Limits()))
                backend.recorder.take()
                backend.clock.sleep(PAUSE_S)
            self.begun[scenario_id] = backend.clock.now()
            yield InPlace(backend, self.capabilities, _site(backend.site, self._settings), self._settings)


class InPlace:
    """A backend of the fake with the abilities of another one. Implements `harness.ports.Backend`."""

    def __init__(self, backend: Backend, capabilities: frozenset[str], site: Site, settings: Settings) -> None:
        self.assurance = backend.assurance
        self.capabilities = capabilities
        self.readings = backend.readings
        self.clock = backend.clock
        self.site = site
        self.credentials = backend.credentials
        self.recorder = backend.recorder
        self.injector = backend.injector
        self._backend = backend
        self._settings = settings

    def clusters(self, role: str = "owner") -> ClusterService:
        """The Atlas side."""
        return self._backend.clusters(role)

    def keys(self) -> KeyService:
        """The Azure side."""
        keys = self._backend.keys()
        has_subnet = self._settings.backend == "fake" or self._settings.azure.subnet_id
        return keys if has_subnet else cast(KeyService, WithoutSubnet(keys))

    def audit(self) -> VaultAudit:
        """The Azure side, for an auditor."""
        return self._backend.audit()

    def directory(self) -> Directory:
        """The customer's tenant."""
        return self._backend.directory()

    def stage(self) -> Stage:
        """The stage manager.

        Raises:
            Unsupported: the target has none.
        """
        if "stage" not in self.capabilities:
            raise Unsupported("only a simulation can arrange this")
        return self._backend.stage()

    def wire(self) -> Wire:
        """The wire of the fake's clients: what a fault does there, it does on any target."""
        return self._backend.wire()

    def close(self) -> None:
        """Give everything back."""
        self._backend.close()


class WithoutSubnet:
    """The Azure side of a target where the custodian has nowhere to put a private endpoint of its own."""

    def __init__(self, keys: KeyService) -> None:
        self._keys = keys

    def __getattr__(self, name: str) -> Any:
        return getattr(self._keys, name)

    def create_own_endpoint(self, name: str) -> str:
        """Nowhere.

        Raises:
            Unsupported: always.
        """
        raise Unsupported(f"no subnet is configured for the customer's own private endpoint {name} (azure.subnet_id)")


def _site(site: Site, settings: Settings) -> Site:
    """A vault that the profile names has a second one beside it only where the profile names that too."""
    azure = settings.azure
    if settings.backend == "live" and azure.vault and not (azure.other_vault and azure.other_key):
        site = replace(site, other_vault="", other_key="")
    return site
