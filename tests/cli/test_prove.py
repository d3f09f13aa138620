"""`cmkproof prove` and `cmkproof list mutants`, as scripts meet them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from harness.cli import app
from harness.fake.mutants import MUTANTS
from harness.suite import features_directory

ONE = "active-without-approval"
FEW = str(features_directory() / "private_endpoints")
"""One chapter, so that a proof takes seconds."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty directory, without variables of ours."""
    monkeypatch.chdir(tmp_path)
    for name in [*os.environ]:
        if name.startswith("CMKPROOF_"):
            monkeypatch.delenv(name)


def cmkproof(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_proof_is_printed_as_one_document_and_kept(tmp_path: Path) -> None:
    result = cmkproof("prove", "--mutant", ONE, "--workers", "1", "--seeds", "1", "--features", FEW, "-o", "json")
    told = json.loads(result.stdout)

    assert result.exit_code == told["exit_code"] == 3, "one chapter leaves requirements untested"
    assert [(one["id"], one["killed"], one["named"]) for one in told["mutants"]] == [(ONE, True, True)]
    assert told["sound"]["seeds"] == [1]
    (kept,) = tmp_path.glob("reports/*/prove.json")
    assert json.loads(kept.read_text()) == told


def test_the_process_of_the_command_can_share_its_work(tmp_path: Path) -> None:
    """As a program of its own, whose workers begin with its first module again."""
    command = [sys.executable, "-m", "harness", "prove", "--mutant", ONE, "--workers", "2", "--features", FEW]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603

    assert ended.returncode == 0, ended.stderr
    assert "1 mutant: 1 killed (100.0 %), 1 by a scenario of what they break, 0 survived" in ended.stdout
    assert "SIMULATED" in ended.stdout


def test_what_means_nothing_is_refused_with_a_hint() -> None:
    unknown = cmkproof("prove", "--mutant", "active-without-aproval")
    nothing = cmkproof("prove", "--req", "EAR-047")
    nowhere = cmkproof("prove", "--req", "EAR-999")

    assert (unknown.exit_code, nothing.exit_code, nowhere.exit_code) == (2, 2, 2)
    assert ONE in unknown.stderr
    assert "no mutant breaks EAR-047" in nothing.stderr
    assert "there is no requirement 'EAR-999'" in nowhere.stderr


def test_a_suite_that_cannot_be_read_is_no_proof(tmp_path: Path) -> None:
    """A broken file, or a directory without scenarios, ends with an error and not with a score."""
    (tmp_path / "none").mkdir()
    (tmp_path / "bad").mkdir()
    untagged = "@active\nFeature: Nothing is tagged\n\n  Scenario: One\n    Given x\n"
    (tmp_path / "bad" / "bad.feature").write_text(untagged)
    none, bad = (cmkproof("prove", "--mutant", ONE, "--features", name, "--workers", "1") for name in ("none", "bad"))

    assert (none.exit_code, bad.exit_code) == (2, 2)
    assert "there are no scenarios in none" in none.stderr
    assert "bad.feature" in bad.stderr


def test_mutants_are_listed() -> None:
    told = json.loads(cmkproof("list", "mutants", "-o", "json").stdout)

    assert [one["id"] for one in told] == sorted(MUTANTS)
    assert all(one["breaks"] and one["what"] for one in told)
