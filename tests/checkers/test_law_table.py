"""Every law on three histories made by hand: one that breaks it, one that keeps it, one that has nothing to do with it.

A history is a list of lines (act or look) with the seconds at which they are written. `BROKEN` and `KEPT` differ as
little as they can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from harness.checkers import rulings
from harness.checkers.laws import LAWS, Ruling, fresh_bench
from harness.limits import Limits
from harness.model.history import AGREEMENT, HARNESS, Acted, Completion, History, Observed
from harness.model.verdict import Judgement

Line = tuple[float, str, str, Mapping[str, Any]]
"""When, verb (`sees` for a look), subject, arguments or facts; `completion` among the arguments is the act's."""

REGION, OTHER = "US_EAST_2", "EUROPE_NORTH"
ON, OFF, PROJECT = "turns on the customer's key for", "turns off the customer's key for", "project"
INVALID, DENIED = "AZURE_ENCRYPTION_KEY_INVALID", "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED"
LONG = 100_000.0
"""After every bound."""


def sees(subject: str, at: float = 0, **facts: Any) -> Line:
    return at, "sees", subject, facts


def does(verb: str, subject: str, at: float = 0, **arguments: Any) -> Line:
    return at, verb, subject, arguments


def record(status: str | None, order: int = 1, *, at: float = 0, region: str = REGION, name: str | None = "") -> Line:
    connection = f"c-{region}-{order}" if name == "" else name
    facts = {"present": status is not None, "status": status, "region": region, "connection_name": connection}
    return sees(f"endpoint {region} #{order}", at, **facts)


def region(*statuses: str, at: float = 0) -> Line:
    return sees(f"region {REGION}", at, statuses=list(statuses), count=len(statuses))


def cluster(at: float = 0, *, paused: bool = False, provider: str = "AZURE") -> Line:
    facts = {"present": True, "paused": paused, "state": "IDLE", "key_provider": provider, "regions": [REGION]}
    return sees("cluster payments", at, **facts)


def alerts(*labels: str, at: float = 0) -> Line:
    return sees("alerts", at, open=list(labels))


def events(at: float = 0, **counts: int) -> Line:
    return sees("events", at, counts={f"ENCRYPTION_AT_REST_{kind}": count for kind, count in counts.items()})


def endpoints(*statuses: str, at: float = 0) -> Line:
    active = [REGION] if "ACTIVE" in statuses else []
    return sees(
        "endpoints",
        at,
        count=len(statuses),
        statuses=list(statuses),
        regions=[REGION] * bool(statuses),
        active_regions=active,
    )


ASKED = does("asks for", f"endpoint {REGION}")
APPROVED = does("approves", "connection", name=f"c-{REGION}-1")
REJECTED = does("rejects", "connection", name=f"c-{REGION}-1")
REJECTED_ELSEWHERE = does("rejects", "connection", name=f"c-{OTHER}-1")
DELETED = does("deletes", f"endpoint {REGION} #1")
DISABLED = does("disables", "key cmk", version="v1")
WITHDRAWN = does("withdraws", "role", role="Key Vault Crypto Service Encryption User")
ENABLED = does("enables", "key cmk", version="v1")
USED = sees("encryption", valid=True, key_identifier="https://vault/keys/cmk/v1", require_private_networking=True)
OUTAGE = does("sets", "vault_outage", value=True)
HEALED = does("sets", "vault_outage", value=False)
CLOSED = does("closes the public side of", "vault")

ROTATED = does("rotates", "key cmk"), does("changes the key of", PROJECT)


def placed(where: str) -> Line:
    return does("creates", "cluster ledger", key_provider="AZURE", placements=[["AZURE", where, "M30", 3]])


def writes(value: str, **outcome: str) -> Line:
    return does("writes to", "canary payments", value=value, **outcome)


