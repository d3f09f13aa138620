"""The ASGI application in front of the simulated clouds: one call of a WSGI application, one answer in one buffer.

Everything happens in the thread of the event loop, so requests never meet inside the world.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from wsgiref.types import WSGIApplication

import msgspec

from harness.fake.estate import CUSTODIAN_ADDRESS, OPERATOR_ADDRESS
from harness.fake.faces.error_bodies import JSON, error_body
from harness.fake.faces.gateway import Gateway, Reply
from harness.fake.faces.services import ATLAS
from harness.fake.kernel.refusal import Unanswered
from harness.fake.serve.clock import ServedClock
from harness.fake.serve.control import Control
from harness.fake.serve.exchange import Exchange
from harness.fake.serve.hosts import HERE
from harness.model.wire_answer import Answer, forged, place_of
from harness.model.wire_fault import (
    Drip,
    Expired,
    Lost,
    Reset,
    Skew,
    Slow,
    Status,
    Stuck,
    Truncate,
    WireFault,
)
from harness.model.wire_queue import WireFaults

HOLD_S = 600.0
"""A request that gets no answer is held this long on the wall's clock, and then its connection is dropped."""

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
        fault = self._faults.take(exchange.asked)
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.delay_s)
        try:
            reply = self._under(fault, exchange, body)
        except Unanswered:
            await exchange.leave_unanswered(0 if isinstance(fault, Reset | Lost) else self._hold_s)
            return
        date = self._date(fault.skew_s) if isinstance(fault, Skew) else self._date()
        pieces = (fault.pieces, fault.delay_s / fault.pieces) if isinstance(fault, Drip) else (1, 0.0)
        await exchange.answer(reply, date, cut=isinstance(fault, Truncate), pieces=pieces)

    def _under(self, fault: WireFault | None, exchange: Exchange, body: bytes) -> Reply:
        """The reply under a fault; `Unanswered` is raised where there is none."""
        if isinstance(fault, Status):
            return self._refusal(exchange, fault)
        if isinstance(fault, Expired):
            exchange.headers = list(forged(exchange.headers))
        if isinstance(fault, Reset | Stuck):
            raise Unanswered(f"a fault: {fault.kind}")
        reply = self._call(exchange, body)
        if isinstance(fault, Lost):
            raise Unanswered("a fault: lost")
        if fault is None:
            return reply
        answer = Answer(reply.status, reply.reason, reply.headers, reply.body)
        changed = self._faults.altered(fault, place_of(exchange.url, exchange.headers), answer)
        return Reply(changed.status, changed.reason, list(changed.headers), changed.body)

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


def _reply(status: int, kind: str, data: bytes) -> Reply:
    return Reply(status, HTTPStatus(status).phrase, [("content-type", kind)], data)


def _plain(status: HTTPStatus, sentence: str) -> Reply:
    return _reply(status, "text/plain", sentence.encode())


@lru_cache(maxsize=64)
def _http_date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()
