"""`cmkproof recover`, as typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.backends.clocks import VirtualClock
from harness.cli import app
from harness.faults.ledger import UndoLedger


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [("staging", "Name the directory of a live run"), ("fake", "Name the directory of a live run")],
)
def test_a_directory_without_a_ledger_is_no_live_run(tmp_path: Path, profile: str, sentence: str) -> None:
    result = CliRunner().invoke(app, ["recover", str(tmp_path), "-p", profile])
    assert result.exit_code == 2
    assert sentence in result.stderr


@pytest.mark.parametrize("profile", ["fake", "observe"])
def test_a_profile_that_changes_nothing_undoes_nothing(tmp_path: Path, profile: str) -> None:
    UndoLedger(tmp_path / "undo.jsonl", VirtualClock(0)).intend("delete_key", name="k")
    result = CliRunner().invoke(app, ["recover", str(tmp_path), "-p", profile])
    assert result.exit_code == 2
    assert "Give the profile of the run with -p" in result.stderr


def test_a_damaged_ledger_is_exit_6(
    tmp_path: Path,
    simulator: object,  # noqa: ARG001 - its environment
) -> None:
    (tmp_path / "undo.jsonl").write_text("nonsense\n")
    result = CliRunner().invoke(app, ["recover", str(tmp_path), "-p", "staging"])
    assert result.exit_code == 6
    assert "is damaged" in result.stderr


def test_a_ledger_with_nothing_open_has_nothing_to_undo(
    tmp_path: Path,
    simulator: object,  # noqa: ARG001 - its environment
) -> None:
    ledger = UndoLedger(tmp_path / "undo.jsonl", VirtualClock(0))
    ledger.undone(ledger.intend("delete_key", name="k"))
    result = CliRunner().invoke(app, ["recover", str(tmp_path), "-p", "staging"])
    assert (result.exit_code, result.stdout) == (0, "nothing is left to undo\n")
