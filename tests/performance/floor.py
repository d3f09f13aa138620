"""uvicorn with an application that does nothing, on a TLS port and a plain one.

`python -m tests.performance.floor TLS-PORT PLAIN-PORT` is what `tests.performance.serving` starts.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from typing import Any

import trustme
import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

HEADERS = [(b"x-header-%d" % number, b"as long as a header usually is") for number in range(18)]
BODY = b"." * 530


async def answer(_: Any, receive: Any, send: Any) -> None:
    await receive()
    headers = [*HEADERS, (b"content-length", b"%d" % len(BODY))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


async def main(secure: int, plain: int) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    config = uvicorn.Config(answer, lifespan="off", ws="none", log_config=None, access_log=False, proxy_headers=False)
    config.load()
    state = ServerState()

    def connection() -> HttpToolsProtocol:
        return HttpToolsProtocol(config=config, server_state=state, app_state={})

    loop = asyncio.get_running_loop()
    await loop.create_server(connection, "127.0.0.1", secure, ssl=context)
    await loop.create_server(connection, "127.0.0.1", plain)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
