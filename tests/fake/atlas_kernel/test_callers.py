"""Identities of the Admin API: tokens, nonces, roles, access lists and rate limits."""

from __future__ import annotations

import pytest

from harness.fake.kernel.atlas.callers import CLUSTER_MANAGER, OWNER, READER
from harness.fake.kernel.atlas.limits import SETS
from harness.fake.kernel.atlas.state import Caller
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.refusal import AtlasRefusal
from tests.fake.atlas_kernel.customer import Customer, build

HERE = "203.0.113.7"


def account(customer: Customer, *roles: str, access_list: tuple[str, ...] = ()) -> Caller:
    organisation_id = customer.atlas.projects.get(customer.project_id).organisation_id
    held = {customer.project_id: roles} if roles else {}
    return customer.atlas.callers.add_service_account(organisation_id, held, access_list=access_list)


def test_a_token_works_until_it_expires(customer: Customer) -> None:
    callers, caller = customer.atlas.callers, account(customer, "GROUP_OWNER")
    token = callers.issue_token(caller.public, caller.secret, HERE)
    customer.wait(customer.world.knobs.atlas_token_s - 1)
    before = callers.of_token(token.text)
    customer.wait(1)
    assert (before, callers.of_token(token.text)) == (caller, None)


def test_a_revoked_token_stops_working_and_revoking_twice_is_no_error(customer: Customer) -> None:
    callers, caller = customer.atlas.callers, account(customer, "GROUP_OWNER")
    token = callers.issue_token(caller.public, caller.secret, HERE)
    callers.revoke_token(token.text)
    callers.revoke_token(token.text)
    assert callers.of_token(token.text) is None


@pytest.mark.parametrize("flaw", ["unknown", "wrong secret", "api key"])
def test_a_wrong_client_gets_no_token(customer: Customer, flaw: str) -> None:
    callers, caller = customer.atlas.callers, account(customer, "GROUP_OWNER")
    key = callers.add_api_key(caller.organisation_id, {})
    public, secret = {
        "unknown": ("mdb_sa_id_0", caller.secret),
        "wrong secret": (caller.public, "wrong"),
        "api key": (key.public, key.secret),
    }[flaw]
    with pytest.raises(AtlasRefusal, match="invalid_client"):
        callers.issue_token(public, secret, HERE)


@pytest.mark.parametrize(("answer", "issued"), [("yes", True), ("no", False)])
def test_a_token_from_an_unlisted_address_follows_its_reading(answer: str, issued: bool) -> None:
    customer = build(readings=Readings(token_from_any_address=answer))
    caller = account(customer, "GROUP_OWNER", access_list=("198.51.100.0/24",))
    if issued:
        assert customer.atlas.callers.issue_token(caller.public, caller.secret, HERE).caller_id == caller.id
    else:
        with pytest.raises(AtlasRefusal, match="access_denied"):
            customer.atlas.callers.issue_token(caller.public, caller.secret, HERE)


def test_an_access_list_admits_its_addresses_only(customer: Customer) -> None:
    caller = account(customer, "GROUP_OWNER", access_list=("198.51.100.0/24",))
    customer.atlas.callers.admit(caller, "198.51.100.9")
    with pytest.raises(AtlasRefusal, match="IP_ADDRESS_NOT_ON_ACCESS_LIST"):
        customer.atlas.callers.admit(caller, HERE)


def test_a_nonce_is_fresh_then_stale_and_a_made_up_one_unknown(customer: Customer) -> None:
    callers = customer.atlas.callers
    nonce = callers.new_nonce()
    fresh = callers.nonce_state(nonce)
    customer.wait(customer.world.knobs.digest_nonce_s)
    assert len(nonce) == 32
    assert (fresh, callers.nonce_state(nonce), callers.nonce_state("x" * 32)) == ("fresh", "stale", "unknown")


def test_old_nonces_and_tokens_are_forgotten(customer: Customer) -> None:
    callers, caller = customer.atlas.callers, account(customer, "GROUP_OWNER")
    for _ in range(5):
        callers.new_nonce()
        callers.issue_token(caller.public, caller.secret, HERE)
        customer.wait(86_400)
    assert (len(customer.world.state.atlas.nonces), len(customer.world.state.atlas.access_tokens)) == (1, 1)


