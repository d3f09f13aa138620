"""The watchdog: a process of its own that undoes what a run has changed when the run is gone or no longer moves.

The run tells it through a pipe what it watches, and then lets it hear a heartbeat. An end of the pipe without a
farewell means that the run is dead, whatever killed it; silence means that it hangs, and then it is killed first, so
that two never act at once. Nothing secret is on a command line: what the watchdog signs in with it finds where the
settings refer to, as the run did.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

MODULE = "harness.run.watching"
MISSED_MAX = 3
"""So many heartbeats may be missing."""
BEAT, FAREWELL = b".\n", b"bye\n"
FAREWELL_S = 10.0
"""A watchdog that has not gone so long after a farewell hangs itself, and is ended."""
READ = 4096


class Watchdog:
    """Started by the run; `module` is what its process runs."""

    def __init__(self, directory: Path, settings: str, heartbeat_s: float, module: str = MODULE) -> None:
        """`settings` are those of the run as text, with references in place of secrets."""
        where = str(directory.resolve())
        self._task = {"run": os.getpid(), "directory": where, "settings": settings, "heartbeat_s": heartbeat_s}
        self._module = module
        self._heartbeat_s = heartbeat_s
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()
        self._beating: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """Of the process that watches; None while there is none."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Let it watch; starting it again changes nothing.

        Raises:
            OSError: it could not be started.
        """
        if self._process:
            return
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._say(json.dumps(self._task).encode() + b"\n")
        self._beating = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._beating.start()

    def dismiss(self) -> None:
        """Everything is undone, or somebody has been told what is not: let it go, and wait until it has gone."""
        if not self._process:
            return
        self._ended.set()
        if self._beating:
            self._beating.join()
        self._say(FAREWELL)
        pipe: IO[bytes] | None = self._process.stdin
        if pipe:
            with suppress(OSError):  # it is gone already
                pipe.close()
        try:
            self._process.wait(FAREWELL_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _beat(self) -> None:
        while not self._ended.wait(self._heartbeat_s):
            self._say(BEAT)

    def _say(self, words: bytes) -> None:
        """Tell it something; one that has been killed hears nothing, and the run goes on without it."""
        if self._process and self._process.stdin:
            try:
                self._process.stdin.write(words)
                self._process.stdin.flush()
            except OSError:
                self._ended.set()


@dataclass(frozen=True, slots=True)
class Task:
    """What a watchdog is told at its beginning."""

    run: int
    """Process id of the run."""
    directory: Path
    settings: str
    heartbeat_s: float

    @classmethod
    def read(cls, text: bytes) -> Task:
        """As `Watchdog` writes it."""
        said: Mapping[str, Any] = json.loads(text)
        return cls(int(said["run"]), Path(said["directory"]), said["settings"], float(said["heartbeat_s"]))


def watch(pipe: int, recover: Callable[[Task], None]) -> bool:
    """Listen to the pipe of a run until it says farewell; if it does not, `recover`.

    Returns whether it had to.
    """
    listener = Listener(pipe)
    text = listener.line(None)
    if text is None:  # the run died before it had anything to undo
        return False
    task = Task.read(text)
    silence_s = task.heartbeat_s * MISSED_MAX
    while (heard := listener.line(silence_s)) is not None:
        if heard + b"\n" == FAREWELL:
            return False
    if not listener.ended:
        _stop(task.run)
    recover(task)
    return True


def _stop(run: int) -> None:
    """End a run that hangs. While it is our parent, its id is nobody else's."""
    if os.getppid() == run:
        os.kill(run, signal.SIGKILL)


class Listener:
    """Reads lines from a pipe, and notices when they do not come."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._read = b""
        self.ended = False
        """Nobody is left to write."""

    def line(self, within_s: float | None) -> bytes | None:
        """The next line without its end; None: the pipe has ended, or nothing came in time."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._pipe, selectors.EVENT_READ)
            while b"\n" not in self._read:
                if not selector.select(within_s):
                    return None
                piece = os.read(self._pipe, READ)
                if not piece:
                    self.ended = True
                    return None
                self._read += piece
        line, _, self._read = self._read.partition(b"\n")
        return line
