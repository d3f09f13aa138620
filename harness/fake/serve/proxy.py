"""The CONNECT proxy: it leads to the one TLS listener, for the names of the simulated services, and nowhere else.

HTTP is parsed by h11; after that, bytes are passed on as they come. It never resolves a name and never dials out.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from http import HTTPStatus

import h11

from harness.fake.serve.connection import reset
from harness.fake.serve.hosts import LOOPBACK, is_service

PATIENCE_S = 30.0
"""A client that has not said in this time where it wants to go is sent away."""

CHUNK = 65_536
HTTPS_PORT = "443"


class Proxy:
    """Serves one connection after the other, all at the same time; `port` is the listener's."""

    def __init__(self, port: int, headers: list[tuple[str, str]]) -> None:
        self._port = port
        self._headers = headers

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one connection, until either side ends it."""
        talk = h11.Connection(h11.SERVER)
        try:
            with suppress(OSError, TimeoutError, h11.LocalProtocolError):  # broken off or too slow: nobody to tell
                await self._talk(talk, reader, writer)
        finally:
            writer.close()

    async def _talk(self, talk: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await asyncio.wait_for(_request(talk, reader), PATIENCE_S)
            if request is not None and await self._admit(talk, request, writer):
                await self._join(reader, writer, talk.trailing_data[0])
        except h11.RemoteProtocolError as error:
            await self._refuse(talk, writer, error.error_status_hint, "This is not a request that HTTP/1.1 knows.")

    async def _admit(self, talk: h11.Connection, request: h11.Request, writer: asyncio.StreamWriter) -> bool:
        """Answer a request; true when the way is open."""
        target = request.target.decode("latin-1")
        host, _, port = target.rpartition(":")
        if request.method != b"CONNECT":
            return await self._refuse(
                talk, writer, 405, "This proxy opens connections (CONNECT) and does nothing else."
            )
        if port != HTTPS_PORT or not is_service(host.lower()):
            return await self._refuse(
                talk, writer, 502, f"{target} is not simulated, and this proxy leads nowhere else."
            )
        talk.next_event()  # the end of the request: only then does h11 let the protocol be switched
        opened = h11.Response(status_code=200, headers=self._headers, reason=b"Connection established")
        writer.write(talk.send(opened) or b"")
        await writer.drain()
        return True

    async def _refuse(self, talk: h11.Connection, writer: asyncio.StreamWriter, status: int, sentence: str) -> bool:
        body = f"{sentence}\n".encode()
        headers = [*self._headers, ("content-type", "text/plain"), ("content-length", str(len(body)))]
        headers += [("connection", "close")] + ([("allow", "CONNECT")] if status == 405 else [])
        for event in (
            h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase.encode()),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            writer.write(talk.send(event) or b"")
        await writer.drain()
        return False

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, early: bytes) -> None:
        """Pass bytes between client and listener; a reset of the listener's becomes one of ours."""
        inner_reader, inner_writer = await asyncio.open_connection(LOOPBACK, self._port)
        inner_writer.write(early)
        there = asyncio.ensure_future(_pass(reader, inner_writer))
        back = asyncio.ensure_future(_pass(inner_reader, writer))
        try:
            await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
            if back.done() and back.exception() is not None:
                reset(writer.transport)
        finally:
            there.cancel()
            back.cancel()
            inner_writer.close()
            await asyncio.gather(there, back, return_exceptions=True)


async def _request(talk: h11.Connection, reader: asyncio.StreamReader) -> h11.Request | None:
    """The first request; None when the client leaves before it has asked for anything."""
    while True:
        event = talk.next_event()
        if event is h11.NEED_DATA:
            talk.receive_data(await reader.read(CHUNK))
        elif isinstance(event, h11.Request):
            return event
        else:
            return None


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(CHUNK):
        sink.write(data)
        await sink.drain()
