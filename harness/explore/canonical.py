"""When two situations are the same: equal keys mean that the same moves lead to equal keys and to the same breaches.

Times count relative to now, identifiers by order of appearance. What is due in more than a day counts as far away: no
search with a bound gets there. Not part of a key is what decides nothing later: counters of random streams (a
sweep lets chance decide nothing), the feed, and alerts that are closed.
"""

from __future__ import annotations

from collections.abc import Hashable
from operator import attrgetter
from typing import Any

from harness.explore.course import Course
from harness.fake.kernel.atlas.state import AzureKeyVault, Cluster
from harness.fake.kernel.world import State

FAR_S = 86_400.0


def key_of(course: Course) -> int:
    """The situation of a course, as a number of 64 bits that is the same for the same process only."""
    return hash(situation(course))


def situation(course: Course) -> Hashable:
    """The situation itself."""
    state, names, now = course.world.state, _Names(), course.world.now
    return (
        _links(course, names),
        _cluster(course.cluster(), names, now),
        _configuration(course.azure(), names),
        _key(course, names, now),
        _rights(state, now),
        _secrets(course, now),
        _stage(course),
        tuple((timer.kind, _left(timer.due, now), names.split(timer.subject)) for timer in sorted(state.heap.timers)),
        tuple((alert.kind, alert.cluster) for alert in _open(course)),
        course.active,
        course.lost,
        _left(course.looked, now),
        course.bench.state(now),
    )


class _Names:
    """Identifiers by order of appearance."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        return self._given.setdefault(name.lower(), len(self._given))

    def split(self, subject: str) -> tuple[int, ...]:
        return tuple([self(part) for part in subject.split("/")])


def _left(due: float, now: float) -> float:
    left = round(due - now, 3)
    return left if left < FAR_S else FAR_S


def _links(course: Course, names: _Names) -> Hashable:
    found: list[Any] = []
    for one in sorted(course.records(), key=attrgetter("region")):
        connection = course.world.arm.connection_of(one.private_endpoint_id)
        on_vault = connection and (connection.status, connection.effective, connection.provisioning_state)
        named = connection and (names(connection.name), names(connection.etag or ""), names(one.private_endpoint_id))
        found.append((names(one.id), one.region, one.status, one.connection_name is None, one.error_message))
        found.append((on_vault, named))
    vault = course.vault()
    return tuple(found), vault.public_network_access, len(vault.connections)


def _cluster(cluster: Cluster | None, names: _Names, now: float) -> Hashable:
    if cluster is None:
        return None
    tokens = ((region, _left(one.expires, now), one.credentials) for region, one in sorted(cluster.node_tokens.items()))
    outage = cluster.outage and (names(cluster.outage.id), cluster.outage.state, cluster.outage.regions)
    return (
        (names(cluster.id), cluster.state_name, cluster.halted, names(cluster.key_identifier), cluster.operation),
        (tuple(sorted(cluster.private_regions)), tuple(tokens), outage, cluster.key_provider),
    )


def _configuration(azure: AzureKeyVault, names: _Names) -> Hashable:
    return (
        (azure.require_private_networking, azure.valid, azure.condition, names(azure.enablement), azure.credentials),
        (names(azure.key_identifier), names(azure.followed), names(azure.secret), azure.age_watch),
        (azure.announced_invalid, tuple(sorted(azure.denied))),
    )


def _key(course: Course, names: _Names, now: float) -> Hashable:
    state, vault, found = course.world.state.key_vault, course.estate.vault.lower(), []
    shelves = (state.keys.get(vault, {}), {name: one.key for name, one in state.deleted.get(vault, {}).items()})
    for shelf in shelves:
        for key in shelf.values():
            versions = tuple((names(one.version), one.enabled) for one in key.versions)
            found.append((key.name, max(_left(key.settles_at, now), 0.0), versions))
    settling = (max(_left(one.settles_at, now), 0.0) for one in state.deleted.get(vault, {}).values())
    return tuple(found), tuple(settling), tuple(map(names, course.disabled))


def _rights(state: State, now: float) -> Hashable:
    return frozenset(
        (
            *(one.principal_id, one.role_id, one.scope),
            *(max(_left(one.enforced_from, now), 0.0), _left(one.enforced_until, now)),
        )
        for one in (*state.arm.assignments.values(), *state.arm.fading)
        if one.enforced_until > now
    )


def _secrets(course: Course, now: float) -> Hashable:
    application = course.world.state.entra.applications[course.estate.atlas.client_id]
    return tuple(max(_left(one.expires, now), 0.0) for one in application.secrets)


def _stage(course: Course) -> Hashable:
    knobs, due = course.world.knobs, course.world.state.atlas.reports_due
    return knobs.vault_network_blocked, knobs.vault_outage, knobs.stuck_initiating, len(due)


def _open(course: Course) -> list[Any]:
    alerts = course.world.state.atlas.alerts.get(course.project_id, [])
    return [one for one in alerts if one.status in ("OPEN", "TRACKING")]
