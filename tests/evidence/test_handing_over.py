"""Processes of one run tell each other what is secret, in memory, and commit alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.backends.clocks import VirtualClock
from harness.errors import ConfigError
from harness.evidence.removals import commitment
from harness.run.engine import Request, Result, execute
from harness.run.handing_over import SECRETS, key_of_run, taken_off
from harness.run.options import load_settings

STEPS = """
from pytest_bdd import given, then

@given("a secret of its own")
def protect(scene, request):
    scene.backend.recorder.protect("a-secret-of-" + request.node.name.replace(" ", "-"))

@then("it signs in")
def accepted(scene):
    scene.custodian.keep_proof()
    scene.custodian.prove_key()
    scene.expect("accepted", "the request is accepted")
"""
FEATURE = "@active @req:EAR-062\nFeature: One\n" + "".join(
    f"  Scenario: Case {n}\n    Given a secret of its own\n    Then it signs in\n" for n in range(4)
)


def audit(home: Path, workers: int, reports: str = "reports", **environment: str) -> Result:
    (home / "features" / "one").mkdir(parents=True, exist_ok=True)
    (home / "conftest.py").write_text(STEPS, encoding="utf-8")
    (home / "features" / "one" / "case.feature").write_text(FEATURE, encoding="utf-8")
    flags = {"features": str(home / "features"), "reports": str(home / reports), "workers": workers}
    settings = load_settings(flags, environment=environment, directory=home)
    return execute(Request(settings), VirtualClock(1_800_000_000.0))


def events(result: Result) -> list[dict[str, Any]]:
    files = sorted((result.directory / "exchanges").iterdir())
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module", params=[1, 2])
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return audit(tmp_path_factory.mktemp("handing"), request.param)


def test_whoever_leads_the_run_knows_the_secrets_of_all_its_processes(result: Result) -> None:
    assert {record.outcome.value for record in result.records.values()} == {"MET"}
    assert {f"a-secret-of-Case-{n}" for n in range(4)} <= result.secrets
    assert len(result.secrets) > 4 * 8, "also what worlds protect and what was learned from exchanges"


def test_a_result_does_not_show_the_secrets_that_it_knows(result: Result) -> None:
    assert "a-secret-of" not in repr(result)


def test_secrets_are_taken_off_a_report_once() -> None:
    class Report:
        nodeid = "one"

    report = Report()
    setattr(report, SECRETS, ["hush"])
    assert (taken_off(report), taken_off(report), vars(report)) == (["hush"], [], {})


def test_the_same_secret_has_the_same_commitment_in_every_process(tmp_path: Path) -> None:
    owners = {"CMKPROOF_EVIDENCE__COMMITMENT_KEY": f"file:{tmp_path / 'key'}"}
    (tmp_path / "key").write_text("the key of the owner", encoding="utf-8")
    one, two = audit(tmp_path, 1, "one", **owners), audit(tmp_path, 2, "two", **owners)
    assert one.id == two.id
    assert events(one) == events(two)
    assert "the key of the owner" in one.secrets


def test_the_owner_opens_a_commitment_with_the_key_and_the_value(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("the key of the owner", encoding="utf-8")
    result = audit(tmp_path, 1, CMKPROOF_EVIDENCE__COMMITMENT_KEY=f"file:{tmp_path / 'key'}")
    key = key_of_run("the key of the owner", result.id)
    openable = {commitment(key, secret.encode()) for secret in result.secrets}
    signed_in = [event for event in events(result) if event.get("url", "").endswith("/oauth2/v2.0/token")]
    assert signed_in
    for event in signed_in:
        assert event["redacted"]["request.form.client_secret"]["commitment"] in openable
        assert event["redacted"]["response.json.access_token"]["commitment"] in openable
    without = commitment(key_of_run("another key", result.id), b"x")
    assert without not in openable


def test_without_an_owners_key_runs_of_one_seed_commit_alike(tmp_path: Path) -> None:
    assert events(audit(tmp_path, 1, "one")) == events(audit(tmp_path, 2, "two"))


def test_a_key_that_leads_nowhere_stops_the_run_before_it_begins(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"evidence\.commitment_key refers to env:NO_SUCH"):
        audit(tmp_path, 1, CMKPROOF_EVIDENCE__COMMITMENT_KEY="env:NO_SUCH")
    assert not (tmp_path / "reports").exists()


def test_a_key_in_the_settings_themselves_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be a reference"):
        audit(tmp_path, 1, CMKPROOF_EVIDENCE__COMMITMENT_KEY="the-key-itself")
