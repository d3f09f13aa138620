"""Time and transport: where the unchanged clients meet either the network or an application in this process.

The Atlas client speaks httpx and the Azure SDKs speak requests. Both get a transport that hands the request to a WSGI
application (`AppTransport`, `AppAdapter`) or to the network, and a tap that reports every exchange to a recorder
(`RecordingTransport`, `RecordingAdapter`). The application is called by one gateway, so both sides look alike to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import WSGIApplication

import httpx
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from harness.backends.recording import Exchange
from harness.fake.kernel.refusal import Unanswered
from harness.ports import Clock

if TYPE_CHECKING:
    from azure.core.pipeline.transport import RequestsTransport

Tap = Callable[[Exchange], None]

SILENCE = (TimeoutError, Unanswered)
"""How an application in this process says that it gives no answer."""

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
"""Explicit, because the SDKs' defaults make a black-holed address cost twenty minutes (azure.md 3.4)."""


class VirtualClock:
    """Time that passes only when somebody waits: fifteen minutes cost nothing. Implements `harness.ports.Clock`."""

    kind = "virtual"

    def __init__(self, start: float) -> None:
        self._now = start

    def now(self) -> float:
        """Unix seconds, UTC."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once.

        Raises:
            ValueError: time would run backwards.
        """
        if seconds < 0:
            raise ValueError(f"cannot wait {seconds} seconds: time does not run backwards")
        self._now += seconds


class RealClock:
    """The clock on the wall. Implements `harness.ports.Clock`."""

    kind = "real"

    def now(self) -> float:
        """Unix seconds, UTC."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Block for `seconds`."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the application answered."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


class Gateway:
    """Calls a WSGI application the way a web server would, from a client at `remote_address`.

    `remote_address` may be changed between calls. An application that raises `TimeoutError`, or the fake's
    `Unanswered`, gives no answer, which the clients see as a read time-out. Any other exception is a defect of the
    application and passes through.
    """

    def __init__(self, app: WSGIApplication, remote_address: str = "203.0.113.10") -> None:
        self._app = app
        self.remote_address = remote_address

    def call(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> Reply:
        """One request, one answer."""
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            if exc_info is not None:
                raise exc_info[1]
            started[:] = status, headers

        chunks = self._app(self._environ(method, url, headers, body), start_response)
        try:
            content = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        code, _, reason = started[0].partition(" ")
        return Reply(int(code), reason, started[1], content)

    def _environ(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> dict[str, Any]:
        parts = urlsplit(url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
            "QUERY_STRING": parts.query,
            "RAW_URI": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self.remote_address,
            "HTTP_HOST": parts.netloc,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": BytesIO(body),
            "wsgi.errors": _NoErrors(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in headers:
            key = name.upper().replace("-", "_")
            if key == "CONTENT_TYPE":
                environ[key] = value
            elif key not in ("CONTENT_LENGTH", "HOST"):
                key = f"HTTP_{key}"
                environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ


class _NoErrors:
    """The stream for an application's complaints: whatever is said there is a defect, so it is raised."""

    def write(self, text: str) -> int:
        raise RuntimeError(f"the application complained: {text}")

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is ever held back."""


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
                request.method, str(request.url), _text_headers(request.headers.raw), request.read()
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
        started = self._clock.now()
        sent = (request.method, str(request.url), _text_headers(request.headers.raw), request.read())
        try:
            response = self._inner.handle_request(request)
            response.read()
        except httpx.TransportError as error:
            self._tap(Exchange(*sent, None, (), b"", started, self._clock.now(), repr(error)))
            raise
        got = (response.status_code, _text_headers(response.headers.raw), response.content)
        self._tap(Exchange(*sent, *got, started, self._clock.now()))
        return response

    def close(self) -> None:
        """Close the other transport."""
        self._inner.close()


def _text_headers(raw: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]


class AppAdapter(HTTPAdapter):
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
                request.method or "GET", request.url or "", request.headers.items(), _body_of(request)
            )
        except SILENCE as silence:
            raise requests.ReadTimeout(str(silence), request=request) from silence
        answer = HTTPResponse(
            body=BytesIO(reply.body),
            headers=HTTPHeaderDict(reply.headers),
            status=reply.status,
            reason=reply.reason,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, answer)


class RecordingAdapter(BaseAdapter):
    """Reports every exchange of another requests adapter."""

    def __init__(self, inner: BaseAdapter, clock: Clock, tap: Tap) -> None:
        super().__init__()
        self._inner = inner
        self._clock = clock
        self._tap = tap

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Pass a request on and report what came of it, also when nothing came."""
        started = self._clock.now()
        sent = (
            request.method or "GET",
            request.url or "",
            list(request.headers.items()),
            _body_of(request),
        )
        try:
            response = self._inner.send(request, *args, **kwargs)
            content = response.content or b""
        except requests.RequestException as error:
            self._tap(Exchange(*sent, None, (), b"", started, self._clock.now(), repr(error)))
            raise
        got = (response.status_code, list(response.headers.items()), content)
        self._tap(Exchange(*sent, *got, started, self._clock.now()))
        return response

    def close(self) -> None:
        """Close the other adapter."""
        self._inner.close()


def _body_of(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    return body if isinstance(body, bytes) else str(body).encode()


def azure_transport(adapter: BaseAdapter, clock: Clock, *, use_environment: bool) -> RequestsTransport:
    """The Azure SDKs' own transport over an adapter, waiting by the injected clock.

    azure-core sleeps through its transport, between polls and between retries alike (azure.md 3.2), so this is the one
    place where its time has to be taken over. `use_environment` lets proxy and certificate variables count.
    """
    from azure.core.pipeline.transport import RequestsTransport

    class ClockedTransport(RequestsTransport):  # type: ignore[misc]  # azure-core exports it through __getattr__
        def sleep(self, duration: float) -> None:
            clock.sleep(duration)

    session = requests.Session()
    session.trust_env = use_environment
    session.mount("https://", adapter)
    return ClockedTransport(
        session=session,
        session_owner=False,
        connection_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
    )


def in_process(app: WSGIApplication, clock: Clock, tap: Tap, *, remote_address: str = "203.0.113.10") -> InProcess:
    """Both transports to one application, tapped, sharing one gateway."""
    gateway = Gateway(app, remote_address)
    return InProcess(
        gateway=gateway,
        http=RecordingTransport(AppTransport(gateway), clock, tap),
        adapter=RecordingAdapter(AppAdapter(gateway), clock, tap),
    )


@dataclass(frozen=True, slots=True)
class InProcess:
    """Ways into one application in this process."""

    gateway: Gateway
    http: httpx.BaseTransport
    """For the Atlas client."""
    adapter: BaseAdapter
    """For the Azure SDKs, through `azure_transport`."""
