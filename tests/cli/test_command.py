"""The command as people and scripts meet it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harness import __version__
from harness.cli import app
from harness.suite import import_root

ONE = ["--req", "EAR-062"]
BROKEN = """@active @req:EAR-030
Feature: A false promise

  Scenario: The key's details stay
    Given a project that uses the customer's key
    Then the project has no customer key
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in an empty directory, without variables of ours or of a workflow."""
    monkeypatch.chdir(tmp_path)
    for name in [*os.environ]:
        if name.startswith(("CMKPROOF_", "GITHUB_")):
            monkeypatch.delenv(name)


def cmkproof(*arguments: str) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def document(*arguments: str) -> dict[str, Any]:
    result = cmkproof("run", "-o", "json", *arguments)
    found = json.loads(result.stdout)
    assert found["exit_code"] == result.exit_code
    return dict(found)


def false_promise(tmp_path: Path) -> Path:
    directory = tmp_path / "features" / "keys"
    directory.mkdir(parents=True)
    (directory / "false.feature").write_text(BROKEN)
    return directory.parent


def test_version_and_help() -> None:
    assert cmkproof("--version").stdout == f"cmkproof {__version__}\n"
    assert "run" in cmkproof("--help").stdout


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom harness.cli import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'azure', 'httpx', 'pytest', 'requests', 'cryptography', 'falcon', 'faker', 'msgspec', 'gherkin'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - our own
    assert outcome.stderr.strip() == "[]"


def test_a_run_prints_the_table_the_totals_and_where_the_reports_are() -> None:
    result = cmkproof("run", *ONE)
    assert result.exit_code == 0
    lines = result.stdout.strip().splitlines()
    assert lines[1].split()[:3] == ["EAR-062", "MET", "2"]
    assert lines[-5].startswith("1 requirement, 2 scenarios: 1 MET, 0 WAIVED")
    assert lines[-3].startswith("SIMULATED: ")
    assert lines[-2].startswith("evidence closed, not signed")
    directory = Path(lines[-1].removeprefix("reports "))
    assert directory.parent == Path("reports")
    kept = {one.name for one in directory.iterdir()}
    assert kept > {"result.json", "history", "exchanges", "allure-results", "pytest.log", "SHA256SUMS"}
    assert "INCOMPLETE.txt" not in kept


def test_the_json_document_has_the_promised_shape() -> None:
    found = document(*ONE, "--seed", "7")
    assert {"id", "seed", "profile", "clock", "readings", "simulated"} <= set(found["run"])
    assert (found["run"]["seed"], found["run"]["clock"], found["run"]["simulated"]) == (7, "virtual", True)
    assert found["summary"] == {"MET": 1, "WAIVED": 0, "NOT_TESTED": 0, "INCONCLUSIVE": 0, "NOT_MET": 0}
    (requirement,) = found["requirements"]
    assert (requirement["id"], requirement["outcome"], requirement["assurance"]) == ("EAR-062", "MET", "simulated")
    assert [set(one) >= {"id", "outcome", "assurance", "seconds"} for one in requirement["scenarios"]] == [True, True]


def test_the_document_on_disk_is_the_one_on_stdout() -> None:
    found = document(*ONE)
    assert json.loads(Path("reports", found["run"]["id"], "result.json").read_text()) == found


def test_equal_seeds_give_equal_documents_but_for_the_run_and_its_times() -> None:
    assert timeless(document(*ONE, "--seed", "7")) == timeless(document(*ONE, "--seed", "7"))


def timeless(value: Any) -> Any:
    """A document without the run's id and the seconds on the wall."""
    if isinstance(value, dict):
        return {name: timeless(inner) for name, inner in value.items() if name not in ("seconds",) and name != "id"}
    return [timeless(inner) for inner in value] if isinstance(value, list) else value


