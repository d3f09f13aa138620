"""The watchdog undoes what a dead or hanging run has left, and is gone when it is not needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from harness.faults.watchdog import Watchdog

MODULE = "tests.faults.watched"
HEARTBEAT_S = 0.2
PATIENCE_S = 20.0

RUN = f"""
import sys, time
from pathlib import Path
from harness.faults.watchdog import Watchdog
dog = Watchdog(Path(sys.argv[1]), "the settings", {HEARTBEAT_S}, {MODULE!r})
dog.start()
print(dog.pid, flush=True)
time.sleep(60)
"""


def lives(pid: int) -> bool:
    """Whether a process is there and more than a name that nobody has asked after."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(what: str, so: object, within_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + within_s
    while not so():  # type: ignore[operator]
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that a watchdog watches, and the watchdog's id."""
    command = [sys.executable, "-c", RUN, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    yield process, pid
    for one in (process.pid, pid):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    process.communicate()


def test_a_run_that_is_killed_is_recovered_once_and_nobody_stays_behind(
    tmp_path: Path, run: tuple[subprocess.Popen[str], int]
) -> None:
    process, pid = run
    time.sleep(HEARTBEAT_S * 2)
    process.kill()
    process.wait()
    wait_until("the watchdog has not ended", lambda: not lives(pid))
    assert (tmp_path / "recovered").read_text() == "the settings\n"


def test_a_run_that_hangs_is_ended_and_recovered(tmp_path: Path, run: tuple[subprocess.Popen[str], int]) -> None:
    process, pid = run
    process.send_signal(signal.SIGSTOP)
    wait_until("the watchdog has not ended", lambda: not lives(pid))
    assert process.wait() == -signal.SIGKILL
    assert (tmp_path / "recovered").exists()


def test_a_run_that_lives_is_left_alone(tmp_path: Path, run: tuple[subprocess.Popen[str], int]) -> None:
    process, pid = run
    time.sleep(HEARTBEAT_S * 6)
    assert (process.poll(), lives(pid), (tmp_path / "recovered").exists()) == (None, True, False)


def test_it_has_a_session_of_its_own_so_that_no_signal_to_the_run_reaches_it(
    run: tuple[subprocess.Popen[str], int],
) -> None:
    process, pid = run
    assert os.getsid(pid) == pid != os.getsid(process.pid)


def test_its_command_line_says_nothing_of_settings(run: tuple[subprocess.Popen[str], int]) -> None:
    _, pid = run
    said = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    assert said[1:3] == [b"-m", MODULE.encode()]
    assert b"settings" not in b"".join(said)


def test_a_watchdog_that_is_dismissed_goes_and_does_nothing(tmp_path: Path) -> None:
    dog = Watchdog(tmp_path, "the settings", HEARTBEAT_S, MODULE)
    dog.start()
    pid = dog.pid
    dog.start()
    assert (dog.pid, pid is not None and lives(pid)) == (pid, True)
    dog.dismiss()
    assert pid is not None
    assert not lives(pid)
    assert not (tmp_path / "recovered").exists()


def test_a_run_whose_watchdog_is_killed_goes_on_and_ends(tmp_path: Path) -> None:
    dog = Watchdog(tmp_path, "the settings", HEARTBEAT_S, MODULE)
    dog.start()
    assert dog.pid is not None
    os.kill(dog.pid, signal.SIGKILL)
    time.sleep(HEARTBEAT_S * 3)
    dog.dismiss()
    assert dog.pid is None


def test_a_watchdog_that_was_never_needed_is_no_process(tmp_path: Path) -> None:
    dog = Watchdog(tmp_path, "the settings", HEARTBEAT_S, MODULE)
    dog.dismiss()
    assert dog.pid is None
