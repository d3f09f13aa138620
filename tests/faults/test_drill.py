"""Drills: from the command line to a sealed bundle, on the fake and on a simulator; and what is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from typer.testing import CliRunner

from harness import catalog
from harness.backends.clocks import VirtualClock
from harness.backends.live.connecting import wired
from harness.backends.live.fixtures import CRYPTO_OFFICER
from harness.backends.live.workshop import workshop_of
from harness.cli import app
from harness.errors import LeftChanged, SafetyError, UsageError
from harness.fake.serve import served
from harness.faults.catalogue import CATALOGUE
from harness.faults.ledger import FILE as LEDGER
from harness.faults.ledger import UndoLedger, read_only
from harness.limits import Limits
from harness.run.doctor.permissions import needed
from harness.run.drill import DRILLED, FILE, drill_of, write_feature
from harness.run.options import CHOICES, load_settings
from harness.run.recover import recover_from_cloud
from harness.suite import Known, read_suite
from tests.faults import crashing
from tests.live.conftest import Behind, export

IN_DRILLS = sorted(DRILLED)
SURROUNDINGS = ("HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The command, as typed, in a directory of its own."""
    monkeypatch.chdir(tmp_path)

    def typed(*words: str) -> Any:
        return CliRunner().invoke(app, ["drill", *words, "--reports", str(tmp_path / "reports")])

    return typed


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[Behind]:
    """A served customer on the first day, and the environment of its clients."""
    with served(seed=11) as simulator:
        export(simulator, monkeypatch)
        made = Behind(simulator)
        yield made
        made.close()


def bundle(tmp_path: Path) -> Path:
    (found,) = (tmp_path / "reports").glob("2*")
    return found


@pytest.mark.parametrize("identifier", IN_DRILLS)
def test_every_fault_of_a_drill_makes_a_feature_that_means_something(tmp_path: Path, identifier: str) -> None:
    drill = drill_of([identifier], "20m", live=True)
    suite = read_suite(write_feature(drill, Limits(), tmp_path), Known(catalog.load(), CHOICES))
    assert suite.problems == []
    (scenario,) = suite.scenarios.values()
    assert scenario.tags.severity in ("active", "destructive")
    assert CATALOGUE[identifier].name in (tmp_path / FILE).read_text()
    assert "for at most" in (tmp_path / FILE).read_text()


def test_the_same_drill_is_the_same_feature(tmp_path: Path) -> None:
    texts = {
        (write_feature(drill_of(words, hold, live=False), Limits(), tmp_path / str(at)) / FILE).read_bytes()
        for at, (words, hold) in enumerate([(["F-08", "F-18"], "20m"), (["disable-key", "remove-roles"], "20 minutes")])
    }
    assert len(texts) == 1


@pytest.mark.parametrize("faults", [["disable-key"], ["close-public-side"], ["reject-endpoint", "remove-roles"]])
def test_a_drill_on_the_fake_is_a_rehearsal_with_a_bundle(drill: Any, tmp_path: Path, faults: list[str]) -> None:
    result = drill(*faults, "--for", "20m")
    assert result.exit_code == 0, result.output
    acts = [json.loads(line) for line in (bundle(tmp_path) / "faults.jsonl").read_text().splitlines()]
    assert {one["arguments"].get("fault") for one in acts if one["effect"] == "takes away"} == {
        entry.id for entry in CATALOGUE.values() if entry.name in faults
    }
    assert "expected:" in result.output
    assert (bundle(tmp_path) / "SHA256SUMS").exists()


def test_a_drill_on_a_simulator_leaves_its_ledger_closed_and_the_target_as_it_was(
    drill: Any, tmp_path: Path, target: Behind
) -> None:
    before = target.what_is_there()
    result = drill("disable-key", "--for", "20m", "-p", "staging")
    assert result.exit_code == 0, result.output
    ledger = read_only(bundle(tmp_path) / LEDGER)
    assert (ledger.unresolved, len(ledger.closed_keys), ledger.profile) == ([], 1, "staging")
    kinds = [json.loads(line.rpartition("\t")[0]) for line in ledger.path.read_text().splitlines()]
    assert [one["kind"] for one in kinds if one["kind"] in ("plan", "fault", "armed", "applied", "observed")] == [
        *("plan", "fault", "armed", "applied", "observed")
    ]
    assert [one["outcome"] for one in kinds if one.get("outcome")] == ["restored"]
    assert target.what_is_there() == before


