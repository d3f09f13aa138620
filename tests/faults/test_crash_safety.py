"""Killed at any boundary, with or without its ledger, its watchdog or both: what was broken is whole again afterwards.

In CI a sample of the boundaries, another one each day; all of them with CMKPROOF_CRASHES=all.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.backends.live.holding import held
from harness.errors import SafetyError
from harness.faults.ledger import FILE
from harness.run.options import load_settings
from harness.run.recover import recover, recover_from_cloud
from harness.run.status import status
from harness.run.watching import LOG
from tests.faults import crashing
from tests.faults.standing import BOUND_HERE, Standing

ALL = os.environ.get("CMKPROOF_CRASHES") == "all"
SAMPLE = 8
"""So many kills are tried in CI, each of another fault or by another way of recovering."""
BOUNDARIES = 29
"""As many as the life of a fault has at least."""
WAYS = ("ledger", "cloud")


@dataclass(frozen=True, slots=True)
class Case:
    """A kill: what was broken, where the runner dies, what is left to recover by."""

    fault: str
    way: str
    """`ledger`, or `cloud`: the ledger is lost."""
    at: int

    def __str__(self) -> str:
        return f"{self.fault}-{self.way}-{self.at}"


def kill(standing: Standing, case: Case, reports: Path, watched: str = "no") -> Path:
    """Let a runner die, at another boundary where it has fewer; returns its directory."""
    at, attempt = case.at, 0
    while (seen := crashing.run(standing.breakage(case.fault, reports / str(attempt), watched), at)) is not None:
        at, attempt = at % len(seen), attempt + 1
    return reports / str(attempt)


def recovered(case: Case, directory: Path) -> int:
    """Recover by what is left; returns how many undos there were."""
    settings = load_settings({"profile": "staging"}, directory=directory)
    ledger = directory / FILE
    if case.way == "cloud":
        ledger.unlink(missing_ok=True)
        return len(recover_from_cloud(settings).done)
    if not ledger.exists():  # it died before the first line was on disk
        return 0
    return len(recover(ledger.parent, settings).done)


def is_clean(directory: Path) -> bool:
    return status(load_settings({"profile": "staging", "reports": str(directory)}, directory=directory)).clean


def sample() -> list[Case]:
    """Today's."""
    kinds = [(fault, way) for fault in BOUND_HERE for way in WAYS]
    draw = random.Random(f"{datetime.now(UTC):%Y-%m-%d}")  # noqa: S311 - a sample, not a secret
    return [Case(fault, way, draw.randrange(BOUNDARIES)) for fault, way in draw.sample(kinds, SAMPLE)]


def undone_twice(standing: Standing, changes: list[str], case: Case, reports: Path) -> None:
    """Kill, recover, recover again: the target is as it was, and the second time nothing is even tried."""
    directory = kill(standing, case, reports)
    recovered(case, directory)
    changes.clear()
    assert (str(case), recovered(case, directory), changes) == (str(case), 0, [])
    assert is_clean(reports)
    assert (str(case), standing.changed()) == (str(case), {})


@pytest.mark.parametrize("case", sample(), ids=str)
def test_a_runner_that_is_killed_anywhere_leaves_nothing_that_recover_does_not_undo_twice(
    tmp_path: Path, standing: Standing, changes: list[str], case: Case
) -> None:
    undone_twice(standing, changes, case, tmp_path)


@pytest.mark.skipif(not ALL, reason="every boundary of every fault takes minutes: CMKPROOF_CRASHES=all")
@pytest.mark.parametrize("way", ["ledger", "cloud"])
@pytest.mark.parametrize("fault", BOUND_HERE)
def test_a_runner_that_is_killed_everywhere_leaves_nothing(
    tmp_path: Path, standing: Standing, changes: list[str], fault: str, way: str
) -> None:
    whole = crashing.run(standing.breakage(fault, tmp_path / "whole"))
    assert whole is not None
    assert len(whole) >= BOUNDARIES
    assert standing.changed() == {}
    for at in range(len(whole)):
        undone_twice(standing, changes, Case(fault, way, at), tmp_path / f"at-{at}")


@pytest.mark.parametrize("watched", ["yes", "killed"])
def test_the_watchdog_undoes_what_a_killed_runner_broke_and_recover_does_where_it_was_killed_too(
    tmp_path: Path, standing: Standing, changes: list[str], watched: str
) -> None:
    case = Case("F-08", "ledger", 17)  # the key has been disabled, and the ledger says so
    directory = kill(standing, case, tmp_path, watched)
    log = directory / LOG
    if watched == "yes":
        deadline = time.monotonic() + 60
        while not (log.exists() and "nothing is left to undo" in log.read_text()):
            assert time.monotonic() < deadline, log.read_text() if log.exists() else "no word of it"
            time.sleep(0.1)
    assert (recovered(case, directory) == 0) is (watched == "yes")
    assert log.exists() is (watched == "yes")
    assert is_clean(tmp_path)
    assert standing.changed() == {}
    assert any("/keys/atlas-cmk" in one for one in changes)


def test_a_run_that_is_not_over_is_not_recovered_by_somebody_else(tmp_path: Path, standing: Standing) -> None:
    case = Case("F-08", "ledger", 17)
    directory = kill(standing, case, tmp_path)
    with held(directory), pytest.raises(SafetyError, match="another process still acts"):
        recovered(case, directory)
    assert recovered(case, directory) == 1
    assert standing.changed() == {}
