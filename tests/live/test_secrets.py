"""A live run keeps out of its evidence what its profile leads to, what it makes, and what stands in addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.evidence.scan import scan
from harness.fake.serve import Served
from harness.run import document
from harness.run.exit_codes import ExitCode
from tests.live.conftest import Run


def test_every_secret_of_a_live_run_is_known_and_none_is_written(simulator: Served, run: Run) -> None:
    result = run("staging", "EAR-020")
    document.write(result)
    environment = simulator.environment
    assert result.exit_code is ExitCode.FINE, result.failures
    assert {environment["MONGODB_ATLAS_CLIENT_SECRET"], environment["AZURE_CLIENT_SECRET"]} <= result.secrets
    assert len(result.secrets) > 2, "also tokens of both clouds, and the secret of the application that the run made"
    assert scan(result.directory, result.secrets) == ()


def test_a_proxy_with_a_password_that_is_out_of_order_is_named_without_it(
    simulator: Served, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert simulator.environment
    monkeypatch.setenv("HTTPS_PROXY", "http://somebody:hush-hush-hush@127.0.0.1:9")
    result = run("observe", "EAR-020")
    document.write(result)
    assert result.failures
    assert "hush-hush-hush" in result.secrets
    assert "hush-hush-hush" not in repr(result)
    assert scan(tmp_path, ["hush-hush-hush"]) == ()