@pytest.mark.parametrize(
    ("roles", "needed", "code"),
    [
        ((), READER, "USER_CANNOT_ACCESS_GROUP"),
        (("GROUP_READ_ONLY",), OWNER, "USER_UNAUTHORIZED"),
        (("GROUP_READ_ONLY",), CLUSTER_MANAGER, "USER_UNAUTHORIZED"),
        (("GROUP_CLUSTER_MANAGER",), OWNER, "USER_UNAUTHORIZED"),
        (("GROUP_CLUSTER_MANAGER",), READER, None),
        (("GROUP_OWNER",), CLUSTER_MANAGER, None),
    ],
)
def test_roles_decide(customer: Customer, roles: tuple[str, ...], needed: frozenset[str], code: str | None) -> None:
    caller = account(customer, *roles)
    if code is None:
        customer.atlas.callers.require(caller, customer.project_id, needed)
        assert customer.atlas.callers.may(caller, customer.project_id, needed)
    else:
        with pytest.raises(AtlasRefusal, match=code):
            customer.atlas.callers.require(caller, customer.project_id, needed)


def test_an_unknown_project_is_not_found_whoever_asks(customer: Customer) -> None:
    with pytest.raises(AtlasRefusal, match="GROUP_NOT_FOUND"):
        customer.atlas.callers.require(account(customer), "0" * 24, READER)


@pytest.mark.parametrize(
    ("reading", "answer", "method", "role", "allowed"),
    [
        ("cluster_cmk_role", "spec", "require_cluster_key", "GROUP_CLUSTER_MANAGER", True),
        ("cluster_cmk_role", "docs", "require_cluster_key", "GROUP_CLUSTER_MANAGER", False),
        ("endpoint_list_role", "owner", "require_endpoint_list", "GROUP_READ_ONLY", False),
        ("endpoint_list_role", "read_only", "require_endpoint_list", "GROUP_READ_ONLY", True),
    ],
)
def test_contested_roles_follow_their_readings(
    reading: str, answer: str, method: str, role: str, allowed: bool
) -> None:
    customer = build(readings=Readings(**{reading: answer}))
    caller = account(customer, role)
    require = getattr(customer.atlas.callers, method)
    if allowed:
        require(caller, customer.project_id)
    else:
        with pytest.raises(AtlasRefusal, match="USER_UNAUTHORIZED"):
            require(caller, customer.project_id)


def test_a_secret_never_shows_in_a_repr(customer: Customer) -> None:
    caller = account(customer, "GROUP_OWNER")
    token = customer.atlas.callers.issue_token(caller.public, caller.secret, HERE)
    shown = repr(caller) + repr(token) + repr(customer.world.state)
    assert caller.secret not in shown
    assert token.text not in shown


def test_a_bucket_runs_dry_says_how_long_and_fills_again(customer: Customer) -> None:
    limits, capacity = customer.atlas.limits, SETS["events"].capacity
    remaining = [limits.take("events", customer.project_id, "/events").remaining for _ in range(capacity)]
    with pytest.raises(AtlasRefusal) as refused:
        limits.take("events", customer.project_id, "/events")
    customer.wait(1)
    assert (remaining[0], remaining[-1]) == (capacity - 1, 0)
    assert (refused.value.code, refused.value.parameters) == (
        "RATE_LIMITED_TOKEN_BUCKET", ("/events", 1, 300, 100, 60),
    )  # fmt: skip
    assert limits.take("events", customer.project_id, "/events").remaining == 0


def test_buckets_of_projects_and_of_endpoint_sets_are_apart(customer: Customer) -> None:
    limits = customer.atlas.limits
    for _ in range(10):
        limits.take("events", "one", "/events")
    assert limits.take("events", "two", "/events").remaining == 299
    assert limits.take("encryption_at_rest", "one", "/ear").remaining == 1999


def test_rate_buckets_can_be_made_smaller(customer: Customer) -> None:
    """A hundredth of the documented bucket of events holds three requests and gains one a minute."""
    customer.world.knobs.rate_limit_share = 0.01
    limits = customer.atlas.limits

    assert [limits.take("events", customer.project_id, "/events").remaining for _ in range(3)] == [2, 1, 0]
    with pytest.raises(AtlasRefusal) as refusal:
        limits.take("events", customer.project_id, "/events")
    assert refusal.value.parameters == ("/events", 60, 3, 1, 60)
