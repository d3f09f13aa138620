"""The search for secrets in a process of its own, beside the making of reports.

The process is told the secrets through a pipe, keeps them in memory only, and writes to no file. It looks through what
is there, waits, and upon a word looks through what has come since. Nothing rests on it but time: what it did not look
through, whatever became of it, is looked through by whoever started it.

It is told `Task` on one line of JSON and `THE_REST` on another, and says a `Report` before it ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec

from harness.evidence.detector import Detector
from harness.evidence.files import names_in
from harness.evidence.scan import Finding, Searched, search

MODULE = "harness.evidence.companion"
THE_REST = b"the rest\n"
PATIENCE_S = 120.0
"""A search takes seconds; one that takes longer than this is given up, and done anew."""


class Task(msgspec.Struct):
    """What the process is to look for, in the directory that it is started in."""

    secrets: list[bytes]


class Report(msgspec.Struct):
    """What it says in the end, as in `Searched`."""

    digests: dict[str, str]
    findings: list[tuple[str, int, str]]


class Companion:
    """The process, as the one that started it sees it; to be used as a context manager."""

    def __init__(self, directory: Path, secrets: Collection[str]) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="search")
        self._report: Future[bytes] | None = None
        task = Task([one.encode("utf-8", "surrogatepass") for one in sorted(secrets)])
        with contextlib.suppress(OSError):  # no process can be had: see above
            self._process = _started(directory)
            self._thread.submit(_tell, self._process, msgspec.json.encode(task) + b"\n")

    def __enter__(self) -> Companion:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        self._thread.shutdown()
        if self._process and self._process.stdin and self._process.stdout:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._process.stdout.close()

    def look_through_the_rest(self) -> None:
        """Nothing more will be written; returns at once."""
        if self._process:
            self._report = self._thread.submit(_last_words, self._process)

    def searched(self) -> Searched:
        """What it has looked through; nothing, if anything at all went wrong with it."""
        if self._report is None:
            return Searched()
        try:
            said = msgspec.json.decode(self._report.result(PATIENCE_S), type=Report)
        except (OSError, ValueError, TimeoutError):
            return Searched()
        return Searched(said.digests, {Finding(*one) for one in said.findings})


def _started(directory: Path) -> subprocess.Popen[bytes]:
    """The process, with the modules of this one; what it may complain of could hold secrets, and nobody sees it."""
    modules = os.pathsep.join(os.path.abspath(one) for one in sys.path if one)  # noqa: PTH100 - as the system has it
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-P", "-m", MODULE],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": modules},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _tell(process: subprocess.Popen[bytes], words: bytes) -> None:
    if process.stdin:
        with contextlib.suppress(OSError):  # it has died, and its report will be missing
            process.stdin.write(words)
            process.stdin.flush()


def _last_words(process: subprocess.Popen[bytes]) -> bytes:
    _tell(process, THE_REST)
    return process.stdout.read() if process.stdout else b""


def accompany(told: BinaryIO, answers: BinaryIO, directory: Path) -> None:
    """Be the process."""
    task = msgspec.json.decode(told.readline(), type=Task)
    detector = Detector(one.decode("utf-8", "surrogatepass") for one in task.secrets)
    first = search(directory, names_in(directory), detector)
    if told.readline() != THE_REST:
        return  # whoever started it has ended, or wants no more of it
    rest = search(directory, [one for one in names_in(directory) if one not in first.digests], detector)
    found = sorted(first.findings | rest.findings)
    said = Report(first.digests | rest.digests, [(one.file, one.offset, one.what) for one in found])
    answers.write(msgspec.json.encode(said))
    answers.flush()


if __name__ == "__main__":
    gc.disable()  # of what is made here nothing is in a cycle
    accompany(sys.stdin.buffer, sys.stdout.buffer, Path())
