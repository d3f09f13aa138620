"""The injector: what is to be undone is on disk and at the target before it is done, and nothing stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import EvidenceError, ForeignChange, Refused, SafetyError, Undecided, Unreachable
from harness.faults.injector import Injector
from harness.faults.ledger import UndoLedger
from harness.faults.stamps import Stamp, found
from harness.model.fault import Undo
from tests.faults.world import Bench, Switch, fault


def inject(bench: Bench, switch: Switch) -> None:
    bench.injector.inject(switch, severity="destructive", hold_s=300.0)


def test_everything_stands_in_the_ledger_and_in_the_tags_before_the_act(tmp_path: Path) -> None:
    bench, seen = Bench(tmp_path), []
    switch = Switch()
    switch.instead = lambda: seen.extend([bench.kinds, list(found(bench.tags.kept)), list(bench.guarded)])
    inject(bench, switch)
    kinds, stamps, guarded = seen
    assert kinds == ["plan", "fault", "armed"]
    (stamp,) = stamps
    assert isinstance(stamp, Stamp)
    assert (stamp.owner, stamp.target, stamp.about.image) == ("run-1", {"key": "k"}, {"state": "on"})
    assert stamp.about.deadline == 1300.0
    assert guarded == ["on"]
    assert bench.kinds == ["plan", "fault", "armed", "applied"]


def test_a_fault_ends_as_it_was_with_a_fresh_look_and_without_a_trace_in_the_tags(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch()
    inject(bench, switch)
    assert bench.injector.observed(switch)
    assert bench.injector.undo(switch) == "restored"
    assert switch.called == ["capture", "inject", "look", "undo", "look"]
    assert bench.kinds == ["plan", "fault", "armed", "applied", "observed", "undone"]
    assert bench.tags.kept == {"owner": "security"}
    assert bench.injector.active == []


@pytest.mark.parametrize(
    ("kind", "outcome"), [(Undo.INVERSE, "restored"), (Undo.COMPENSATE, "compensated"), (Undo.EXPIRE, "restored")]
)
def test_the_outcome_says_how_it_ended(tmp_path: Path, kind: Undo, outcome: str) -> None:
    bench, switch = Bench(tmp_path), Switch(fault=fault(undo=kind))
    inject(bench, switch)
    assert bench.injector.undo(switch) == outcome


def test_what_has_ended_by_itself_has_expired(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch(fault=fault(undo=Undo.EXPIRE))
    inject(bench, switch)
    switch.kept["state"] = "on"
    assert bench.injector.undo(switch) == "expired"
    assert "undo" not in switch.called


@pytest.mark.parametrize("error", [Unreachable("no answer"), Refused(409, "Conflict", "not now")])
def test_an_act_that_fails_is_undone_and_the_error_goes_on(tmp_path: Path, error: Exception) -> None:
    bench, switch = Bench(tmp_path), Switch()

    def fail() -> None:
        raise error

    switch.instead = fail
    with pytest.raises(type(error)):
        inject(bench, switch)
    assert switch.kept["state"] == "on"
    assert bench.ledger.unresolved == []
    assert bench.tags.kept == {"owner": "security"}
    assert '"known":false' in (tmp_path / "undo.jsonl").read_text()


def test_whoever_is_interrupted_in_the_act_undoes_it(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch()

    def interrupt() -> None:
        raise KeyboardInterrupt

    switch.instead = interrupt
    with pytest.raises(KeyboardInterrupt):
        inject(bench, switch)
    assert (switch.kept["state"], bench.ledger.unresolved) == ("on", [])


def test_an_undo_that_fails_as_well_stays_in_the_ledger_and_is_told(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch()

    def fail() -> None:
        raise Unreachable("no answer")

    switch.instead = switch.undoing = fail
    with pytest.raises(Unreachable) as caught:
        inject(bench, switch)
    assert "CMK402" in caught.value.__notes__[0]
    (left,) = UndoLedger(tmp_path / "undo.jsonl", bench.clock).unresolved
    assert bench.ledger.phase(left) == "maybe applied"
    assert list(found(bench.tags.kept))


def test_a_target_that_cannot_be_stamped_is_not_struck(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch()

    def refuse() -> None:
        raise Refused(403, "AuthorizationFailed", "no right to tag")

    bench.tags.before_write = refuse
    with pytest.raises(Refused):
        inject(bench, switch)
    assert "inject" not in switch.called
    assert bench.ledger.unresolved == []


def test_an_undo_that_fits_into_no_tags_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch()
    bench.tags.kept = {f"tag-{number}": "x" for number in range(49)}
    with pytest.raises(SafetyError, match="does not fit into the tags"):
        inject(bench, switch)
    assert (switch.called, bench.kinds) == (["capture"], ["plan"])


def test_a_ledger_that_cannot_be_written_keeps_the_fault_from_being_brought_about(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch()
    bench.ledger.path = tmp_path / "missing" / "undo.jsonl"
    with pytest.raises(EvidenceError):
        inject(bench, switch)
    assert switch.called == []


def test_what_is_broken_already_is_not_struck(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch(kept={"state": "off"})
    with pytest.raises(SafetyError, match="off already"):
        inject(bench, switch)
    assert (switch.called, bench.ledger.unresolved) == (["capture"], [])


def test_a_gate_keeps_a_fault_out_before_anything_is_read_or_written(tmp_path: Path) -> None:
    def shut(*_: object) -> None:
        raise SafetyError("not here")

    bench, switch = Bench(tmp_path, gates=(shut,)), Switch()
    with pytest.raises(SafetyError, match="not here"):
        inject(bench, switch)
    assert (switch.called, bench.kinds, bench.guarded) == ([], [], [])


def test_what_somebody_else_has_changed_is_left_as_it_is(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch()
    inject(bench, switch)
    switch.kept["state"] = "dimmed"
    with pytest.raises(ForeignChange, match="its state is dimmed"):
        bench.injector.undo(switch)
    assert (switch.kept["state"], len(bench.ledger.unresolved)) == ("dimmed", 1)
    assert "undo" not in switch.called


def test_an_undo_counts_only_once_a_look_shows_it(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch(slow_s=40.0)
    switch.clock = bench.clock
    inject(bench, switch)
    assert bench.injector.undo(switch) == "restored"
    assert bench.clock.now() >= 1040.0


def test_an_undo_that_no_look_shows_in_time_is_undecided_and_stays_open(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch(slow_s=400.0)
    switch.clock = bench.clock
    inject(bench, switch)
    with pytest.raises(Undecided, match="after 60 s it is not as it was"):
        bench.injector.undo(switch)
    assert len(bench.ledger.unresolved) == 1


def test_an_act_that_goes_on_after_it_failed_is_waited_for_and_undone(tmp_path: Path) -> None:
    """A deletion that was accepted, and whose answer was lost, shows only later."""
    bench, switch = Bench(tmp_path), Switch()
    bench.injector = Injector(bench.clock, bench.books, (), recovery_s=60.0, settles_s=300.0)
    struck_at = bench.clock.now() + 45.0

    def lose_the_answer() -> None:
        switch.kept["state"] = "on"
        raise Unreachable("no answer")

    def look() -> str:
        return "off" if bench.clock.now() >= struck_at and "undo" not in switch.called else "on"

    switch.instead = lose_the_answer
    switch.reads = look
    with pytest.raises(Unreachable):
        inject(bench, switch)
    assert switch.called.count("undo") == 1
    assert bench.ledger.unresolved == []


def test_of_several_the_newest_is_undone_first_and_trouble_with_one_does_not_keep_the_others(tmp_path: Path) -> None:
    bench, order = Bench(tmp_path), []
    first, second, third = (Switch(target={"key": name}) for name in "abc")
    for one in (first, second, third):
        one.undoing = lambda one=one: order.append(one.target["key"])  # type: ignore[misc]
        inject(bench, one)

    def fail() -> None:
        raise Unreachable("no answer")

    second.undoing = fail
    (trouble,) = bench.injector.undo_everything()
    assert isinstance(trouble, Unreachable)
    assert order == ["c", "a"]
    assert [one.target for one in bench.ledger.unresolved] == [{"key": "b"}]


def test_a_fault_that_changes_no_target_leaves_no_undo(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path), Switch(fault=fault(undo=Undo.VOLATILE))
    inject(bench, switch)
    bench.injector.undo(switch)
    assert bench.kinds == ["plan"]
    assert bench.tags.kept == {"owner": "security"}


def test_the_same_faults_leave_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        bench, switch = Bench(tmp_path / name), Switch()
        inject(bench, switch)
        bench.injector.undo(switch)
        written.append((tmp_path / name / "undo.jsonl").read_bytes())
    assert written[0] == written[1]


def test_what_is_not_in_force_cannot_be_undone(tmp_path: Path) -> None:
    injector: Injector = Bench(tmp_path).injector
    with pytest.raises(SafetyError, match="is not in force"):
        injector.undo(Switch())
