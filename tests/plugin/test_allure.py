"""What Allure gets to see."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from harness.backends.recording import ExchangeRecorder
from harness.suite import tags
from tests.plugin.conftest import Audit, feature

MET = "Given an act that succeeds\nThen it was accepted"


def results(directory: Path) -> list[dict[str, Any]]:
    """Allure results of a run, by name."""
    files = sorted((directory / "allure-results").glob("*-result.json"))
    return sorted((json.loads(file.read_text()) for file in files), key=lambda one: str(one["name"]))


def statuses(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["name"], step["status"]) for step in result["steps"]]


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ("Then it was refused", "failed"),
        ("When the step has a defect", "broken"),
        ("When it cannot be done here", "skipped"),
        ("When the step skips", "skipped"),
        ("Then the moon is made of cheese", "broken"),
    ],
)
def test_sentences_are_steps_with_their_own_status(audit: Audit, last: str, status: str) -> None:
    (result,) = results(audit({"one/case.feature": feature(f"{MET}\n{last}")}).directory)
    assert statuses(result) == [
        ("Given an act that succeeds", "passed"),
        ("Then it was accepted", "passed"),
        (last, status),
    ]
    assert result["status"] == status


@pytest.mark.parametrize("last", ["Then it was refused", "When it cannot be done here", "When the step skips"])
def test_sentences_that_were_never_reached_are_shown_as_skipped(audit: Audit, last: str) -> None:
    steps = f"Given an act that succeeds\n{last}\nThen it was accepted"
    text = feature(steps).replace("  Scenario", "  Background:\n    Given an act that succeeds\n\n  Scenario")
    (result,) = results(audit({"one/case.feature": text}).directory)
    assert [name for name, _ in statuses(result)] == ["Given an act that succeeds", *steps.split("\n")]
    assert statuses(result)[-1] == ("Then it was accepted", "skipped")
    assert [status for _, status in statuses(result)][:2] == ["passed", "passed"]


def test_a_scenario_that_nothing_was_done_for_shows_all_its_sentences(
    audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "CAPABILITIES", (*tags.CAPABILITIES, "teleport"))
    text = feature(MET, tags="@active @req:EAR-062 @needs:teleport")
    (result,) = results(audit({"one/case.feature": text}).directory)
    assert statuses(result) == [(one, "skipped") for one in MET.split("\n")]


def test_a_scenario_is_the_same_wherever_its_features_lie(audit: Audit, tmp_path: Path) -> None:
    """Its history goes on, and no example of an outline is taken for another."""
    outline = (
        "@active @req:EAR-062\nFeature: F\n  Scenario Outline: S <times>\n    Given an act that succeeds\n"
        "    Then it was accepted <times> times\n    Examples:\n      | times |\n      | two |\n      | four |\n"
    )
    found = results(audit({"one/case.feature": outline}).directory)
    assert [one["fullName"] for one in found] == [
        "one/case.feature::S <times>[four]",
        "one/case.feature::S <times>[two]",
    ]
    ids = [one["historyId"] for one in found]
    assert (
        ids
        == [one["testCaseId"] for one in found]
        == [sha256(one["fullName"].encode()).hexdigest()[:32] for one in found]
    )
    for one in found:
        places = {label["name"]: label["value"] for label in one["labels"]}
        assert (places["parentSuite"], places["suite"], places["package"]) == (
            "one",
            "case.feature",
            "one.case.feature",
        )
        assert one["titlePath"] == ["one", "case.feature"]
        assert tmp_path.name not in json.dumps(one)


def test_labels_name_chapter_feature_rule_requirement_and_that_it_is_simulated(audit: Audit) -> None:
    text = feature(MET).replace("  Scenario", "  Rule: A clause\n\n  Scenario")
    (result,) = results(audit({"one/case.feature": text}).directory)
    labels = {(label["name"], label["value"]) for label in result["labels"]}
    assert {
        ("epic", "one"),
        ("feature", "A promise"),
        ("story", "A clause"),
        ("requirement", "EAR-062"),
        ("severity", "normal"),
        ("assurance", "simulated"),
        ("tag", "active"),
        ("tag", "simulated"),
    } <= labels
    assert "An endpoint that is still being provisioned cannot be deleted" in result["description"]


def test_controls_that_a_requirement_answers_directly_are_labels(audit: Audit) -> None:
    text = feature(MET, tags="@active @req:EAR-112 @req:EAR-122")
    (result,) = results(audit({"one/case.feature": text}).directory)
    found = [label["value"] for label in result["labels"] if label["name"] == "control"]
    assert {"nist-800-53 SA-9(6)", "csa-ccm CEK-08"} <= set(found)
    assert len(found) == len(set(found))
    assert "csa-ccm BCR-06" not in found  # in part only


def test_a_scenario_that_a_gate_skips_is_labelled_too(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "CAPABILITIES", (*tags.CAPABILITIES, "teleport"))
    text = feature(MET, tags="@active @req:EAR-062 @needs:teleport")
    (result,) = results(audit({"one/case.feature": text}).directory)
    assert result["status"] == "skipped"
    assert {"name": "requirement", "value": "EAR-062"} in result["labels"]


def test_each_column_of_an_example_is_a_parameter(audit: Audit) -> None:
    text = (
        "@active @req:EAR-062\nFeature: F\n  Scenario Outline: S <times>\n    Given an act that succeeds\n"
        "    Then it was accepted <times> times\n    Examples:\n      | times |\n      | two |\n"
    )
    (result,) = results(audit({"one/case.feature": text}).directory)
    assert result["name"] == "S two"
    assert [(one["name"], one["value"]) for one in result["parameters"]] == [("times", "'two'")]


def test_exchanges_hang_on_their_step_and_the_history_on_the_scenario(audit: Audit) -> None:
    text = feature("Given a project that uses the customer's key\nThen the project finds its key valid")
    directory = audit({"one/case.feature": text}).directory
    (result,) = results(directory)
    attachment = result["steps"][0]["attachments"][0]
    exchanges = json.loads((directory / "allure-results" / attachment["source"]).read_text())
    assert any("/encryptionAtRest" in exchange["url"] for exchange in exchanges)
    assert [one["name"] for one in result["attachments"]] == ["sealed history"]


def test_fixtures_of_step_definitions_leave_no_files(audit: Audit) -> None:
    directory = audit({"one/case.feature": feature(MET)}).directory
    assert list((directory / "allure-results").glob("*-container.json")) == []


def test_a_failure_is_told_without_a_traceback_or_a_path(audit: Audit, tmp_path: Path) -> None:
    (result,) = results(
        audit({"one/case.feature": feature("Given an act that succeeds\nThen it was refused")}).directory
    )
    details = result["statusDetails"]
    assert details["trace"].startswith("Then it was refused\nthe request is refused: expected")
    assert str(tmp_path) not in json.dumps(result)
    assert "site-packages" not in details["trace"]


def test_no_secret_reaches_any_file_of_a_run(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets: set[str] = set()
    protect = ExchangeRecorder.protect

    def remembered(recorder: ExchangeRecorder, secret: str) -> None:
        secrets.add(secret)
        protect(recorder, secret)

    monkeypatch.setattr(ExchangeRecorder, "protect", remembered)
    steps = "Given a project that uses the customer's key\nThen the project finds its key valid"
    directory = audit({"one/case.feature": feature(steps)}).directory
    written = b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())
    assert len(secrets) >= 3
    assert [secret for secret in secrets if secret.encode() in written] == []


def test_results_say_nothing_of_the_machine(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "CAPABILITIES", (*tags.CAPABILITIES, "teleport"))
    skipped = feature(MET, tags="@active @req:EAR-062 @needs:teleport")
    directory = audit({"one/case.feature": skipped, "two/case.feature": feature(MET)}).directory
    for result in results(directory):
        assert not {"host", "thread"} & {label["name"] for label in result["labels"]}
    code = str(Path(__file__).parents[2])
    assert not [one for one in (directory / "allure-results").iterdir() if code in one.read_text()]
