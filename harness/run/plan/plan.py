"""A plan as one document, and its file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.errors import EvidenceError
from harness.ports import Clock
from harness.run.engine import Request, Watcher
from harness.run.plan import informs
from harness.run.plan.confirm import PREFIX_MIN
from harness.run.plan.decides import decided, hash_of, performed
from harness.run.plan.permissions import permissions
from harness.run.plan.rehearsal import Rehearsal, rehearse


def plan(request: Request, clock: Clock, watcher: Watcher) -> tuple[Mapping[str, Any], Rehearsal]:
    """Rehearse a run and say what it would do. Changes nothing but a temporary directory.

    Raises:
        UsageError: something asked for does not exist.
        EvidenceError: the rehearsal cannot be written.
    """
    settings = request.settings
    rehearsal = rehearse(request, clock, watcher)
    decisions = decided(settings, request, rehearsal)
    length = informs.duration(settings, rehearsal)
    calls = informs.calls(rehearsal)
    return {
        "hash": hash_of(decisions),
        "touches": _touches(request),
        "decides": decisions,
        "informs": {
            "calls": calls,
            "made": informs.made(settings, len(performed(rehearsal))),
            "blast_radius": informs.blast_radius(settings, rehearsal, decisions["changes"]),
            "duration": length,
            "requests": informs.requests(settings, rehearsal, length),
            "permissions": permissions(settings, calls["list"]),
            "not_tested": informs.not_tested(rehearsal),
            "warnings": informs.warnings(rehearsal),
        },
    }, rehearsal


def _touches(request: Request) -> str:
    settings = request.settings
    if settings.backend == "fake":
        return "nothing real: the run takes place on the embedded fake"
    if settings.mode == "observe":
        return "a real target, which is only read"
    if settings.simulator.control:
        return "a target that must declare itself to be a simulator"
    return "a real target, which is changed and broken on purpose"


def write(document: Mapping[str, Any], out: Path | None) -> Path:
    """Write the plan: to `out`, or to `plan-<beginning of its hash>.json` here.

    Raises:
        EvidenceError: it cannot be written.
    """
    path = out or Path(f"plan-{document['hash'][:PREFIX_MIN]}.json")
    try:
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise EvidenceError(f"the plan cannot be written: {error}") from error
    return path
