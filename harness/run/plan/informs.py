"""What a plan tells those who have to agree to it: calls, what is made, reach, time, requests, what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.fake.kernel.knobs import Knobs
from harness.model.verdict import Outcome
from harness.run.plan.decides import performed
from harness.run.plan.permissions import needs
from harness.run.plan.rehearsal import Rehearsal
from harness.settings import Settings

CALL_S = 0.5
"""Seconds that a call takes on a real network: an assumption of ours."""
FACTOR = 2.0
"""A live run may need this many times the rehearsal's requests: retries, slower transitions, more looks."""
SET_UP_CALLS = 40
"""Requests for a scenario's own project and key, their removal, and the looks while waiting for that: an estimate."""


def calls(rehearsal: Rehearsal) -> Mapping[str, Any]:
    """Calls by side, method and URL template, with counts."""
    counted = Counter(
        (call.side, call.method, call.template) for one in rehearsal.scenarios.values() for call in one.calls
    )
    rows = [
        {"side": side, "method": method, "url": url, "count": count, "needs": list(needs(side, method, url))}
        for (side, method, url), count in sorted(counted.items(), key=lambda pair: (pair[0][0], pair[0][2], pair[0][1]))
    ]
    sides = {name: sum(count for (side, _, _), count in counted.items() if side == name) for name in ("atlas", "azure")}
    return {"total": sum(sides.values()), "by_side": sides, "list": rows}


def made(settings: Settings, scenarios: int) -> list[dict[str, Any]]:
    """What a run makes beside what its scenarios say, and how it goes again."""
    if settings.backend == "fake" or settings.mode == "observe" or not scenarios:
        return []
    return [
        {"what": what, "count": count, "removed": removed}
        for what, count, removed in _made(settings, scenarios)
        if count
    ]


def _made(settings: Settings, scenarios: int) -> Iterator[tuple[str, int, str]]:
    atlas, azure = settings.atlas, settings.azure
    yield "Atlas project", 0 if atlas.project_id else scenarios, "deleted after its scenario"
    yield (
        "Atlas service account (reader, cluster manager), at most",
        2 * scenarios,
        "expires after a day, or with the project",
    )
    yield "key in the vault", scenarios, "soft-deleted after its scenario; gone when the vault's retention ends"
    yield "key vault", 0 if azure.vault else 2, "soft-deleted after the run; gone when its retention ends"
    yield "role assignment on a vault", 0 if azure.vault else 4, "goes with its vault"
    yield "application in Entra", 0 if azure.application_id else 1, "deleted after the run"
    yield "lease (a tag)", 1 + bool(atlas.project_id), "taken off after the run"


