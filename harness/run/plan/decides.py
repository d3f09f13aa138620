"""What decides what a run does, and the hash over it: same decisions, same hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec
import rfc8785

from harness import __version__
from harness.model.history import Completion
from harness.model.verdict import Outcome
from harness.run.engine import Request
from harness.run.options import readings_in_force
from harness.run.parity.traces import Act, trace_of
from harness.run.plan.rehearsal import Rehearsal
from harness.run.plan.undo import UNDO
from harness.settings import Settings
from harness.suite import features_directory
from harness.suite.digest import features_digest

NO_CHANGE = ("time",)
"""Parties whose acts change nothing."""


def asked(settings: Settings, request: Request) -> dict[str, Any]:
    """What is known before a rehearsal: version, features, target and selection. References stay unresolved.

    Raises:
        UsageError: there are no features.
    """
    return {
        "version": __version__,
        "features": features_digest(features_directory(settings.features)),
        "profile": settings.profile,
        "target": {
            "backend": settings.backend,
            "mode": settings.mode,
            "atlas": msgspec.to_builtins(settings.atlas),
            "azure": msgspec.to_builtins(settings.azure),
            "safety": msgspec.to_builtins(settings.safety),
            "simulator": msgspec.to_builtins(settings.simulator),
        },
        "selection": {
            "requirements": sorted({one.upper() for one in request.requirements}),
            "tags": sorted({one.removeprefix("@") for one in request.tags}),
            "keyword": request.keyword,
            "allow": settings.allow,
        },
        "readings": readings_in_force(settings),
        "limits": msgspec.to_builtins(settings.limits),
    }


def decided(settings: Settings, request: Request, rehearsal: Rehearsal) -> dict[str, Any]:
    """Everything that decides what happens: what was asked for, which scenarios act, and their changes in order."""
    return {
        **asked(settings, request),
        "scenarios": [
            {"id": name, "severity": rehearsal.result.suite.scenarios[name].tags.severity}
            for name in performed(rehearsal)
        ],
        "changes": list(changes(rehearsal)),
    }


def performed(rehearsal: Rehearsal) -> Sequence[str]:
    """Scenarios that do something: all but those that a gate keeps out."""
    return [
        name
        for name, one in rehearsal.scenarios.items()
        if one.history is not None or one.record.outcome is not Outcome.NOT_TESTED
    ]


def changes(rehearsal: Rehearsal) -> Sequence[Mapping[str, Any]]:
    """Every act that could change something, in order, with what undoes it."""
    return [
        _change(name, act)
        for name, one in rehearsal.scenarios.items()
        if one.history is not None
        for act in trace_of(one.history).acts
        if act.party not in NO_CHANGE
    ]


def _change(scenario: str, act: Act) -> dict[str, Any]:
    undo = UNDO[act.verb]
    refused = act.completion is Completion.FAILED
    return {
        "scenario": scenario,
        "party": act.party,
        "verb": act.verb,
        "subject": act.subject,
        "expected": f"refused {act.status or ''} {act.reason}".strip() if refused else act.completion.value,
        "undo": {"class": "none-needed", "what": "a refused request changes nothing"}
        if refused
        else {"class": undo.kind.value, "what": undo.what},
    }


def hash_of(decisions: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON (RFC 8785)."""
    return sha256(rfc8785.dumps(dict(decisions))).hexdigest()
