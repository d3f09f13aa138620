"""The few questions before a run: quick, by reads only, and the first thing missing is raised."""

from __future__ import annotations

from typing import Any

import pytest

from harness.backends.live.wiring import Wiring
from harness.errors import AccessError, ClockSkewed, HarnessError, SafetyError, Throttled
from harness.run.doctor import preflight
from tests.doctor.conftest import NoPauses

PROJECT = {"CMKPROOF_ATLAS__PROJECT_ID": "env:MONGODB_ATLAS_PROJECT_ID"}


@pytest.fixture
def ask(clinic, tmp_path) -> Any:
    def ask_it(profile: str, **changes: str | None) -> Wiring:
        settings = clinic.settings(profile, tmp_path, **changes)
        wiring = Wiring(settings, NoPauses(), reads_only=True)
        try:
            preflight(settings, wiring)
        finally:
            wiring.close()
        return wiring

    return ask_it


@pytest.mark.parametrize(("profile", "changes"), [("observe", {}), ("staging", {}), ("staging", PROJECT)])
def test_a_world_as_it_is_served_passes_in_less_than_ten_requests(ask, profile, changes):
    gatekeeper = ask(profile, **changes).gatekeeper
    assert gatekeeper.requests < 10
    assert len(gatekeeper.declared) == 4
    assert all(gatekeeper.declared.values())


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "skew", "skew_s": 60}, ClockSkewed),
        ({"kind": "status", "status": 429, "retry_after_s": 600, "host": "cloud.mongodb.com"}, Throttled),
    ],
)
def test_trouble_on_the_wire_is_raised_as_what_it_is(clinic, ask, fault, kind):
    clinic.fault(**fault)
    with pytest.raises(kind):
        ask("observe")


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"MONGODB_ATLAS_CLIENT_SECRET": "wrong"}, AccessError, "CMK301"),
        ({"AZURE_CLIENT_SECRET": "wrong"}, AccessError, "CMK301"),
        ({"CMKPROOF_ATLAS__ORGANIZATION_ID": "0" * 24}, HarnessError, "CMK404"),
    ],
)
def test_the_first_thing_missing_is_raised_with_a_next_step(ask, changes, kind, code):
    with pytest.raises(kind) as caught:
        ask("staging", **changes)
    assert caught.value.code == code
    assert caught.value.advice


def test_a_host_that_is_not_the_simulator_ends_the_run_before_it_begins(ask, monkeypatch):
    monkeypatch.setattr("harness.backends.live.gatekeeper.SIMULATOR_HEADER", "x-no-such-header")
    with pytest.raises(SafetyError, match=r"cloud\.mongodb\.com"):
        ask("staging")
