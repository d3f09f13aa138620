"""`cmkproof posture` as people and scripts meet it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from harness.cli import app
from harness.run.exit_codes import ExitCode


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [*os.environ]:
        if name.startswith("CMKPROOF_"):
            monkeypatch.delenv(name)


def cmkproof(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_without_options_it_audits_the_stand_in_and_the_audit_can_be_replayed(tmp_path: Path) -> None:
    said = cmkproof("posture", "-o", "json", "--reports", "r")
    report = json.loads(said.stdout)
    assert said.exit_code == report["exit_code"] == ExitCode.FINE
    assert report["run"]["simulated"] is True
    assert {one["outcome"] for one in report["checks"]} == {"MET"}
    assert {f"AKV-{number:03}" for number in range(1, 26)} <= {
        requirement for one in report["checks"] for requirement in one["requirements"]
    }
    assert not any(one["remedy"] for one in report["checks"])
    assert all((tmp_path / report["run"]["directory"] / one["evidence"]).is_file() for one in report["checks"])
    tapes = "".join(path.read_text() for path in tmp_path.glob("r/*/exchanges/*.jsonl"))
    assert set(re.findall(r'"hint":"([^"]*)"', tapes)) == {"[redacted]"}
    replayed = cmkproof("replay", report["run"]["directory"], "-o", "json", "--reports", "again")
    verified = json.loads(replayed.stdout)
    assert (replayed.exit_code, verified["equal"], verified["recomputed"]) == (0, True, len(report["checks"]))


def test_the_text_names_promise_resource_and_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMKPROOF_LIMITS__ROTATION_S", "60")
    said = cmkproof("posture", "--reports", "r")
    assert said.exit_code == ExitCode.NOT_MET
    lines = said.stdout.splitlines()
    begin = lines.index("AKV-009 NOT_MET")
    block = {line.split()[0]: line.split(maxsplit=1)[1] for line in lines[begin + 1 : begin + 8]}
    assert block["promise"] == "The key version in use is not older than the agreed time."
    assert block["resource"].startswith("https://")
    assert block["expected"] == "at most 60 s old"
    assert block["remedy"].startswith("Rotate the key")
    assert block["evidence"].startswith("history/")
    assert "1 NOT_MET" in said.stdout


@pytest.mark.parametrize("profile", ["sandbox", "staging"])
def test_a_profile_whose_target_is_changed_is_refused(profile: str) -> None:
    said = cmkproof("posture", "-p", profile)
    assert said.exit_code == ExitCode.USAGE
    assert "this audit only looks" in said.stderr
    assert "observe" in said.stderr
    assert "Traceback" not in said.stderr


def test_an_unknown_profile_is_a_sentence() -> None:
    said = cmkproof("posture", "-p", "obsrve")
    assert said.exit_code == ExitCode.USAGE
    assert "Did you mean 'observe'?" in said.stderr
