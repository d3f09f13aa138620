"""A target that counts as real: nothing is changed without allow-list, tag, plan and the plan's hash."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.backends.clocks import RealClock
from harness.model.verdict import Outcome
from harness.run.engine import Request, Result, Watcher, execute
from harness.run.options import load_settings
from harness.run.plan.plan import plan, write
from tests.live.conftest import Behind

SCENARIO = "only and read and cannot and turn"
"""It ends within seconds, which count here: nobody skips time on a real target."""


@pytest.fixture(autouse=True)
def real(behind: Behind, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - looks behind it while it may
    """Without its control routes the served world is one like any other."""
    monkeypatch.delenv("CMKPROOF_SIMULATOR__CONTROL")


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The organisation is in the allow-list."""
    monkeypatch.setenv("CMKPROOF_SAFETY__ALLOW_PROJECTS", os.environ["CMKPROOF_ATLAS__ORGANIZATION_ID"])


def request_in(directory: Path, **changes: object) -> Request:
    settings = load_settings({"profile": "sandbox", "reports": str(directory)}, directory=directory)
    return Request(settings, ("EAR-017",), keyword=SCENARIO, **changes)  # type: ignore[arg-type]


def perform(directory: Path, **changes: object) -> Result:
    return execute(request_in(directory, **changes), RealClock())


def planned(directory: Path) -> tuple[Path, str]:
    document, _ = plan(request_in(directory), RealClock(), Watcher())
    return write(document, directory / "plan.json"), str(document["hash"])


def test_without_the_allow_list_nothing_is_changed(tmp_path: Path, behind: Behind) -> None:
    before = behind.what_is_there()
    result = perform(tmp_path)
    assert int(result.exit_code) == 3
    assert "CMK310" in result.failures[0]
    assert "safety.allow_projects" in result.failures[0]
    assert behind.what_is_there() == before


@pytest.mark.usefixtures("allowed")
def test_without_a_confirmed_plan_nothing_is_changed(tmp_path: Path, behind: Behind) -> None:
    before = behind.what_is_there()
    path, _ = planned(tmp_path)
    for changes in ({}, {"plan": path}, {"plan": path, "confirmed": "0" * 64}, {"confirmed": "0" * 64}):
        result = perform(tmp_path, **changes)
        assert int(result.exit_code) == 3
        assert "CMK310" in result.failures[0]
        assert not result.records
    assert behind.what_is_there() == before


@pytest.mark.usefixtures("allowed")
def test_the_plan_of_another_selection_is_refused(tmp_path: Path, behind: Behind) -> None:
    before = behind.what_is_there()
    path, digest = planned(tmp_path)
    other = Request(request_in(tmp_path).settings, ("EAR-058",), plan=path, confirmed=digest)
    result = execute(other, RealClock())
    assert int(result.exit_code) == 3
    assert "CMK310" in result.failures[0]
    assert behind.what_is_there() == before


@pytest.mark.usefixtures("allowed")
def test_without_the_tag_nothing_is_changed(tmp_path: Path, behind: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMKPROOF_SAFETY__REQUIRE_TAG", "cmkproof=drill")
    before = behind.what_is_there()
    path, digest = planned(tmp_path)
    result = perform(tmp_path, plan=path, confirmed=digest)
    assert int(result.exit_code) == 3
    assert "does not carry the tag cmkproof=drill" in result.failures[0]
    assert behind.what_is_there() == before


@pytest.mark.usefixtures("allowed")
def test_with_all_of_it_the_scenario_is_performed_and_everything_put_back(tmp_path: Path, behind: Behind) -> None:
    before = behind.what_is_there()
    path, digest = planned(tmp_path)
    result = perform(tmp_path, plan=path, confirmed=digest[:12])
    (record,) = result.records.values()
    assert record.outcome is Outcome.MET
    assert record.clock == "real"
    assert record.assurance == "simulated"  # the target says so in a header
    assert behind.what_is_there() == before