TABLE: Mapping[str, tuple[Sequence[Line], Sequence[Line]]] = {
    "status_is_documented": ([record("SLEEPING")], [record("ACTIVE")]),
    "status_moves_as_documented": (
        [record("DELETING"), record("ACTIVE")],
        [record("ACTIVE"), record("DELETING")],
    ),
    "active_only_after_approval": (
        [record("PENDING_ACCEPTANCE"), record("ACTIVE")],
        [record("PENDING_ACCEPTANCE"), APPROVED, record("ACTIVE")],
    ),
    "replacement_needs_own_approval": (
        [APPROVED, record("PENDING_ACCEPTANCE", 2), record("ACTIVE", 2)],
        [
            record("PENDING_ACCEPTANCE", 2),
            does("approves", "connection", name=f"c-{REGION}-2"),
            record("ACTIVE", 2),
        ],
    ),
    "record_keeps_its_region": (
        [record("ACTIVE"), sees(f"endpoint {REGION} #1", present=True, status="ACTIVE", region=OTHER)],
        [record("ACTIVE"), record("ACTIVE")],
    ),
    "waiting_record_names_its_connection": (
        [record("PENDING_ACCEPTANCE", name=None)],
        [record("PENDING_ACCEPTANCE")],
    ),
    "deletion_shows_at_once": (
        [DELETED, record("ACTIVE")],
        [DELETED, record("DELETING")],
    ),
    "deletion_ends": (
        [DELETED, record("DELETING", at=LONG)],
        [DELETED, record(None, at=LONG)],
    ),
    "lost_connection_shows": (
        [record("ACTIVE"), REJECTED, record("ACTIVE", at=LONG)],
        [record("ACTIVE"), REJECTED, record("PENDING_RECREATION", at=LONG)],
    ),
    "one_live_record_per_region": (
        [region("ACTIVE", "INITIATING")],
        [region("PENDING_RECREATION", "INITIATING")],
    ),
    "lost_endpoint_is_replaced": (
        [region("PENDING_RECREATION"), region("PENDING_RECREATION", at=LONG)],
        [region("PENDING_RECREATION"), region("INITIATING", "PENDING_RECREATION", at=LONG)],
    ),
    "no_record_appears_unasked": (
        [ASKED, record("ACTIVE"), record("INITIATING", 2)],
        [ASKED, record("ACTIVE"), REJECTED, record("INITIATING", 2)],
    ),
    "endpoints_are_independent": (
        [record("ACTIVE"), REJECTED_ELSEWHERE, record("PENDING_RECREATION")],
        [record("ACTIVE"), REJECTED_ELSEWHERE, record("ACTIVE")],
    ),
    "deletion_is_not_recreated": (
        [record("ACTIVE"), endpoints("ACTIVE"), DELETED, record("DELETING"), record("INITIATING", 2)],
        [record("ACTIVE"), endpoints("ACTIVE"), DELETED, record("DELETING")],
    ),
    "cluster_stops_only_for_a_cause": (
        [cluster(), CLOSED, cluster(paused=True)],
        [cluster(), CLOSED, cluster()],
    ),
    "disabled_key_stops_clusters": (
        [USED, cluster(), DISABLED, cluster(LONG)],
        [USED, cluster(), DISABLED, cluster(LONG, paused=True)],
    ),
    "lost_right_or_key_stops_clusters": (
        [USED, cluster(), does("deletes", "key cmk"), cluster(LONG)],
        [USED, cluster(), does("deletes", "key cmk"), cluster(LONG, paused=True)],
    ),
    "enabled_key_revives_clusters": (
        [USED, DISABLED, cluster(paused=True), ENABLED, cluster(LONG, paused=True)],
        [USED, DISABLED, cluster(paused=True), ENABLED, cluster(LONG)],
    ),
    "alert_needs_a_cause": (
        [does(ON, PROJECT), alerts(INVALID)],
        [does(ON, PROJECT), alerts()],
    ),
    "no_unexplained_change": (
        [events(CONFIGURATION_UPDATED=1), events(CONFIGURATION_UPDATED=2)],
        [events(CONFIGURATION_UPDATED=1), does(OFF, PROJECT), events(CONFIGURATION_UPDATED=2)],
    ),
    "private_traffic_needs_no_public_side": (
        [USED, endpoints("ACTIVE"), cluster(), CLOSED, alerts(DENIED)],
        [USED, endpoints("ACTIVE"), cluster(), CLOSED, alerts()],
    ),
    "healed_clusters_run": (
        [OUTAGE, cluster(paused=True), HEALED, cluster(LONG, paused=True)],
        [OUTAGE, cluster(paused=True), HEALED, cluster(LONG)],
    ),
    "healed_alerts_close": (
        [OUTAGE, cluster(), alerts(DENIED), HEALED, alerts(DENIED, at=LONG)],
        [OUTAGE, cluster(), alerts(DENIED), HEALED, alerts(at=LONG)],
    ),
    "unreachable_vault_is_told": (
        [cluster(), OUTAGE, alerts(at=LONG)],
        [cluster(), OUTAGE, alerts(DENIED, at=LONG)],
    ),
    "refusal_changes_nothing": (
        [cluster(), does("changes the key of", PROJECT, completion="failed"), cluster(provider="NONE")],
        [cluster(), does("changes the key of", PROJECT, completion="failed"), cluster()],
    ),
    "vault_is_fixed_while_endpoints_exist": (
        [endpoints("ACTIVE"), *(sees("encryption", key_vault_name=name) for name in "ab"), endpoints("ACTIVE")],
        [endpoints("ACTIVE"), *(sees("encryption", key_vault_name=name) for name in "aa"), endpoints("ACTIVE")],
    ),
    "turned_off_only_without_endpoints": (
        [endpoints("ACTIVE"), does(OFF, PROJECT)],
        [endpoints(), does(OFF, PROJECT)],
    ),
    "turned_off_only_without_clusters": (
        [cluster(), does(OFF, PROJECT)],
        [cluster(provider="NONE"), does(OFF, PROJECT)],
    ),
    "secret_is_never_returned": (
        [sees("encryption", fields=["secret"])],
        [sees("encryption", fields=["clientID"])],
    ),
    "approval_is_noticed": (
        [record("PENDING_ACCEPTANCE"), APPROVED, record("PENDING_ACCEPTANCE", at=LONG)],
        [record("PENDING_ACCEPTANCE"), APPROVED, record("ACTIVE", at=LONG)],
    ),
    "asked_endpoint_is_created": (
        [ASKED, region("INITIATING", at=LONG)],
        [ASKED, region("PENDING_ACCEPTANCE", at=LONG)],
    ),
    "disabled_key_raises_an_alert": (
        [USED, cluster(), DISABLED, alerts(at=LONG)],
        [USED, cluster(), DISABLED, alerts(INVALID, at=LONG)],
    ),
    "change_is_told_of": (
        [does(ON, PROJECT), events(LONG)],
        [does(ON, PROJECT), events(LONG, CONFIGURATION_UPDATED=1)],
    ),
    "nodes_stand_where_endpoints_are": (
        [USED, endpoints("ACTIVE"), placed(OTHER)],
        [USED, endpoints("ACTIVE"), placed(REGION)],
    ),
    "rotation_leaves_no_gap": (
        [USED, cluster(), *ROTATED, cluster(paused=True)],
        [USED, cluster(), *ROTATED, cluster()],
    ),
    "stopped_cluster_serves_nobody": (
        [USED, DISABLED, cluster(paused=True), does("reads from", "canary payments")],
        [USED, DISABLED, cluster(paused=True), does("reads from", "canary payments", completion="failed")],
    ),
    "canary_data_survives": (
        [writes("a"), writes("b", completion="unknown"), sees("canary payments", values=["b"])],
        [writes("a"), writes("b", completion="unknown"), sees("canary payments", values=["a"])],
    ),
}
"""Of each law: what breaks it, and what keeps it."""

