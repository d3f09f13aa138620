"""The ASGI application in front of the simulated clouds: one call of a WSGI application, one answer in one buffer.

Everything happens in the thread of the event loop, so requests never meet inside the world.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from wsgiref.types import WSGIApplication

import msgspec

from harness.fake.estate import CUSTODIAN_ADDRESS, OPERATOR_ADDRESS
from harness.fake.faces.gateway import Gateway, Reply
from harness.fake.kernel.refusal import Unanswered
from harness.fake.serve.clock import ServedClock
from harness.fake.serve.connection import reset, transport_of
from harness.fake.serve.control import Control
from harness.fake.serve.error_bodies import JSON, error_body
from harness.fake.serve.hosts import ATLAS, HERE, host_of
from harness.fake.serve.wire_faults import Reset, Skew, Slow, Status, Stuck, Truncate, WireFaults

BODY_BYTES_MOST = 8 * 1024 * 1024
HOLD_S = 600.0
"""A request that gets no answer is held this long on the wall's clock, and then its connection is dropped."""

BODYLESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)

Complain = Callable[[str], None]


class Front:
    """Takes requests from uvicorn and answers them from the world.

    `complain` is told, in sentences without headers and bodies, what the user of the simulator should know about.
    """

    def __init__(
        self,
        app: WSGIApplication,
        clock: ServedClock,
        control: Control,
        faults: WireFaults,
        complain: Complain,
        hold_s: float = HOLD_S,
    ) -> None:
        self._operator = Gateway(app, OPERATOR_ADDRESS)
        self._custodian = Gateway(app, CUSTODIAN_ADDRESS)
        self._clock = clock
        self._control = control
        self._faults = faults
        self._complain = complain
        self._hold_s = hold_s
        self._failures = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request (ASGI 3, HTTP only)."""
        exchange = Exchange(scope, receive, send)
        body = await exchange.body()
        if body is None:
            await exchange.answer(_plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large."), self._date())
        elif exchange.host in HERE:
            status, data = self._control.answer(exchange.method, exchange.path, body)
            await exchange.answer(_reply(status, JSON, data), self._date())
        else:
            await self._serve(exchange, body)

    async def _serve(self, exchange: Exchange, body: bytes) -> None:
        fault = self._faults.take(exchange.host, exchange.method, exchange.path)
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.delay_s)
        try:
            reply = self._refusal(exchange, fault) if isinstance(fault, Status) else None
            if isinstance(fault, Reset | Stuck):
                raise Unanswered(f"a fault: {fault.__class__.__name__.lower()}")
            reply = reply or self._call(exchange, body)
        except Unanswered:
            await exchange.leave_unanswered(0 if isinstance(fault, Reset) else self._hold_s)
            return
        date = self._date(fault.skew_s) if isinstance(fault, Skew) else self._date()
        await exchange.answer(reply, date, cut=isinstance(fault, Truncate))

    def _call(self, exchange: Exchange, body: bytes) -> Reply:
        gateway = self._operator if exchange.host == ATLAS else self._custodian
        try:
            reply = gateway.call(exchange.method, exchange.url, exchange.headers, body)
        except Unanswered:
            raise
        except Exception:  # whatever it is, it is a defect of ours: told of, and survived
            return self._failure(exchange)
        if reply.status == HTTPStatus.NOT_IMPLEMENTED:
            self._complain(f"not simulated: {exchange.named}")
        return reply

    def _failure(self, exchange: Exchange) -> Reply:
        self._failures += 1
        request_id = f"failure-{self._failures}"
        self._complain(f"{request_id}: {exchange.named} made the simulation fail\n{traceback.format_exc()}")
        message = f"The simulation failed at this request; its log tells more under {request_id}."
        reply = _reply(500, JSON, msgspec.json.encode({"error": {"code": "SimulationFailed", "message": message}}))
        reply.headers.append(("x-cmkproof-request-id", request_id))
        return reply

    @staticmethod
    def _refusal(exchange: Exchange, fault: Status) -> Reply:
        wait = fault.retry_after_s
        kind, data = error_body(exchange.host, exchange.path, fault.status, wait)
        reply = _reply(fault.status, kind, data if fault.body is None else fault.body.encode())
        if wait is not None:
            reply.headers.append(("retry-after", f"{wait:g}"))
        return reply

    def _date(self, skew_s: float = 0.0) -> bytes:
        return _http_date(int(self._clock.now() + skew_s))


class Exchange:
    """One request as ASGI tells it, and the ways to answer it."""

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self.method: str = scope["method"]
        self.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        self._authority = next((value for name, value in self.headers if name == "host"), "")
        self.host = host_of(self._authority)
        self.path: str = scope["raw_path"].decode("latin-1")

    @property
    def url(self) -> str:
        """The address that was asked for."""
        query = self._scope["query_string"].decode("latin-1")
        return f"https://{self._authority}{self.path}" + (f"?{query}" if query else "")

    @property
    def named(self) -> str:
        """The request, without anything that could be secret."""
        return f"{self.method} https://{self.host}{self.path}"

    async def body(self) -> bytes | None:
        """The whole body; None when it is larger than any service takes."""
        message = await self._receive()
        whole: bytes = message.get("body", b"")
        while message.get("more_body", False):
            message = await self._receive()
            whole += message.get("body", b"")
            if len(whole) > BODY_BYTES_MOST:
                return None
        return whole

    async def answer(self, reply: Reply, date: bytes, *, cut: bool = False) -> None:
        """Send an answer; `cut` lets the connection end after half the body, or before the headers if there is none."""
        body = b"" if reply.status in BODYLESS else reply.body
        if cut and not body:
            await self.leave_unanswered(0)
            return
        headers = self._headers_of(reply, date, len(body))
        transport = transport_of(self._scope)
        transport.hold()
        await self._send({"type": "http.response.start", "status": reply.status, "headers": headers})
        sent = body[: len(body) // 2] if cut else body
        await self._send({"type": "http.response.body", "body": sent, "more_body": cut})
        transport.release()
        if cut:
            transport.close()
            await self._gone()

    def _headers_of(self, reply: Reply, date: bytes, length: int) -> list[tuple[bytes, bytes]]:
        """The reply's own headers, with our date, and the length of what is sent, or for HEAD of what would be."""
        ours = (b"date",) if self.method == "HEAD" and not length else (b"date", b"content-length")
        named = [(_wire_name(name), value.encode("latin-1")) for name, value in reply.headers]
        headers = [header for header in named if header[0] not in ours]
        headers.append((b"date", date))
        if b"content-length" in ours and reply.status not in BODYLESS:
            headers.append((b"content-length", b"%d" % length))
        return headers

    async def leave_unanswered(self, hold_s: float) -> None:
        """Give no answer: reset the connection, once the client has left or been kept waiting for `hold_s`."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._gone(), hold_s)
        reset(transport_of(self._scope))
        await self._gone()

    async def _gone(self) -> None:
        """The client has left, or the connection has been ended."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _reply(status: int, kind: str, data: bytes) -> Reply:
    return Reply(status, HTTPStatus(status).phrase, [("content-type", kind)], data)


def _plain(status: HTTPStatus, sentence: str) -> Reply:
    return _reply(status, "text/plain", sentence.encode())


@lru_cache(maxsize=1024)
def _wire_name(name: str) -> bytes:
    return name.lower().encode("latin-1")


@lru_cache(maxsize=64)
def _http_date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()