def test_a_broken_promise_is_explained(tmp_path: Path) -> None:
    result = cmkproof("run", "--features", str(false_promise(tmp_path)), "--seed", "5", "--req", "EAR-030")
    assert result.exit_code == 1
    block = dict(line.strip().split(maxsplit=1) for line in result.stdout.splitlines() if line.startswith("  "))
    assert set(block) >= {"promise", "expected", "observed", "since", "source", "evidence", "reproduce"}
    assert Path(block["evidence"]).is_file()
    assert block["reproduce"].startswith("cmkproof run --req EAR-030 --seed 5")


def test_github_gets_an_annotation_and_a_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    result = cmkproof("run", "--features", str(false_promise(tmp_path)), "--req", "EAR-030", "-o", "github")
    assert "::error title=EAR-030 NOT_MET,file=features/keys/false.feature,line=4::" in result.stdout
    summary = (tmp_path / "summary.md").read_text()
    assert "| EAR-030 | NOT_MET |" in summary
    assert "SIMULATED" in summary


def test_progress_goes_to_stderr_only() -> None:
    result = cmkproof("run", *ONE, "-o", "json")
    assert "scenarios: 2 MET" in result.stderr
    assert result.stdout.startswith("{")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--req", "EAR-62"], "CMK201 there is no requirement 'EAR-62'. Did you mean 'EAR-062'?"),
        (["--tag", "pasive"], "there is no tag 'pasive'. Did you mean 'passive'?"),
        (["--profile", "fak"], "there is no profile 'fak'. Did you mean 'fake'?"),
        (["--features", "nowhere"], "there is no feature directory"),
        (["--reading", "region_gate"], "is not of the form NAME=VALUE"),
        (["--reading", "regio_gate=x"], "Did you mean 'region_gate'?"),
        (["--reading", "region_gate=x"], "choose one of active_endpoint, any_endpoint"),
        (["--allow", "all"], "allow = 'all'"),
        (["--workers", "0"], "at least 1 and at most 64"),
        (["-k", "and"], "Wrong expression"),
        (["-o", "xml"], "'xml' is not one of"),
    ],
)
def test_what_does_not_exist_is_exit_2_and_a_sentence(arguments: list[str], sentence: str) -> None:
    result = cmkproof("run", *arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.replace("│", " ").split())
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_an_unknown_key_is_exit_2_with_file_line_and_nearest_key(tmp_path: Path) -> None:
    (tmp_path / "cmkproof.toml").write_text("\nsedd = 3\n")
    result = cmkproof("run")
    assert result.exit_code == 2
    assert "CMK203 cmkproof.toml:2: unknown key 'sedd'. Did you mean 'seed'?" in result.stderr


def test_a_malformed_feature_file_is_named_and_the_others_run(tmp_path: Path) -> None:
    features = false_promise(tmp_path)
    (features / "keys" / "false.feature").write_text("Feature: x\n  nonsense\n  Scenario: y\n    Given z\n  w\n")
    good = import_root() / "features" / "private_endpoints" / "deletion.feature"
    (features / "keys" / "good.feature").write_text(good.read_text())
    result = cmkproof("run", "--features", str(features), *ONE)
    assert result.exit_code == 2
    assert "unusable feature file keys/false.feature:5:" in result.stdout
    assert "1 MET" in result.stdout