LOST = [("observed", ""), ("fault", "env:MONGODB_ATLAS_PROJECT_ID"), ("armed", ""), ("undone", "")]
"""The last line of a ledger that is lost, and the project that the profile names."""


@pytest.mark.parametrize(("at", "named"), LOST if os.environ.get("CMKPROOF_CRASHES") == "all" else LOST[:1])
def test_a_run_whose_directory_is_lost_is_undone_from_the_cloud_alone(
    tmp_path: Path, target: Behind, monkeypatch: pytest.MonkeyPatch, at: str, named: str
) -> None:
    """Fault, project, cluster, links, key and lease: by tags and by names."""
    monkeypatch.setenv("CMKPROOF_ATLAS__PROJECT_ID", named)
    environment = {name: value for name, value in os.environ.items() if name.startswith(("CMKPROOF", "MONGO", "AZURE"))}
    environment |= {name: os.environ[name] for name in SURROUNDINGS}
    before = target.what_is_there()
    features = write_feature(drill_of(["reject-endpoint"], "20m", live=True), Limits(), tmp_path / "features")
    (reports := tmp_path / "reports").mkdir()
    ended = crashing.run_drill(environment, features, reports, at)
    assert ended == -9
    rmtree(reports)
    settings = load_settings({"profile": "staging"}, directory=tmp_path)
    with pytest.raises(LeftChanged, match="has not ended, so what that run made is left alone") as caught:
        recover_from_cloud(settings)  # undoes the fault, and no more: somebody may be at work
    assert target.what_is_there()["keys"] != before["keys"]
    holder = caught.value.advice.rpartition("--over ")[2].rstrip("`.")
    outcomes = [one.outcome for one in recover_from_cloud(settings, over=holder).done]
    assert set(outcomes) == {None}
    assert target.what_is_there() == before
    assert recover_from_cloud(settings).done == ()


def test_the_proof_says_that_after_is_before(drill: Any, tmp_path: Path) -> None:
    told = [line for line in drill("disable-key").output.splitlines() if "  F-08  " in line]
    assert [line.partition("  F-08  ")[2].partition(";")[0] for line in told] == [
        "key custodian disables key atlas-cmk",
        "fault disable-key is in force",
        "key custodian enables key atlas-cmk",
        "fault disable-key is restored",
    ]
    assert told[-1].endswith("(the same)")
    (history,) = (bundle(tmp_path) / "history").glob("*.jsonl")
    seen = [json.loads(line) for line in history.read_text().splitlines()]
    facts = [one["facts"] for one in seen if one.get("subject") == "fault disable-key"]
    assert [(one.get("in_force"), one.get("as_before")) for one in facts] == [(True, None), (None, True)]
    assert facts[0]["before"] == facts[1]["before"] == facts[1]["after"]


