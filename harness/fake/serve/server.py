"""The served fake: a world, a TLS listener and a proxy on this machine, for as long as somebody wants them."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import uvicorn
from uvicorn.server import ServerState

from harness import __version__
from harness.errors import TargetError
from harness.fake.faces.app import Application
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.world import World
from harness.fake.serve.certificates import Trust, trust
from harness.fake.serve.clock import ServedClock
from harness.fake.serve.connection import Connection
from harness.fake.serve.control import Control
from harness.fake.serve.customer import Customer, environment, settle
from harness.fake.serve.front import HOLD_S, Complain, Front
from harness.fake.serve.hosts import LOOPBACK
from harness.fake.serve.production import AGE_S, produce
from harness.fake.serve.proxy import Proxy
from harness.model.wire_queue import WireFaults

SIMULATOR_HEADER = "X-Cmkproof-Simulator"
"""Every answer carries it, so that nobody takes the simulation for the real thing; its value is our version."""

IDLE_S = 75.0
"""A connection on which nothing is asked for is closed after this time."""

BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Options:
    """What a served world is like. Times in seconds; ports 0: free ones are taken."""

    seed: int = 1
    speed: float = 1.0
    """Seconds of the world in one second on the wall; 0: its clock only jumps."""
    start: float | None = None
    """Where the world's time begins, in unix seconds; None: the current second."""
    readings: Readings = field(default_factory=Readings)
    project: Literal["fresh", "production"] = "fresh"
    port: int = 0
    proxy_port: int = 0
    state: Path | None = None
    """Where the certificate authority is kept; None: nowhere."""
    hold_s: float = HOLD_S


@asynccontextmanager
async def serving(options: Options, complain: Complain) -> AsyncIterator[dict[str, str]]:
    """A served world for the time of a `with` block; gives the environment that its clients need.

    Raises:
        TargetError: a port or the directory cannot be had.
    """
    with trust(options.state) as trusted, _socket(options.port) as inner, _socket(options.proxy_port) as outer:
        clock, front, customer = _world(options, complain)
        port, proxy_port = inner.getsockname()[1], outer.getsockname()[1]
        async with _listener(front, trusted, inner), _proxy(port, outer):
            clock.run()
            yield environment(customer, port=port, proxy_port=proxy_port, ca_file=str(trusted.ca_file))


def _world(options: Options, complain: Complain) -> tuple[ServedClock, Front, Customer]:
    present = float(int(time.time())) if options.start is None else options.start
    begins = present - AGE_S if options.project == "production" else present
    clock = ServedClock(begins, options.speed)
    world = World(options.seed, start=begins, readings=options.readings)
    app = Application(world, clock.now)
    customer = settle(world)
    if options.project == "production":
        produce(app, clock, customer)
        clock.jump(present - clock.now())
    faults = WireFaults()
    front = Front(app, clock, Control(world, clock, faults), faults, complain, options.hold_s)
    return clock, front, customer


def _socket(port: int) -> socket.socket:
    """A listening socket on the loopback interface, and on no other."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        made.close()
        raise TargetError(
            f"port {port} of {LOOPBACK} cannot be had: {error}",
            advice="Name another one, or none at all and a free one is taken.",
        ) from None
    return made


@asynccontextmanager
async def _listener(front: Front, trusted: Trust, sock: socket.socket) -> AsyncIterator[None]:
    """The TLS listener: uvicorn's HTTP on our own socket and context."""
    config = uvicorn.Config(
        front,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=int(IDLE_S),
    )
    config.load()
    state = ServerState()
    state.default_headers = [(SIMULATOR_HEADER.lower().encode(), __version__.encode())]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(config=config, server_state=state, app_state={}),
        sock=sock,
        ssl=trusted.context,
        backlog=BACKLOG,
    )
    try:
        yield
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        await asyncio.gather(*state.tasks, return_exceptions=True)


@asynccontextmanager
async def _proxy(port: int, sock: socket.socket) -> AsyncIterator[None]:
    """The proxy in front of it."""
    proxy = Proxy(port, [(SIMULATOR_HEADER, __version__)])
    running: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(proxy.serve(reader, writer))
        running.add(task)
        task.add_done_callback(running.discard)

    server = await asyncio.start_server(accept, sock=sock, backlog=BACKLOG)
    try:
        yield
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
