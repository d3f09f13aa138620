"""One system under test, and whoever opens one for each scenario."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from harness.model.verdict import Assurance
from harness.ports.atlas import ClusterService
from harness.ports.azure import Directory, KeyService, VaultAudit
from harness.ports.breaking import Injector
from harness.ports.clock import Clock
from harness.ports.recording import Credentials, Recorder, Secrets
from harness.ports.simulation import Stage, Wire


@dataclass(frozen=True, slots=True)
class Site:
    """Names and identifiers of the systems under test; nothing secret."""

    project_id: str
    tenant_id: str
    client_id: str
    """Application that Atlas signs in with."""
    principal_id: str
    subscription_id: str
    resource_group: str
    vault: str
    location: str
    key: str
    azure_environment: str = "AZURE"
    role_id: str = ""
    """Role of Atlas's that stands for its sign-in without a secret; empty: `client_id` and a secret do."""
    atlas_principal_id: str = ""
    """Service principal of Atlas's own application in the tenant, allowed to use the key; empty: there is none."""
    other_vault: str = ""
    """A second vault of the same customer, for promises about the configured vault."""
    other_key: str = ""
    custodian_id: str = ""
    """Object id of the custodian, who signs in to Azure; empty where nothing is changed."""
    custodians: tuple[str, ...] = ()
    """Object ids of those who may administer the vault."""
    known_subscriptions: tuple[str, ...] = ()
    """Subscriptions, beside the vault's own, from which private endpoints may lead to the vault."""


class Backend(Protocol):
    """One system under test, opened for one scenario."""

    assurance: Assurance
    capabilities: frozenset[str]
    readings: Mapping[str, str]
    """Readings in force, by name; what a live system does is settled by observation, not by these."""
    clock: Clock
    site: Site
    credentials: Credentials
    recorder: Recorder
    injector: Injector

    def clusters(self, role: str = "owner") -> ClusterService:
        """The Atlas side as seen by an identity that holds `owner`, `reader` or `cluster-manager`.

        Raises:
            Unsupported: no such identity is configured.
        """

    def keys(self) -> KeyService:
        """The Azure side."""

    def audit(self) -> VaultAudit:
        """The Azure side, for an auditor."""

    def directory(self) -> Directory:
        """The customer's tenant."""

    def stage(self) -> Stage:
        """The stage manager.

        Raises:
            Unsupported: the backend is not a simulation.
        """

    def wire(self) -> Wire:
        """What lies between its clients and the services."""

    def close(self) -> None:
        """Give everything back."""


class BackendFactory(Protocol):
    """Opens a fresh backend for a scenario."""

    @property
    def capabilities(self) -> frozenset[str]:
        """What its backends can do, in the words of `@needs:`."""

    @property
    def assurance(self) -> Assurance:
        """What outcomes on its backends are worth as evidence."""

    @property
    def secrets(self) -> Secrets:
        """What its backends, and the run itself, have met that is secret."""

    def running(self, run_id: str, directory: Path | None) -> AbstractContextManager[None]:
        """What the scenarios of a run share: made when it begins, undone when it ends; evidence goes to `directory`.

        Raises:
            AccessError, TargetError, SafetyError: when it begins; nothing was changed.
            LeftChanged: when it ends; something could not be undone.
        """

    def open(self, scenario_id: str) -> AbstractContextManager[Backend]:
        """A backend that nothing else uses until it is closed."""
