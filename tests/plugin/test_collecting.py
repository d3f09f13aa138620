"""Feature files as tests: what is collected, what is refused, what is selected."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.model.verdict import Outcome
from harness.suite import import_root, tags
from tests.plugin.conftest import Audit, feature

MET = "Given an act that succeeds\nThen it was accepted"
OUTLINE = """@active @req:EAR-062
Feature: A promise
  Scenario Outline: It is kept <times> times
    Given an act that succeeds
    Then it was accepted <times> times

    Examples: Few
      | times |
      | two   |
      | three |
"""


def test_each_example_is_a_scenario_with_a_readable_id(audit: Audit) -> None:
    result = audit({"one/case.feature": OUTLINE})
    assert list(result.records) == [
        "one/case.feature::It is kept <times> times[three]",
        "one/case.feature::It is kept <times> times[two]",
    ]


def test_files_with_equal_scenario_names_do_not_get_in_each_others_way(audit: Audit) -> None:
    result = audit({"one/case.feature": feature(MET), "two/case.feature": feature(MET)})
    assert list(result.records) == ["one/case.feature::Case 1", "two/case.feature::Case 1"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Feature: Broken\n  Scenario: x\n    Given y\n  nonsense\n", 4, "nonsense"),
        ("", 1, "the file has no feature"),
        ("@active @req:EAR-062\nFeature: Empty\n", 2, "the feature has no scenario"),
        (feature(MET, tags="@active @req:EAR-062 @slow"), 3, "unknown tag @slow"),
        (feature(MET, tags="@actve @req:EAR-062"), 3, "did you mean @active?"),
        (feature(MET, tags="@req:EAR-062"), 3, "exactly one of @passive, @active and @destructive is needed, not none"),
        (feature(MET, tags="@active @passive @req:EAR-062"), 3, "not @active and @passive"),
        (feature(MET, tags="@active"), 3, "a tag @req:ID is missing"),
        (feature(MET, tags="@active @req:EAR-999"), 3, "unknown requirement @req:EAR-999"),
        (feature(MET, tags="@active @req:EAR-062 @reading:regio_gate"), 3, "did you mean region_gate?"),
        (OUTLINE.replace("three", "two"), 3, "the example 'two' stands here 2 times"),
        (OUTLINE[: OUTLINE.index("    Examples")], 3, "has no examples"),
        (OUTLINE.replace("    Examples", "    @slow\n    Examples"), 8, "examples take no tags"),
        (feature(MET, MET).replace("Case 2", "Case 1"), 6, "stands in this file already, on line 3"),
        (feature("And it was accepted"), 4, "the first step must be a Given, a When or a Then"),
    ],
)
def test_an_unusable_file_is_named_and_the_others_run(audit: Audit, text: str, line: int, message: str) -> None:
    result = audit({"one/broken.feature": text, "two/case.feature": feature(MET)})
    assert [record.outcome for record in result.records.values()] == [Outcome.MET]
    problem = result.problems[0]
    assert (problem.path, problem.line) == ("one/broken.feature", line)
    assert message in problem.message
    assert int(result.exit_code) == 2


def test_a_file_that_is_not_text_is_reported(audit: Audit, tmp_path: Path) -> None:
    (tmp_path / "features").mkdir()
    (tmp_path / "features/binary.feature").write_bytes(b"\xff\xfe\x00Feature")
    result = audit({"two/case.feature": feature(MET)})
    assert "cannot be read" in result.problems[0].message
    assert len(result.records) == 1


def test_a_broken_promise_weighs_more_than_a_broken_file(audit: Audit) -> None:
    broken = feature("Given an act that succeeds\nThen it was refused")
    result = audit({"one/broken.feature": "nonsense", "two/case.feature": broken})
    assert int(result.exit_code) == 1


def test_scenarios_more_severe_than_allowed_are_not_tested(audit: Audit) -> None:
    text = feature(MET, tags="@destructive @req:EAR-062")
    result = audit({"one/case.feature": text}, flags={"allow": "active"}, requirements=("EAR-062",))
    (outcome,) = result.outcomes
    assert outcome.outcome is Outcome.NOT_TESTED
    assert "only active ones may run" in outcome.reason
    assert int(result.exit_code) == 0


def test_strict_does_not_let_a_declared_gap_pass(audit: Audit) -> None:
    text = feature(MET, tags="@destructive @req:EAR-062")
    flags = {"allow": "active", "strict": True}
    assert int(audit({"one/case.feature": text}, flags=flags, requirements=("EAR-062",)).exit_code) == 3


def test_a_capability_that_the_backend_lacks_leaves_the_scenario_untested(
    audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "CAPABILITIES", (*tags.CAPABILITIES, "teleport"))
    text = feature(MET, tags="@active @req:EAR-062 @needs:teleport")
    (outcome,) = audit({"one/case.feature": text}, requirements=("EAR-062",)).outcomes
    assert outcome.reason == "the backend fake cannot provide teleport"


def test_a_scenario_that_presumes_a_reading_is_not_tested_under_another(audit: Audit) -> None:
    text = feature(MET, tags="@active @req:EAR-062 @reading:region_gate")
    flags = {"readings": {"region_gate": "any_endpoint"}}
    (outcome,) = audit({"one/case.feature": text}, flags=flags, requirements=("EAR-062",)).outcomes
    assert outcome.outcome is Outcome.NOT_TESTED
    assert "presumes the reading region_gate=active_endpoint" in outcome.reason


def test_the_twin_for_the_answer_in_force_decides(audit: Audit) -> None:
    files = {
        "one/case.feature": feature(MET, tags="@active @req:EAR-062 @reading:region_gate"),
        "one/twin.feature": feature(MET, tags="@active @req:EAR-062 @reading:region_gate=any_endpoint"),
    }
    for answer in ("active_endpoint", "any_endpoint"):
        result = audit(files, flags={"readings": {"region_gate": answer}}, requirements=("EAR-062",))
        (outcome,) = result.outcomes
        assert outcome.outcome is Outcome.MET
        assert sorted(one.outcome.value for one in outcome.records) == ["MET", "NOT_TESTED"]


def test_requirements_tags_and_names_select(audit: Audit) -> None:
    files = {
        "one/case.feature": feature(MET),
        "two/case.feature": feature(MET, tags="@destructive @req:EAR-063"),
        "two/other.feature": feature(MET, MET, tags="@active @req:EAR-064"),
    }
    assert list(audit(files, requirements=("EAR-063",)).records) == ["two/case.feature::Case 1"]
    assert list(audit(files, tags=("@destructive",)).records) == ["two/case.feature::Case 1"]
    assert list(audit(files, keyword="other and Case").records) == [
        "two/other.feature::Case 1",
        "two/other.feature::Case 2",
    ]


def test_a_run_answers_for_the_requirements_asked_for_only(audit: Audit) -> None:
    text = feature(MET, tags="@active @req:EAR-062 @req:EAR-063")
    result = audit({"one/case.feature": text}, requirements=("EAR-063",))
    assert [one.requirement.id for one in result.outcomes] == ["EAR-063"]


def test_a_requirement_that_no_scenario_tests_is_a_gap(audit: Audit) -> None:
    result = audit({"one/case.feature": feature(MET)}, requirements=("EAR-063",))
    assert result.outcomes[0].reason == "no scenario tests it"
    assert int(result.exit_code) == 3


def test_a_requirement_that_nobody_can_observe_says_why(audit: Audit) -> None:
    result = audit({"one/case.feature": feature(MET)}, requirements=("EAR-081",))
    assert "web interface" in result.outcomes[0].reason
    assert int(result.exit_code) == 0


def test_nothing_selected_is_exit_5(audit: Audit) -> None:
    assert int(audit({"one/case.feature": feature(MET)}, keyword="nonesuch").exit_code) == 5


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"requirements": ("EAR-62",)}, "Did you mean 'EAR-062'?"),
        ({"tags": ("destrutive",)}, "Did you mean 'destructive'?"),
        ({"keyword": "a and"}, "Wrong expression"),
    ],
)
def test_asking_for_what_does_not_exist_is_a_usage_error(audit: Audit, asked: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=r".") as caught:
        audit({"one/case.feature": feature(MET)}, **asked)
    assert sentence in str(caught.value)


def test_plain_pytest_performs_a_feature_file_by_its_path() -> None:
    outcome = _pytest("features/private_endpoints/deletion.feature", "-k", "being and created", "-m", "active")
    assert outcome.returncode == 0, outcome.stdout
    assert "1 passed" in outcome.stdout
    assert "1 MET (simulated)" in outcome.stdout


def test_plain_pytest_performs_a_scenario_by_its_id() -> None:
    outcome = _pytest(
        "features/private_endpoints/deletion.feature::An endpoint that is being created cannot be deleted"
    )
    assert "1 passed" in outcome.stdout, outcome.stdout


def test_plain_pytest_explains_a_configuration_that_means_nothing() -> None:
    outcome = _pytest("features/private_endpoints", "--profile=nonesuch")
    assert outcome.returncode == 4
    assert "there is no profile 'nonesuch'" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def _pytest(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "CMKPROOF_"))}
    return subprocess.run(  # noqa: S603 - our own interpreter
        command, cwd=import_root(), env=environment, capture_output=True, text=True, timeout=120, check=False
    )
