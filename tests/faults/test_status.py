"""`cmkproof status` and `cmkproof recover`, as typed: what is still changed, and what undoes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from harness.backends.clocks import VirtualClock
from harness.backends.live.holding import held
from harness.cli import app
from harness.faults.ledger import FILE, UndoLedger
from harness.faults.stamps import PREFIX
from tests.faults import crashing
from tests.faults.standing import Standing


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """The directory of a run that has left something."""
    directory = tmp_path / "20260101T000000Z"
    directory.mkdir()
    ledger = UndoLedger(directory / FILE, VirtualClock(0.0))
    ledger.opened("staging", {"vault": "v"})
    ledger.intend("delete_key", name="k")
    return directory


def test_where_nothing_was_run_nothing_is_changed_and_it_says_what_was_not_asked(tmp_path: Path) -> None:
    result = typed("status", "--reports", str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "nothing is changed (by ledgers; no target was asked)\n")


def test_a_run_that_has_left_something_is_exit_4_with_the_command_that_undoes_it(tmp_path: Path, left: Path) -> None:
    result = typed("status", "--reports", str(tmp_path))
    assert result.exit_code == 4
    assert "the run is over and has 1 changes that are not undone" in result.stdout
    assert "- delete key k" in result.stdout
    assert f"undo: cmkproof recover {left} -p staging" in result.stdout


def test_a_run_that_is_going_on_is_not_to_be_recovered(tmp_path: Path, left: Path) -> None:
    with held(left):
        result = typed("status", "--reports", str(tmp_path))
    assert (result.exit_code, "the run is going on" in result.stdout) == (4, True)
    assert "undo:" not in result.stdout


def test_a_ledger_that_is_damaged_is_no_all_clear(tmp_path: Path, left: Path) -> None:
    (left / FILE).write_bytes((left / FILE).read_bytes().replace(b"delete_key", b"delete_kex"))
    result = typed("status", "--reports", str(tmp_path))
    assert (result.exit_code, "is damaged" in result.stderr) == (6, True)


def test_a_target_that_cannot_be_asked_is_no_all_clear(tmp_path: Path, standing: Standing) -> None:
    cut = {"kind": "reset", "path": "(?i)/resourcegroups/", "times": None}
    standing.behind.call("PUT", "/faults", [cut])
    result = typed("status", "-p", "staging", "--reports", str(tmp_path))
    standing.behind.call("DELETE", "/faults")
    assert result.exit_code == 3
    assert "nothing is changed" not in result.stdout


def test_what_tags_say_is_told_and_undone_without_any_ledger(tmp_path: Path, standing: Standing) -> None:
    """Only what is overdue, for whoever sweeps; everything, for whoever knows that the run is over."""
    directory = tmp_path / "lost"
    assert crashing.run(standing.breakage("F-08", directory), 17) is None
    (directory / FILE).unlink()
    asked = ("status", "-p", "staging", "--reports", str(tmp_path))
    before = typed(*asked)
    assert (before.exit_code, "broken on purpose: F-08 by crashing" in before.stdout) == (4, True)
    assert "undo: cmkproof recover --from-cloud -p staging" in before.stdout
    swept = typed("recover", "--from-cloud", "--overdue", "-p", "staging")
    assert (swept.exit_code, swept.stdout) == (0, "nothing is left to undo\n")
    assert typed(*asked).exit_code == 4
    standing.behind.call("POST", "/clock", {"advance_s": crashing.LONGEST_S})
    swept = typed("recover", "--from-cloud", "--overdue", "-p", "staging")
    assert (swept.exit_code, "key atlas-cmk: restored" in swept.stdout) == (0, True)
    after = typed(*asked)
    assert (after.exit_code, after.stdout) == (0, "nothing is changed (by ledgers and by the tags of the target)\n")
    assert standing.changed() == {}


def test_tags_that_cannot_be_read_any_more_are_shown_and_not_taken_off(tmp_path: Path, standing: Standing) -> None:
    directory = tmp_path / "lost"
    assert crashing.run(standing.breakage("F-08", directory), 17) is None
    group = next(iter(standing.state()["groups"].values()))
    (words,) = [value for name, value in group["tags"].items() if name.startswith(PREFIX) and "." not in name]
    standing.spoil_tags()
    result = typed("recover", "--from-cloud", "-p", "staging")
    assert (result.exit_code, "cannot be read any more" in result.stderr) == (4, True)
    assert words in result.stderr
    assert typed("recover", str(directory), "-p", "staging").exit_code == 0  # the ledger is still there
    assert standing.changed() == {}


@pytest.mark.parametrize("words", [["--overdue"], [".", "--from-cloud"]])
def test_what_excludes_itself_is_exit_2(words: list[str]) -> None:
    assert typed("recover", *words, "-p", "staging").exit_code == 2


def test_without_a_run_every_run_of_the_profile_is_recovered(
    tmp_path: Path,
    left: Path,
    standing: Standing,  # noqa: ARG001 - its environment
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CMKPROOF_REPORTS", str(tmp_path))
    (tmp_path / "other").mkdir()
    other = UndoLedger(tmp_path / "other" / FILE, VirtualClock(0.0))
    other.opened("another", {})
    other.intend("delete_key", name="theirs")
    result = typed("recover", "-p", "staging")
    assert (result.exit_code, result.stdout) == (0, "undone: delete key k\nnothing is left to undo\n")
    assert UndoLedger(left / FILE, VirtualClock(0.0)).unresolved == []
    assert len(UndoLedger(tmp_path / "other" / FILE, VirtualClock(0.0)).unresolved) == 1
