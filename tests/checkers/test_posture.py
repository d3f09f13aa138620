"""Judges of the posture: what is left out is not on, an empty population is no pass, and names join nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from harness.checkers import check
from harness.model.history import Claimed, History, Observed
from harness.model.verdict import Finding, Judgement

NOW = 1_800_000_000.0
DAY_S = 86_400.0
OWN = "00000000-0000-4000-8000-00000000000a"
ATLAS = "00000000-0000-4000-8000-00000000000b"
STRANGER = "00000000-0000-4000-8000-00000000000c"
E1, E2 = "6b49d200aaaaaaaaaaaaaaaa", "6b49d200bbbbbbbbbbbbbbbb"

HOLDS, BROKEN, UNDECIDED = Judgement.HOLDS, Judgement.BROKEN, Judgement.UNDECIDED


def judged(judge: str, seen: Mapping[str, Mapping[str, Any]], **arguments: Any) -> Finding:
    history = History()
    for subject, facts in seen.items():
        history.append(NOW, Observed("auditor", subject, facts))
    return check(history, Claimed(judge, "", 0, arguments))


def vault(**changed: Any) -> dict[str, dict[str, Any]]:
    facts = {
        "id": "/v",
        "public_access": "Disabled",
        "default_action": "Deny",
        "allowed_addresses": [],
        "rbac": True,
        "soft_delete": True,
        "purge_protection": True,
        "retention_days": 90,
    }
    return {"vault": {**facts, **changed}}


@pytest.mark.parametrize(
    ("judge", "changed", "expected"),
    [
        ("public_access_is_off", {}, HOLDS),
        ("public_access_is_off", {"public_access": None}, BROKEN),
        ("public_access_is_off", {"public_access": "Enabled"}, BROKEN),
        ("permissions_are_roles", {}, HOLDS),
        ("permissions_are_roles", {"rbac": None}, BROKEN),
        ("permissions_are_roles", {"rbac": False}, BROKEN),
        ("nothing_can_be_lost_for_good", {}, HOLDS),
        ("nothing_can_be_lost_for_good", {"purge_protection": None}, BROKEN),
        ("nothing_can_be_lost_for_good", {"soft_delete": False}, BROKEN),
        ("firewall_lets_nobody_in", {}, HOLDS),
        ("firewall_lets_nobody_in", {"default_action": None, "public_access": "Enabled"}, BROKEN),
        ("firewall_lets_nobody_in", {"default_action": "Allow", "public_access": "Disabled"}, HOLDS),
        ("firewall_lets_nobody_in", {"default_action": "Allow", "public_access": None}, BROKEN),
        ("firewall_lets_nobody_in", {"allowed_addresses": ["203.0.113.0/24"]}, HOLDS),
        ("firewall_lets_nobody_in", {"allowed_addresses": ["0.0.0.0/0"]}, BROKEN),
        ("firewall_lets_nobody_in", {"allowed_addresses": ["0.0.0.0/1", "128.0.0.0/1"]}, BROKEN),
    ],
)
def test_a_vault_that_does_not_say_is_not_taken_to_be_safe(
    judge: str, changed: dict[str, Any], expected: Judgement
) -> None:
    finding = judged(judge, vault(**changed))
    assert finding.judgement is expected
    assert finding.resources == (("/v",) if expected is BROKEN else ())


def key(**changed: Any) -> dict[str, dict[str, Any]]:
    facts = {
        "identifier": "https://v/keys/k/1",
        "version": "1",
        "created": NOW - 10 * DAY_S,
        "expires": NOW + 300 * DAY_S,
        "kind": "RSA",
        "bits": 2048,
    }
    return {"key in use": {**facts, **changed}}


@pytest.mark.parametrize(
    ("judge", "changed", "expected"),
    [
        ("key_has_an_end_that_is_not_near", {}, HOLDS),
        ("key_has_an_end_that_is_not_near", {"expires": None}, BROKEN),
        ("key_has_an_end_that_is_not_near", {"expires": NOW + 48 * 3600}, BROKEN),
        ("key_has_an_end_that_is_not_near", {"expires": NOW + 48 * 3600 + 1}, HOLDS),
        ("key_has_an_end_that_is_not_near", {"expires": NOW - DAY_S}, BROKEN),
        ("key_is_young_enough", {"created": NOW - 365 * DAY_S}, HOLDS),
        ("key_is_young_enough", {"created": NOW - 365 * DAY_S - 1}, BROKEN),
        ("key_is_young_enough", {"created": None}, UNDECIDED),
        ("key_is_strong", {"kind": "RSA-HSM", "bits": 4096}, HOLDS),
        ("key_is_strong", {"bits": 1024}, BROKEN),
        ("key_is_strong", {"kind": "EC", "bits": None}, BROKEN),
    ],
)
def test_the_key_in_use(judge: str, changed: dict[str, Any], expected: Judgement) -> None:
    assert judged(judge, key(**changed), limit_s=365 * DAY_S).judgement is expected


@pytest.mark.parametrize(
    ("policy", "expires", "expected"),
    [
        ({"set_by_owner": True, "rotates": True, "reminds": False}, None, HOLDS),
        ({"set_by_owner": True, "rotates": False, "reminds": True}, NOW, HOLDS),
        ({"set_by_owner": True, "rotates": False, "reminds": True}, None, BROKEN),
        ({"set_by_owner": True, "rotates": False, "reminds": False}, NOW, BROKEN),
        ({"set_by_owner": False, "rotates": False, "reminds": True}, NOW, BROKEN),
    ],
)
def test_a_policy_that_nobody_set_or_that_does_nothing_is_none(
    policy: dict[str, bool], expires: float | None, expected: Judgement
) -> None:
    seen = {**key(expires=expires), "rotation policy": policy}
    assert judged("rotation_is_taken_care_of", seen).judgement is expected


def test_a_newer_version_that_is_disabled_does_not_count() -> None:
    versions = [
        {"version": "1", "enabled": True, "created": NOW - 10 * DAY_S},
        {"version": "2", "enabled": False, "created": NOW},
    ]
    seen = {**key(), "key versions": {"versions": versions}}
    assert judged("atlas_uses_the_newest_version", seen).judgement is HOLDS
    versions[1]["enabled"] = True
    assert judged("atlas_uses_the_newest_version", seen).judgement is BROKEN
    versions[0]["enabled"] = versions[1]["enabled"] = False
    assert judged("atlas_uses_the_newest_version", seen).judgement is UNDECIDED


def endpoint(identifier: str, status: str = "ACTIVE", name: str | None = None, **changed: Any) -> dict[str, Any]:
    name = f"conn-{identifier[-2:]}" if name is None else name
    created = int(identifier[:8], 16)
    return {
        "id": identifier,
        "region": "US_EAST_2",
        "status": status,
        "connection_name": name or None,
        "created": float(created),
        **changed,
    }


def connection(name: str, subscription: str, leads_to: str, status: str = "Approved", **changed: Any) -> dict[str, Any]:
    path = f"/subscriptions/{subscription}/resourceGroups/x/providers/Microsoft.Network/privateEndpoints/{leads_to}"
    return {
        "id": f"/v/connections/{name}",
        "name": name,
        "status": status,
        "provisioning": "Succeeded",
        "private_endpoint_id": path,
        "created": None,
        **changed,
    }


def links(
    endpoints: list[dict[str, Any]], connections: list[dict[str, Any]], known: tuple[str, ...] = ()
) -> dict[str, dict[str, Any]]:
    both = {
        "vault": "/v",
        "subscription": OWN,
        "known_subscriptions": list(known),
        "endpoints": endpoints,
        "connections": connections,
    }
    return {"links": both, "connections": {"vault": "/v", "connections": connections}}


GOOD = [connection("conn-aa", ATLAS, f"pe_{E1}"), connection("conn-bb", ATLAS, f"pe_{E2}")]
BOTH = [endpoint(E1), endpoint(E2, region="US_CENTRAL")]
SIDES = ("every_endpoint_has_its_connection", "no_connection_is_an_orphan", "no_stranger_is_let_in")


@pytest.mark.parametrize("judge", [*SIDES, "nothing_is_left_over", "a_private_endpoint_is_in_use"])
def test_two_sides_that_agree(judge: str) -> None:
    assert judged(judge, links(BOTH, GOOD)).judgement is HOLDS


@pytest.mark.parametrize("judge", [*SIDES, "nothing_is_left_over", "nothing_waits_too_long"])
def test_no_population_is_no_pass(judge: str) -> None:
    assert judged(judge, links([], []), limit_s=DAY_S).judgement is UNDECIDED


@pytest.mark.parametrize("judge", SIDES)
def test_where_no_private_endpoint_shows_an_id_the_sides_are_not_joined_by_name(judge: str) -> None:
    unlike = [connection("conn-aa", ATLAS, "generated-1"), connection("conn-bb", ATLAS, "generated-2")]
    finding = judged(judge, links(BOTH, unlike))
    assert (finding.judgement, finding.resources) == (UNDECIDED, ())
    assert "cannot be joined" in finding.observed or "none leads to" in finding.observed


def test_a_connection_with_the_name_and_another_private_endpoint_is_no_match() -> None:
    impostor = connection("conn-bb", STRANGER, "pe-of-mine")
    seen = links(BOTH, [GOOD[0], impostor])
    found = {judge: judged(judge, seen).resources for judge in SIDES}
    assert found == {
        "every_endpoint_has_its_connection": (f"endpoint {E2}",),
        "no_connection_is_an_orphan": (impostor["id"],),
        "no_stranger_is_let_in": (impostor["id"],),
    }


def test_a_private_endpoint_that_is_named_after_an_id_of_atlas_is_no_match_either() -> None:
    forged = connection("mine", STRANGER, f"pe_{E2}")
    assert judged("no_stranger_is_let_in", links(BOTH, [*GOOD, forged])).resources == (forged["id"],)
    missing = judged("every_endpoint_has_its_connection", links(BOTH, [GOOD[0], forged]))
    assert missing.resources == (f"endpoint {E2}",)
    assert "not the name that Atlas records" in missing.observed


def test_an_approved_connection_is_never_taken_for_a_record_that_names_none_yet() -> None:
    new = endpoint(E2, "INITIATING", name="")
    waiting, approved = (connection("x", STRANGER, f"pe_{E2}", status) for status in ("Pending", "Approved"))
    assert judged("no_connection_is_an_orphan", links([BOTH[0], new], [GOOD[0], waiting])).judgement is HOLDS
    assert judged("no_connection_is_an_orphan", links([BOTH[0], new], [GOOD[0], approved])).judgement is BROKEN


def test_the_subscription_of_a_joined_connection_vouches_for_no_other() -> None:
    other = connection("other-customer", ATLAS, "pe_999999999999999999999999")
    assert judged("no_stranger_is_let_in", links(BOTH, [*GOOD, other])).resources == (other["id"],)
    known = links(BOTH, [*GOOD, other], known=(ATLAS.upper(),))
    assert judged("no_stranger_is_let_in", known).judgement is HOLDS


def test_an_endpoint_just_approved_is_given_the_time_to_notice() -> None:
    waiting = [BOTH[0], endpoint(E2, "PENDING_ACCEPTANCE")]
    assert judged("every_endpoint_has_its_connection", links(waiting, GOOD)).judgement is UNDECIDED


def test_what_is_active_and_not_approved_is_named() -> None:
    rejected = [GOOD[0], connection("conn-bb", ATLAS, f"pe_{E2}", "Rejected")]
    assert judged("every_endpoint_has_its_connection", links(BOTH, rejected)).resources == (f"endpoint {E2}",)


@pytest.mark.parametrize(
    ("age_s", "expected"), [(DAY_S, HOLDS), (DAY_S + 1, BROKEN), (None, UNDECIDED)], ids=["young", "old", "unknown"]
)
def test_how_long_something_waits(age_s: float | None, expected: Judgement) -> None:
    created = None if age_s is None else NOW - age_s
    asked = connection("x", STRANGER, "pe", "Pending", created=created)
    finding = judged("nothing_waits_too_long", links(BOTH, [*GOOD, asked]), limit_s=DAY_S)
    assert finding.judgement is expected


@pytest.mark.parametrize(("endpoints", "expected"), [(BOTH, HOLDS), ([BOTH[1]], BROKEN), ([*BOTH, BOTH[0]], BROKEN)])
def test_one_endpoint_for_each_region_no_less_and_no_more(endpoints: list[dict[str, Any]], expected: Judgement) -> None:
    clusters = {"clusters": [{"key_provider": "AZURE", "regions": ["US_EAST_2"]}]}
    finding = judged("every_region_has_its_endpoint", {**links(endpoints, GOOD), "protection": clusters})
    assert finding.judgement is expected
    assert finding.resources == (("region US_EAST_2",) if expected is BROKEN else ())


def holding(role: str, principal: str, **allowed: Any) -> dict[str, Any]:
    nothing = {"actions": [], "not_actions": [], "data_actions": [], "not_data_actions": []}
    base = {"id": f"/grant/{role}", "role_id": "r", "role": role, "principal_id": principal, "principal_kind": "User"}
    return {**base, **nothing, **allowed}


KEYS = "Microsoft.KeyVault/vaults/keys"
NEEDED = [f"{KEYS}/read", f"{KEYS}/encrypt/action", f"{KEYS}/decrypt/action"]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([holding("least", "atlas", data_actions=NEEDED)], ()),
        ([holding("any case", "atlas", data_actions=["microsoft.keyvault/VAULTS/keys/*"])], ("/grant/any case",)),
        ([holding("half", "atlas", data_actions=NEEDED[:2])], ("principal atlas",)),
        ([holding("taken out", "atlas", data_actions=NEEDED, not_data_actions=[NEEDED[2]])], ("principal atlas",)),
        ([], ("principal atlas",)),
        (
            [holding("least", "atlas", data_actions=NEEDED), holding("mighty", "atlas", actions=["*"])],
            ("/grant/mighty",),
        ),
    ],
)
def test_what_atlas_may_do(held: list[dict[str, Any]], expected: tuple[str, ...]) -> None:
    seen = {**vault(), "holdings": {"atlas": "atlas", "custodians": ["c"], "holdings": held}}
    finding = judged("atlas_holds_what_it_needs_and_no_more", seen)
    assert (finding.resources, finding.judgement) == (expected, BROKEN if expected else HOLDS)


@pytest.mark.parametrize(
    ("custodians", "role", "expected"),
    [(["c"], "x", HOLDS), (["d"], "x", BROKEN), ([], "x", UNDECIDED), (["d"], "", UNDECIDED)],
)
def test_who_administers_the_vault(custodians: list[str], role: str, expected: Judgement) -> None:
    held = holding(role, "c", actions=["*"] if role else [])
    seen = {"holdings": {"atlas": "atlas", "custodians": custodians, "holdings": [held]}}
    assert judged("only_custodians_administer", seen).judgement is expected


@pytest.mark.parametrize(
    ("days", "expected"), [([400], HOLDS), ([30], BROKEN), ([30, -1], BROKEN), ([30, 400], UNDECIDED), ([], UNDECIDED)]
)
def test_secrets_of_which_nobody_can_tell_which_atlas_has(days: list[int], expected: Judgement) -> None:
    secrets = [{"id": str(at), "expires": NOW + many * DAY_S} for at, many in enumerate(days)]
    seen = {"application secrets": {"client_id": "a", "secrets": secrets}}
    assert judged("secret_lasts", seen, limit_s=30 * DAY_S).judgement is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, HOLDS),
        ({"backup": False}, BROKEN),
        ({"snapshots": 0}, UNDECIDED),
        ({"snapshots_without_key": 1}, BROKEN),
        ({"key_provider": "NONE"}, UNDECIDED),
    ],
)
def test_backups(changed: dict[str, Any], expected: Judgement) -> None:
    cluster = {"name": "c", "key_provider": "AZURE", "backup": True, "snapshots": 2, "snapshots_without_key": 0}
    seen = {"protection": {"clusters": [{**cluster, **changed}]}}
    assert judged("backups_name_the_key", seen).judgement is expected


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"name": "s", "logs": ["AuditEvent"], "destinations": ["/w"]}, HOLDS),
        ({"name": "s", "logs": ["allLogs"], "destinations": ["/w"]}, HOLDS),
        ({"name": "s", "logs": ["AzurePolicyEvaluationDetails"], "destinations": ["/w"]}, BROKEN),
        ({"name": "s", "logs": ["AuditEvent"], "destinations": []}, BROKEN),
    ],
)
def test_logs(setting: dict[str, Any], expected: Judgement) -> None:
    seen = {"diagnostic settings": {"vault": "/v", "settings": [setting]}}
    assert judged("audit_logs_are_sent", seen).judgement is expected


def test_what_was_never_looked_at_is_undecided_and_so_is_its_denial() -> None:
    assert judged("public_access_is_off", {}).judgement is UNDECIDED
    assert judged("denies", {}, denied="public_access_is_off").judgement is UNDECIDED


@pytest.mark.parametrize(("access", "expected"), [("Enabled", HOLDS), ("Disabled", BROKEN)])
def test_a_denial_holds_where_something_is_at_fault(access: str, expected: Judgement) -> None:
    finding = judged("denies", vault(public_access=access), denied="public_access_is_off")
    assert finding.judgement is expected
