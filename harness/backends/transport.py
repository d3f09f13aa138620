"""Transports: where the unchanged clients meet either the network or an application in this process.

The Atlas client speaks httpx and the Azure SDKs speak requests. Both get a transport that hands the request to a WSGI
application (`AppTransport`, `AppAdapter`) or to the network, and a tap that reports every exchange to a recorder
(`RecordingTransport`, `RecordingAdapter`). The application is called by one gateway, so both sides look alike to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from wsgiref.types import WSGIApplication

import httpx
import requests
from requests.adapters import BaseAdapter

from harness.backends.exchanges import Exchange
from harness.backends.messages import BuildingAdapter, body_of_request, text_headers
from harness.backends.wire import FaultyWire
from harness.backends.wire_transports import FaultyAdapter, FaultyTransport
from harness.errors import HarnessError
from harness.fake.faces.gateway import Gateway
from harness.fake.kernel.refusal import Unanswered
from harness.model.wire_queue import WireFaults
from harness.ports import Clock

if TYPE_CHECKING:
    from azure.core.pipeline.transport import RequestsTransport

Tap = Callable[[Exchange], None]

SILENCE = (TimeoutError, Unanswered)
"""How an application in this process says that it gives no answer."""

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
"""Explicit, because the SDKs' defaults make a black-holed address cost twenty minutes (azure.md 3.4)."""


def _stopwatch(clock: Clock) -> Callable[[], dict[str, Any]]:
    """Started now; when it is called it tells the times of an exchange by both clocks."""
    started, since = clock.now(), clock.monotonic()
    return lambda: {"started": started, "ended": clock.now(), "monotonic": (since, clock.monotonic())}


class AppTransport(httpx.BaseTransport):
    """httpx without a network: requests go to an application in this process."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.ReadTimeout: the application gave no answer.
        """
        try:
            reply = self._gateway.call(
                request.method, str(request.url), text_headers(request.headers.raw), request.read()
            )
        except SILENCE as silence:
            raise httpx.ReadTimeout(str(silence), request=request) from silence
        return httpx.Response(reply.status, headers=reply.headers, stream=httpx.ByteStream(reply.body), request=request)


class RecordingTransport(httpx.BaseTransport):
    """Reports every exchange of another httpx transport."""

    def __init__(self, inner: httpx.BaseTransport, clock: Clock, tap: Tap) -> None:
        self._inner = inner
        self._clock = clock
        self._tap = tap

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on and report what came of it, also when nothing came."""
        ended = _stopwatch(self._clock)
        sent = (request.method, str(request.url), text_headers(request.headers.raw), request.read())
        try:
            response = self._inner.handle_request(request)
            response.read()
        except (httpx.RequestError, HarnessError) as error:
            self._tap(Exchange(*sent, None, (), b"", **ended(), failure=error))
            raise
        got = (response.status_code, text_headers(response.headers.raw), response.content)
        self._tap(Exchange(*sent, *got, **ended(), reason=response.reason_phrase))
        return response

    def close(self) -> None:
        """Close the other transport."""
        self._inner.close()


class AppAdapter(BuildingAdapter):
    """requests without a network: requests go to an application in this process."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__()
        self._gateway = gateway

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Answer a request.

        Raises:
            requests.ReadTimeout: the application gave no answer.
        """
        try:
            reply = self._gateway.call(
                request.method or "GET", request.url or "", request.headers.items(), body_of_request(request)
            )
        except SILENCE as silence:
            raise requests.ReadTimeout(str(silence), request=request) from silence
        return self.built(request, reply.status, reply.reason, reply.headers, reply.body)


class RecordingAdapter(BaseAdapter):
    """Reports every exchange of another requests adapter."""

    def __init__(self, inner: BaseAdapter, clock: Clock, tap: Tap) -> None:
        super().__init__()
        self._inner = inner
        self._clock = clock
        self._tap = tap

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Pass a request on and report what came of it, also when nothing came."""
        ended = _stopwatch(self._clock)
        sent = (
            request.method or "GET",
            request.url or "",
            list(request.headers.items()),
            body_of_request(request),
        )
        try:
            response = self._inner.send(request, *args, **kwargs)
            content = response.content or b""
        except (requests.RequestException, HarnessError) as error:
            self._tap(Exchange(*sent, None, (), b"", **ended(), failure=error))
            raise
        got = (response.status_code, list(response.headers.items()), content)
        self._tap(Exchange(*sent, *got, **ended(), reason=response.reason or ""))
        return response

    def close(self) -> None:
        """Close the other adapter."""
        self._inner.close()


def azure_transport(
    adapter: BaseAdapter,
    clock: Clock,
    *,
    use_environment: bool,
    proxy: str = "",
    ca_file: str = "",
    connect_timeout_s: float = CONNECT_TIMEOUT_S,
    read_timeout_s: float = READ_TIMEOUT_S,
) -> RequestsTransport:
    """The Azure SDKs' own transport over an adapter, waiting by the injected clock.

    azure-core sleeps through its transport, between polls and between retries alike (azure.md 3.2), so this is the one
    place where its time has to be taken over. `use_environment` lets proxy variables count where no proxy is named.
    """
    from azure.core.pipeline.transport import RequestsTransport

    class ClockedTransport(RequestsTransport):  # type: ignore[misc]  # azure-core exports it through __getattr__
        def sleep(self, duration: float) -> None:
            clock.sleep(duration)

    session = requests.Session()
    session.trust_env = use_environment and not proxy
    session.proxies = {"https": proxy} if proxy else {}
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return ClockedTransport(
        session=session,
        session_owner=False,
        connection_verify=ca_file or True,
        connection_timeout=connect_timeout_s,
        read_timeout=read_timeout_s,
    )


def in_process(
    app: WSGIApplication,
    clock: Clock,
    tap: Tap,
    *,
    remote_address: str = "203.0.113.10",
    faults: WireFaults | None = None,
) -> InProcess:
    """Both transports to one application, tapped, sharing one gateway and one wire."""
    gateway, wire = Gateway(app, remote_address), FaultyWire(faults or WireFaults(), clock)
    return InProcess(
        gateway=gateway,
        http=RecordingTransport(FaultyTransport(AppTransport(gateway), wire), clock, tap),
        adapter=RecordingAdapter(FaultyAdapter(AppAdapter(gateway), wire), clock, tap),
    )


@dataclass(frozen=True, slots=True)
class InProcess:
    """Ways into one application in this process."""

    gateway: Gateway
    http: httpx.BaseTransport
    """For the Atlas client."""
    adapter: BaseAdapter
    """For the Azure SDKs, through `azure_transport`."""
