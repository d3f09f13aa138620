"""Real runs on the fake in which a promise is broken, waived and not waived, and everything that they leave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ConfigError
from harness.model.verdict import Outcome
from harness.run.audit import Audit
from tests.waivers.conftest import FAILING, HOLDING, Perform, waiver

PARTLY = f'{{ profile = "fake", scenarios = ["{FAILING}"] }}'
ELSEWHERE = f'{{ profile = "fake", scenarios = ["{HOLDING}"] }}'


def kept(done: Audit) -> Mapping[str, Any]:
    """The result as the bundle has it."""
    return dict(json.loads((done.result.directory / "result.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("changes", "outcome", "exit_code", "words", "use"),
    [
        ({}, "WAIVED", 0, "waived until 2027-03-31 by W-1, ticket https://tickets", "applied"),
        ({"scope": PARTLY}, "WAIVED", 0, "waived until", "applied"),
        ({"expires": "2027-01-15"}, "WAIVED", 0, "waived until 2027-01-15", "applied"),
        ({"expires": "2027-01-14"}, "NOT_MET", 1, "; waiver W-1 expired on 2027-01-14", "would have applied"),
        (
            {"expires": "2027-01-15T08:00:00Z"},
            "NOT_MET",
            1,
            "; waiver W-1 expired on 2027-01-15T08",
            "would have applied",
        ),
        ({"approver": ""}, "NOT_MET", 1, "; waiver W-1 is not approved: it names no approver", "would have applied"),
        ({"scope": '"sandbox"'}, "NOT_MET", 1, "observed", "of another profile"),
        ({"scope": ELSEWHERE}, "NOT_MET", 1, "observed", "not needed"),
        ({"requirement": '"EAR-061"'}, "NOT_MET", 1, "observed", "not part of this run"),
    ],
)
def test_a_failure_is_waived_only_by_a_waiver_that_counts(
    perform: Perform, changes: dict[str, str], outcome: str, exit_code: int, words: str, use: str
) -> None:
    done = perform(waiver(**changes))
    result = kept(done)
    (requirement,) = result["requirements"]
    assert (requirement["outcome"], result["exit_code"], done.result.exit_code) == (outcome, exit_code, exit_code)
    assert words in requirement["reason"]
    (row,) = result["waivers"]
    assert (row["use"], row["applied"]) == (use, use == "applied")
    scenarios = {one["id"]: (one["outcome"], one["waiver"]) for one in requirement["scenarios"]}
    waived = "W-1" if outcome == "WAIVED" else ""
    assert scenarios == {FAILING: ("NOT_MET", waived), HOLDING: ("MET", "")}
    assert requirement["waiver"] == waived


def test_the_bundle_says_who_waived_what_and_when_that_was_asked(perform: Perform) -> None:
    done = perform(waiver(), waiver(id='"W-2"', requirement='"EAR-061"', approver=""))
    directory = done.result.directory
    listed = json.loads((directory / "waivers.json").read_text(encoding="utf-8"))
    assert listed == {"run": done.result.id, "waivers": kept(done)["waivers"]}
    assert listed["waivers"][0] == {
        "id": "W-1",
        "requirement": "EAR-062",
        "scope": {"profile": "fake", "scenarios": []},
        "owner": "Ada Okafor",
        "approver": "Jun Sato",
        "reason": "Creation is slow in this region.",
        "ticket": "https://tickets.example.com/SEC-142",
        "expires": "2027-03-31",
        "instant": "2027-01-15T08:00:00.000Z",
        "state": "in force",
        "use": "applied",
        "applied": True,
    }
    assert (listed["waivers"][1]["state"], listed["waivers"][1]["use"]) == ("not approved", "not part of this run")
    rows = [json.loads(line) for line in (directory / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["scenario"]: (row["outcome"], row["waiver"]) for row in rows} == {
        FAILING: ("NOT_MET", "W-1"),
        HOLDING: ("MET", ""),
    }


def test_what_holds_needs_no_waiver(perform: Perform) -> None:
    result = kept(perform(waiver(), limits={}))
    assert (result["requirements"][0]["outcome"], result["requirements"][0]["waiver"]) == ("MET", "")
    assert result["waivers"][0]["use"] == "not needed"


def test_frameworks_do_not_count_what_is_waived_as_met(perform: Perform) -> None:
    result = kept(perform(waiver()))
    found = {
        control["id"]: control["outcome"]
        for framework in result["frameworks"]
        for control in framework["controls"]
        if "EAR-062 WAIVED" in control["reason"]
    }
    assert set(found.values()) <= {"WAIVED"}
    assert result["summary"][Outcome.WAIVED.value] == 1
    outcomes = {one["outcome"] for framework in result["frameworks"] for one in framework["controls"]}
    assert "MET" not in outcomes


def test_nothing_is_performed_where_the_file_means_nothing(perform: Perform, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"waivers\.toml:1"):
        perform(waiver(owner=""))
    assert not (tmp_path / "reports").exists()


def test_allure_shows_the_failure_with_its_waiver(perform: Perform) -> None:
    done = perform(
        waiver(), waiver(id='"W-2"', ticket='"SEC-7"', expires="2026-12-31"), waiver(id='"W-3"', ticket='"SEC-8"')
    )
    files = (done.result.directory / "allure-results").glob("*-result.json")
    shown = {one["name"]: one for one in (json.loads(file.read_text(encoding="utf-8")) for file in files)}
    failed, passed = shown[FAILING.rpartition("::")[2]], shown[HOLDING.rpartition("::")[2]]
    labels = [(one["name"], one["value"]) for one in failed["labels"] if one["name"] in ("waiver", "issue")]
    assert failed["status"] == "failed"
    assert labels == [("waiver", "W-1"), ("waiver", "W-3"), ("issue", "SEC-8")]
    assert [(link["type"], link["url"]) for link in failed["links"]] == [
        ("issue", "https://tickets.example.com/SEC-142")
    ]
    assert "Waiver W-1 for EAR-062 is in force until 2027-03-31 (owner Ada Okafor" in failed["description"]
    assert "Waiver W-2 for EAR-062 expired on 2026-12-31" in failed["description"]
    assert "waiver" not in {one["name"] for one in passed["labels"]}
    assert "Waiver" not in passed["description"]
