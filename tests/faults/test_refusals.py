"""What keeps a fault from being brought about: every refusal, with its sentence, before anything is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import SafetyError
from harness.faults import lever
from harness.faults.catalogue import CATALOGUE
from harness.faults.gates import (
    LeverOff,
    Permitted,
    refuse_any,
    refuse_production,
    severity_stated,
    target_named,
)
from harness.faults.reachability import WAYS, Reachability
from harness.model.fault import Place, Undo
from tests.faults.world import Bench, Switch, fault


def refused(bench: Bench, switch: Switch, *, severity: str = "destructive") -> str:
    """Why it is refused; nothing is read, written or changed for that."""
    with pytest.raises(SafetyError) as caught:
        bench.injector.inject(switch, severity=severity, hold_s=60.0)
    assert (switch.called, bench.kinds, bench.tags.kept, bench.guarded) == ([], [], {"owner": "security"}, [])
    return caught.value.message


@pytest.mark.parametrize("severity", ["passive", "active"])
def test_a_scenario_brings_nothing_about_that_is_worse_than_its_tag(tmp_path: Path, severity: str) -> None:
    said = refused(Bench(tmp_path, gates=(severity_stated,)), Switch(), severity=severity)
    assert said == f"F-08 disable-key is destructive, and the scenario is tagged @{severity}"


@pytest.mark.parametrize("target", [{}, {"key": ""}, {"key": "k", "region": None}])
def test_a_fault_without_a_target_is_refused(tmp_path: Path, target: dict[str, str]) -> None:
    assert "has no target" in refused(Bench(tmp_path, gates=(target_named,)), Switch(target=target))


def test_a_fault_that_cannot_be_made_good_is_never_live(tmp_path: Path) -> None:
    purge = Switch(fault=fault(id="F-10", name="purge-key", undo=Undo.NEVER_LIVE))
    assert refused(Bench(tmp_path, gates=(Permitted(()),)), purge).endswith("is never brought about on a live target")


def test_a_fault_of_the_simulation_is_never_live(tmp_path: Path) -> None:
    inside = Switch(fault=fault(places=(Place.KERNEL,)))
    assert "never brought about on a live" in refused(Bench(tmp_path, gates=(Permitted(()),)), inside)


def test_a_simulation_may_be_struck_by_what_only_a_simulation_can_bring_about(tmp_path: Path) -> None:
    bench = Bench(tmp_path, gates=(Permitted((), simulated=True),))
    inside = Switch(fault=fault(places=(Place.KERNEL,)))
    bench.injector.inject(inside, severity="destructive", hold_s=60.0)
    assert "inject" in inside.called


def test_a_fault_outside_of_the_list_is_refused(tmp_path: Path) -> None:
    said = refused(Bench(tmp_path, gates=(Permitted(["F-13", "reject-endpoint"]),)), Switch())
    assert said == "F-08 disable-key is not in safety.allow_faults"


@pytest.mark.parametrize("allowed", [(), ("f-08",), ("disable-key",)])
def test_a_fault_on_the_list_is_let_pass_by_id_or_name(tmp_path: Path, allowed: tuple[str, ...]) -> None:
    bench, switch = Bench(tmp_path, gates=(Permitted(allowed),)), Switch()
    bench.injector.inject(switch, severity="destructive", hold_s=60.0)
    assert "inject" in switch.called


def test_nothing_is_broken_on_a_target_that_is_only_observed(tmp_path: Path) -> None:
    assert "only observed" in refused(Bench(tmp_path, gates=(refuse_any,)), Switch())


def test_nothing_is_broken_while_the_lever_is_on(tmp_path: Path) -> None:
    stop = tmp_path / "stop"
    gate = LeverOff(lambda: lever.pulled(str(stop), None))
    bench = Bench(tmp_path, gates=(gate,))
    stop.touch()
    assert refused(bench, Switch()).endswith(f"the safety lever is on: {stop} exists")
    stop.unlink()
    bench.injector.inject(Switch(), severity="destructive", hold_s=60.0)


def test_the_lever_is_a_file_or_a_variable_and_off_without_either(tmp_path: Path) -> None:
    assert lever.pulled("", None) == lever.pulled(str(tmp_path / "stop"), "") == ""
    assert lever.VARIABLE in lever.pulled("", "1")


def test_a_lever_that_cannot_be_looked_at_counts_as_on(tmp_path: Path) -> None:
    (file := tmp_path / "file").touch()
    assert "cannot be looked at" in lever.pulled(str(file / "stop"), None)


@pytest.mark.parametrize("name", ["payments-prod", "PRD_eu", "rg-production-01", "live.kv"])
def test_what_looks_like_production_is_refused(name: str) -> None:
    with pytest.raises(SafetyError, match="looks like production") as caught:
        refuse_production(["kv-sandbox", name], knowingly=False)
    assert "safety.production_names" in caught.value.advice
    refuse_production([name], knowingly=True)


@pytest.mark.parametrize("name", ["kv-sandbox", "products", "deliver", "alive", "reproduction"])
def test_what_only_contains_such_letters_is_not(name: str) -> None:
    refuse_production([name], knowingly=False)


def switch_of(identifier: str, **target: str) -> Switch:
    return Switch(fault=fault(id=identifier, name=identifier.lower()), target=target or {"key": "k"})


def gate(*own: str, private_route: bool = False) -> Reachability:
    return Reachability(own, private_route=private_route)


@pytest.mark.parametrize(("first", "second"), [("F-13", "F-08"), ("F-08", "F-13"), ("F-14", "F-09"), ("F-08", "F-15")])
def test_faults_of_which_one_takes_what_the_undo_of_the_other_needs_are_refused(
    tmp_path: Path, first: str, second: str
) -> None:
    bench = Bench(tmp_path, gates=(gate(),))
    bench.injector.inject(switch_of(first), severity="destructive", hold_s=60.0)
    with pytest.raises(SafetyError, match="could not be undone: it takes") as caught:
        bench.injector.inject(switch_of(second), severity="destructive", hold_s=60.0)
    assert {first, second} <= set(caught.value.message.split())
    assert [one.fault.id for one in bench.injector.active] == [first]


@pytest.mark.parametrize(("first", "second"), [("F-13", "F-01"), ("F-08", "F-18"), ("F-01", "F-08"), ("F-13", "F-18")])
def test_faults_that_leave_each_others_undo_alone_overlap(tmp_path: Path, first: str, second: str) -> None:
    bench = Bench(tmp_path, gates=(gate(),))
    for one in (first, second):
        bench.injector.inject(switch_of(one), severity="destructive", hold_s=60.0)
    assert len(bench.injector.active) == 2


def test_whoever_has_a_private_way_needs_no_public_side(tmp_path: Path) -> None:
    bench = Bench(tmp_path, gates=(gate(private_route=True),))
    for one in ("F-13", "F-08"):
        bench.injector.inject(switch_of(one), severity="destructive", hold_s=60.0)
    assert len(bench.injector.active) == 2


def test_the_identity_that_undoes_is_never_struck(tmp_path: Path) -> None:
    switch = switch_of("F-18", principal_id="ABC-1")
    assert "the identity that undoes it" in refused(Bench(tmp_path, gates=(gate("abc-1"),)), switch)


def test_every_live_fault_that_has_to_be_undone_says_what_it_takes_and_needs() -> None:
    live = {one.id for one in CATALOGUE.values() if one.live and one.changes_target}
    assert live - set(WAYS) == set()


def test_every_conflict_holds_whichever_fault_comes_first() -> None:
    def let_pass(first: str, second: str) -> bool:
        try:
            gate()(switch_of(second), [switch_of(first)], "destructive")
        except SafetyError:
            return False
        return True

    pairs = [(one, other) for one in WAYS for other in WAYS]
    assert all(let_pass(*pair) == let_pass(*reversed(pair)) for pair in pairs)
    assert 0 < sum(let_pass(*pair) for pair in pairs) < len(pairs)


GATES: tuple[Callable[..., None], ...] = (severity_stated, target_named, Permitted(()), gate())


def test_all_gates_together_let_an_ordinary_fault_pass(tmp_path: Path) -> None:
    bench, switch = Bench(tmp_path, gates=GATES), Switch()
    bench.injector.inject(switch, severity="destructive", hold_s=60.0)
    assert bench.injector.undo(switch) == "restored"
