"""Clocks and the ways into an application in this process."""

from __future__ import annotations

import httpx
import pytest
import requests

from harness.backends.clocks import RealClock, VirtualClock
from harness.backends.exchanges import Exchange
from harness.backends.transport import AppAdapter, AppTransport, azure_transport, in_process
from harness.fake.faces.gateway import Gateway


class Mirror:
    """Answers with what it was asked; remembers it."""

    def __init__(self, *, status: str = "200 OK", headers: list[tuple[str, str]] | None = None) -> None:
        self.status = status
        self.headers = headers or [("Content-Type", "text/plain")]
        self.environ: dict = {}
        self.closed = False

    def __call__(self, environ, start_response):
        self.environ = environ
        start_response(self.status, self.headers)
        mirror = self

        class Body:
            def __iter__(self):
                yield from (b"said ", environ["wsgi.input"].read())

            def close(self):
                mirror.closed = True

        return Body()


def silent(_environ, _start_response):
    raise TimeoutError("nobody there")


def broken(_environ, _start_response):
    raise LookupError("a defect")


def through_httpx(app, **kwargs):
    client = httpx.Client(transport=AppTransport(Gateway(app, "10.1.2.3")))
    return client.request(**kwargs)


def through_requests(app, **kwargs):
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", AppAdapter(Gateway(app, "10.1.2.3")))
    content = kwargs.pop("content", None)
    return session.request(data=content, **kwargs)


BOTH = pytest.mark.parametrize("send", [through_httpx, through_requests])


def test_virtual_time_passes_only_by_waiting():
    clock = VirtualClock(100.0)
    clock.sleep(2.5)
    assert clock.now() == 102.5


def test_virtual_time_never_runs_backwards():
    clock = VirtualClock(100.0)
    with pytest.raises(ValueError, match="backwards"):
        clock.sleep(-1)


def test_clocks_say_what_they_are():
    assert (VirtualClock(0).kind, RealClock().kind) == ("virtual", "real")


@BOTH
def test_the_application_sees_the_request_as_a_server_would_show_it(send):
    mirror = Mirror()
    answer = send(
        mirror,
        method="PATCH",
        url="https://cloud.mongodb.com/api/a%20b?x=1&y=%2F",
        content=b"body",
        headers={"Accept": "text/plain", "Content-Type": "text/special"},
    )
    seen = mirror.environ
    assert (answer.status_code, answer.text) == (200, "said body")
    assert (seen["REQUEST_METHOD"], seen["PATH_INFO"], seen["QUERY_STRING"]) == ("PATCH", "/api/a b", "x=1&y=%2F")
    assert (seen["HTTP_HOST"], seen["REMOTE_ADDR"]) == ("cloud.mongodb.com", "10.1.2.3")
    assert (seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"], seen["HTTP_ACCEPT"]) == ("text/special", "4", "text/plain")
    assert mirror.closed


@BOTH
def test_headers_come_back_as_the_application_sent_them(send):
    mirror = Mirror(status="202 Accepted", headers=[("Location", "https://x/y"), ("Retry-After", "3")])
    answer = send(mirror, method="DELETE", url="https://h/x")
    assert (answer.status_code, dict(answer.headers)) == (
        202,
        {"location": "https://x/y", "retry-after": "3"}
        if send is through_httpx
        else {"Location": "https://x/y", "Retry-After": "3"},
    )


def test_the_azure_transport_gives_up_on_a_black_hole_in_time():
    transport = azure_transport(AppAdapter(Gateway(silent)), VirtualClock(0), use_environment=False)
    assert (transport.connection_config.timeout, transport.connection_config.read_timeout) == (10, 60)
    assert transport.session.trust_env is False


def test_silence_is_a_read_timeout_of_either_client():
    with pytest.raises(httpx.ReadTimeout):
        through_httpx(silent, method="GET", url="https://h/x")
    with pytest.raises(requests.ReadTimeout):
        through_requests(silent, method="GET", url="https://h/x")


@BOTH
def test_a_defect_of_the_application_passes_through(send):
    with pytest.raises(LookupError, match="a defect"):
        send(broken, method="GET", url="https://h/x")


@pytest.fixture
def tapped():
    """Two clients of one application, and what the tap heard."""
    heard: list[Exchange] = []
    clock = VirtualClock(50.0)

    def slow(environ, start_response):
        clock.sleep(7)
        if environ["PATH_INFO"] == "/silent":
            raise TimeoutError("nobody there")
        return Mirror()(environ, start_response)

    ways = in_process(slow, clock, heard.append)
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", ways.adapter)
    return httpx.Client(transport=ways.http), session, heard


def test_both_clients_report_an_exchange_in_the_same_way(tapped):
    http, session, heard = tapped
    http.post("https://h/x", content=b"one")
    session.post("https://h/x", data=b"one")
    first, second = heard
    assert (first.method, first.url, first.request_body) == (second.method, second.url, second.request_body)
    assert (first.status, first.response_body, second.response_body) == (200, b"said one", b"said one")
    assert (first.started, first.ended, second.started, second.ended) == (50.0, 57.0, 57.0, 64.0)


def test_an_exchange_without_an_answer_is_reported_too(tapped):
    http, session, heard = tapped
    with pytest.raises(httpx.ReadTimeout):
        http.get("https://h/silent")
    with pytest.raises(requests.ReadTimeout):
        session.get("https://h/silent")
    assert [exchange.status for exchange in heard] == [None, None]
    assert all("nobody there" in exchange.error for exchange in heard)