REFUSED = {
    "no such fault": (["disable-keys"], "there is no fault"),
    "a fault of the model": (["failed-endpoint"], "cannot be part of a drill"),
    "both kinds of networking": (
        ["disable-key", "cut-off-public-project"],
        "need public networking",
    ),
    "no time": (["disable-key", "--for", "soon"], "is no time"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_means_nothing_is_exit_2_and_makes_nothing(drill: Any, tmp_path: Path, name: str) -> None:
    words, sentence = REFUSED[name]
    result = drill(*words)
    assert (result.exit_code, sentence in result.output) == (2, True), result.output
    assert not (tmp_path / "reports").exists()


def test_a_fault_that_is_never_live_is_exit_3_on_a_live_profile(drill: Any, target: Behind) -> None:
    before = target.what_is_there()
    result = drill("purge-key", "-p", "staging")
    assert result.exit_code == 3
    assert "F-10 purge-key is never brought about on a live target" in result.output
    assert target.what_is_there() == before


@pytest.mark.parametrize("live", [False, True])
def test_a_fault_of_the_simulation_is_no_drill(live: bool) -> None:
    with pytest.raises(SafetyError if live else UsageError):
        drill_of(["F-10"], "20m", live=live)


def refused_live(drill: Any, target: Behind, *words: str) -> str:
    """Why a drill is refused on a served target; nothing is touched for that."""
    before = target.what_is_there()
    result = drill("disable-key", "-p", "staging", *words)
    assert result.exit_code == 3, result.output
    assert target.what_is_there() == before
    return str(result.output)


def test_nothing_begins_while_the_lever_is_on(
    drill: Any, tmp_path: Path, target: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMKPROOF_SAFETY__LEVER", str(tmp_path / "stop"))
    (tmp_path / "stop").touch()
    assert "the safety lever is on" in refused_live(drill, target)


def test_nothing_begins_outside_of_the_list_of_faults(
    drill: Any, target: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMKPROOF_SAFETY__ALLOW_FAULTS", "close-public-side")
    before = target.what_is_there()
    result = drill("disable-key", "-p", "staging")
    assert result.exit_code == 3
    assert "is not in safety.allow_faults" in result.output
    assert target.what_is_there() == before


def test_nothing_begins_on_what_looks_like_production(
    drill: Any, target: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMKPROOF_AZURE__VAULT", "payments-prod")
    assert "this looks like production: payments-prod" in refused_live(drill, target)


def test_nothing_begins_while_a_run_of_the_profile_has_left_something(
    drill: Any, tmp_path: Path, target: Behind
) -> None:
    left = tmp_path / "reports" / "20260101T000000Z"
    left.mkdir(parents=True)
    ledger = UndoLedger(left / LEDGER, VirtualClock(0.0))
    ledger.opened("staging", {})
    ledger.intend("delete_key", name="k")
    said = refused_live(drill, target)
    assert f"cmkproof recover {left} -p staging" in said


def test_what_a_run_of_another_profile_has_left_is_its_own_affair(drill: Any, tmp_path: Path, target: Behind) -> None:
    left = tmp_path / "reports" / "20260101T000000Z"
    left.mkdir(parents=True)
    ledger = UndoLedger(left / LEDGER, VirtualClock(0.0))
    ledger.opened("another", {})
    ledger.intend("delete_key", name="k")
    before = target.what_is_there()
    assert drill("close-public-side", "--for", "1m", "-p", "staging").exit_code == 0
    assert target.what_is_there() == before


@pytest.mark.usefixtures("target")
def test_a_drill_whose_faults_keep_each_other_from_being_undone_is_refused_at_once(drill: Any, tmp_path: Path) -> None:
    result = drill("disable-key", "close-public-side", "-p", "staging")
    assert (result.exit_code, "could not be undone" in result.output) == (3, True)
    assert not (tmp_path / "reports").exists()


def test_nothing_begins_without_the_right_to_undo(drill: Any, target: Behind) -> None:
    """The custodian may do everything but write role assignments and keys: it is not let near anything."""
    limit_custodian(target)
    assert "CMK303" in refused_live(drill, target)


@pytest.mark.usefixtures("target")
def test_a_real_target_needs_a_plan_and_gets_one(drill: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CMKPROOF_SIMULATOR__CONTROL")
    result = drill("disable-key", "--for", "20m", "-p", "sandbox")
    assert result.exit_code == 0, result.output
    (plan,) = tmp_path.glob("plan-*.json")
    written = json.loads(plan.read_text())
    assert [one["undo"]["class"] for one in written["decides"]["changes"] if one["verb"] == "disables"] == ["inverse"]
    assert f"cmkproof drill disable-key --for 20m -p sandbox --plan {plan.name} --confirm" in result.output
    assert not (tmp_path / "reports").exists()


def limit_custodian(target: Behind) -> None:
    """Take the custodian's rights to the keys away, and wait until Azure enforces it."""
    settings = load_settings({"profile": "staging"})
    with wired(settings, reads_only=False) as (wiring, _):
        workshop = workshop_of(wiring, settings.azure.vault)
        for grant in workshop.keys.role_grants(str(workshop.azure.signed_in_as()["oid"])):
            if grant.role == CRYPTO_OFFICER:
                workshop.keys.revoke_role(grant.id)
        workshop.close()
    target.call("POST", "/clock", {"advance_s": 3600})


@pytest.mark.parametrize("identifier", IN_DRILLS)
def test_what_a_fault_and_its_undo_need_is_asked_for_before_a_run(identifier: str, target: Behind) -> None:  # noqa: ARG001 - its environment
    asked = set(needed(load_settings({"profile": "staging"})))
    assert {one for one in CATALOGUE[identifier].permissions if one.startswith("Microsoft.")} <= asked
