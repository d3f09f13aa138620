"""Being asked to stop: SIGTERM and SIGHUP stop a run as Ctrl-C does, so that everything is undone and counted."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ASKING = ("SIGTERM", "SIGHUP")


@contextmanager
def stop_the_run() -> Iterator[None]:
    """Inside, these signals raise KeyboardInterrupt. Only the main thread can be asked; elsewhere nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asking = [getattr(signal, name) for name in ASKING if hasattr(signal, name)]
    before = {one: signal.signal(one, signal.default_int_handler) for one in asking}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
