"""What each move does to a world: which request of whom, and when it can be made at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from harness.explore.moves import CLUSTER, REGIONS
from harness.fake.estate import CRYPTO_USER, KEY, SECRET_LIFE_S
from harness.fake.kernel.arm import Connection
from harness.fake.kernel.atlas.records import Region
from harness.fake.kernel.atlas.state import (
    AzureChange,
    Cluster,
    ClusterRequest,
    EncryptionChange,
    Endpoint,
    NodeSpec,
    Placement,
    Shard,
)

if TYPE_CHECKING:
    from harness.explore.course import Course

R = TypeVar("R")

VERSIONS_MAX = 3
"""Versions of the key that a history makes at most."""

RECORDS_MAX = 4
"""Records of a region beyond which a history asks for no further one."""

OPERATOR, CUSTODIAN, STAGE = "operator", "key custodian", "stagehand"
MASK = "[redacted]"


@dataclass(frozen=True, slots=True)
class Act:
    """A request as it is made and written down."""

    party: str
    verb: str
    subject: str
    call: Callable[[], object]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    answer_lost: bool = False


def newest(course: Course, region: str) -> Endpoint | None:
    """The record of a region that was made last."""
    found = [e for e in course.records() if e.region == REGIONS[region]]
    return found[-1] if found else None


def connection_in(course: Course, region: str) -> Connection | None:
    """The connection of the latest record of a region, while it is on the vault and not being removed."""
    endpoint = newest(course, region)
    found = None if endpoint is None else course.world.arm.connection_of(endpoint.private_endpoint_id)
    return found if found is not None and found.provisioning_state != "Deleting" else None


# Private endpoints


def _can_ask(course: Course, region: str) -> bool:
    return sum(e.region == REGIONS[region] for e in course.records()) < RECORDS_MAX


def _ask(course: Course, region: str, *, answer_lost: bool = False) -> Act:
    create, project = course.world.atlas.endpoints.create, course.project_id
    name = REGIONS[region]
    return Act(OPERATOR, "asks for", f"endpoint {name}", lambda: create(project, "AZURE", name), {}, answer_lost)


def _lose(course: Course, region: str) -> Act:
    return _ask(course, region, answer_lost=True)


def _there(found: R | None) -> R:
    """What `possible` asked for before."""
    if found is None:
        raise LookupError("a move was made that is not possible")
    return found


def _delete(course: Course, region: str) -> Act:
    endpoint = _there(newest(course, region))
    return _deletion(course, endpoint)


def _discardable(course: Course, region: str) -> Endpoint | None:
    name = REGIONS[region]
    return next((e for e in course.records() if e.region == name and e.status == "PENDING_RECREATION"), None)


def _discard(course: Course, region: str) -> Act:
    return _deletion(course, _there(_discardable(course, region)))


def _deletion(course: Course, endpoint: Endpoint) -> Act:
    delete, project = course.world.atlas.endpoints.delete, course.project_id
    return Act(
        OPERATOR, "deletes", course.watcher.subject(endpoint), lambda: delete(project, "AZURE", endpoint.id)
    )  # fmt: skip


def _answer(verb: str, status: str) -> Callable[[Course, str], Act]:
    def act(course: Course, region: str) -> Act:
        connection, endpoint = _there(connection_in(course, region)), _there(newest(course, region))
        arm, vault = course.world.arm, course.vault
        name = course.watcher.connection(connection.name, endpoint)

        def call() -> object:
            if status == "Removed":
                arm.delete_connection(vault(), connection.name)
                return None
            return arm.set_connection_status(vault(), connection.name, status, "")  # type: ignore[arg-type]

        return Act(CUSTODIAN, verb, "connection", call, {"name": name})

    return act


def _readmittable(course: Course, region: str) -> Connection | None:
    lost = _discardable(course, region)
    found = None if lost is None else course.world.arm.connection_of(lost.private_endpoint_id)
    return found if found is not None and found.provisioning_state != "Deleting" else None


def _readmit(course: Course, region: str) -> Act:
    connection, endpoint = _there(_readmittable(course, region)), _there(_discardable(course, region))
    approve, vault = course.world.arm.set_connection_status, course.vault
    name = course.watcher.connection(connection.name, endpoint)
    return Act(
        CUSTODIAN, "approves", "connection", lambda: approve(vault(), connection.name, "Approved", ""), {"name": name}
    )  # fmt: skip


# The project and its cluster


def _configure(verb: str, change: AzureChange, body: Mapping[str, Any]) -> Callable[[Course, str], Act]:
    def act(course: Course, _: str) -> Act:
        update, project = course.world.atlas.encryption.update, course.project_id
        arguments = {"body": {"azureKeyVault": dict(body)}}
        return Act(OPERATOR, verb, "project", lambda: update(project, EncryptionChange(azure=change)), arguments)

    return act


def _create(course: Course, _: str) -> Act:
    create, project = course.world.atlas.clusters.create, course.project_id
    shard = Shard(tuple(Placement("AZURE", region, electable=NodeSpec("M30", 2)) for region in REGIONS.values()))
    request = ClusterRequest(CLUSTER, (shard,), key_provider="AZURE")
    placements = [["AZURE", region, "M30", 2] for region in REGIONS.values()]
    arguments = {"placements": placements, "key_provider": "AZURE"}
    return Act(OPERATOR, "creates", f"cluster {CLUSTER}", lambda: create(project, request), arguments)


def _drop(course: Course, _: str) -> Act:
    delete, project = course.world.atlas.clusters.delete, course.project_id
    return Act(OPERATOR, "deletes", f"cluster {CLUSTER}", lambda: delete(project, CLUSTER))


def _restart(course: Course, _: str) -> Act:
    restart, project = course.world.atlas.clusters.restart_primaries, course.project_id
    return Act(OPERATOR, "restarts", f"cluster {CLUSTER}", lambda: restart(project, CLUSTER))


def _read(course: Course, _: str) -> Act:
    read, project = course.world.atlas.encryption.read, course.project_id
    return Act("auditor", "reads", "encryption", lambda: read(project))


def _rotate(course: Course, _: str) -> Act:
    world, project = course.world, course.project_id

    def call() -> object:
        version = world.key_vault.rotate(course.vault(), KEY)
        private = course.azure().require_private_networking
        change = AzureChange(key_identifier=version.id, require_private_networking=private)
        return world.atlas.encryption.update(project, EncryptionChange(azure=change))

    return Act(OPERATOR, "changes the key of", "project", call, {"body": {"azureKeyVault": {"keyIdentifier": "next"}}})


def _running(course: Course) -> Cluster | None:
    found = course.cluster()
    return found if found is not None and found.state_name != "DELETING" else None


# The key


def _enabled(course: Course, *, enabled: bool) -> Act:
    world, version = course.world, course.azure().key_identifier.rpartition("/")[2]
    versions = (version,) if not enabled else course.disabled
    course.disabled = () if enabled else versions

    def call() -> object:
        return [world.key_vault.set_attributes(course.vault(), KEY, one, enabled=enabled) for one in versions]

    verb = "enables" if enabled else "disables"
    return Act(CUSTODIAN, verb, f"key {KEY}", call, {"version": version})


def _bin(course: Course, _: str) -> Act:
    return Act(CUSTODIAN, "deletes", f"key {KEY}", lambda: course.world.key_vault.delete(course.vault(), KEY))


def _recover(course: Course, _: str) -> Act:
    return Act(CUSTODIAN, "recovers", f"key {KEY}", lambda: course.world.key_vault.recover(course.vault(), KEY))


def _granted(course: Course) -> str:
    held = course.world.state.arm.assignments.values()
    mine, scope = course.estate.atlas.principal_id, course.vault().id
    return next((a.name for a in held if (a.principal_id, a.role_id, a.scope) == (mine, CRYPTO_USER, scope)), "")


def _withdraw(course: Course, _: str) -> Act:
    name = _granted(course)
    return Act(CUSTODIAN, "withdraws", "role", lambda: course.world.arm.remove_role(name), {"role": CRYPTO_USER})


def _grant(course: Course, _: str) -> Act:
    arm, vault, principal = course.world.arm, course.vault(), course.estate.atlas.principal_id
    return Act(
        CUSTODIAN, "grants", "role", lambda: arm.assign_role(vault.id, CRYPTO_USER, principal), {"role": CRYPTO_USER}
    )  # fmt: skip


def _expire(course: Course, _: str) -> Act:
    entra, client = course.world.entra, course.estate.atlas.client_id
    return Act(STAGE, "limits", "client secret", lambda: entra.expire_secret(client, 0.0), {"after_s": 0.0})


def _renew(course: Course, _: str) -> Act:
    world, project, client = course.world, course.project_id, course.estate.atlas.client_id

    def call() -> object:
        text = world.entra.add_secret(client, SECRET_LIFE_S)
        private = course.azure().require_private_networking
        change = AzureChange(secret=text, require_private_networking=private)
        return world.atlas.encryption.update(project, EncryptionChange(azure=change))

    body = {"azureKeyVault": {"secret": MASK}}
    return Act(OPERATOR, "changes the secret of", "project", call, {"body": body})


# The vault and the stage


def _public_side(verb: str, *, access: str) -> Callable[[Course, str], Act]:
    def act(course: Course, _: str) -> Act:
        def call() -> object:
            from harness.fake.kernel.arm import VaultSettings

            settings = VaultSettings(public_network_access=access)  # type: ignore[arg-type]
            return course.world.arm.update_vault(course.vault(), settings)

        return Act(CUSTODIAN, verb, "vault", call)

    return act


def _knob(name: str, value: object) -> Callable[[Course, str], Act]:
    def act(course: Course, _: str) -> Act:
        return Act(STAGE, "sets", name, lambda: setattr(course.world.knobs, name, value), {"value": value})

    return act


def _cut(course: Course, region: str) -> Act:
    start, project, name = course.world.atlas.outages.start, course.project_id, REGIONS[region]
    return Act(
        OPERATOR, "cuts off a region of", f"cluster {CLUSTER}",
        lambda: start(project, CLUSTER, (Region("AZURE", name),)), {"region": name},
    )  # fmt: skip


def _mend(course: Course, _: str) -> Act:
    end, project = course.world.atlas.outages.end, course.project_id
    return Act(OPERATOR, "ends the outage of", f"cluster {CLUSTER}", lambda: end(project, CLUSTER))


def _outage(course: Course, region: str) -> str:
    cluster = course.cluster()
    if cluster is None or cluster.outage is None:
        return ""
    return cluster.outage.state if cluster.outage.regions[0].name == REGIONS[region] else "elsewhere"


def _key_state(course: Course) -> str:
    state, vault, now = course.world.state.key_vault, course.estate.vault.lower(), course.world.now
    if key := state.keys.get(vault, {}).get(KEY):
        return "there" if key.settles_at <= now else "settling"
    deleted = state.deleted.get(vault, {}).get(KEY)
    return "deleted" if deleted is not None and deleted.settles_at <= now else "settling"


Doing = tuple[Callable[["Course", str], bool], Callable[["Course", str], Act]]

DOINGS: Mapping[str, Doing] = {
    "ask": (_can_ask, _ask),
    "lose": (_can_ask, _lose),
    "delete": (lambda c, r: newest(c, r) is not None, _delete),
    "discard": (lambda c, r: _discardable(c, r) is not None, _discard),
    "private": (
        lambda c, _: not c.azure().require_private_networking,
        _configure(
            "requires private networking for",
            AzureChange(require_private_networking=True),
            {"requirePrivateNetworking": True},
        ),
    ),
    "public": (
        lambda c, _: c.azure().require_private_networking,
        _configure(
            "no longer requires private networking for",
            AzureChange(require_private_networking=False),
            {"requirePrivateNetworking": False},
        ),
    ),
    "create": (lambda c, _: c.cluster() is None, _create),
    "drop": (lambda c, _: _running(c) is not None, _drop),
    "restart": (lambda c, _: _running(c) is not None, _restart),
    "rotate": (lambda c, _: _key_state(c) == "there" and len(c.versions()) < VERSIONS_MAX, _rotate),
    "read": (lambda c, _: c.azure().enabled, _read),
    "approve": (lambda c, r: connection_in(c, r) is not None, _answer("approves", "Approved")),
    "readmit": (lambda c, r: _readmittable(c, r) is not None, _readmit),
    "reject": (lambda c, r: connection_in(c, r) is not None, _answer("rejects", "Rejected")),
    "remove": (lambda c, r: connection_in(c, r) is not None, _answer("removes", "Removed")),
    "disable": (lambda c, _: _key_state(c) == "there", lambda c, _: _enabled(c, enabled=False)),
    "enable": (lambda c, _: _key_state(c) == "there", lambda c, _: _enabled(c, enabled=True)),
    "bin": (lambda c, _: _key_state(c) == "there", _bin),
    "recover": (lambda c, _: _key_state(c) == "deleted", _recover),
    "withdraw": (lambda c, _: bool(_granted(c)), _withdraw),
    "grant": (lambda c, _: not _granted(c), _grant),
    "expire": (lambda _c, _: True, _expire),
    "renew": (lambda _c, _: True, _renew),
    "close": (lambda _c, _: True, _public_side("closes the public side of", access="Disabled")),
    "open": (lambda _c, _: True, _public_side("opens the public side of", access="Enabled")),
    "block": (lambda _c, _: True, _knob("vault_network_blocked", True)),
    "unblock": (lambda _c, _: True, _knob("vault_network_blocked", False)),
    "fail": (lambda _c, _: True, _knob("vault_outage", True)),
    "work": (lambda _c, _: True, _knob("vault_outage", False)),
    "cut": (lambda c, r: _running(c) is not None and not _outage(c, r), _cut),
    "mend": (lambda c, r: _outage(c, r) == "SIMULATING", _mend),
    "stick": (lambda _c, _: True, _knob("stuck_initiating", True)),
    "unstick": (lambda _c, _: True, _knob("stuck_initiating", False)),
}
"""Every move that somebody makes: when it can be made, and what it is."""