BOUNDED = {
    "deletion_ends",
    "lost_connection_shows",
    "lost_endpoint_is_replaced",
    "disabled_key_stops_clusters",
    "enabled_key_revives_clusters",
    "lost_right_or_key_stops_clusters",
    "healed_clusters_run",
    "healed_alerts_close",
    "unreachable_vault_is_told",
    "approval_is_noticed",
    "asked_endpoint_is_created",
    "disabled_key_raises_an_alert",
    "change_is_told_of",
}
"""Laws with a time limit, whose last line comes long after it."""


def told(lines: Sequence[Line]) -> History:
    """The lines as a history; those without a time of their own come a second apart."""
    history, now = History(), 0.0
    readings = {"disable_blocked_by": "any_record", "link_loss_means": "unreachable"}
    history.append(now, Observed(HARNESS, AGREEMENT, {"limits": {}, "readings": readings}))
    for at, verb, subject, facts in lines:
        now = max(now + 1, at)
        given = dict(facts)
        completion = Completion(given.pop("completion", "ok"))
        act = Acted("operator", verb, subject, completion, now, given)
        history.append(now, Observed("auditor", subject, facts) if verb == "sees" else act)
    return history


def ruled(law: str, lines: Sequence[Line]) -> Ruling:
    [ruling] = rulings(told(lines), [law])
    return ruling


