"""Live runs over real sockets: the same outcomes as in process, nothing left behind, and the way back after a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.fake.serve import served
from harness.model.verdict import Outcome
from harness.run.options import load_settings
from harness.run.recover import recover
from tests.live.conftest import Behind, Run, export

SELECTION = ("EAR-030", "EAR-058", "EAR-062", "EAR-017", "EAR-007")
"""A few of every kind: refusals, stage, several roles, states that pass by, passive ones."""


def test_the_same_features_have_the_same_outcomes_over_sockets_and_in_process(run: Run, behind: Behind) -> None:
    before = behind.what_is_there()
    live, embedded = run("staging", *SELECTION), run("fake", *SELECTION)
    assert {one: record.outcome for one, record in live.records.items()} == {
        one: record.outcome for one, record in embedded.records.items()
    }
    assert len(live.records) >= 10
    assert live.assurance == "simulated"
    assert {record.clock for record in live.records.values()} == {"simulated"}
    assert behind.what_is_there() == before


def test_on_a_clock_that_takes_its_time_scenarios_end_the_same(
    monkeypatch: pytest.MonkeyPatch, run: Run, behind: Behind
) -> None:
    before = behind.what_is_there()
    with served(seed=11, speed=150.0) as fast:
        export(fast, monkeypatch)
        monkeypatch.setenv("CMKPROOF_SIMULATOR__WAITS", "real")
        monkeypatch.setenv("CMKPROOF_LIMITS__LOOK_S", "60")
        result = run("staging", "EAR-058")
    assert {record.outcome for record in result.records.values()} == {Outcome.MET}
    assert behind.what_is_there() == before


def test_what_the_profile_does_not_name_is_made_and_removed(
    monkeypatch: pytest.MonkeyPatch, run: Run, behind: Behind
) -> None:
    for name in ("VAULT", "OTHER_VAULT", "OTHER_KEY", "APPLICATION_ID", "PRINCIPAL_ID"):
        monkeypatch.delenv(f"CMKPROOF_AZURE__{name}")
    before = behind.what_is_there()
    result = run("staging", "EAR-030")
    assert {record.outcome for record in result.records.values()} == {Outcome.MET}
    assert behind.what_is_there() == before


@pytest.mark.parametrize("named", ["", "env:MONGODB_ATLAS_PROJECT_ID"])
def test_atlas_signs_in_without_a_secret_where_the_profile_says_so(
    monkeypatch: pytest.MonkeyPatch, run: Run, behind: Behind, sent: list[tuple[str, str, str]], named: str
) -> None:
    monkeypatch.setenv("CMKPROOF_AZURE__ATLAS_SIGN_IN", "secretless")
    monkeypatch.setenv("CMKPROOF_ATLAS__PROJECT_ID", named)
    before = behind.what_is_there()
    result = run("staging", "EAR-030", "EAR-062", "EAR-016", allow="active")
    outcomes = {record.outcome for record in result.records.values()}
    assert outcomes == {Outcome.MET, Outcome.NOT_TESTED}, [record.reason for record in result.records.values()]
    assert any("without a secret" in record.reason for record in result.records.values())
    assert any(path.endswith("/cloudProviderAccess") and method == "POST" for method, _, path in sent)
    assert behind.what_is_there() == before


def test_a_named_project_is_used_and_left_empty(monkeypatch: pytest.MonkeyPatch, run: Run, behind: Behind) -> None:
    monkeypatch.setenv("CMKPROOF_ATLAS__PROJECT_ID", "env:MONGODB_ATLAS_PROJECT_ID")
    before = behind.what_is_there()
    result = run("staging", "EAR-030", "EAR-017")
    assert {record.outcome for record in result.records.values()} == {Outcome.MET}
    assert behind.what_is_there() == before


def test_a_named_project_that_holds_something_is_never_emptied(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    with served(seed=11, project="production") as production:
        export(production, monkeypatch)
        monkeypatch.setenv("CMKPROOF_ATLAS__PROJECT_ID", "env:MONGODB_ATLAS_PROJECT_ID")
        behind = Behind(production)
        before = behind.what_is_there()
        result = run("staging", "EAR-030")
        assert int(result.exit_code) == 3
        assert "is not empty: it has cluster" in result.failures[0]
        assert behind.what_is_there() == before
        behind.close()


def test_an_observer_sends_nothing_that_could_change_anything(
    monkeypatch: pytest.MonkeyPatch, run: Run, sent: list[tuple[str, str, str]]
) -> None:
    with served(seed=11, project="production") as production:
        export(production, monkeypatch)
        behind = Behind(production)
        before = behind.what_is_there()
        sent.clear()
        result = run("observe")
        assert behind.what_is_there() == before
        behind.close()
    verbs = {method for method, _, _ in sent}
    posts = {(host, path.rpartition("/")[2]) for method, host, path in sent if method == "POST"}
    assert verbs == {"GET", "POST"}
    assert posts == {("cloud.mongodb.com", "token"), ("login.microsoftonline.com", "token")}
    passive = [one for one in result.suite.scenarios.values() if one.tags.severity == "passive"]
    assert {result.records[one.id].outcome for one in passive} == {Outcome.MET}
    others = [record for identifier, record in result.records.items() if identifier not in {one.id for one in passive}]
    assert {record.outcome for record in others} == {Outcome.NOT_TESTED}
    assert all("only passive ones may run" in record.reason for record in others)


def start(tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command, in a process of its own."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "harness", "run", "-p", "staging", "--reports", str(tmp_path), *arguments],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "COLUMNS": "200"},
    )


def wait_for_changes(tmp_path: Path, process: subprocess.Popen[str], number: int) -> Path:
    """The directory of a run, once its ledger has so many open entries."""
    while process.poll() is None:
        for path in tmp_path.glob("*/undo.jsonl"):
            if path.read_bytes().count(b'"kind":"intent"') >= number:
                return path.parent
    raise AssertionError(process.communicate())


@pytest.mark.parametrize("changes", [1, 4, 6])
def test_after_a_kill_recover_brings_everything_back(tmp_path: Path, behind: Behind, changes: int) -> None:
    before = behind.what_is_there()
    process = start(tmp_path, "--req", "EAR-058")
    directory = wait_for_changes(tmp_path, process, changes)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    settings = load_settings({"profile": "staging"}, directory=tmp_path)
    recover(directory, settings)
    assert behind.what_is_there() == before
    assert recover(directory, settings).done == ()


def test_a_polite_stop_undoes_everything_and_has_a_result(tmp_path: Path, behind: Behind) -> None:
    before = behind.what_is_there()
    process = start(tmp_path, "-o", "json")
    directory = wait_for_changes(tmp_path, process, 8)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert process.returncode == 130
    assert (directory / "result.json").is_file()
    assert behind.what_is_there() == before


def test_a_run_finds_the_simulator_usable_after_another_let_a_secret_expire_and_months_went_by(
    run: Run, behind: Behind
) -> None:
    before = behind.what_is_there()
    for _ in range(2):
        result = run("staging", "EAR-016", "EAR-030")
        assert {record.outcome for record in result.records.values()} == {Outcome.MET}
        for _ in range(2):
            behind.call("POST", "/clock", {"advance_s": 366 * 86400})
    assert behind.what_is_there() == before


def test_two_runs_never_have_the_target_at_once(
    tmp_path: Path, run: Run, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = behind.what_is_there()
    monkeypatch.setenv("CMKPROOF_SIMULATOR__WAITS", "real")  # two runs that both move the time would confuse each other
    first = start(tmp_path / "first", "--req", "EAR-058")
    directory = wait_for_changes(tmp_path / "first", first, 4)
    second = run("staging", "EAR-030")
    first.kill()
    first.communicate()
    assert int(second.exit_code) == 3
    assert "CMK310" in second.failures[0]
    assert "in use by another run" in second.failures[0]
    monkeypatch.delenv("CMKPROOF_SIMULATOR__WAITS")
    recover(directory, load_settings({"profile": "staging"}, directory=tmp_path))
    assert behind.what_is_there() == before


def test_what_cannot_be_undone_is_exit_4_and_stays_in_the_ledger(run: Run, behind: Behind) -> None:
    behind.call(
        "PUT",
        "/faults",
        [
            {
                "kind": "status",
                "host": "cloud.mongodb.com",
                "method": "DELETE",
                "path": "/groups/[0-9a-f]+$",
                "status": 503,
                "times": None,
            }
        ],
    )
    before = behind.what_is_there()
    result = run("staging", "EAR-030")
    assert int(result.exit_code) == 4
    assert "CMK420" in result.failures[-1]
    assert "cmkproof recover" in result.failures[-1]
    behind.call("DELETE", "/faults")
    settings = load_settings({"profile": "staging"}, directory=result.directory)
    assert recover(result.directory, settings).done
    assert behind.what_is_there() == before


def test_an_endpoint_that_is_never_created_has_a_code_of_its_own_and_goes_with_its_project(
    run: Run, behind: Behind
) -> None:
    behind.call("PATCH", "/knobs", {"stuck_initiating": True})
    before = behind.what_is_there()
    result = run("staging", keyword="waiting and deleted and approval")
    assert {record.code for record in result.records.values()} == {"CMK414"}
    assert int(result.exit_code) == 3
    assert behind.what_is_there() == before


FAULTS = {
    "429 storm": ({"kind": "status", "status": 429, "retry_after_s": 1}, "CMK403"),
    "5xx burst": ({"kind": "status", "status": 503}, "CMK405"),
    "truncated body": ({"kind": "truncate"}, "CMK413"),
    "silent endpoint": ({"kind": "stuck"}, "CMK412"),
    "reset": ({"kind": "reset"}, "CMK402"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_trouble_on_the_way_is_inconclusive_with_a_code_of_its_own_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, run: Run, behind: Behind, name: str
) -> None:
    fault, code = FAULTS[name]
    if fault["kind"] == "stuck":
        monkeypatch.setenv("CMKPROOF_NETWORK__READ_TIMEOUT_S", "1.5")
    path = "/encryptionAtRest$"
    behind.call("PUT", "/faults", [{"host": "cloud.mongodb.com", "method": "GET", "path": path, "times": 40, **fault}])
    before = behind.what_is_there()
    result = run("staging", "EAR-030")
    (record,) = result.records.values()
    assert (record.outcome, record.code) == (Outcome.INCONCLUSIVE, code)
    assert record.advice
    assert int(result.exit_code) == 3
    assert behind.what_is_there() == before


def test_a_cluster_whose_region_is_cut_off_is_removed_as_well(run: Run, behind: Behind) -> None:
    before = behind.what_is_there()
    result = run("staging", "EAR-105", keyword="cut and whose and other and link")
    (record,) = result.records.values()
    assert record.outcome is Outcome.MET
    assert behind.what_is_there() == before


def test_a_named_project_gets_its_reminder_back(monkeypatch: pytest.MonkeyPatch, run: Run, behind: Behind) -> None:
    monkeypatch.setenv("CMKPROOF_ATLAS__PROJECT_ID", "env:MONGODB_ATLAS_PROJECT_ID")
    result = run("staging", "EAR-125", keyword="longer and period")
    (record,) = result.records.values()
    (rules,) = [one for one in behind.call("GET", "/world")["state"]["atlas"]["rules"].values() if one]
    assert record.outcome is Outcome.MET
    assert [one["threshold_days"] for one in rules if one["kind"] == "AZURE_ENCRYPTION_KEY_NEEDS_ROTATION"] == [90]
