"""What may leave for a live target: every verb is tried, on both kinds of transport."""

from __future__ import annotations

import httpx
import pytest
import requests
from requests.adapters import BaseAdapter

from harness.backends.clocks import VirtualClock
from harness.backends.live.gatekeeper import (
    ATLAS_TOKEN_PATH,
    ENTRA_TOKEN_PATH,
    Gatekeeper,
    GuardedAdapter,
    GuardedTransport,
)
from harness.errors import BudgetSpent, SafetyError
from harness.settings.schema import Budget

HOSTS = {
    "cloud.mongodb.com": ATLAS_TOKEN_PATH,
    "login.microsoftonline.com": ENTRA_TOKEN_PATH,
    "management.azure.com": "",
}
VERBS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "MERGE", "post", "get x")
TOKEN = "https://cloud.mongodb.com/api/oauth/token"
ENTRA_TOKEN = "https://login.microsoftonline.com/0000-tenant/oauth2/v2.0/token"


def gatekeeper(*, reads_only: bool = True, clock: VirtualClock | None = None, **budget: float) -> Gatekeeper:
    spending = Budget(**budget)  # type: ignore[arg-type]
    return Gatekeeper(HOSTS, "vault.azure.net", spending, clock or VirtualClock(0), reads_only=reads_only)


class Sent(BaseAdapter):
    """Remembers what was sent over requests."""

    def __init__(self) -> None:
        super().__init__()
        self.methods: list[str] = []

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        self.methods.append(request.method or "")
        answer = requests.Response()
        answer.status_code = 200
        return answer

    def close(self) -> None:
        """Nothing is held."""


def over_httpx(method: str, url: str, keeper: Gatekeeper) -> list[str]:
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        return httpx.Response(200)

    try:
        with httpx.Client(transport=GuardedTransport(httpx.MockTransport(answer), keeper)) as client:
            client.request(method, url)
    except SafetyError:
        assert not sent
    return sent


def over_requests(method: str, url: str, keeper: Gatekeeper) -> list[str]:
    adapter = Sent()
    session = requests.Session()
    session.mount("https://", GuardedAdapter(adapter, keeper))
    try:
        session.request(method, url)
    except SafetyError:
        assert not adapter.methods
    return adapter.methods


@pytest.mark.parametrize("send", [over_httpx, over_requests])
@pytest.mark.parametrize("verb", VERBS)
def test_an_observer_sends_no_verb_that_could_change_anything(send, verb: str) -> None:
    assert send(verb, "https://management.azure.com/subscriptions/x", gatekeeper()) == []


@pytest.mark.parametrize("send", [over_httpx, over_requests])
@pytest.mark.parametrize("verb", ["GET", "HEAD"])
def test_an_observer_reads(send, verb: str) -> None:
    assert send(verb, "https://kv.vault.azure.net/keys/k", gatekeeper()) == [verb]


@pytest.mark.parametrize("send", [over_httpx, over_requests])
@pytest.mark.parametrize("url", [TOKEN, ENTRA_TOKEN])
def test_an_observer_signs_in(send, url: str) -> None:
    assert send("POST", url, gatekeeper()) == ["POST"]
    assert send("DELETE", url, gatekeeper()) == []


@pytest.mark.parametrize("send", [over_httpx, over_requests])
def test_an_observer_does_not_post_to_what_only_looks_like_signing_in(send) -> None:
    assert send("POST", "https://management.azure.com/api/oauth/token?x=1", gatekeeper()) == []
    assert send("POST", "https://cloud.mongodb.com/api/atlas/v2/groups?x=/api/oauth/token", gatekeeper()) == []


@pytest.mark.parametrize("send", [over_httpx, over_requests])
@pytest.mark.parametrize(
    "url", ["https://example.com/", "https://vault.azure.net.example.com/", "https://vault.azure.net/"]
)
def test_no_other_host_is_ever_asked(send, url: str) -> None:
    assert send("GET", url, gatekeeper(reads_only=False)) == []


def test_plain_http_is_never_sent() -> None:
    with pytest.raises(SafetyError, match="http://cloud"):
        gatekeeper().admit("GET", "http://cloud.mongodb.com/")


def test_a_run_that_has_used_up_its_requests_stops_but_may_undo() -> None:
    keeper = gatekeeper(reads_only=False, requests=2)
    for _ in range(2):
        keeper.admit("GET", "https://cloud.mongodb.com/")
    with pytest.raises(BudgetSpent, match="2 requests"):
        keeper.admit("GET", "https://cloud.mongodb.com/")
    with keeper.undoing():
        keeper.admit("DELETE", "https://cloud.mongodb.com/")
    with pytest.raises(BudgetSpent):
        keeper.admit("GET", "https://cloud.mongodb.com/")


def test_a_run_that_is_told_to_slow_down_too_often_stops() -> None:
    keeper = gatekeeper(throttled=1)
    keeper.answered("https://cloud.mongodb.com/", 429, {})
    with pytest.raises(BudgetSpent, match="429"):
        keeper.admit("GET", "https://cloud.mongodb.com/")


def test_a_run_that_has_used_up_its_time_stops() -> None:
    clock = VirtualClock(0)
    keeper = gatekeeper(clock=clock, time_s=60)
    clock.sleep(60)
    with pytest.raises(BudgetSpent, match="60 seconds"):
        keeper.admit("GET", "https://cloud.mongodb.com/")
