"""Experiments go to Chaos Toolkit and run there, come back as they were, and runs are told in its journals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from harness.cli import app
from harness.errors import UsageError
from harness.evidence.account import read_account
from harness.fake.serve import Served, served
from harness.run.experiments.drill import by_command, on_simulator
from harness.run.experiments.experiment import Activity, Command, Experiment, FaultAct, FromEnvironment, HttpCall
from harness.run.experiments.journal import journals
from harness.run.experiments.reading import NotTheSame, read_experiment
from harness.run.experiments.served_faults import SERVED
from harness.run.experiments.writing import document_of, experiment_json
from harness.run.options import load_settings
from tests.evidence.sealing import sealed_bundle
from tests.live.conftest import Behind
from tests.replay.conftest import remember_secrets

SAMPLE = next((Path(__file__).parents[2] / "reports" / "sample").glob("2*Z"))


def chaos(simulator: Served, document: dict[str, Any], directory: Path, **environment: str) -> dict[str, Any]:
    """The journal of a run in Chaos Toolkit, which knows of the simulator what its ready lines say."""
    experiment, journal = directory / "experiment.json", directory / "journal.json"
    experiment.write_text(json.dumps(document))
    own = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    words = ("--no-version-check", "run", "--rollback-strategy=always", f"--journal-path={journal}", str(experiment))
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "chaostoolkit", *words],
        env={**own, **simulator.environment, "HOME": str(directory), **environment},
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert journal.exists(), done.stdout + done.stderr
    found: dict[str, Any] = json.loads(journal.read_text())
    return found


@pytest.fixture(scope="module")
def simulator():
    with served(seed=7, speed=0) as running:
        yield running


@pytest.fixture
def behind(simulator):
    made = Behind(simulator)
    yield made
    made.call("DELETE", "/faults")
    made.close()


def what_is_wrong(behind: Behind) -> Any:
    return behind.call("GET", "/faults"), behind.call("GET", "/knobs"), behind.call("GET", "/world")["state"]["entra"]


LOOK = {
    "type": "probe",
    "name": "what a client sees",
    "provider": {"type": "http", "url": "https://cloud.mongodb.com/api/atlas/v2/groups", "method": "GET"},
}


@pytest.mark.parametrize("undone_by", ["method", "rollbacks"])
def test_overlapping_faults_happen_and_are_undone_in_chaos_toolkit(simulator, behind, tmp_path, undone_by):
    before = what_is_wrong(behind)
    document = document_of(on_simulator(["F-26", "F-22", "F-20", "F-35"], "0s"))
    method = document["method"]
    first_undo = next(at for at, one in enumerate(method) if one["name"].startswith("undo"))
    method.insert(first_undo, LOOK)
    if undone_by == "rollbacks":
        del method[first_undo + 1 :]
    journal = chaos(simulator, document, tmp_path)
    assert journal["status"] == "completed"
    assert journal["deviated"] == (undone_by == "rollbacks"), "the steady state is looked at before the rollbacks"
    shown = {one["activity"]["name"]: one["output"] for one in journal["run"]}
    assert shown["what a client sees"]["status"] == 401, "the latest fault comes first: the date is off"
    assert '"kind":"status"' in shown["F-26 is in force"]["body"]
    assert '"vault_network_blocked":true' in shown["F-22 is in force"]["body"]
    assert [one["kind"] for one in json.loads(shown["F-35 is in force"]["body"])] == ["skew", *["status"] * 4]
    assert [one["output"]["status"] for one in journal["rollbacks"]] == [200] * 4
    assert what_is_wrong(behind) == before


def test_a_fault_in_chaos_toolkit_is_seen_by_clients(simulator, behind, tmp_path):
    document = document_of(on_simulator(["F-26"], "0s"))
    document["method"].insert(1, LOOK)
    journal = chaos(simulator, document, tmp_path)
    assert [one["output"]["status"] for one in journal["run"]] == [200, 500, 200, 200]
    assert (journal["status"], journal["deviated"]) == ("completed", False)
    assert behind.call("GET", "/faults") == []


def test_nothing_is_brought_about_where_something_is_wrong_already(simulator, behind, tmp_path):
    wrong = [{"kind": "slow", "delay_s": 0.0}]
    behind.call("PUT", "/faults", wrong)
    journal = chaos(simulator, document_of(on_simulator(["F-26"], "0s")), tmp_path)
    assert journal["steady_states"]["before"]["steady_state_met"] is False
    assert journal["run"] == []


def test_every_served_fault_happens_shows_and_is_undone(simulator, behind):
    """As Chaos Toolkit would do it, without its start each time."""
    import re
    from string import Template

    values = {"control": "", "application": simulator.environment["CMKPROOF_AZURE__APPLICATION_ID"]}
    before = what_is_wrong(behind)
    for fault in SERVED:
        document = document_of(on_simulator([fault], "0s"))
        undone = 0
        for activity in document["method"]:
            provider = activity["provider"]
            body = json.loads(Template(json.dumps(provider.get("arguments"))).substitute(values))
            path = Template(provider["url"]).substitute(values)
            answer = behind.call(provider["method"], path, body)
            if activity["type"] == "probe":
                pattern = activity["tolerance"]["pattern"]
                assert re.search(pattern, json.dumps(answer, separators=(",", ":"))), fault
            undone += activity["name"].startswith("undo")
            if not activity["name"].startswith("undo"):
                assert what_is_wrong(behind) != before, fault
        assert (undone, what_is_wrong(behind)) == (1, before), fault


some = st.sampled_from(sorted(SERVED))
text = st.text(max_size=12)
commands = st.builds(Command, st.tuples(st.sampled_from(["status", "drill", "recover"]), text))
calls = commands | st.builds(
    HttpCall,
    url=text,
    method=st.sampled_from(["GET", "PUT"]),
    headers=st.dictionaries(text, text, max_size=2),
    arguments=st.none()
    | st.recursive(text | st.booleans() | st.integers(-9, 9), lambda one: st.lists(one, max_size=2)),
    timeout_s=st.none() | st.floats(0, 60),
)
pauses = st.floats(0, 60)
tolerances = st.none() | st.booleans() | st.integers(0, 600) | text | st.just({"type": "regex", "pattern": "x"})
activities = st.builds(Activity, st.sampled_from(["action", "probe"]), text, calls, tolerances, pauses, pauses)
undoings = st.builds(FaultAct, some, st.just("undo")).flatmap(
    lambda act: st.builds(Activity, st.just("action"), text, st.just(act))
)
some_activities = st.lists(activities | undoings, max_size=4)
experiments = st.builds(
    Experiment,
    text,
    text,
    text,
    some_activities,
    some_activities,
    some_activities,
    st.lists(text, max_size=2),
    st.dictionaries(text, text | st.builds(FromEnvironment, text), max_size=2),
) | st.builds(on_simulator, st.lists(some, min_size=1, max_size=5, unique=True), st.integers(0, 60).map("{}s".format))


@settings(max_examples=80, deadline=None)
@given(experiments)
def test_what_is_written_comes_back_as_it_was(experiment):
    assert read_experiment(experiment_json(experiment).encode()) == experiment


def changed(**parts: Any) -> dict[str, Any]:
    return {**document_of(on_simulator(["F-26"], "1s")), **parts}


def method_of(activity: dict[str, Any]) -> dict[str, Any]:
    return changed(method=[{"type": "action", "name": "x", **activity}], extensions=[])


HTTP = {"type": "http", "url": "https://x"}
REFUSED = {
    "controls": changed(controls=[]),
    "secrets": changed(secrets={}),
    "other": changed(extensions=[{"name": "other"}]),
    "chaosk8s.pod.terminate": method_of(
        {"provider": {"type": "python", "module": "chaosk8s.pod", "func": "terminate"}}
    ),
    "kubectl": method_of({"provider": {"type": "process", "path": "kubectl", "arguments": "delete pod"}}),
    "cmkproof run -p fake": method_of(
        {"provider": {"type": "process", "path": "cmkproof", "arguments": ["run", "-p", "fake"]}}
    ),
    "background": method_of({"provider": HTTP, "background": True}),
    "verify_tls": method_of({"provider": {**HTTP, "verify_tls": False}}),
    "neither an action nor a probe": method_of({"provider": HTTP, "type": "control"}),
    "tolerance of the type probe": method_of({"provider": HTTP, "tolerance": {"type": "probe"}}),
    "comes from a vault": changed(configuration={"x": {"type": "vault", "key": "y"}}),
    "ref": changed(method=[{"ref": "x"}]),
}


@pytest.mark.parametrize("word", REFUSED)
def test_what_has_no_equal_here_is_refused_by_its_name(word):
    with pytest.raises(NotTheSame, match=word):
        read_experiment(json.dumps(REFUSED[word]).encode())


def test_an_activity_that_does_not_do_what_it_stands_for_is_refused():
    document = changed()
    document["method"][0]["provider"]["arguments"] = []
    with pytest.raises(NotTheSame, match=r"says that it is to inject F-26"):
        read_experiment(json.dumps(document).encode())


def test_a_fault_that_is_never_undone_is_refused():
    document = changed(rollbacks=[])
    del document["method"][-1]
    with pytest.raises(UsageError, match=r"F-26 about and never undoes it"):
        read_experiment(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("faults", "hold"),
    [([], "1s"), (["F-25", "throttle"], "1s"), (["F-25"], "-1s"), (["F-08"], "1s"), (["F-99"], "1s")],
)
def test_an_experiment_that_cannot_be_is_not_written(faults, hold):
    with pytest.raises(UsageError):
        on_simulator(faults, hold)


def cmkproof(*words: object) -> Result:
    return CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)


def test_the_command_writes_and_explains_experiments(tmp_path):
    file = tmp_path / "there" / "experiment.json"
    assert cmkproof("experiment", "export", "f-25", "stuck-endpoint", "--for", "2m", "--to", file).exit_code == 0
    assert cmkproof("experiment", "export", "throttle", "F-31", "--for", "2m").stdout == file.read_text()
    told = cmkproof("experiment", "import", file).stdout
    assert "bring about F-25: inject F-25 throttle" in told
    assert "undo F-31 stuck-endpoint" in told
    assert "waiting 0 s before and 120 s after" in told
    drill = cmkproof("experiment", "export", "disable-key", "-p", "fake", "--for", "5m", "--to", file)
    assert drill.exit_code == 0
    assert "cmkproof drill disable-key --for 5m -p fake" in cmkproof("experiment", "import", file).stdout
    file.write_text(json.dumps(REFUSED["kubectl"]))
    refused = cmkproof("experiment", "import", file)
    assert (refused.exit_code, "CMK220" in refused.stderr, "kubectl" in refused.stderr) == (2, True, True)
    assert cmkproof("experiment", "export", "F-99").exit_code == 2
    assert cmkproof("experiment", "import", tmp_path / "none").exit_code == 3


def test_a_drill_is_done_for_chaos_toolkit_with_everything_that_belongs_to_it(simulator, behind, tmp_path):
    before = behind.what_is_there()
    program = tmp_path / "bin" / "cmkproof"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m harness "$@"\n')
    program.chmod(0o755)
    settings = load_settings({"profile": "staging"}, environment=simulator.environment, directory=tmp_path)
    document = document_of(by_command(["F-08"], "5m", settings))
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    journal = chaos(simulator, document, tmp_path, PATH=path, PYTHONPATH=str(SAMPLE.parents[2]))
    assert (journal["status"], journal["deviated"]) == ("completed", False)
    assert [one["output"]["status"] for one in (*journal["run"], *journal["rollbacks"])] == [0, 0]
    assert "1/1 scenarios: 1 MET" in journal["run"][0]["output"]["stderr"]
    assert "nothing is left to undo" in journal["rollbacks"][0]["output"]["stdout"]
    [run] = (tmp_path / "reports").glob("2*Z")
    [told] = journals(read_account(run)).values()
    assert [one["status"] for one in told["rollbacks"]] == ["succeeded"]
    assert behind.what_is_there() == before
    assert not [secret for name, secret in simulator.environment.items() if "SECRET" in name and secret in str(journal)]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The bundle of a run that takes keys away and gives them back, and every secret that went by in it."""
    with pytest.MonkeyPatch.context() as patch:
        secrets = remember_secrets(patch)
        return sealed_bundle(tmp_path_factory.mktemp("told") / "reports", "EAR-111"), secrets


