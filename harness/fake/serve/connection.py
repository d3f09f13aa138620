"""One connection of the TLS listener, as uvicorn speaks HTTP on it, made breakable."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "cmkproof.connection"
"""Where the ASGI application finds the transport of its connection."""

CLOSE_BY_RESET = struct.pack("ii", 1, 0)
"""`struct linger` that throws away what is unsent and tells the other side with RST (socket(7), SO_LINGER)."""


class OneBuffer:
    """A transport that can hold back what is written, so that an answer leaves in one piece."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: list[bytes] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def hold(self) -> None:
        """Keep what is written from now on."""
        self._held = []

    def release(self) -> None:
        """Send what was kept, in one buffer."""
        held, self._held = self._held, None
        if held:
            self._transport.write(b"".join(held))

    def write(self, data: bytes) -> None:
        """Send or keep."""
        if self._held is None:
            self._transport.write(data)
        else:
            self._held.append(data)

    def close(self) -> None:
        """End the connection after what was written."""
        self.release()
        self._transport.close()


class Connection(HttpToolsProtocol):
    """Hands its transport to the application, which may end a connection in ways that ASGI has no message for."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A client has connected."""
        super().connection_made(transport)
        self.transport = cast("asyncio.Transport", OneBuffer(transport))

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"transport": self.transport}}


def transport_of(scope: dict[str, Any]) -> OneBuffer:
    """The transport that a request came by."""
    transport: OneBuffer = scope["extensions"][EXTENSION]["transport"]
    return transport


def reset(transport: asyncio.WriteTransport | OneBuffer) -> None:
    """End a connection so that the other side sees it reset."""
    wire = transport.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_BY_RESET)
    transport.abort()
