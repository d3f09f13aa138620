"""Faults of the catalogue that the control routes of `cmkproof serve` can bring about and undo (docs/serve.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.errors import UsageError
from harness.fake.kernel.knobs import Knobs
from harness.faults.answers import ON_THE_WIRE
from harness.model.wire_fault import WireFault
from harness.run.experiments.experiment import JSON, FaultAct, FromEnvironment, HttpCall

CONTROL = "${control}"
"""The address of the control routes, which is in the configuration of every experiment."""

CONFIGURATION: Mapping[str, FromEnvironment] = {
    "control": FromEnvironment("CMKPROOF_SIMULATOR__CONTROL"),
    "application": FromEnvironment("CMKPROOF_AZURE__APPLICATION_ID"),
}
"""What the ready lines of `cmkproof serve` tell and activities use, by the name in the configuration."""

NOBODY = "192.0.2.0/24"
"""Addresses that belong to nobody (RFC 5737)."""


@dataclass(frozen=True, slots=True)
class OnTheWire:
    """Between clients and services."""

    faults: tuple[WireFault, ...]


@dataclass(frozen=True, slots=True)
class ByKnob:
    """Inside the simulated services."""

    knob: str
    value: object


@dataclass(frozen=True, slots=True)
class OnStage:
    """What no API of theirs can arrange."""

    route: str
    injected: Mapping[str, Any]
    undone: Mapping[str, Any]


Served = OnTheWire | ByKnob | OnStage

SERVED: Mapping[str, Served] = {
    "F-06": ByKnob("fail_create", "The endpoint could not be provisioned."),
    "F-19": ByKnob("role_propagation_s", 600.0),
    "F-20": OnStage(
        "/stage/restrict_sign_in",
        {"client_id": "${application}", "addresses": [NOBODY]},
        {"client_id": "${application}", "addresses": None},
    ),
    "F-22": ByKnob("vault_network_blocked", True),
    "F-31": ByKnob("stuck_initiating", True),
    **{
        fault: OnTheWire(tuple(replace(one, times=None) for one in on_the_wire))
        for fault, on_the_wire in ON_THE_WIRE.items()
    },
}
"""By id. What our own clients suffer a few times only, lasts here until it is undone."""


def served(fault: str) -> Served:
    """How a simulator brings a fault about.

    Raises:
        UsageError: it cannot, or there is no such fault.
    """
    if fault not in SERVED:
        raise UsageError(
            f"no control route of a simulator brings {fault} about and undoes it",
            advice="Name a profile with -p, and `cmkproof drill` does it; without one an experiment can hold "
            f"{', '.join(SERVED)}.",
        )
    return SERVED[fault]


def call(act: FaultAct) -> HttpCall:
    """The request to the control routes.

    Raises:
        UsageError: the fault, or one beside it, cannot be brought about so.
    """
    match served(act.fault):
        case OnTheWire():
            return _wire(act)
        case ByKnob(knob=knob, value=value):
            wanted = value if act.act == "inject" else getattr(Knobs(), knob)
            return HttpCall(f"{CONTROL}/knobs", "PATCH", JSON, {knob: wanted})
        case OnStage(route=route, injected=injected, undone=undone):
            return HttpCall(f"{CONTROL}{route}", "POST", JSON, dict(injected if act.act == "inject" else undone))


def _wire(act: FaultAct) -> HttpCall:
    told = [fault.told() for one in _on_the_wire(act) for fault in one.faults]
    return HttpCall(f"{CONTROL}/faults", "PUT", JSON, told) if told else HttpCall(f"{CONTROL}/faults", "DELETE")


def _on_the_wire(act: FaultAct) -> Sequence[OnTheWire]:
    """What is in force afterwards. The latest stands first, since the first that fits a request happens to it."""
    ids = (act.fault, *act.beside) if act.act == "inject" else act.beside
    found = [served(one) for one in ids]
    return [one for one in found if isinstance(one, OnTheWire)]


def is_on_the_wire(fault: str) -> bool:
    """It shares the one list that the control route takes."""
    return isinstance(served(fault), OnTheWire)


def in_force(fault: str) -> tuple[HttpCall, Any] | None:
    """Where it shows that a fault is in force, and how; None where no control route shows it."""
    match served(fault):
        case OnTheWire(faults=faults):
            pattern = f'"kind":"{faults[0].kind}"'
            return HttpCall(f"{CONTROL}/faults"), {"type": "regex", "target": "body", "pattern": pattern}
        case ByKnob(knob=knob, value=value):
            return HttpCall(f"{CONTROL}/knobs"), knob_reads(knob, value)
    return None


def knob_reads(knob: str, value: object) -> Mapping[str, Any]:
    """A tolerance: the knob has this value."""
    pattern = f'"{knob}":{re.escape(json.dumps(value))}[,}}]'
    return {"type": "regex", "target": "body", "pattern": pattern}
