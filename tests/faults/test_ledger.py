"""The undo ledger: on disk before the change, whole after a crash, and an error when it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.backends.clocks import VirtualClock
from harness.errors import EvidenceError
from harness.faults.ledger import UndoLedger


def ledger(path: Path) -> UndoLedger:
    return UndoLedger(path / "undo.jsonl", VirtualClock(1000.0))


def test_an_intent_is_on_disk_before_the_change_is_made(tmp_path: Path) -> None:
    ledger(tmp_path).intend("delete_key", name="k")
    (again,) = ledger(tmp_path).unresolved
    assert (again.undo, again.target) == ("delete_key", {"name": "k"})


def test_what_was_changed_last_is_undone_first(tmp_path: Path) -> None:
    open_ledger = ledger(tmp_path)
    for name in ("a", "b", "c"):
        open_ledger.intend("delete_key", name=name)
    assert [one.target["name"] for one in ledger(tmp_path).unresolved] == ["c", "b", "a"]


def test_what_was_undone_is_no_longer_open_and_numbers_go_on(tmp_path: Path) -> None:
    open_ledger = ledger(tmp_path)
    first = open_ledger.intend("delete_key", name="a")
    open_ledger.undone(first)
    again = ledger(tmp_path)
    assert again.unresolved == []
    assert again.intend("delete_key", name="b").number == 2


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_torn_last_line_is_left_aside_and_the_ledger_goes_on(tmp_path: Path, cut: int) -> None:
    open_ledger = ledger(tmp_path)
    open_ledger.intend("delete_key", name="a")
    open_ledger.intend("delete_key", name="b")
    path = tmp_path / "undo.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    again = ledger(tmp_path)
    assert [one.target["name"] for one in again.unresolved] == ["a"]
    again.intend("delete_key", name="c")
    assert [one.target["name"] for one in ledger(tmp_path).unresolved] == ["c", "a"]


def test_damage_anywhere_else_is_an_error(tmp_path: Path) -> None:
    open_ledger = ledger(tmp_path)
    for name in ("a", "b"):
        open_ledger.intend("delete_key", name=name)
    path = tmp_path / "undo.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"name":"a"', b'"name":"x"'))
    with pytest.raises(EvidenceError, match="line 1 of the undo ledger"):
        ledger(tmp_path)


def test_a_line_taken_out_is_an_error(tmp_path: Path) -> None:
    open_ledger = ledger(tmp_path)
    for name in ("a", "b", "c"):
        open_ledger.intend("delete_key", name=name)
    path = tmp_path / "undo.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    with pytest.raises(EvidenceError, match="does not follow"):
        ledger(tmp_path)


def test_a_ledger_that_cannot_be_written_forbids_the_change(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="cannot be written"):
        ledger(tmp_path / "missing").intend("delete_key", name="a")


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    ledger(tmp_path).intend("delete_key", name="a")
    assert (tmp_path / "undo.jsonl").stat().st_mode & 0o077 == 0
