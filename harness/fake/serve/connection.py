"""One connection of the TLS listener, as uvicorn speaks HTTP on it, made breakable."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "cmkproof.connection"
"""Where the ASGI application finds the transport of its connection."""

CLOSE_BY_RESET = struct.pack("ii", 1, 0)
"""`struct linger` that throws away what is unsent and tells the other side with RST (socket(7), SO_LINGER)."""


class Connection(HttpToolsProtocol):
    """Hands its transport to the application, which may end a connection in ways that ASGI has no message for."""

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"transport": self.transport}}


def transport_of(scope: dict[str, Any]) -> asyncio.Transport:
    """The transport that a request came by."""
    transport: asyncio.Transport = scope["extensions"][EXTENSION]["transport"]
    return transport


def reset(transport: asyncio.WriteTransport) -> None:
    """End a connection so that the other side sees it reset."""
    wire = transport.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_BY_RESET)
    transport.abort()
