"""`cmkproof parity` as people call it: exit codes, both forms of output, and bad input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from harness.cli import app
from harness.fake.mutants import broken
from harness.run.parity import RecordedRun
from tests.parity.performing import live_with, perform, write_result


def parity(*arguments: object) -> Result:
    """Call the command."""
    return CliRunner().invoke(app, ["parity", *map(str, arguments)])


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a working directory of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> RecordedRun:
    """A run of two scenarios."""
    return perform(tmp_path_factory.mktemp("small"), ("EAR-050",))


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> RecordedRun:
    """The same two, on a system that breaks a rule."""
    with broken("endpoint-without-private-networking"):
        return perform(tmp_path_factory.mktemp("wrong"), ("EAR-050",))


def altered(run: RecordedRun, to: Path, **changes: object) -> Path:
    """A copy of a run whose result says something else about the run itself."""
    shutil.copytree(run.directory, to)
    result = json.loads((to / "result.json").read_text())
    result["run"].update(changes)
    write_result(to, result)
    return to


def test_a_run_is_compared_with_the_fake_as_it_is_now(small: RecordedRun) -> None:
    """Into a directory of its own, with exit code 0."""
    ended = parity(small.directory, "--reports", "beside", "-o", "json")
    said = json.loads(ended.stdout)

    assert ended.exit_code == 0
    assert (said["compared"], said["agreeing"], said["open"]) == (2, 2, [])
    assert said["fake"]["id"] != small.run.id or said["fake"]["directory"] != said["live"]["directory"]
    assert (Path(said["fake"]["directory"]) / "result.json").is_file()
    assert said["fake"]["seed"] == small.run.seed


def test_an_open_difference_gives_exit_code_1_and_the_three_values(
    wrong: RecordedRun, small: RecordedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the documentation says, what the fake did, what the live system did, and who is off."""
    monkeypatch.setattr("harness.run.parity.supposing._candidates", lambda *_: [])
    ended = parity(wrong.directory, small.directory)

    assert ended.exit_code == 1
    for words in (
        "refusal: private_endpoints/lifecycle.feature::Without private networking no endpoint can be created",
        "operator asks for endpoint US_EAST_2",
        "refused 400 ENCRYPTION_AT_REST_PRIVATE_NETWORKING_NOT_REQUIRED",
        "accepted 202",
        "live deviates from documentation",
        "it is new",
    ):
        assert words in ended.stdout


def test_a_reading_that_would_match_is_found(tmp_path: Path) -> None:
    """Among all there are; those that the promise touches are tried first."""
    live = live_with("endpoint_delete_status", "202", tmp_path, "EAR-061", "failed")
    ended = parity(live.directory, "-o", "json")
    found = json.loads(ended.stdout)["open"]

    assert ended.exit_code == 1
    assert {one["reading"] for one in found} == {"endpoint_delete_status=202"}
    assert {one["triage"] for one in found} == {"documentation silent"}
    assert ended.stderr.count("trying reading") == 1


def test_a_ledger_with_owners_makes_it_pass(
    wrong: RecordedRun, small: RecordedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written by the command, filled in by people, found in the working directory."""
    monkeypatch.setattr("harness.run.parity.supposing._candidates", lambda *_: [])
    assert parity(wrong.directory, small.directory, "--write-ledger").exit_code == 1
    ledger = Path("divergences.toml")
    assert parity(wrong.directory, small.directory).exit_code == 1
    ledger.write_text(ledger.read_text().replace('owner = ""', 'owner = "platform"'))

    assert parity(wrong.directory, small.directory).exit_code == 0
    healed = parity(small.directory, small.directory)
    assert healed.exit_code == 0
    assert "STALE" in healed.stdout


def test_a_scenario_of_which_nothing_can_be_said_gives_exit_code_3(small: RecordedRun, tmp_path: Path) -> None:
    """It is named, with the reason."""
    shutil.copytree(small.directory, tmp_path / "cut")
    result = json.loads((tmp_path / "cut" / "result.json").read_text())
    for promise in result["requirements"]:
        for row in promise["scenarios"]:
            row |= {"outcome": "INCONCLUSIVE", "reason": "the network was down"}
    write_result(tmp_path / "cut", result)
    ended = parity(tmp_path / "cut", small.directory)

    assert ended.exit_code == 3
    assert "UNDECIDED" in ended.stdout
    assert "the network was down" in ended.stdout


def test_runs_without_a_common_scenario_give_exit_code_5(small: RecordedRun, tmp_path: Path) -> None:
    """There is nothing to compare."""
    other = perform(tmp_path / "other", ("EAR-001",))

    assert parity(small.directory, other.directory).exit_code == 5


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": "9.9.9"}, "was made by cmkproof 9.9.9"),
        ({"features_digest": "0" * 64}, "was made with other features: their digests differ"),
        ({"limits": {"poll_s": "often"}}, "cannot be read as the result of a run"),
    ],
)
def test_a_run_that_another_cmkproof_made_is_refused(
    changes: dict[str, object], said: str, small: RecordedRun, tmp_path: Path
) -> None:
    """It says so, with exit code 2."""
    ended = parity(altered(small, tmp_path / "altered", **changes), small.directory)

    assert ended.exit_code == 2
    assert said in ended.stderr


def test_a_scenario_that_is_no_longer_there_means_other_features(small: RecordedRun, tmp_path: Path) -> None:
    """Also where the result does not name a digest."""
    other = tmp_path / "renamed"
    shutil.copytree(small.directory, other)
    text = (other / "result.json").read_text().replace("lifecycle.feature::", "lifecycle.feature::Once ")
    (other / "result.json").write_text(text)
    ended = parity(other, small.directory)

    assert ended.exit_code == 2
    assert "was made with other features" in ended.stderr


def test_bad_input_is_a_sentence(small: RecordedRun, tmp_path: Path) -> None:
    """No run there, no ledger there, a history that somebody touched."""
    assert "there is no run in nowhere" in parity("nowhere").stderr
    assert parity("nowhere").exit_code == 2
    missing = parity(small.directory, small.directory, "--ledger", "no.toml")
    assert (missing.exit_code, "there is no ledger no.toml" in missing.stderr) == (2, True)

    shutil.copytree(small.directory, tmp_path / "touched")
    history = next((tmp_path / "touched" / "history").iterdir())
    history.write_text(history.read_text().replace("operator", "somebody", 1))
    touched = parity(tmp_path / "touched", small.directory)
    assert touched.exit_code == 2
    assert "was changed after the run" in touched.stderr
