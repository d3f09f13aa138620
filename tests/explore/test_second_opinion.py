"""Hypothesis, given the same moves, kernel and laws, agrees; the benchmark sets both side by side."""

from __future__ import annotations

import json
from time import perf_counter

from typer.testing import CliRunner

from harness.cli import app
from harness.explore.course import every_law
from harness.explore.moves import written
from harness.explore.second_opinion import ask
from harness.explore.trials import Trials
from harness.fake.mutants.sequences import planted_in_force

BUG = "retry-makes-a-second-endpoint"


def test_hypothesis_finds_what_we_find() -> None:
    with planted_in_force(BUG):
        opinion = ask(every_law(), 30.0, perf_counter)
        assert opinion is not None
        assert opinion.moves is not None
        found = Trials(every_law(), 1).run(opinion.moves)
    assert found is not None, written(opinion.moves)
    assert found.law.name == "one_live_record_per_region"
    assert Trials(every_law(), 1).run(opinion.moves) is None


def test_hypothesis_finds_nothing_in_a_sound_kernel_and_stops_in_time() -> None:
    opinion = ask(every_law(), 1.0, perf_counter)
    assert opinion is not None
    assert opinion.moves is None
    assert 1.0 <= opinion.took_s < 10.0


def test_the_benchmark_sets_both_side_by_side() -> None:
    request = ["bench", "--steps", "3", "--seeds", "2", "--cap", "20", "--planted", BUG, "--output", "json"]
    done = CliRunner().invoke(app, request)
    assert done.exit_code == 0, done.output
    shown = json.loads(done.stdout)
    assert shown["days"]["events"] >= 90 * 96
    assert shown["sweep"]["steps"] == 3
    [hunt] = shown["hunts"]
    assert hunt["found"]
    assert shown["median_times_faster"] == hunt["other_s"] / hunt["took_s"]
    assert CliRunner().invoke(app, ["bench", "--planted", "nothing"]).exit_code == 2
