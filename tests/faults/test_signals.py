"""Being asked to stop while something is broken: once undoes everything, twice leaves it and says how to go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.fake.serve import served
from harness.faults.asking import giving_up
from harness.faults.ledger import FILE, read_only
from harness.faults.residue import unresolved_in
from harness.run.options import load_settings
from harness.run.recover import recover
from harness.run.signals import stop_the_run
from tests.live.conftest import Behind, export

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SPEED = 600.0
"""Seconds of the world in one of ours: the fault is in force for some seconds."""
PATIENCE_S = 120.0


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_request_stops_the_run_and_the_second_one_gives_up(number: signal.Signals) -> None:
    with stop_the_run():
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
        assert not giving_up.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
        assert giving_up.is_set()


def test_another_run_of_the_same_process_begins_without_any_request() -> None:
    with stop_the_run():
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGTERM)
    with stop_the_run():
        assert not giving_up.is_set()


def test_afterwards_signals_mean_what_they_meant_before() -> None:
    before = [signal.getsignal(one) for one in SIGNALS]
    with stop_the_run():
        assert [signal.getsignal(one) for one in SIGNALS] != before
    assert [signal.getsignal(one) for one in SIGNALS] == before


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[Behind]:
    """A served customer on a clock that takes its time."""
    with served(seed=11, speed=SPEED) as simulator:
        export(simulator, monkeypatch)
        monkeypatch.setenv("CMKPROOF_SIMULATOR__WAITS", "real")
        monkeypatch.setenv("CMKPROOF_LIMITS__LOOK_S", "240")
        made = Behind(simulator)
        yield made
        made.close()


@pytest.fixture
def drill(tmp_path: Path, target: Behind) -> Iterator[subprocess.Popen[str]]:  # noqa: ARG001 - its environment
    """A drill in a process of its own, once its fault is in force."""
    command = [sys.executable, "-m", "harness", "drill", "close-public-side", "--for", "5h"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "-p", "staging", "--reports", str(tmp_path)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_for(tmp_path, process, b'"kind":"observed"')
    yield process
    process.kill()
    process.communicate()


def wait_for(tmp_path: Path, process: subprocess.Popen[str], words: bytes) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not any(words in path.read_bytes() for path in tmp_path.glob(f"*/{FILE}")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_one_request_undoes_everything_and_says_so(
    tmp_path: Path, drill: subprocess.Popen[str], target: Behind
) -> None:
    """Exit 130; rarely 3, where the request comes in the middle of an answer, and a client takes it for a lost one."""
    drill.send_signal(signal.SIGHUP)
    drill.communicate(timeout=PATIENCE_S)
    assert drill.returncode in (130, 3)
    (directory,) = tmp_path.glob("2*")
    assert read_only(directory / FILE).unresolved == []
    assert target.what_is_there()["vaults"][0]["public_network_access"] == "Enabled"


def test_two_requests_leave_it_with_the_command_that_undoes_it(
    tmp_path: Path, drill: subprocess.Popen[str], target: Behind
) -> None:
    """Exit 4; no watchdog undoes behind the back of somebody who has just been told how to."""
    drill.send_signal(signal.SIGINT)
    time.sleep(0.05)
    drill.send_signal(signal.SIGINT)
    out, _ = drill.communicate(timeout=PATIENCE_S)
    (left,) = unresolved_in(tmp_path)
    assert drill.returncode == 4
    assert f"cmkproof recover {left.directory}" in out
    time.sleep(0.5)
    assert len(list(unresolved_in(tmp_path))) == 1
    recover(left.directory, load_settings({"profile": "staging"}, directory=tmp_path))
    assert list(unresolved_in(tmp_path)) == []
    assert target.what_is_there()["vaults"][0]["public_network_access"] == "Enabled"
