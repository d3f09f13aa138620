"""Killed at any boundary, with or without its ledger, its watchdog or both: what was broken is whole again afterwards.

In CI a sample of the boundaries, another one each day; all of them with CMKPROOF_CRASHES=all.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.backends.live.connecting import wired
from harness.backends.live.holding import held
from harness.backends.live.workshop import workshop_of
from harness.errors import SafetyError
from harness.fake.faces.app import Application
from harness.fake.serve import Served, served
from harness.faults.ledger import FILE
from harness.run.options import load_settings
from harness.run.recover import recover, recover_from_cloud
from harness.run.status import status
from harness.run.watching import LOG
from tests.faults import crashing
from tests.faults.crashing import Breakage
from tests.live.conftest import STRAY, Behind

ALL = os.environ.get("CMKPROOF_CRASHES") == "all"
SAMPLE = 8
"""Kills of each fault and each way of recovering from it, of which so many are tried in CI."""
BOUNDARIES = 29
"""As many as the life of a fault has at least; of the others one boundary is tried twice."""
SETTLES_S = 7200.0
"""Within this, on the world's clock, a repaired world is as it was: checks, restarts, alerts."""

TARGETS: Mapping[str, Mapping[str, str]] = {
    "F-01": {"region": "US_EAST_2"},
    "F-08": {"key": "atlas-cmk"},
    "F-13": {"vault": "the vault"},
    "F-18": {"principal": "the principal"},
}


class Standing:
    """A project in production on a served world, and a way to see whether it is as it was."""

    before: Mapping[str, Any]
    """How it stood before anything was broken."""

    def __init__(self, simulator: Served) -> None:
        self.behind = Behind(simulator)
        self.environment = dict(simulator.environment)
        named = self.environment
        self.site = {
            "project_id": named["MONGODB_ATLAS_PROJECT_ID"],
            "tenant_id": named["AZURE_TENANT_ID"],
            "client_id": named["CMKPROOF_AZURE__APPLICATION_ID"],
            "principal_id": named["CMKPROOF_AZURE__PRINCIPAL_ID"],
            "subscription_id": named["AZURE_SUBSCRIPTION_ID"],
            "resource_group": named["CMKPROOF_AZURE__RESOURCE_GROUP"],
            "vault": named["CMKPROOF_AZURE__VAULT"],
            "location": named["CMKPROOF_AZURE__LOCATION"],
            "key": "atlas-cmk",
        }

    def state(self) -> dict[str, Any]:
        """Everything that a fault could have changed, once the world has settled; ids of what was replaced apart."""
        self.behind.call("POST", "/clock", {"advance_s": SETTLES_S})
        state = self.behind.call("GET", "/world")["state"]
        arm, atlas = state["arm"], state["atlas"]
        project = self.site["project_id"]
        whole = {
            "groups": arm["resource_groups"],
            "vaults": list(arm["vaults"].values()),
            "grants": sorted(
                [one["scope"], one["principal_id"], one["role_id"]] for one in arm["assignments"].values()
            ),
            "keys": [key["versions"] for keys in state["key_vault"]["keys"].values() for key in keys.values()],
            "encryption": atlas["encryptions"][project]["azure"],
            "endpoints": sorted([one["region"], one["status"]] for one in atlas["endpoints"][project].values()),
            "links": len(arm["links"]),
            "clusters": list(atlas["clusters"][project].values()),
            "alerts": [one for one in atlas["alerts"].get(project, ()) if one["status"] == "OPEN"],
            "applications": sorted(state["entra"]["applications"]),
            "principals": state["entra"]["principals"],
        }
        return {name: _lasting(value) for name, value in whole.items()}

    def changed(self) -> dict[str, Any]:
        """What is not as it was before, and how it was."""
        now = self.state()
        return {name: (self.before[name], value) for name, value in now.items() if value != self.before[name]}

    def breakage(self, fault: str, directory: Path, watched: str = "no") -> Breakage:
        return Breakage(fault, TARGETS[fault], self.site, self.environment, directory, watched)


COUNTED = frozenset({"modified", "modified_by", "updated", "operation", "resumed", "connections"})
"""Fields that tell when and how often something was changed, and not how it is."""


