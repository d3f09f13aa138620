"""The undo ledger: on disk before the change, whole after a crash, and an error when it is damaged."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from harness.backends.clocks import VirtualClock
from harness.errors import EvidenceError
from harness.faults import lines
from harness.faults.ledger import FaultUndo, Intent, UndoLedger


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


EARLIER = (
    b'{"number":0,"at":1000.0,"kind":"intent","undo":"delete_key","target":{"name":"a"},"before":"'
    + b"0" * 64
    + b'"}\t7be5ebdc\n'
)
"""A line as ledgers had it before faults were written down in them."""


def test_a_ledger_written_before_faults_were_in_it_is_still_undone(tmp_path: Path) -> None:
    (tmp_path / "undo.jsonl").write_bytes(EARLIER)
    again = ledger(tmp_path)
    assert [(one.undo, one.target, one.about) for one in again.unresolved] == [("delete_key", {"name": "a"}, None)]
    again.undone(again.unresolved[0])
    assert ledger(tmp_path).unresolved == []


def a_fault(open_ledger: UndoLedger) -> Intent:
    image = {"enabled": True}
    about = FaultUndo(
        "F-08", "inverse", {"vault": "v"}, image, lines.digest(image), "enabled", 1600.0, "0123456789ab", "none"
    )
    open_ledger.planned("F-08", {"key": "k"})
    return open_ledger.fault(about, {"key": "k"})


def test_a_fault_goes_through_its_phases_and_another_process_knows_how_far_it_came(tmp_path: Path) -> None:
    open_ledger = ledger(tmp_path)
    open_ledger.opened("sandbox", {"resource group": "rg"})
    fault = a_fault(open_ledger)
    for step, phase in (
        (lambda: None, "intended"),
        (lambda: open_ledger.armed(fault), "armed"),
        (lambda: open_ledger.applied(fault, known=False), "maybe applied"),
        (lambda: open_ledger.applied(fault, known=True), "applied"),
        (lambda: open_ledger.observed(fault), "applied"),
    ):
        step()
        again = ledger(tmp_path)
        (found,) = again.unresolved
        assert (again.phase(found), found.about, again.profile) == (phase, fault.about, "sandbox")
    open_ledger.undone(fault, "restored")
    again = ledger(tmp_path)
    assert (again.unresolved, again.closed_keys) == ([], ["0123456789ab"])


def test_a_plan_alone_has_nothing_to_undo(tmp_path: Path) -> None:
    ledger(tmp_path).planned("F-08", {"key": "k"})
    assert ledger(tmp_path).unresolved == []


def test_reading_a_torn_ledger_does_not_change_it(tmp_path: Path) -> None:
    ledger(tmp_path).intend("delete_key", name="a")
    path = tmp_path / "undo.jsonl"
    path.write_bytes(torn := path.read_bytes() + b'{"number":1,"at"')
    ledger(tmp_path)
    assert path.read_bytes() == torn


@pytest.mark.parametrize("written", [0, 20])
def test_a_full_disk_forbids_the_change_and_spoils_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """A disk that is full takes a part of a line, or none of it."""
    open_ledger = ledger(tmp_path)
    open_ledger.intend("delete_key", name="a")
    before = (tmp_path / "undo.jsonl").read_bytes()
    write = os.write

    def full(file: int, encoded: bytes) -> int:
        if not written:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, encoded[:written])

    with monkeypatch.context() as patch:
        patch.setattr(lines.os, "write", full)
        with pytest.raises(EvidenceError, match="No space left"):
            open_ledger.intend("delete_key", name="b")
    assert (tmp_path / "undo.jsonl").read_bytes() == before
    open_ledger.intend("delete_key", name="c")
    assert [one.target["name"] for one in ledger(tmp_path).unresolved] == ["c", "a"]
