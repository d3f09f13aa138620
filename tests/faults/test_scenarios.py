"""Scenarios that break something on purpose: what is refused before they run, and what they can find out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import catalog
from harness.backends.fake import FakeBackends
from harness.driver import Scene, resilience
from harness.driver.bounds import Bound
from harness.driver.vocabulary import CLUSTER_STATES
from harness.errors import SafetyError, Undecided
from harness.fake.kernel.readings import Readings
from harness.faults.binding import KINDS
from harness.faults.catalogue import CATALOGUE
from harness.faults.injector import Injector
from harness.faults.keys import DisableKey
from harness.limits import Limits
from harness.model.history import Acted, History
from harness.run.options import known_names
from harness.suite import Known, features_directory, read_suite
from harness.suite.breaking import AS_IT_WAS, FAULTS, STRIKES

HOUR = Bound("1 hours")
STRIKE = f'When {STRIKES}"disable-key" for at most 1 hours'

NOT_IN_A_SCENARIO = {
    "purge-key": "nothing could be expected of its undo",
    "broken-answers": "whoever looks through it is told of an error, which is no verdict",
}


def problems(tmp_path: Path, *steps: str, tags: str = "@destructive", known: Known | None = None) -> list[str]:
    lines = [f"@req:EAR-101 {tags}", "Feature: F", "  Scenario: S", *(f"    {one}" for one in steps)]
    (tmp_path / "f.feature").write_text("\n".join(lines) + "\n")
    return [one.message for one in read_suite(tmp_path, known or known_names(catalog.load())).problems]


def test_an_undo_that_is_not_expected_is_a_problem_of_the_file(tmp_path: Path) -> None:
    assert problems(tmp_path, STRIKE, "And everything that was broken is undone") == [
        f"scenario 'S': it brings disable-key about and does not say that {AS_IT_WAS}"
    ]
    assert problems(tmp_path, STRIKE, f"Then {AS_IT_WAS}") == []


def test_what_is_expected_before_a_fault_says_nothing_about_it(tmp_path: Path) -> None:
    assert problems(tmp_path, f"Then {AS_IT_WAS}", STRIKE)
    assert problems(tmp_path, STRIKE, f"Then {AS_IT_WAS}", f'When {STRIKES}"remove-roles" for at most 1 hours')


def test_every_fault_of_a_sentence_is_looked_at(tmp_path: Path) -> None:
    sentence = f'When {STRIKES}"throttle", "delete-key" and "remove-roles" in US_EAST_2 for at most 1 hours'
    assert [one.split()[4] for one in problems(tmp_path, sentence)] == ["delete-key", "remove-roles"]


@pytest.mark.parametrize("name", ["throttle", "disable-out-of-order"])
def test_where_nothing_is_left_changed_nothing_has_to_be_expected(tmp_path: Path, name: str) -> None:
    assert problems(tmp_path, f'When {STRIKES}"{name}" for at most 1 hours') == []


@pytest.mark.parametrize(
    ("name", "tags", "says"),
    [
        ("disable-kee", "@destructive", "there is no fault 'disable-kee'; did you mean disable-key?"),
        ("disable-key", "@active", "disable-key is destructive, and the scenario is tagged @active"),
        ("rotate-key", "@passive", "rotate-key is active, and the scenario is tagged @passive"),
        ("failed-endpoint", "@active", "failed-endpoint is brought about in a simulation only"),
    ],
)
def test_a_tag_or_a_name_that_does_not_fit_is_a_problem(tmp_path: Path, name: str, tags: str, says: str) -> None:
    found = problems(tmp_path, f'When {STRIKES}"{name}" for at most 1 hours', f"Then {AS_IT_WAS}", tags=tags)
    assert len(found) == 1
    assert says in found[0]


def test_each_example_of_an_outline_is_looked_at_and_told_of_once(tmp_path: Path) -> None:
    sentence = f'When {STRIKES}"<fault>" for at most 1 hours'
    examples = ["", "Examples:", "| fault | n |", "| disable-key | 1 |", "| disable-key | 2 |", "| throttle | 3 |"]
    text = ["@req:EAR-101 @destructive", "Feature: F", "  Scenario Outline: S", f"    {sentence}", *examples]
    (tmp_path / "f.feature").write_text("\n".join(text) + "\n")
    assert len(read_suite(tmp_path, known_names(catalog.load())).problems) == 1


def test_whoever_does_not_know_the_faults_takes_any(tmp_path: Path) -> None:
    assert problems(tmp_path, STRIKE, known=Known()) == []


def test_the_suite_brings_every_fault_about() -> None:
    steps = [step for one in read_suite(features_directory()).scenarios.values() for step in one.steps]
    told = [found[0] for step in steps if (found := re.search(rf"(?<={STRIKES}){FAULTS}", step))]
    struck = {name for names in told for name in re.findall(r'"([^"]+)"', names)}
    assert {CATALOGUE[one].name for one in KINDS} - struck == set(NOT_IN_A_SCENARIO)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with FakeBackends(7, Readings()).open("scenarios") as backend:
        made = Scene(backend, History(), Limits(), "destructive")
        made.arrange_key(private=False)
        made.operator.clusters.create("payments", made.placements(["US_EAST_2"], "M30"), "AZURE", backup=False)
        made.reach("cluster payments", CLUSTER_STATES["running"], made.limits.cluster_s)
        yield made


def enabled(scene: Scene) -> bool:
    return scene.backend.keys().key(scene.backend.site.key).enabled


@pytest.mark.parametrize("severity", ["passive", "active"])
def test_a_fault_more_severe_than_its_scenario_is_refused_before_it_acts(scene: Scene, severity: str) -> None:
    milder = Scene(scene.backend, History(), Limits(), severity)
    with pytest.raises(SafetyError, match="F-08 disable-key is destructive"):
        resilience.strike(milder, "disable-key", HOUR)
    assert enabled(scene)
    assert not milder.breaker.broken


def test_nothing_is_broken_where_something_is_wrong_already(scene: Scene) -> None:
    scene.custodian.withdraw_role()
    scene.let_pass(HOUR)
    with pytest.raises(Undecided, match="is not healthy"):
        resilience.strike(scene, "disable-key", HOUR)
    assert enabled(scene)


def test_a_cluster_that_somebody_paused_is_no_healthy_start(scene: Scene) -> None:
    scene.operator.clusters.pause("payments", paused=True)
    scene.let_pass(HOUR)
    with pytest.raises(Undecided, match="cluster payments is running"):
        resilience.require_health(scene)
    with pytest.raises(AssertionError, match="paused is false"):
        resilience.expect_health(scene)


def test_faults_overlap_and_end_one_by_one(scene: Scene) -> None:
    resilience.strike(scene, "disable-key", HOUR)
    resilience.strike(scene, "remove-roles", HOUR)
    resilience.undo(scene, "disable-key")
    assert enabled(scene)
    assert [one.injection.fault.id for one in scene.breaker.in_force] == ["F-18"]
    with pytest.raises(SafetyError, match="is not in force"):
        resilience.undo(scene, "disable-key")
    with pytest.raises(AssertionError, match="undone is false and as_before is false"):
        resilience.expect_undone(scene)
    resilience.undo(scene, "remove-roles")
    resilience.expect_undone(scene)


def test_a_fault_that_somebody_else_made_good_is_found_out(scene: Scene) -> None:
    resilience.strike(scene, "disable-key", HOUR)
    resilience.expect_in_force(scene)
    scene.custodian.enable_key()
    with pytest.raises(AssertionError, match="in_force is false"):
        resilience.expect_in_force(scene)


def test_what_comes_undone_again_is_found_out(scene: Scene) -> None:
    resilience.strike(scene, "disable-key", HOUR)
    scene.breaker.undo_everything()
    scene.custodian.disable_key()
    with pytest.raises(AssertionError, match="as_before is false"):
        resilience.expect_undone(scene)


def test_without_a_fault_there_is_nothing_to_expect_of_one(scene: Scene) -> None:
    with pytest.raises(Undecided, match="nothing was broken"):
        resilience.expect_undone(scene)
    with pytest.raises(Undecided, match="no fault is in force"):
        resilience.expect_in_force(scene)


def test_acts_say_which_fault_they_were_part_of_and_whether_they_undid_it(scene: Scene) -> None:
    resilience.strike(scene, "disable-key", HOUR)
    scene.breaker.undo_everything()
    acts = [one.what for one in scene.history.entries if isinstance(one.what, Acted)]
    told = [(one.verb, one.arguments["undoing"]) for one in acts if one.arguments.get("fault") == "F-08"]
    assert told == [("disables", False), ("enables", True)]


def test_acts_that_undo_what_failed_half_way_say_so_too(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(self: DisableKey) -> None:
        inject(self)
        raise Undecided("half way")

    inject = DisableKey.inject
    monkeypatch.setattr(DisableKey, "inject", half)
    with pytest.raises(Undecided, match="half way"):
        resilience.strike(scene, "disable-key", HOUR)
    acts = [one.what for one in scene.history.entries if isinstance(one.what, Acted)]
    assert [one.arguments["undoing"] for one in acts if one.arguments.get("fault")] == [False, True]
    assert isinstance(scene.backend.injector, Injector)
    assert not scene.backend.injector.undoing