def test_reports_that_cannot_be_written_are_exit_6(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    result = cmkproof("run", *ONE, "--reports", "taken")
    assert result.exit_code == 6
    assert "CMK501" in result.stderr


@pytest.mark.parametrize("table", ["requirements", "scenarios", "steps", "readings", "faults", "controls"])
def test_every_table_is_also_json(table: str) -> None:
    rows = json.loads(cmkproof("list", table, "-o", "json").stdout)
    text = cmkproof("list", table).stdout.splitlines()
    assert len(text) == len(rows) + 1
    assert all(isinstance(row, dict) and all(row[key] is not None for key in row) for row in rows)


def test_faults_are_listed_and_those_of_live_targets_apart() -> None:
    listed = json.loads(cmkproof("list", "faults", "-o", "json").stdout)
    live = json.loads(cmkproof("list", "faults", "--live", "-o", "json").stdout)
    assert [one["id"] for one in listed] == [f"F-{number:02}" for number in range(1, 41)]
    assert [one for one in listed if one["live"] == "yes"] == live
    assert "F-08" in {one["id"] for one in live}
    assert not {"F-10", "F-24", "F-39"} & {one["id"] for one in live}


@pytest.mark.parametrize("subject", ["F-08", "f-08", "disable-key"])
def test_a_fault_is_explained_by_its_id_and_by_its_name(subject: str) -> None:
    told = json.loads(cmkproof("explain", subject, "-o", "json").stdout)
    assert told["fault"] == "F-08 disable-key"
    assert told["drill"] == "cmkproof drill disable-key"
    assert "EAR-101" in told["source"]


def test_a_fault_that_is_no_part_of_a_drill_names_none() -> None:
    assert "drill" not in json.loads(cmkproof("explain", "F-39", "-o", "json").stdout)
    assert json.loads(cmkproof("explain", "purge-key", "-o", "json").stdout)["live"] == "never"


def test_config_show_says_where_values_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cmkproof.toml").write_text("[limits]\npause_s = 60\n")
    monkeypatch.setenv("CMKPROOF_SEED", "9")
    found = json.loads(cmkproof("config", "show", "--origin", "-o", "json").stdout)
    assert found["limits.pause_s"] == {"value": 60.0, "origin": "cmkproof.toml:2"}
    assert found["seed"] == {"value": 9, "origin": "environment"}
    assert found["allow"]["origin"] == "default"
    assert "environment" in cmkproof("config", "show", "--origin").stdout
    assert "environment" not in cmkproof("config", "show").stdout


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("ear-062", "cannot be deleted"),
        ("CMK210", "A secret stands in the configuration"),
        ("inconclusive", "could not tell"),
        ("PENDING_RECREATION", "replacement"),
        ("6", "Evidence"),
        ("region_gate", "active_endpoint"),
    ],
)
def test_explain_knows_requirements_codes_statuses_and_readings(subject: str, text: str) -> None:
    assert text in cmkproof("explain", subject).stdout
    assert text in " ".join(json.loads(cmkproof("explain", subject, "-o", "json").stdout).values())


def test_explain_refuses_the_unknown_with_the_nearest() -> None:
    result = cmkproof("explain", "CMK21O")
    assert result.exit_code == 2
    assert "Did you mean 'CMK210'?" in result.stderr


def test_every_outcome_status_and_exit_code_is_explained() -> None:
    from harness.cli.meanings import EXIT_CODES, OUTCOMES
    from harness.model.verdict import Outcome
    from harness.run.exit_codes import ExitCode

    assert set(OUTCOMES) == {one.value for one in Outcome}
    assert set(EXIT_CODES) == {int(one) for one in ExitCode}


def test_no_colour_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in cmkproof("run", *ONE).stdout


@pytest.mark.parametrize("output", ["text", "json", "github"])
def test_a_reader_that_leaves_early_does_not_change_the_verdict(output: str, tmp_path: Path) -> None:
    """Exit code 1 stays 1 when nobody reads the output, for a promise that is broken on purpose."""
    code = (
        "import sys; from harness.fake.mutants import broken; from harness.cli import main\n"
        "with broken('deletion-while-initiating'):\n    main()"
    )
    arguments = ["run", "--req", "EAR-062", "-o", output, "--reports", str(tmp_path)]
    command = [sys.executable, "-c", code, *arguments]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own code
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == 1


def test_pytest_variables_do_not_narrow_an_audit(tmp_path: Path) -> None:
    """What hides a scenario must be on the command line."""
    command = [sys.executable, "-m", "harness", "run", "--req", "EAR-062", "-o", "json", "--reports", str(tmp_path)]
    environment = {**os.environ, "PYTEST_ADDOPTS": "-k nothing", "PYTEST_PLUGINS": "nope"}

    ended = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - our own code

    assert ended.returncode == 0
    assert len(json.loads(ended.stdout)["requirements"][0]["scenarios"]) == 2