def _lasting(value: Any) -> Any:
    """A value without such fields."""
    if isinstance(value, dict):
        return {name: _lasting(inner) for name, inner in value.items() if name not in COUNTED}
    return [_lasting(one) for one in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def standing() -> Iterator[Standing]:
    with served(seed=11, project="production", speed=0) as simulator, pytest.MonkeyPatch.context() as patch:
        for name in STRAY:
            patch.delenv(name, raising=False)
        for name, value in simulator.environment.items():
            patch.setenv(name, value)
        open_vault()
        made = Standing(simulator)
        made.before = made.state()
        yield made
        made.behind.close()


def open_vault() -> None:
    """Let the vault have a public side that can be closed."""
    settings = load_settings({"profile": "staging"})
    with wired(settings, reads_only=False) as (wiring, _):
        workshop = workshop_of(wiring, settings.azure.vault)
        workshop.keys.set_public_access(enabled=True)
        workshop.close()


@pytest.fixture(scope="module")
def changes() -> Iterator[list[str]]:
    """Every request that could change something and reached the simulated services: method and path."""
    seen: list[str] = []
    answer = Application.__call__

    def noting(self: Application, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in crashing.READS and not path.endswith("/token"):
            seen.append(f"{environ['REQUEST_METHOD']} {path}")
        return answer(self, environ, start_response)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Application, "__call__", noting)
        yield seen


@dataclass(frozen=True, slots=True)
class Case:
    """A kill: what was broken, where the runner dies, what is left to recover by."""

    fault: str
    way: str
    """`ledger`, or `cloud`: the ledger is lost."""
    at: int

    def __str__(self) -> str:
        return f"{self.fault}-{self.way}-{self.at}"


def kill(standing: Standing, case: Case, reports: Path, watched: str = "no") -> Path:
    """Let a runner die, at another boundary where it has fewer; returns its directory."""
    at, attempt = case.at, 0
    while (seen := crashing.run(standing.breakage(case.fault, reports / str(attempt), watched), at)) is not None:
        at, attempt = at % len(seen), attempt + 1
    return reports / str(attempt)


def recovered(case: Case, directory: Path) -> int:
    """Recover by what is left; returns how many undos there were."""
    settings = load_settings({"profile": "staging"}, directory=directory)
    ledger = directory / FILE
    if case.way == "cloud":
        ledger.unlink(missing_ok=True)
        return len(recover_from_cloud(settings).done)
    if not ledger.exists():  # it died before the first line was on disk
        return 0
    return len(recover(ledger.parent, settings).done)


def is_clean(directory: Path) -> bool:
    return status(load_settings({"profile": "staging", "reports": str(directory)}, directory=directory)).clean


def cases() -> list[Case]:
    """All of them, or today's sample."""
    kinds = [(fault, way) for fault in TARGETS for way in ("ledger", "cloud")]
    if ALL:
        return [Case(fault, way, at) for fault, way in kinds for at in range(BOUNDARIES)]
    draw = random.Random(f"{datetime.now(UTC):%Y-%m-%d}")  # noqa: S311 - a sample, not a secret
    return [Case(fault, way, draw.randrange(BOUNDARIES)) for fault, way in draw.sample(kinds, SAMPLE)]


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_runner_that_is_killed_anywhere_leaves_nothing_that_recover_does_not_undo_twice(
    tmp_path: Path, standing: Standing, changes: list[str], case: Case
) -> None:
    directory = kill(standing, case, tmp_path)
    recovered(case, directory)
    changes.clear()
    assert (recovered(case, directory), changes) == (0, [])
    assert is_clean(tmp_path)
    assert standing.changed() == {}


@pytest.mark.parametrize("watched", ["yes", "killed"])
def test_the_watchdog_undoes_what_a_killed_runner_broke_and_recover_does_where_it_was_killed_too(
    tmp_path: Path, standing: Standing, changes: list[str], watched: str
) -> None:
    case = Case("F-08", "ledger", 17)  # the key has been disabled, and the ledger says so
    directory = kill(standing, case, tmp_path, watched)
    log = directory / LOG
    if watched == "yes":
        deadline = time.monotonic() + 60
        while not (log.exists() and "nothing is left to undo" in log.read_text()):
            assert time.monotonic() < deadline, log.read_text() if log.exists() else "no word of it"
            time.sleep(0.1)
    assert (recovered(case, directory) == 0) is (watched == "yes")
    assert log.exists() is (watched == "yes")
    assert is_clean(tmp_path)
    assert standing.changed() == {}
    assert any("/keys/atlas-cmk" in one for one in changes)


def test_a_run_that_is_not_over_is_not_recovered_by_somebody_else(tmp_path: Path, standing: Standing) -> None:
    case = Case("F-08", "ledger", 17)
    directory = kill(standing, case, tmp_path)
    with held(directory), pytest.raises(SafetyError, match="another process still acts"):
        recovered(case, directory)
    assert recovered(case, directory) == 1
    assert standing.changed() == {}
