"""The two transports with faults of the wire in them: for the Atlas client, and for the Azure SDKs."""

from __future__ import annotations

import errno
import os
from http.client import IncompleteRead
from typing import Any
from urllib.parse import urlsplit

import httpx
import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import ProtocolError as ConnectionBroken

from harness.backends.exchanges import Headers
from harness.backends.messages import BuildingAdapter, text_headers
from harness.backends.wire import FaultyWire, Sent, WasCut, WasReset, WasSilent, asked
from harness.fake.faces.services import ATLAS, SIGN_IN
from harness.model.wire_answer import Answer

PATIENCE_S = 60.0
"""How long is waited where a client does not say."""

RESET = os.strerror(errno.ECONNRESET)
SIGN_IN_PATH = "/oauth2/v2.0/token"


class FaultyTransport(httpx.BaseTransport):
    """An httpx transport whose wire may be faulty. Failures are those of httpx, as a real wire causes them."""

    def __init__(self, inner: httpx.BaseTransport, wire: FaultyWire) -> None:
        self._inner = inner
        self._wire = wire

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.ReadError, httpx.ReadTimeout, httpx.RemoteProtocolError: as the fault in force makes them.
        """
        if not self._wire.faults.in_force:
            return self._inner.handle_request(request)
        headers = text_headers(request.headers.raw)
        fault = self._wire.faults.take(asked(request.method, str(request.url), headers))
        if fault is None:
            return self._inner.handle_request(request)
        patience_s = request.extensions.get("timeout", {}).get("read") or PATIENCE_S
        sent = Sent(
            request.method, str(request.url), headers, patience_s, lambda changed: self._send(request, changed), ATLAS
        )
        try:
            return self._response(request, self._wire.perform(fault, sent))
        except WasReset:
            raise httpx.ReadError(f"[Errno {errno.ECONNRESET}] {RESET}", request=request) from None
        except WasSilent:
            raise httpx.ReadTimeout("The read operation timed out", request=request) from None
        except WasCut as cut:
            closed = "peer closed connection without sending complete message body"
            counted = f"(received {cut.received} bytes, expected {cut.announced})"
            raise httpx.RemoteProtocolError(f"{closed} {counted}", request=request) from None

    def close(self) -> None:
        """Close the other transport."""
        self._inner.close()

    def _send(self, request: httpx.Request, headers: Headers) -> Answer:
        sent = httpx.Request(
            request.method, request.url, headers=list(headers), content=request.read(), extensions=request.extensions
        )
        response = self._inner.handle_request(sent)
        response.read()
        answer = Answer(response.status_code, response.reason_phrase, text_headers(response.headers.raw), b"")
        return answer.saying(response.content)

    @staticmethod
    def _response(request: httpx.Request, answer: Answer) -> httpx.Response:
        return httpx.Response(
            answer.status, headers=list(answer.headers), stream=httpx.ByteStream(answer.body), request=request
        )


class FaultyAdapter(BuildingAdapter):
    """A requests adapter whose wire may be faulty. Failures are those of requests, as a real wire causes them."""

    def __init__(self, inner: BaseAdapter, wire: FaultyWire) -> None:
        super().__init__()
        self._inner = inner
        self._wire = wire

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Answer a request.

        Raises:
            requests.ConnectionError, requests.ReadTimeout, requests.exceptions.ChunkedEncodingError: as the fault in
                force makes them.
        """
        if not self._wire.faults.in_force:
            return self._inner.send(request, *args, **kwargs)
        method, url, headers = request.method or "GET", request.url or "", list(request.headers.items())
        fault = self._wire.faults.take(asked(method, url, headers))
        if fault is None:
            return self._inner.send(request, *args, **kwargs)

        def send(changed: Headers) -> Answer:
            copy = request.copy()
            copy.headers.update(dict(changed))
            response = self._inner.send(copy, *args, **kwargs)
            answer = Answer(response.status_code, response.reason or "", list(response.headers.items()), b"")
            return answer.saying(response.content or b"")

        sent = Sent(method, url, headers, _patience_s(kwargs.get("timeout")), send, _worded_as(url))
        try:
            answer = self._wire.perform(fault, sent)
        except WasReset:
            inside = ConnectionBroken("Connection aborted.", ConnectionResetError(errno.ECONNRESET, RESET))
            raise requests.ConnectionError(inside, request=request) from None
        except WasSilent:
            raise requests.ReadTimeout("Read timed out.", request=request) from None
        except WasCut as cut:
            rest = IncompleteRead(b"", cut.announced - cut.received)
            broken = f"Connection broken: IncompleteRead({cut.received} bytes read, {rest.expected} more expected)"
            raise requests.exceptions.ChunkedEncodingError(ConnectionBroken(broken, rest), request=request) from None
        return self.built(request, answer.status, answer.reason, answer.headers, answer.body)

    def close(self) -> None:
        """Close the other adapter."""
        self._inner.close()


def _patience_s(timeout: Any) -> float:
    """Seconds until a read times out, however requests was told."""
    read = timeout[1] if isinstance(timeout, tuple) else timeout
    return float(read) if isinstance(read, int | float) else PATIENCE_S


def _worded_as(url: str) -> str:
    """The host as which a service of Azure's words its errors; other clouds have other names for signing in."""
    parts = urlsplit(url)
    return SIGN_IN if parts.path.endswith(SIGN_IN_PATH) else (parts.hostname or "").lower()
