"""Waivers as people and scripts meet them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harness.cli import app
from harness.suite import features_directory, import_root
from tests.waivers.conftest import FAILING, TOO_SMALL, waiver

FOREVER, LONG_AGO = "9999-12-31", "2001-01-01"


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch, few: Path) -> None:
    """One of the two scenarios of EAR-062 fails."""
    for name, value in (TOO_SMALL | {"CMKPROOF_FEATURES": str(few)}).items():
        monkeypatch.setenv(name, value)


def cmkproof(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def waivers(*tables: str) -> None:
    Path("waivers.toml").write_text("\n".join(tables), encoding="utf-8")


def test_a_run_shows_the_failure_and_who_answers_for_it() -> None:
    waivers(waiver(expires=FOREVER), waiver(id='"W-2"', approver=""))
    result = cmkproof("run", "--req", "EAR-062")
    assert result.exit_code == 0, result.stdout
    for line in (
        "EAR-062 WAIVED by W-1\n",
        f"  scenario   {FAILING}\n",
        f"waiver W-1 for EAR-062 applied; it is in force until {FOREVER}\n",
        "  owner      Ada Okafor\n  approver   Jun Sato\n  ticket     https://tickets.example.com/SEC-142\n",
        f"  expires    {FOREVER}\n  reason     Creation is slow in this region.\n",
        "waiver W-2 for EAR-062 not needed; it is not approved: it names no approver\n",
        "0 MET, 1 WAIVED, 0 NOT_TESTED, 0 INCONCLUSIVE, 0 NOT_MET",
    ):
        assert line in result.stdout


def test_an_expired_waiver_is_shown_beside_the_failure() -> None:
    waivers(waiver(expires=LONG_AGO))
    result = cmkproof("run", "--req", "EAR-062")
    assert result.exit_code == 1
    assert f"waiver W-1 for EAR-062 would have applied; it expired on {LONG_AGO}\n  owner      Ada" in result.stdout


def test_json_has_the_waivers() -> None:
    waivers(waiver(expires=FOREVER))
    result = cmkproof("run", "--req", "EAR-062", "-o", "json")
    found: dict[str, Any] = json.loads(result.stdout)
    assert (result.exit_code, found["exit_code"]) == (0, 0)
    assert [(one["id"], one["state"], one["applied"]) for one in found["waivers"]] == [("W-1", "in force", True)]


def test_a_workflow_gets_a_notice() -> None:
    waivers(waiver(expires=FOREVER), waiver(id='"W-2"', expires=FOREVER))
    lines = cmkproof("run", "--req", "EAR-062", "-o", "github").stdout.splitlines()
    assert lines[0].startswith("::notice title=EAR-062 WAIVED,file=")
    assert "waived until 9999-12-31 by W-1" in lines[0]
    assert lines[1].startswith("::notice title=waiver W-2::waiver W-2 for EAR-062 not needed")


def test_list_shows_every_waiver_with_its_state() -> None:
    waivers(waiver(expires=FOREVER), waiver(id='"W-2"', approver=""), waiver(id='"W-3"', expires=LONG_AGO, scope='"*"'))
    rows = json.loads(cmkproof("list", "waivers", "-o", "json").stdout)
    assert [(row["id"], row["state"], row["profile"]) for row in rows] == [
        ("W-1", "in force", "fake"),
        ("W-2", "not approved", "fake"),
        ("W-3", "expired", "*"),
    ]
    header, *lines = cmkproof("list", "waivers").stdout.splitlines()
    assert header.split()[:3] == ["id", "state", "requirement"]
    assert len(lines) == 3


def test_list_says_nothing_where_there_is_nothing() -> None:
    assert json.loads(cmkproof("list", "waivers", "-o", "json").stdout) == []


def test_explain_knows_waivers_by_their_ids() -> None:
    waivers(waiver(expires=LONG_AGO, scope=f'{{ profile = "fake", scenarios = ["{FAILING}"] }}'))
    found = json.loads(cmkproof("explain", "w-1", "-o", "json").stdout)
    assert (found["waiver"], found["state"], found["scenarios"]) == ("W-1", f"expired on {LONG_AGO}", FAILING)
    assert (found["owner"], found["approver"], found["expires"]) == ("Ada Okafor", "Jun Sato", LONG_AGO)


@pytest.mark.parametrize("command", [["list", "waivers"], ["run", "--req", "EAR-062"], ["explain", "W-1"]])
def test_a_file_that_means_nothing_ends_every_command_with_a_sentence(command: list[str]) -> None:
    waivers(waiver(owner=""))
    result = cmkproof(*command)
    assert result.exit_code == 2
    assert "CMK203 waivers.toml:1: Object missing required field `owner`" in result.stderr


def test_the_setting_is_shown() -> None:
    assert '"waivers": ""' in cmkproof("config", "show", "-o", "json").stdout


def test_plain_pytest_says_what_is_waived_and_still_fails_the_test(few: Path, tmp_path: Path) -> None:
    waivers(waiver(expires=FOREVER))
    shutil.copytree(few, tmp_path / "features")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "harness.plugin", "-p", "no:cacheprovider", "--req=EAR-062"]
    run = subprocess.run(  # noqa: S603 - ours
        [*command, "features"], cwd=tmp_path, env=_environment(), capture_output=True, text=True
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"EAR-062 WAIVED: waived until {FOREVER} by W-1" in run.stdout
    assert f"waiver W-1 for EAR-062 applied; it is in force until {FOREVER}" in run.stdout
    assert "1 WAIVED (simulated)" in run.stdout


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(import_root())}


def test_the_posture_shows_a_waived_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "features" / "posture").mkdir(parents=True)
    shutil.copy(features_directory("") / "posture" / "key.feature", tmp_path / "features" / "posture")
    monkeypatch.setenv("CMKPROOF_FEATURES", str(tmp_path / "features"))
    for name in TOO_SMALL:
        monkeypatch.delenv(name)
    waivers(waiver(requirement='"AKV-009"', expires=FOREVER))
    monkeypatch.setenv("CMKPROOF_LIMITS__ROTATION_S", "1")
    result = cmkproof("posture", "-o", "json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["exit_code"], found["summary"]["WAIVED"]) == (0, 0, 1)
    checks = [one for one in found["checks"] if "AKV-009" in one["requirements"]]
    assert [(one["outcome"], one["waiver"]) for one in checks if one["outcome"] != "MET"] == [("WAIVED", "W-1")]
