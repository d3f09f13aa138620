"""Undoing a fault that another process brought about, from what a ledger or the target's tags say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from harness.backends.live.backend import Held
from harness.backends.live.workshop import Workshop
from harness.backends.recording import ExchangeRecorder
from harness.errors import Unsupported
from harness.faults.binding import bound
from harness.faults.healing import make_good
from harness.faults.injection import Tools
from harness.faults.ledger import FaultUndo, Outcome
from harness.faults.simulated import volatile_injector
from harness.model.verdict import Assurance
from harness.ports import (
    Clock,
    ClusterService,
    Credentials,
    Directory,
    Injection,
    Injector,
    KeyService,
    Recorder,
    Site,
    Stage,
    VaultAudit,
    Wire,
)


@dataclass
class Repairing:
    """What injections need to undo themselves, by the run's own clients. Implements `harness.ports.Backend`."""

    assurance: Assurance
    capabilities: frozenset[str]
    readings: Mapping[str, str]
    clock: Clock
    site: Site
    credentials: Credentials
    recorder: Recorder
    injector: Injector
    _workshop: Workshop

    def clusters(self, role: str = "owner") -> ClusterService:  # noqa: ARG002 - it has one identity
        """The Atlas side."""
        return self._workshop.atlas

    def keys(self) -> KeyService:
        """The Azure side."""
        return self._workshop.keys

    def audit(self) -> VaultAudit:
        """The Azure side, for an auditor."""
        return self._workshop.keys.audit

    def directory(self) -> Directory:
        """The customer's tenant."""
        return self._workshop.keys.directory

    def stage(self) -> Stage:
        """Nobody arranges reality.

        Raises:
            Unsupported: always.
        """
        raise Unsupported("only a simulation can arrange this")

    def wire(self) -> Wire:
        """What went wrong on the wire was gone with the process that did it.

        Raises:
            Unsupported: always.
        """
        raise Unsupported("nothing on the wire is left to undo")

    def close(self) -> None:
        """The clients are the run's."""


def repairing(workshop: Workshop, site: Site) -> Repairing:
    """A backend for undoing, at this site."""
    return Repairing(
        assurance=Assurance.EXERCISED,
        capabilities=frozenset(),
        readings={},
        clock=workshop.clock,
        site=site,
        credentials=Held(""),
        recorder=ExchangeRecorder(None),
        injector=volatile_injector(workshop.clock),
        _workshop=workshop,
    )


def site_of(about: FaultUndo) -> Site:
    """Where a fault struck."""
    said = {one.name: about.site.get(one.name, "") for one in fields(Site)}
    for name in ("custodians", "known_subscriptions"):
        said[name] = tuple(said[name] or ())
    return Site(**said)


def injection_of(workshop: Workshop, about: FaultUndo, target: Mapping[str, Any]) -> Injection:
    """The fault, for a process that has not brought it about.

    Raises:
        UsageError: this version knows no such fault.
    """
    return bound(about.fault, Tools(repairing(workshop, site_of(about)), workshop.limits), target)


def undo_fault(workshop: Workshop, about: FaultUndo, target: Mapping[str, Any], *, begun: bool) -> Outcome:
    """Undo it if it is not undone, and return how it ended. Raises what `make_good` raises.

    `begun`: the act may have been under way when whoever brought it about was last heard of.
    """
    limits = workshop.limits
    return make_good(
        injection_of(workshop, about, target),
        about.image,
        workshop.clock,
        within_s=limits.recovery_s,
        settles_s=limits.detection_s if begun else 0.0,
    )
