"""A recorded run gives the same verdicts again, byte for byte, with the network off."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from harness.fake.mutants import broken
from harness.model.verdict import Outcome
from harness.run import document
from harness.run.exit_codes import ExitCode
from harness.run.replay import Verification
from tests.replay.conftest import Recording, perform, remember_secrets, verify, without_marks_of_the_run

OFFLINE = """
import socket, sys

class NoSocket(socket.socket):
    def __init__(self, *arguments, **options):
        raise AssertionError("a replay opened a socket")

socket.socket = NoSocket
from harness.cli import main
sys.argv = ["cmkproof", "replay", *sys.argv[1:]]
main()
"""


def recorded_document(directory: Path) -> dict:
    return json.loads((directory / document.FILE).read_text(encoding="utf-8"))


def test_scenarios_of_every_kind_replay_byte_for_byte(every_kind: Recording, every_kind_replayed: Verification) -> None:
    recorded, found = every_kind.result, every_kind_replayed
    assert (found.troubles, found.differences) == ((), ())
    assert (found.exit_code, found.recomputed) == (ExitCode.FINE, len(recorded.records))
    assert len(recorded.records) >= 15
    before, now = recorded_document(recorded.directory), json.loads(document.encoded(found.result))
    assert without_marks_of_the_run(now) == without_marks_of_the_run(before)


def test_the_history_of_a_replay_has_the_very_same_bytes(
    every_kind: Recording, every_kind_replayed: Verification
) -> None:
    for path in (every_kind.result.directory / "history").iterdir():
        assert (every_kind_replayed.result.directory / "history" / path.name).read_bytes() == path.read_bytes()


def test_a_replay_of_a_simulation_is_marked_as_simulated_and_leaves_no_tapes(
    every_kind: Recording, every_kind_replayed: Verification
) -> None:
    result = every_kind_replayed.result
    assert document.is_simulated(result)
    assert {record.assurance for record in result.records.values()} == {"simulated"}
    assert recorded_document(every_kind.result.directory)["run"]["replays"] == ""
    assert json.loads(document.encoded(result))["run"]["replays"] == every_kind.result.id
    assert not (result.directory / "exchanges").exists()


def test_another_process_without_sockets_comes_to_the_same_verdicts(every_kind: Recording, tmp_path: Path) -> None:
    directory = str(every_kind.result.directory)
    command = [sys.executable, "-c", OFFLINE, directory, "-o", "json", "--reports", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "77"})  # noqa: S603
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["equal"], told["recomputed"], told["differences"]) == (True, len(every_kind.result.records), [])


def test_two_recordings_of_one_seed_leave_the_same_tapes(every_kind: Recording, tmp_path: Path) -> None:
    again = perform(tmp_path, "EAR-016", "EAR-013")
    for scenario, record in again.records.items():
        assert record.exchanges_digest == every_kind.result.records[scenario].exchanges_digest != ""


@pytest.mark.usefixtures("no_network")
def test_time_outs_throttling_refusals_and_skips_replay_too(own_features: Path, tmp_path: Path) -> None:
    recorded = perform(tmp_path / "recorded", features=str(own_features))
    tapes = "".join(path.read_text(encoding="utf-8") for path in (recorded.directory / "exchanges").iterdir())
    outcomes = {one.partition("::")[2]: record.outcome for one, record in recorded.records.items()}
    found = verify(recorded.directory, tmp_path / "replayed", str(own_features))
    assert (found.troubles, found.differences) == ((), ())
    assert "requests.exceptions.ReadTimeout" in tapes
    assert '"status":429' in tapes
    assert outcomes == {
        "The vault is silent": Outcome.INCONCLUSIVE,
        "The vault comes back": Outcome.MET,
        "The key is disabled": Outcome.MET,
        "Atlas asks for patience": Outcome.MET,
        "The stage refuses": Outcome.INCONCLUSIVE,
        "It cannot be done": Outcome.NOT_TESTED,
    }


def test_a_secret_that_came_back_is_not_on_the_tape_and_stays_a_broken_promise_although_the_fake_has_healed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = remember_secrets(monkeypatch)
    with broken("secret-comes-back"):
        recorded = perform(tmp_path / "recorded", "EAR-025")
    assert recorded.exit_code is ExitCode.NOT_MET
    assert hiding(recorded.directory / "exchanges", secrets)
    found = verify(recorded.directory, tmp_path / "replayed")
    assert found.equal
    assert (found.result.exit_code, found.exit_code) == (ExitCode.NOT_MET, ExitCode.FINE)


def test_no_secret_is_on_any_tape_in_any_spelling(every_kind: Recording) -> None:
    assert len(every_kind.secrets) >= 20
    assert hiding(every_kind.result.directory / "exchanges", every_kind.secrets)


def hiding(directory: Path, secrets: Iterable[str]) -> bool:
    """Whether no file holds one of the secrets, neither raw nor as base64, in a URL or in a form."""
    spellings = {
        form
        for secret in secrets
        if secret
        for form in (secret, quote(secret, safe=""), quote_plus(secret), base64.b64encode(secret.encode()).decode())
    }
    assert spellings
    written = [path.read_text(encoding="utf-8") for path in directory.iterdir()]
    return bool(written) and not any(form in text for form in spellings for text in written)


def test_what_a_gate_kept_from_running_has_no_tape_and_the_same_reason(tmp_path: Path) -> None:
    recorded = perform(tmp_path / "recorded", "EAR-023", allow="passive")
    reasons = {record.reason for record in recorded.records.values() if record.outcome is Outcome.NOT_TESTED}
    assert any("only passive ones may run" in reason for reason in reasons)
    found = verify(recorded.directory, tmp_path / "replayed")
    assert found.equal
    assert {one.reason for one in found.result.outcomes} == {one.reason for one in recorded.outcomes}


def test_limits_and_readings_of_the_recorded_run_count_in_its_replay(tmp_path: Path) -> None:
    chosen = {"readings": {"repeated_delete": "conflict"}, "limits": {"poll_s": 5.0}}
    recorded = perform(tmp_path / "recorded", "EAR-058", **chosen)
    assert recorded.request.settings.limits.poll_s == 5.0
    assert verify(recorded.directory, tmp_path / "replayed").equal


def test_an_interrupted_run_replays_as_far_as_it_went_and_says_so(own_features: Path, tmp_path: Path) -> None:
    feature = own_features / "one" / "case.feature"
    parts = feature.read_text(encoding="utf-8").split("  Scenario: The key is disabled")
    stopped = tmp_path / "own" / "features" / "one" / "case.feature"
    stopped.parent.mkdir(parents=True)
    steps = "  Scenario: Stopped\n    Given a key that was tried out\n    When somebody interrupts\n\n"
    stopped.write_text(f"{parts[0]}{steps}  Scenario: The key is disabled{parts[1]}", encoding="utf-8")
    (tmp_path / "own" / "conftest.py").write_bytes((own_features.parent / "conftest.py").read_bytes())
    recorded = perform(tmp_path / "recorded", features=str(stopped.parent.parent))
    assert recorded.exit_code is ExitCode.INTERRUPTED
    found = verify(recorded.directory, tmp_path / "replayed", str(stopped.parent.parent))
    assert (found.troubles, found.differences) == ((), ())
    assert found.recomputed == 2
    assert any("was interrupted" in note for note in found.notes)
    assert any("never reached the system" in note for note in found.notes)