def test_a_run_is_told_in_journals_like_those_of_chaos_toolkit(simulator, told, tmp_path):
    theirs = chaos(simulator, document_of(on_simulator(["F-35"], "0s")), tmp_path)
    account = read_account(told[0])
    ours = journals(account)
    assert len(ours) == len({one.scenario for one in account.faults}) > 0
    for journal in ours.values():
        assert theirs.keys() - journal.keys() == set()
        assert theirs["experiment"].keys() - {"configuration", "extensions", "dry"} <= journal["experiment"].keys()
        assert (journal["status"], journal["deviated"]) == ("completed", False)
        back = [one for one in journal["x-cmkproof"]["faults"] if one["effect"] == "gives back"]
        assert len(journal["rollbacks"]) == len(back) > 0
        after = journal["steady_states"]["after"]
        assert after["steady_state_met"] is True
        entries = [*journal["run"], *journal["rollbacks"], *after["probes"]]
        assert all(theirs["run"][0].keys() <= entry.keys() for entry in entries)
        probes = [one for one in entries if one["activity"]["type"] == "probe"]
        assert len(probes) > len(after["probes"])
        assert all(one["tolerance_met"] is True for one in probes)
        assert [one["start"] for one in journal["run"]] == sorted(one["start"] for one in journal["run"])


def test_no_secret_is_in_a_journal(told):
    bundle, secrets = told
    text = json.dumps(journals(read_account(bundle)))
    assert len([one for one in secrets if len(one) >= 8]) > 3
    assert not [one for one in secrets if len(one) >= 8 and one in text]
    assert "[redacted]" in text


def test_a_broken_promise_is_a_deviation():
    """The sample is a run on a fake that is broken on purpose."""
    account = read_account(SAMPLE)
    assert {journal["x-cmkproof"]["outcome"] for journal in journals(account).values()} == {"NOT_MET"}
    assert all(journal["deviated"] for journal in journals(account).values())


def test_journals_are_exported_and_a_run_without_faults_has_none(told, tmp_path):
    bundle, _ = told
    assert cmkproof("export", "chaostoolkit", bundle, "--to", tmp_path / "journals").exit_code == 0
    written = sorted((tmp_path / "journals").iterdir())
    assert [json.loads(one.read_text())["node"] for one in written] == [bundle.name] * len(written)
    assert len(written) > 1
    with pytest.raises(UsageError, match="brought a fault about"):
        journals(replace(read_account(bundle), faults=()))
