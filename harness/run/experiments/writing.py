"""Experiments as Chaos Toolkit reads them (chaostoolkit.org/reference/api/experiment)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import harness
from harness.run.experiments import served_faults
from harness.run.experiments.experiment import (
    Activity,
    Command,
    Experiment,
    FaultAct,
    FromEnvironment,
    HttpCall,
)

PROGRAM = "cmkproof"

EXTENSION = "cmkproof"
"""The name of the block that tells what activities stand for."""


def experiment_json(experiment: Experiment) -> str:
    """The file."""
    return json.dumps(document_of(experiment), indent=2, ensure_ascii=False) + "\n"


def document_of(experiment: Experiment) -> dict[str, Any]:
    """The document.

    Raises:
        UsageError: a fault that no control route brings about.
    """
    steady = [_activity(one) for one in experiment.steady_state]
    return {
        "title": experiment.title,
        "description": experiment.description,
        "tags": list(experiment.tags),
        "configuration": {name: _value(value) for name, value in experiment.configuration.items()},
        "steady-state-hypothesis": {"title": experiment.steady_state_title, "probes": steady},
        "method": [_activity(one) for one in experiment.method],
        "rollbacks": [_activity(one) for one in experiment.rollbacks],
        "extensions": [{"name": EXTENSION, "version": harness.__version__, "acts": dict(_acts(experiment))}],
    }


def _acts(experiment: Experiment) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for part in ("steady_state", "method", "rollbacks"):
        activities: Sequence[Activity] = getattr(experiment, part)
        for at, activity in enumerate(activities):
            if isinstance(act := activity.does, FaultAct):
                told = {"fault": act.fault, "act": act.act, "beside": list(act.beside)}
                yield f"{part}/{at}", {one: value for one, value in told.items() if value}


def _activity(activity: Activity) -> dict[str, Any]:
    does = activity.does
    told: dict[str, Any] = {
        "type": activity.kind,
        "name": activity.name,
        "provider": provider_of(served_faults.call(does) if isinstance(does, FaultAct) else does),
    }
    if activity.tolerance is not None:
        told["tolerance"] = activity.tolerance
    pauses = {"before": activity.pause_before_s, "after": activity.pause_after_s}
    if any(pauses.values()):
        told["pauses"] = {name: seconds for name, seconds in pauses.items() if seconds}
    return told


def provider_of(call: HttpCall | Command) -> dict[str, Any]:
    """A request or a command as Chaos Toolkit tells it."""
    if isinstance(call, Command):
        return {"type": "process", "path": PROGRAM, "arguments": list(call.words)}
    told: dict[str, Any] = {"type": "http", "url": call.url, "method": call.method}
    if call.headers:
        told["headers"] = dict(call.headers)
    if call.arguments is not None:
        told["arguments"] = call.arguments
    if call.timeout_s is not None:
        told["timeout"] = call.timeout_s
    return told


def _value(value: str | FromEnvironment) -> Any:
    return {"type": "env", "key": value.variable} if isinstance(value, FromEnvironment) else value
