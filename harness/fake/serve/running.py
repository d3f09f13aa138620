"""Ways to run a served world: until a signal comes, or in a thread for the time of a `with` block."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

import uvloop

from harness.fake.serve.front import Complain
from harness.fake.serve.server import Options, serving

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Served:
    """A served world, from outside."""

    environment: Mapping[str, str] = field(repr=False)
    """What clients need in theirs; secrets among it."""

    @property
    def control(self) -> str:
        """Address of the control routes."""
        return self.environment["CMKPROOF_SIMULATOR__CONTROL"]

    @property
    def ca_file(self) -> str:
        """The certificate that clients have to trust."""
        return self.environment["SSL_CERT_FILE"]

    @property
    def proxy(self) -> str:
        """Address of the proxy."""
        return self.environment["HTTPS_PROXY"]


def run(options: Options, ready: Callable[[Mapping[str, str]], None], complain: Complain) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; `ready` is called with the environment once connections are taken.

    Raises:
        TargetError: a port or the directory cannot be had.
    """

    async def main() -> None:
        stop = asyncio.Event()
        for number in STOPPING:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with serving(options, complain) as environment:
            ready(environment)
            await stop.wait()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


@contextmanager
def served(complain: Complain = lambda _: None, **options: Any) -> Iterator[Served]:
    """A served world in a thread of this process; `options` are those of `Options`.

    Raises:
        TargetError: a port or the directory cannot be had.
    """
    beginning: SimpleQueue[Mapping[str, str] | BaseException] = SimpleQueue()
    ends: SimpleQueue[Callable[[], object]] = SimpleQueue()

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        ends.put(lambda: loop.call_soon_threadsafe(stop.set))
        async with serving(Options(**options), complain) as environment:
            beginning.put(environment)
            await stop.wait()

    def work() -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(main())
        except BaseException as error:  # handed to whoever waits for the beginning
            beginning.put(error)

    thread = threading.Thread(target=work, name="served world", daemon=True)
    thread.start()
    begun = beginning.get()
    if isinstance(begun, BaseException):
        thread.join()
        raise begun
    try:
        yield Served(begun)
    finally:
        ends.get()()
        thread.join()