def test_every_law_is_in_the_table() -> None:
    assert set(TABLE) == set(LAWS)
    assert set(TABLE) >= BOUNDED
    assert max(Limits().named(name) for name in Limits.names() if name not in ("rotation", "renewal")) < LONG


@pytest.mark.parametrize("law", TABLE)
def test_a_law_can_be_broken(law: str) -> None:
    """The last line shows it, and no other law's case is needed for it."""
    ruling = ruled(law, TABLE[law][0])
    assert ruling.judgement is Judgement.BROKEN
    assert all(finding.judgement is Judgement.BROKEN and finding.observed for finding in ruling.findings)
    assert not ruling.vacuous


@pytest.mark.parametrize("law", TABLE)
def test_a_law_can_be_kept(law: str) -> None:
    """With an occasion, so that it is no vacuous truth."""
    ruling = ruled(law, TABLE[law][1])
    assert (ruling.judgement, ruling.findings, ruling.doubts) == (Judgement.HOLDS, (), ())
    assert not ruling.vacuous


@pytest.mark.parametrize("law", TABLE)
def test_a_law_can_lack_an_occasion(law: str) -> None:
    """In a history about something else it holds for want of an occasion, and says so."""
    ruling = ruled(law, [sees("policy", present=False), does("downloads a snapshot of", "cluster payments")])
    assert (ruling.judgement, ruling.vacuous) == (Judgement.HOLDS, True)


@pytest.mark.parametrize("law", sorted(BOUNDED))
def test_without_a_look_after_its_bound_a_law_is_undecided(law: str) -> None:
    """Neither kept nor broken: nobody looked long enough."""
    ruling = ruled(law, TABLE[law][0][:-1])
    assert (ruling.judgement, ruling.findings) == (Judgement.UNDECIDED, ())
    assert ruling.doubts
    assert not ruling.vacuous


@pytest.mark.parametrize("law", TABLE)
def test_what_breaks_a_law_breaks_it_after_a_fork_too(law: str) -> None:
    """A copy finds what the original finds, and the two do not disturb each other."""
    bench, entries = fresh_bench([law]), told(TABLE[law][0]).entries
    for entry in entries[:-1]:
        assert isinstance(entry.what, Acted | Observed)
        bench.feed(entry.sequence, entry.at, entry.what)
    last = entries[-1]
    assert isinstance(last.what, Acted | Observed)
    fork = bench.copy()
    assert fork.state(last.at) == bench.state(last.at)
    before = bench.end()
    fork.feed(last.sequence, last.at, last.what)
    assert bench.end() == before
    bench.feed(last.sequence, last.at, last.what)
    assert fork.end() == bench.end() == rulings(told(TABLE[law][0]), [law])
    assert fork.state(last.at) == bench.state(last.at)


def test_nobody_is_told_of_a_disabled_key_that_nobody_tries() -> None:
    """Under private networking only nodes try it (EAR-114), and there is no cluster."""
    ruling = ruled("disabled_key_raises_an_alert", [USED, DISABLED, alerts(at=LONG)])
    assert (ruling.judgement, ruling.cases) == (Judgement.HOLDS, 0)