def blast_radius(settings: Settings, rehearsal: Rehearsal, changes: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What is touched: counts of what is made, and what the profile names."""
    made_here = Counter(
        (one["verb"], one["subject"].partition(" ")[0]) for one in changes if not one["expected"].startswith("refused")
    )
    live = settings.backend == "live"
    changing = live and settings.mode != "observe"
    scenarios = len(performed(rehearsal))
    named = {
        "project": settings.atlas.project_id,
        "organization": settings.atlas.organization_id,
        "vault": settings.azure.vault,
        "other vault": settings.azure.other_vault,
        "resource group": settings.azure.resource_group,
        "application": settings.azure.application_id,
    }
    return {
        "real": live and not settings.simulator.control,
        "projects": scenarios if changing and not settings.atlas.project_id else 0,
        "clusters": made_here["creates", "cluster"] + made_here["creates", "flex"],
        "endpoints": made_here["asks for", "endpoint"],
        "keys": scenarios if changing else 0,
        "vaults": 2 if changing and not settings.azure.vault else 0,
        "named": {name: value for name, value in named.items() if value} if live else {},
        "named_is": "changed and put back" if changing else "only looked at",
    }


def duration(settings: Settings, rehearsal: Rehearsal) -> Mapping[str, Any]:
    """How long it takes, in seconds: on the rehearsal's clock, and on a real one by what."""
    virtual = round(sum(one.record.clock_seconds for one in rehearsal.scenarios.values()), 1)
    found = [part for part in _parts(settings, rehearsal, virtual) if part[1]]
    parts = [{"what": what, "seconds": round(seconds, 1), "source": source} for what, seconds, source in found]
    return {"virtual_s": virtual, "live_s": round(sum(seconds for _, seconds, _ in found), 1), "live_parts": parts}


def _parts(settings: Settings, rehearsal: Rehearsal, virtual: float) -> Iterator[tuple[str, float, str]]:
    if settings.backend == "fake":
        return
    requests = sum(len(one.calls) for one in rehearsal.scenarios.values())
    yield "calls", requests * CALL_S, f"{requests} calls, {CALL_S} s each (our assumption)"
    if settings.simulator.control and settings.simulator.waits == "skip":
        return
    lasting = "the rehearsal's waits; its transitions last as documented or observed (atlas.md 4, azure.md 2)"
    yield "waiting", virtual, lasting
    if settings.mode != "observe":
        yield from _tidying(settings, rehearsal)


def _tidying(settings: Settings, rehearsal: Rehearsal) -> Iterator[tuple[str, float, str]]:
    """Waits for what is made for scenarios, and for its removal."""
    knobs, propagation = Knobs(), settings.limits.propagation_s
    acts = Counter(verb for one in rehearsal.scenarios.values() for verb in _tidied(one.history))
    if not settings.azure.vault:
        yield "roles on new vaults", propagation, "limit propagation_s (azure.md 2)"
    each = f"{knobs.cluster_delete_s:g} s for each scenario that makes some"
    yield "removing clusters", acts["creates"] * knobs.cluster_delete_s, each
    each = f"{knobs.delete_delay_s:g} s for each scenario that makes some (atlas.md 2.1 T11)"
    yield "removing endpoints", acts["asks for"] * knobs.delete_delay_s, each
    again = acts["withdraws"] * propagation
    yield "roles granted again", again, "limit propagation_s for each scenario that takes them (azure.md 2)"


def _tidied(history: Any) -> Iterator[str]:
    """Verbs whose work has to be waited for when it is undone."""
    if history is not None:
        yield from {act.verb for _, act in history.acts()} & {"creates", "asks for", "withdraws"}


def requests(settings: Settings, rehearsal: Rehearsal, length: Mapping[str, Any]) -> Mapping[str, Any]:
    """Requests and time against the profile's budget."""
    counted = sum(len(one.calls) for one in rehearsal.scenarios.values())
    set_up = (
        SET_UP_CALLS * len(performed(rehearsal)) if settings.backend == "live" and settings.mode != "observe" else 0
    )
    estimate = round(counted * FACTOR) + set_up
    return {
        "rehearsal": counted,
        "factor": FACTOR,
        "set_up": set_up,
        "estimate": estimate,
        "limit": settings.budget.requests,
        "time_limit_s": settings.budget.time_s,
        "fits": estimate <= settings.budget.requests and length["live_s"] <= settings.budget.time_s,
    }


def not_tested(rehearsal: Rehearsal) -> Mapping[str, Any]:
    """Scenarios and requirements of the selection that the run will say nothing about, with the reason."""
    scenarios = [
        {"id": name, "reason": one.record.reason}
        for name, one in rehearsal.scenarios.items()
        if one.record.outcome is Outcome.NOT_TESTED
    ]
    promises = [
        {"id": one.requirement.id, "reason": one.reason}
        for one in rehearsal.result.outcomes
        if one.outcome is Outcome.NOT_TESTED
    ]
    return {"scenarios": scenarios, "requirements": promises}


def warnings(rehearsal: Rehearsal) -> list[str]:
    """What went wrong in the rehearsal, so that the plan may be incomplete."""
    good = (Outcome.MET, Outcome.NOT_TESTED, Outcome.WAIVED)
    return [
        *(
            f"{name} ended {one.record.outcome.value} in the rehearsal: {one.record.reason}"
            for name, one in rehearsal.scenarios.items()
            if one.record.outcome not in good
        ),
        *rehearsal.result.failures,
    ]
