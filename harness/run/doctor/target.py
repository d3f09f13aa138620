"""The target of a profile, as the doctor asks it: by reads only, and never for long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx

from harness.atlas import AtlasClient
from harness.atlas.identity import AtlasIdentity
from harness.atlas.provisioning import AtlasProvisioner, Project
from harness.atlas.retry import Patience
from harness.azure import VaultPlace
from harness.azure.credential import TokenSource, credential
from harness.azure.errors import translated
from harness.azure.rest import RestClient
from harness.backends.clocks import RealClock
from harness.backends.live.simulator import SimulatorClock, SimulatorControl
from harness.backends.live.wiring import Wiring
from harness.errors import ConfigError, HarnessError, Throttled
from harness.ports import Clock
from harness.run.doctor.sightings import Sightings
from harness.settings import Settings, resolve

if TYPE_CHECKING:
    from azure.core.pipeline.transport import RequestsTransport

PATIENCE = Patience(attempts=3, total_s=10.0, first_pause_s=0.5, longest_pause_s=2.0)
LONGEST_PAUSE_S = 5.0
"""A service that wants a longer pause is reported instead of waited for."""


class ShortPauses:
    """Tells one clock's time and waits by another's, but not for long. Implements `harness.ports.Clock`.

    On a simulator time is the simulator's, and waiting must not move it: that would change the target.
    """

    def __init__(self, told: Clock, wall: Clock) -> None:
        self.kind = told.kind
        self._told = told
        self._wall = wall

    def now(self) -> float:
        """Unix seconds, UTC."""
        return self._told.now()

    def monotonic(self) -> float:
        """Seconds by the second clock of the one that tells the time."""
        return self._told.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass.

        Raises:
            Throttled: that would be too long.
        """
        if seconds > LONGEST_PAUSE_S:
            raise Throttled(f"the service asks to wait for {seconds:.0f} s", retry_after_s=seconds)
        self._wall.sleep(seconds)


class Target:
    """Signed in to both sides, each client made when first needed; remembers what the answers told on the way."""

    def __init__(self, settings: Settings, wiring: Wiring, wall: Clock, trouble: HarnessError | None = None) -> None:
        self.settings = settings
        self.wiring = wiring
        self.wall = wall
        self.trouble = trouble
        """Why the simulator that the profile names cannot be reached."""
        self.sightings = Sightings()

    @cached_property
    def atlas(self) -> AtlasClient:
        """The Admin API."""
        return self.wiring.atlas_client(self.wiring.atlas_account(), self.wiring.clock, self.sightings, PATIENCE)

    @cached_property
    def identity(self) -> AtlasIdentity:
        """Who we are in Atlas."""
        return AtlasIdentity(self.atlas, self.wiring.atlas_account())

    @cached_property
    def project(self) -> Project:
        """The project that the profile names."""
        return AtlasProvisioner(self.atlas).project(self.project_id)

    @property
    def project_id(self) -> str:
        """Its id; empty where each scenario gets one of its own."""
        return resolve(self.settings.atlas.project_id, "atlas.project_id")

    @property
    def organization_id(self) -> str:
        """The organisation in which projects are made."""
        return resolve(self.settings.atlas.organization_id, "atlas.organization_id")

    @property
    def place(self) -> VaultPlace:
        """Subscription, resource group and vault."""
        return self.wiring.place()

    @cached_property
    def transport(self) -> Callable[[], RequestsTransport]:
        """Transports for everything of Azure's."""
        return self.wiring.azure_transport(self.sightings)

    @cached_property
    def tokens(self) -> TokenSource:
        """Our sign-in to Azure."""
        return credential(self.wiring.azure_sign_in(), self.wiring.clock, self.transport, self.wiring.addresses())

    @cached_property
    def resource_manager(self) -> RestClient:
        """Azure Resource Manager, without the weight of its SDKs."""
        addresses = self.wiring.addresses()
        return RestClient(addresses.resource_manager, addresses.resource_manager_scope, self.tokens, self.transport)

    def knock(self, host: str, url: str) -> tuple[int, Mapping[str, str]]:
        """Ask for something of Azure's once and without a token; status and headers of the answer.

        Raises:
            Unreachable: there was no answer; its subclasses say what is in the way.
        """
        from azure.core.rest import HttpRequest

        with translated(f"asking {host}"):
            answer: Any = self.transport().send(HttpRequest("GET", url))
        return answer.status_code, answer.headers


@contextmanager
def connected(settings: Settings, wall: Clock) -> Iterator[Target]:
    """The target of a profile. Nothing is sent yet, but to the control routes of a simulator for its time."""
    with ExitStack() as stack:
        told, trouble = wall, None
        if settings.simulator.control:
            try:
                told = _simulated_time(settings, wall, stack)
            except HarnessError as error:
                trouble = error
        wiring = Wiring(settings, ShortPauses(told, wall), reads_only=True)
        stack.callback(_close, wiring)
        yield Target(settings, wiring, wall, trouble)


def _close(wiring: Wiring) -> None:
    """Give the connections back; certificates or a proxy that make no sense have kept any from being made."""
    with suppress(ConfigError, ValueError, httpx.InvalidURL):
        wiring.close()


def _simulated_time(settings: Settings, wall: Clock, stack: ExitStack) -> Clock:
    control = SimulatorControl(settings.simulator.control, Wiring(settings, wall, reads_only=True).trusted)
    stack.callback(control.close)
    return SimulatorClock(control, RealClock(), skips=False)
