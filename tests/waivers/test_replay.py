"""A replay applies the waivers that were recorded, as of when the run began, whatever the file says by then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.backends.clocks import VirtualClock
from harness.errors import UsageError
from harness.evidence.verify import Standing, completeness
from harness.model.verdict import Outcome
from harness.run import document
from harness.run.audit import Audit
from harness.run.engine import NOBODY
from harness.run.replay import Verification, open_run, replay, request_of
from tests.waivers.conftest import Runs

YEARS_LATER = 2_000_000_000.0
"""When waivers of the runs have expired long since."""


def replayed(run: Path, few: Path) -> Verification:
    recorded = open_run(run)
    request = request_of(recorded, reports="again", features=str(few))
    return replay(recorded, request, VirtualClock(YEARS_LATER), NOBODY)


def altered(run: Path, copy: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    shutil.copytree(run, copy / run.name)
    path = copy / run.name / "result.json"
    result = json.loads(path.read_text(encoding="utf-8"))
    change(result)
    path.write_text(json.dumps(result), encoding="utf-8")
    return path.parent


@pytest.mark.parametrize("name", ["waived", "expired", "alone"])
def test_it_comes_out_equal_without_the_file_and_years_later(runs: Runs, few: Path, name: str) -> None:
    run: Audit = getattr(runs, name)
    Path("waivers.toml").write_text("no TOML at all", encoding="utf-8")
    found = replayed(run.result.directory, few)
    assert (found.differences, found.troubles, int(found.exit_code)) == ((), (), 0)
    assert found.result.outcomes[0].outcome is (Outcome.WAIVED if name == "waived" else Outcome.NOT_MET)
    before, now = document.document(run.result), document.document(found.result)
    assert before["waivers"] == now["waivers"] != []
    assert before["requirements"][0]["waiver"] == now["requirements"][0]["waiver"]


def _approve(result: dict[str, Any]) -> None:
    result["waivers"][0]["approver"] = "Jun Sato"


def _extend(result: dict[str, Any]) -> None:
    result["waivers"][0]["expires"] = "2027-12-31"


def _backdate(result: dict[str, Any]) -> None:
    result["waivers"][0]["instant"] = "2026-01-01T00:00:00.000Z"


def _drop(result: dict[str, Any]) -> None:
    result["waivers"] = []


def _lie(result: dict[str, Any]) -> None:
    result["waivers"][0] |= {"state": "in force", "use": "applied", "applied": True}


def _waive(result: dict[str, Any]) -> None:
    result["requirements"][0] |= {"outcome": "WAIVED", "waiver": "W-1"}
    result["requirements"][0]["scenarios"][0]["waiver"] = "W-1"


@pytest.mark.parametrize(
    ("name", "alter"),
    [
        ("alone", _approve),
        ("alone", _waive),
        ("expired", _extend),
        ("expired", _lie),
        ("waived", _drop),
        ("waived", _backdate),
    ],
)
def test_who_alters_recorded_waivers_is_found_out(
    runs: Runs, few: Path, tmp_path: Path, name: str, alter: Callable[[dict[str, Any]], None]
) -> None:
    run: Audit = getattr(runs, name)
    found = replayed(altered(run.result.directory, tmp_path, alter), few)
    assert int(found.exit_code) == 6
    assert found.differences or any("waivers are judged as of 20260101T000000Z" in one for one in found.troubles)


@pytest.mark.parametrize(
    ("name", "alter", "problem"),
    [
        ("alone", _waive, "is waived for EAR-062 by W-1, which does not count for it"),
        ("alone", _lie, "waiver W-1 is said to be in force, and it was not"),
        ("expired", _backdate, "is judged as of 2026-01-01T00:00:00.000Z, and the run began at 2027-01-15"),
        ("waived", _drop, "is waived for EAR-062 by W-1, which does not count for it"),
    ],
)
def test_the_verifier_needs_no_replay_to_notice(
    runs: Runs, tmp_path: Path, name: str, alter: Callable[[dict[str, Any]], None], problem: str
) -> None:
    run: Audit = getattr(runs, name)
    assert completeness(run.result.directory).standing is Standing.VALID
    verdict = completeness(altered(run.result.directory, tmp_path, alter))
    assert verdict.standing is Standing.INVALID
    assert any(problem in one for one in verdict.details), verdict.details


def test_waivers_that_mean_nothing_are_refused(runs: Runs, tmp_path: Path) -> None:
    def spoil(result: dict[str, Any]) -> None:
        result["waivers"][0]["expires"] = "soon"

    recorded = open_run(altered(runs.waived.result.directory, tmp_path, spoil))
    with pytest.raises(UsageError, match="mean nothing"):
        request_of(recorded, reports="again")
