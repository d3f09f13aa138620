"""The embedded fake as a backend: a fresh world, the real clients, and nothing between them but function calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from harness.atlas import AtlasClient, AtlasService, ServiceAccount
from harness.azure import AzureKeyService, ServicePrincipal, VaultPlace
from harness.backends.clocks import VirtualClock
from harness.backends.recording import ExchangeRecorder
from harness.backends.taped import TapedStage
from harness.backends.transport import InProcess, azure_transport, in_process
from harness.backends.wire import ClientWire
from harness.errors import Unsupported, UsageError
from harness.evidence.run_secrets import RunSecrets
from harness.evidence.tape import System
from harness.fake.estate import (
    CUSTODIAN_ADDRESS,
    KEY,
    LOCATION,
    OPERATOR_ADDRESS,
    OTHER_KEY,
    Estate,
    admit_atlas,
    furnish,
)
from harness.fake.faces.app import Application
from harness.fake.kernel.arm import Vault
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.world import EPOCH, World
from harness.fake.watching import watch_over
from harness.faults.simulated import volatile_injector
from harness.model.verdict import Assurance
from harness.model.wire_queue import WireFaults
from harness.ports import (
    Backend,
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
from harness.settings.schema import Atlas
from harness.suite.tags import CAPABILITIES

EVERYTHING = frozenset(CAPABILITIES)


class FakeBackends:
    """Opens a world for every scenario; its seed follows from the run's seed and the scenario's id.

    Laws and routes are made once and keep nothing between scenarios; the world starts over with each.
    """

    capabilities = EVERYTHING
    assurance = Assurance.SIMULATED

    def __init__(self, seed: int, readings: Readings) -> None:
        self._seed = seed
        self._clock = VirtualClock(EPOCH)
        self._world = World(seed, readings=readings)
        self._app = Application(self._world, lambda: self._clock.now())
        self.secrets = RunSecrets(blake2b(f"commitments/{seed}".encode()).digest())

    def running(self, run_id: str, directory: Path | None) -> AbstractContextManager[None]:  # noqa: ARG002 - the port's
        """Worlds share nothing, so there is nothing to make or undo."""
        return nullcontext()

    @contextmanager
    def open(self, scenario_id: str) -> Iterator[Backend]:
        """A world in which nothing has happened yet. One at a time: opening the next one ends this one."""
        seed = int.from_bytes(blake2b(f"{self._seed}/{scenario_id}".encode(), digest_size=8).digest())
        self._world.start_over(seed)
        self._clock = VirtualClock(self._world.now)
        backend = FakeBackend(self._world, self._app, self._clock, self.secrets)
        try:
            yield backend
        finally:
            backend.close()


class FakeBackend:
    """One world with its estate, seen through the real clients."""

    assurance = Assurance.SIMULATED
    capabilities = EVERYTHING

    def __init__(self, world: World, app: Application, clock: Clock, secrets: RunSecrets | None = None) -> None:
        self._estate = furnish(world)
        self.readings: Mapping[str, str] = world.readings.as_dict()
        self.clock = clock
        self.recorder: Recorder = (recorder := ExchangeRecorder(secrets))
        self.site = _site(world, self._estate)
        self.credentials: Credentials = _EstateCredentials(self._estate)
        faults = WireFaults()
        self._wire = ClientWire(faults, recorder.taping)
        self._atlas_side = in_process(app, clock, recorder.record, remote_address=OPERATOR_ADDRESS, faults=faults)
        self._services: dict[str, AtlasService] = {}
        self._keys = self._key_service(
            in_process(app, clock, recorder.record, remote_address=CUSTODIAN_ADDRESS, faults=faults)
        )
        self._stage = TapedStage(FakeStage(world, self._estate), recorder.taping)
        self.injector: Injector = volatile_injector(clock)
        for secret in self._secrets():
            self.recorder.protect(secret)
        recorder.describe(
            self._system(), dict.fromkeys(self._estate.callers, "service_account"), clock, clock_is_read=False
        )

    def clusters(self, role: str = "owner") -> ClusterService:
        """The Atlas side as seen by the identity that holds this role.

        Raises:
            Unsupported: there is no such identity.
        """
        if role not in self._estate.callers:
            raise Unsupported(f"no identity holds the role {role!r}")
        if role not in self._services:
            caller = self._estate.callers[role]
            account = ServiceAccount(caller.public, caller.secret)
            self._services[role] = AtlasService(AtlasClient(account, self.clock, transport=self._atlas_side.http))
        return self._services[role]

    def keys(self) -> KeyService:
        """The Azure side as seen by the owner of the vault."""
        return self._keys

    def audit(self) -> VaultAudit:
        """The Azure side, for an auditor."""
        return self._keys.audit

    def directory(self) -> Directory:
        """The tenant, as seen by the owner of the vault, who owns Atlas's application too."""
        return self._keys.directory

    def stage(self) -> Stage:
        """The stage manager of this world."""
        return self._stage

    def wire(self) -> Wire:
        """The wire of this world's clients."""
        return self._wire

    def close(self) -> None:
        """Give the clients back; the world goes with the backend."""
        for service in self._services.values():
            service.close()

    def _key_service(self, side: InProcess) -> AzureKeyService:
        estate, who = self._estate, self._estate.custodian
        return AzureKeyService(
            self._place(estate.vault, estate.subnet_id),
            ServicePrincipal(estate.tenant_id, who.client_id, who.secret),
            self.clock,
            lambda: azure_transport(side.adapter, self.clock, use_environment=False),
            other=(self._place(estate.other_vault), OTHER_KEY),
        )

    def _place(self, vault: str, subnet_id: str = "") -> VaultPlace:
        return VaultPlace(self._estate.subscription_id, self._estate.resource_group, vault, LOCATION, subnet_id)

    def _system(self) -> System:
        """What a replay has to know of this world."""
        return System(
            assurance=self.assurance.value,
            capabilities=sorted(self.capabilities),
            readings=dict(self.readings),
            site=self.site,
            atlas_url=Atlas().base_url,
            azure_sign_in="credential",
            place=self._place(self._estate.vault, self._estate.subnet_id),
            other_place=self._place(self._estate.other_vault),
        )

    def _secrets(self) -> Sequence[str]:
        estate = self._estate
        callers = (*estate.callers.values(), estate.api_key)
        return [estate.atlas.secret, estate.custodian.secret, *(caller.secret for caller in callers)]


