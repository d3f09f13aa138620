"""One request to the served fake as ASGI tells it, and the ways to answer it, or not to."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from harness.fake.faces.gateway import Reply
from harness.fake.serve.connection import reset, transport_of
from harness.fake.serve.hosts import host_of
from harness.model.wire_fault import Asked

BODY_BYTES_MOST = 8 * 1024 * 1024
BODYLESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class Exchange:
    """One request and its answer."""

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

    @property
    def asked(self) -> Asked:
        """The request, as faults are chosen by it."""
        signed = any(name == "authorization" for name, _ in self.headers)
        return Asked(self.method, self.host, self.path, signed)

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

    async def answer(
        self, reply: Reply, date: bytes, *, cut: bool = False, pieces: tuple[int, float] = (1, 0.0)
    ) -> None:
        """Send an answer; `cut` lets the connection end after half the body, or before the headers if there is none.

        `pieces` is into how many the body is broken, and the seconds before each of them.
        """
        body = b"" if reply.status in BODYLESS else reply.body
        if cut and not body:
            await self.leave_unanswered(0)
            return
        headers = self._headers_of(reply, date, len(body))
        transport = transport_of(self._scope)
        transport.hold()
        await self._send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if pieces[0] > 1:
            transport.release()
            body = await self._drip(body, *pieces)
        sent = body[: len(body) // 2] if cut else body
        await self._send({"type": "http.response.body", "body": sent, "more_body": cut})
        transport.release()
        if cut:
            transport.close()
            await self._gone()

    async def _drip(self, body: bytes, number: int, pause_s: float) -> bytes:
        """Send all of a body but its last piece, which is returned."""
        size = max(1, -(-len(body) // number))
        for begin in range(0, max(0, len(body) - size), size):
            await asyncio.sleep(pause_s)
            await self._send({"type": "http.response.body", "body": body[begin : begin + size], "more_body": True})
        await asyncio.sleep(pause_s)
        return body[(len(body) - 1) // size * size :]

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


@lru_cache(maxsize=1024)
def _wire_name(name: str) -> bytes:
    return name.lower().encode("latin-1")
