"""A run over real sockets, with real sign-in and a clock that runs, is replayed when nobody is there any more."""

from __future__ import annotations

import json
import os
import ssl
from pathlib import Path

import httpx
import pytest

from harness.backends.clocks import RealClock
from harness.fake.serve import Served, served
from harness.run import document
from harness.run.engine import Request, Result, execute
from harness.run.options import load_settings
from tests.replay.conftest import turn_off_network, verify

LOST = [
    {"kind": "reset", "host": "cloud.mongodb.com", "method": "GET", "path": "privateEndpoints", "times": 1},
    {"kind": "truncate", "host": "cloud.mongodb.com", "method": "GET", "path": "encryptionAtRest$", "times": 1},
    {"kind": "status", "status": 503, "host": "*", "method": "POST", "path": "privateEndpoints$", "times": 1},
]
"""Answers that get lost on the way, each once."""


def run(simulator: Served, features: str, reports: Path) -> Result:
    """A run of profile staging, which loses answers on its way."""
    trusted = ssl.create_default_context(cafile=simulator.ca_file)
    with httpx.Client(verify=trusted, trust_env=False) as control:
        control.put(f"{simulator.control}/faults", json=LOST).raise_for_status()
    settings = load_settings({"profile": "staging", "features": features, "reports": str(reports)}, directory=reports)
    result = execute(Request(settings, ("EAR-062",)), RealClock())
    document.write(result)
    return result


def test_a_live_run_replays_without_network_and_without_credentials(
    few: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [*os.environ]:
        if name.lower().endswith("_proxy") or name.startswith(("CMKPROOF_", "SSL_CERT")):
            monkeypatch.delenv(name)
    with served(seed=5) as simulator, pytest.MonkeyPatch.context() as patch:
        for name, value in simulator.environment.items():
            patch.setenv(name, value)
        recorded = run(simulator, few, tmp_path)
        secrets = [value for name, value in simulator.environment.items() if "SECRET" in name or "PRIVATE_API" in name]
    assert {record.outcome.value for record in recorded.records.values()} == {"MET"}, recorded.records
    tapes = "".join(path.read_text(encoding="utf-8") for path in (recorded.directory / "exchanges").iterdir())
    assert '"kind":"httpx.RemoteProtocolError"' in tapes
    assert secrets
    assert not [secret for secret in secrets if secret in tapes]

    turn_off_network(monkeypatch)
    found = verify(recorded.directory, tmp_path / "replayed", few)
    assert (found.troubles, found.differences) == ((), ())
    assert found.recomputed == len(recorded.records) == 2
    run_of_replay = json.loads(document.encoded(found.result))["run"]
    assert (run_of_replay["assurance"], run_of_replay["clock"]) == ("simulated", "simulated")