class FakeStage:
    """Arranges what no API can."""

    def __init__(self, world: World, estate: Estate) -> None:
        self._world = world
        self._estate = estate

    def set(self, knob: str, value: object) -> None:
        """Turn a knob.

        Raises:
            UsageError: the world has no such knob.
        """
        if not hasattr(self._world.knobs, knob):
            raise UsageError(f"the simulated world has no knob {knob!r}")
        setattr(self._world.knobs, knob, value)

    def set_project_active(self, *, active: bool) -> None:
        """Put the project into state INACTIVE or back to ACTIVE."""
        self._world.atlas.projects.set_active(self._estate.project_id, active)

    def expire_secret(self, after_s: float) -> None:
        """Let the client secret that Atlas holds expire.

        Raises:
            Unsupported: Atlas signs in without one.
        """
        self._world.entra.expire_secret(self._application(), after_s)

    def restrict_sign_in(self, addresses: Sequence[str] | None) -> None:
        """Conditional access on Atlas's application: only from these addresses; None lifts it.

        Raises:
            Unsupported: Atlas signs in as its own application, which is not the customer's to restrict.
        """
        allowed = None if addresses is None else tuple(addresses)
        self._world.entra.restrict_sign_in(self._application(), allowed)

    def unregister_provider(self, namespace: str) -> None:
        """Leave a resource provider unregistered in the customer's subscription."""
        self._world.arm.set_provider(self._estate.subscription_id, namespace, "NotRegistered")

    def watch_over_vault(self) -> None:
        """Give the vault what its owners set up around it: diagnostic settings, Defender, a rotation policy."""
        watch_over(self._world, self._vault(), KEY)

    def purge_key(self, name: str) -> None:
        """Let a key of the vault be gone for good, whatever protects it."""
        self._world.key_vault.lose(self._vault(), name)

    def delete_vault(self) -> None:
        """Let somebody soft-delete the vault."""
        self._world.arm.delete_vault(self._vault())

    def recover_vault(self) -> None:
        """Let somebody recover the vault."""
        arm, estate = self._world.arm, self._estate
        arm.recover_vault(arm.deleted_vault(estate.subscription_id, LOCATION, estate.vault))

    def _vault(self) -> Vault:
        estate = self._estate
        return self._world.arm.require_vault(estate.subscription_id, estate.resource_group, estate.vault)

    def _application(self) -> str:
        if self._world.readings.static_credentials == "deprecated":
            raise Unsupported("Atlas signs in without a secret here")
        return self._estate.atlas.client_id


@dataclass(frozen=True, slots=True)
class _EstateCredentials:
    _estate: Estate

    def client_secret(self) -> str:
        return self._estate.atlas.secret


def _site(world: World, estate: Estate) -> Site:
    """Where Atlas no longer takes secrets, the project signs in through a role from the beginning (EAR-041)."""
    atlas, role_id = admit_atlas(world, estate), ""
    if secretless := world.readings.static_credentials == "deprecated":
        role_id = world.atlas.cloud_access.create_azure(estate.project_id, "", estate.tenant_id, atlas).id
    return Site(
        project_id=estate.project_id,
        tenant_id=estate.tenant_id,
        client_id="" if secretless else estate.atlas.client_id,
        principal_id=atlas if secretless else estate.atlas.principal_id,
        role_id=role_id,
        atlas_principal_id=atlas,
        custodian_id=estate.custodian.principal_id,
        subscription_id=estate.subscription_id,
        resource_group=estate.resource_group,
        vault=estate.vault,
        location=LOCATION,
        key=KEY,
        other_vault=estate.other_vault,
        other_key=OTHER_KEY,
        custodians=(estate.custodian.principal_id,),
    )
