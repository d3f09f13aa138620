"""A run that is killed at any moment leaves a bundle that is closed, or a directory that says it is none."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.backends.clocks import RealClock
from harness.evidence.verify import Standing, completeness, integrity
from harness.evidence.verify.integrity import incomplete
from harness.run.engine import Request, Result, execute
from harness.run.sealing.sealing import seal
from harness.settings import Settings

KILLS = int(os.environ.get("CMKPROOF_KILLS", "1"))
"""Whole runs that are killed at a random moment; a hundred take minutes."""
LONGEST_S = 3.5
"""By then a run over one requirement is over."""


@pytest.fixture(scope="module")
def performed(tmp_path_factory: pytest.TempPathFactory, features: Path) -> Result:
    """A run whose bundle is not closed yet."""
    settings = Settings(reports=str(tmp_path_factory.mktemp("performed")), features=str(features))
    return execute(Request(settings, ("EAR-062",)), RealClock())


class Killing:
    """Kills this process in the middle of the n-th thing that it does to a file."""

    def __init__(self, after: int) -> None:
        self._left = after

    def arm(self) -> None:
        """From now on."""
        for owner, name in ((Path, "write_bytes"), (Path, "replace"), (Path, "unlink"), (os, "fsync")):
            setattr(owner, name, self._counting(getattr(owner, name)))

    def _counting(self, do: Any) -> Any:
        def done(*args: Any, **kwargs: Any) -> Any:
            if self._left == 0:
                if do.__name__ == "write_bytes":
                    do(args[0], args[1][: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= 1
            return do(*args, **kwargs)

        return done


def close_and_die(performed: Result, directory: Path, after: int) -> bool:
    """Close a copy of the run in a process of its own; whether it was killed before it was through."""
    shutil.copytree(performed.directory, directory)
    child = os.fork()
    if child == 0:
        try:
            Killing(after).arm()
            seal(replace(performed, directory=directory), RealClock())
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def says_what_it_is(directory: Path) -> bool:
    """It says that it is no bundle; or it is one, and in order."""
    return bool(incomplete(directory)) or all(
        one.standing is Standing.VALID for one in (integrity(directory), completeness(directory))
    )


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_killed_in_the_middle_of_every_write_while_closing(performed: Result, tmp_path: Path) -> None:
    killed, after = True, 0
    while killed:
        directory = tmp_path / str(after) / performed.directory.name
        killed = close_and_die(performed, directory, after)
        assert says_what_it_is(directory), f"killed after {after} writes"
        after += 1
    assert after > 10
    assert not incomplete(directory)


@pytest.mark.parametrize("kill", range(KILLS))
def test_killed_at_a_random_moment_of_a_run(tmp_path: Path, features: Path, kill: int) -> None:
    arguments = ["run", "--req", "EAR-062", "--features", str(features), "--reports", str(tmp_path / "r")]
    run = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "harness", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(random.Random(kill).uniform(0.3, LONGEST_S))  # noqa: S311 - the same moments each time
    run.kill()
    run.wait()
    left = [one for one in (tmp_path / "r").glob("*") if one.is_dir()] if (tmp_path / "r").exists() else []
    assert all(says_what_it_is(one) for one in left)
