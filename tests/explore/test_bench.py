"""What `cmkproof bench` prints was measured, not made up."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from harness.backends.clocks import VirtualClock
from harness.cli import app, bench
from harness.explore.course import every_law
from harness.explore.guided import Plan
from harness.explore.measuring import hunted, middle_ratio

RETRY = "retry-makes-a-second-endpoint"


def test_the_command_measures_and_finds() -> None:
    options = [
        "--processes",
        "1",
        "--walks",
        "2",
        "--steps",
        "3",
        "--seeds",
        "30",
        "--limit",
        "2",
        "--planted",
        RETRY,
        "--output",
        "json",
    ]
    done = CliRunner().invoke(app, ["bench", *options])
    assert done.exit_code == 0, done.output
    shown = json.loads(done.output)
    assert shown["sweep_complete"]
    assert shown["sweep_steps"] == 3
    assert shown["calm_events"] >= 8640
    assert shown["hunts"][0]["law"] == "one_live_record_per_region"
    assert shown["median_ratio"] == pytest.approx(shown["hunts"][0]["theirs_s"] / shown["hunts"][0]["ours_s"])


def test_a_planted_fault_that_is_not_found_is_said_and_not_compared() -> None:
    plan = Plan(walks=1)
    hunts = list(hunted(every_law(), VirtualClock(0.0), ["token-outlives-the-role"], plan, lambda _: (30.0, False)))
    assert not hunts[0].law
    assert hunts[0].ratio is None
    assert list(bench.hunt_lines(hunts, 30.0)) == [
        "token-outlives-the-role: NOT FOUND in 0.00 s, Hypothesis 30.0 s or more",
        "0 of 1 planted faults found; not compared (Hypothesis was stopped after 30 s)",
    ]


def test_without_an_opponent_nothing_is_compared() -> None:
    hunts = list(hunted(every_law(), VirtualClock(0.0), [RETRY], Plan(walks=30), None))
    assert hunts[0].law
    assert hunts[0].theirs_s is None
    assert middle_ratio(hunts) is None


def test_an_unknown_fault_is_a_wrong_request() -> None:
    assert CliRunner().invoke(app, ["bench", "--planted", "nothing"]).exit_code == 2
