"""Being asked to stop: SIGINT, SIGTERM and SIGHUP end a run so that everything is undone and counted.

Asked a second time, it leaves what is not undone in the ledger and says how to recover it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from harness.faults.asking import giving_up

ASKING = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def stop_the_run() -> Iterator[None]:
    """Inside, these signals raise KeyboardInterrupt. Only the main thread can be asked; elsewhere nothing changes."""
    giving_up.clear()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            giving_up.set()
        asked = True
        signal.default_int_handler(number, frame)

    before = {one: signal.signal(one, stop) for name in ASKING if (one := getattr(signal, name, None)) is not None}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
