"""`cmkproof explore`: what it says, writes and exits with; over the wire its scenario fails with the fault alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.fake.mutants.sequences import planted_in_force

BUG = "private-networking-ends-during-the-last-deletion"
TOKEN = "1:ask.a+next+next+delete.a+public"


def test_a_sound_kernel_gives_exit_code_0() -> None:
    done = CliRunner().invoke(app, ["explore", "--seeds", "3", "--sweep", "3"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("no law is broken\n")


def test_a_finding_is_told_with_its_law_its_schedule_and_its_replay() -> None:
    done = CliRunner().invoke(app, ["explore", "--planted", "retry-makes-a-second-endpoint"])
    assert done.exit_code == 1
    for said in (
        "BROKEN one_live_record_per_region  (atlas.md 2.1)",
        "--replay '1:ask.a+ask.a'",
        "certificate: each of",
    ):
        assert said in done.stdout
    shown = json.loads(
        CliRunner().invoke(app, ["explore", "--planted", "retry-makes-a-second-endpoint", "--output", "json"]).stdout
    )
    assert shown["found"]["digest"] in done.stdout
    assert [one["without_it"] for one in shown["found"]["moves"]] == ["nothing is broken"] * 2


def test_what_does_not_exist_is_a_wrong_request() -> None:
    for wrong in (["--planted", "nothing"], ["--replay", "ask.a"], ["--replay", "1:jump"], ["--reports", " "]):
        assert CliRunner().invoke(app, ["explore", *wrong]).exit_code == 2


def test_its_scenario_fails_over_the_wire_with_the_fault_and_passes_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    request = ["explore", "--planted", BUG, "--replay", TOKEN, "--reports", str(tmp_path / "found")]
    assert CliRunner().invoke(app, request).exit_code == 1
    assert (tmp_path / "found" / "counterexample.feature").read_text().startswith("@active\nFeature: ")
    perform = ["run", "--features", str(tmp_path / "found"), "--reports", str(tmp_path / "reports"), "--workers", "1"]
    with planted_in_force(BUG):
        broken = CliRunner().invoke(app, perform)
    assert broken.exit_code == 1, broken.output
    assert " 0 MET," in broken.stdout
    sound = CliRunner().invoke(app, perform)
    assert " 2 MET," in sound.stdout, sound.output
    assert " 0 NOT_MET" in sound.stdout
    assert sound.exit_code == 3  # the other requirements are not tested
