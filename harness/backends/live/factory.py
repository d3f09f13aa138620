"""A live run: what it checks, takes and makes before its scenarios, and how it leaves the target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes

from harness.backends.exchanges import Exchange, shown_to_be_secret
from harness.backends.live import safety
from harness.backends.live.abilities import abilities
from harness.backends.live.backend import Held, LiveBackend
from harness.backends.live.changes import Changes, ScenarioParts
from harness.backends.live.connecting import wired
from harness.backends.live.undertaking import changing
from harness.backends.live.wiring import Wiring
from harness.errors import ConfigError, UsageError
from harness.evidence.run_secrets import RunSecrets
from harness.fake.kernel.readings import Readings
from harness.faults.books import NoBooks
from harness.faults.gates import refuse_any
from harness.faults.injector import Injector
from harness.model.verdict import Assurance
from harness.ports import Backend, Site
from harness.settings import Settings, resolve, resolve_if_set

KEY_LENGTH = 32
"""Bytes of the key with which a run commits to what it took out, where its owner gives none."""

Preflight = Callable[[Settings, Wiring], None]
"""Asks what a run needs before it starts, and raises what is missing; changes nothing."""
Permit = Callable[[], str]
"""The hash of the plan of this very run, which somebody has confirmed; raises SafetyError where nobody has."""

DECLARED = "none is needed: the target declares itself to be simulated"
"""What permits a change where nothing real is touched."""


class LiveBackends:
    """Opens a project and a key of its own for each scenario. Implements `harness.ports.BackendFactory`."""

    def __init__(self, settings: Settings, preflight: Preflight, permit: Permit) -> None:
        if settings.mode == "":
            raise ConfigError(
                f"profile {settings.profile} is live and has no mode",
                advice='Set mode = "observe" (read only), "sandbox" or "staging" (may be changed).',
            )
        if settings.workers != 1:
            raise UsageError("a live run has one worker: its scenarios share a vault", advice="Leave --workers out.")
        self._settings = settings
        self._preflight = preflight
        self._permit = permit
        self._readings: Mapping[str, str] = Readings(**settings.readings).as_dict()
        self._observes = settings.mode == "observe"
        self._wiring: Wiring | None = None
        self._simulated = False
        self.secrets = RunSecrets(token_bytes(KEY_LENGTH))
        self._changes: Changes | None = None

    @property
    def capabilities(self) -> frozenset[str]:
        """What its backends can do, in the words of `@needs:`."""
        return abilities(self._settings, simulated=self._simulated)

    @property
    def assurance(self) -> Assurance:
        """What outcomes are worth: nothing a simulator shows counts as evidence of operation."""
        if self._simulated:
            return Assurance.SIMULATED
        return Assurance.OBSERVED if self._observes else Assurance.EXERCISED

    @contextmanager
    def running(self, run_id: str, directory: Path | None) -> Iterator[None]:
        """Check the target, take what the run needs, and at the end leave it as it was.

        Raises:
            AccessError, TargetError, SafetyError, ConfigError: at the beginning; nothing was changed.
            LeftChanged: at the end; something could not be undone.
        """
        if directory is None:
            raise UsageError("a live run needs a directory for its undo ledger")
        with wired(self._settings, reads_only=self._observes) as (wiring, control):
            self._wiring = wiring
            wiring.own_tap = self._overhear
            for secret in wiring.secrets():
                self.secrets.protect(secret)
            if not self._observes:
                safety.refuse_production_looking(self._settings)
            self._preflight(self._settings, wiring)
            declared = wiring.gatekeeper.declared
            self._simulated = any(declared.values())
            if self._observes:
                yield
                return
            permitted = DECLARED
            if not safety.is_declared_simulator(self._settings, wiring.gatekeeper):
                safety.refuse_unlisted(self._settings)
                permitted = self._permit()
            with changing(wiring, control, run_id, directory, permitted) as self._changes:
                yield

    @contextmanager
    def open(self, scenario_id: str) -> Iterator[Backend]:  # noqa: ARG002 - names come from the run's id and a number
        """A project and a key for one scenario; afterwards both are gone and the vault is as it was."""
        if self._wiring is None:
            raise UsageError("the run has not begun")
        if self._changes is None:
            yield self._observing(self._wiring)
            return
        with self._changes.scenario() as parts:
            yield self._backend(self._wiring, parts)

    def _overhear(self, exchange: Exchange) -> None:
        """Learn what is secret in exchanges that no scenario's recorder sees."""
        for secret in shown_to_be_secret(exchange):
            self.secrets.protect(secret)

    def _observing(self, wiring: Wiring) -> LiveBackend:
        azure = self._settings.azure
        site = Site(
            project_id=resolve(self._settings.atlas.project_id, "atlas.project_id"),
            tenant_id=resolve_if_set(azure.tenant_id, "azure.tenant_id"),
            client_id=resolve_if_set(azure.application_id, "azure.application_id"),
            principal_id=resolve_if_set(azure.principal_id, "azure.principal_id"),
            subscription_id=resolve(azure.subscription_id, "azure.subscription_id"),
            resource_group=azure.resource_group,
            vault=azure.vault,
            location=azure.location,
            key=azure.key,
            azure_environment=azure.cloud,
            other_vault=azure.other_vault,
            other_key=azure.other_key,
            custodians=tuple(self._settings.posture.custodians),
            known_subscriptions=tuple(self._settings.posture.known_subscriptions),
        )
        injector = Injector(wiring.clock, NoBooks(), (refuse_any,), 0.0)
        return self._backend(wiring, ScenarioParts(site, Held(""), None, None, injector, wiring.clock))

    def _backend(self, wiring: Wiring, parts: ScenarioParts) -> LiveBackend:
        return LiveBackend(
            wiring,
            parts.site,
            parts.credentials,
            assurance=self.assurance,
            capabilities=self.capabilities,
            readings=self._readings,
            account_for=parts.account_for,
            stage=parts.stage,
            secrets=self.secrets,
            injector=parts.injector,
            clock=parts.clock,
        )
