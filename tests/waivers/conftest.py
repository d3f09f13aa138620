"""Runs of two scenarios of one requirement, of which one fails because a limit is far too small."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.backends.clocks import VirtualClock
from harness.run.audit import Audit, audit
from harness.run.engine import NOBODY, Request
from harness.run.options import load_settings
from harness.suite import features_directory

BEGUN = 1_800_000_000.0
"""When the runs begin: 2027-01-15T08:00:00Z."""
FAILING = "private_endpoints/deletion.feature::An endpoint that is being created cannot be deleted"
HOLDING = "private_endpoints/deletion.feature::An endpoint whose creation is stuck cannot be deleted either"
TOO_SMALL = {"CMKPROOF_LIMITS__CREATION_S": "1", "CMKPROOF_LIMITS__POLL_S": "0.5"}

Perform = Callable[..., Audit]


def waiver(**changes: str) -> str:
    """A table of `waivers.toml` as it has to be, but for some keys as TOML; an empty value leaves the key out."""
    keys = {
        "id": '"W-1"',
        "requirement": '"EAR-062"',
        "scope": '{ profile = "fake" }',
        "owner": '"Ada Okafor"',
        "approver": '"Jun Sato"',
        "reason": '"Creation is slow in this region."',
        "ticket": '"https://tickets.example.com/SEC-142"',
        "expires": "2027-03-31",
    }
    return "\n".join(["[[waiver]]", *(f"{key} = {value}" for key, value in (keys | changes).items() if value)]) + "\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything happens in an empty directory, without variables of ours or of a workflow."""
    monkeypatch.chdir(tmp_path)
    for name in [*os.environ]:
        if name.startswith(("CMKPROOF_", "GITHUB_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of features with one file in it, so that runs are over soon."""
    copy = tmp_path_factory.mktemp("few") / "features" / "private_endpoints"
    copy.mkdir(parents=True)
    shutil.copy(features_directory("") / "private_endpoints" / "deletion.feature", copy)
    return copy.parent


def performed_in(
    place: Path, few: Path, *tables: str, limits: Mapping[str, str] = TOO_SMALL, asked: tuple[str, ...] = ("EAR-062",)
) -> Audit:
    """Performs scenarios with a file of waivers, and seals the bundle."""
    (place / "waivers.toml").write_text("\n".join(tables), encoding="utf-8")
    flags = {"features": str(few), "reports": str(place / "reports")}
    environment = {"CMKPROOF_WAIVERS": str(place / "waivers.toml"), **limits}
    settings = load_settings(flags, environment=environment, directory=place)
    return audit(Request(settings, asked), VirtualClock(BEGUN), NOBODY)


@pytest.fixture
def perform(few: Path, tmp_path: Path) -> Perform:
    """Performs the scenarios of EAR-062 with these tables as waivers."""
    return lambda *tables, **changes: performed_in(tmp_path, few, *tables, **changes)


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs with one waiver each; nobody may change their directories."""

    waived: Audit
    expired: Audit
    alone: Audit
    """Nobody approved its waiver."""


@pytest.fixture(scope="session")
def runs(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Three runs, the last of the waivers being about something else."""
    other = waiver(id='"W-2"', requirement='"EAR-061"', expires="2027-01-15T08:00:00.001Z")
    changes: tuple[dict[str, str], ...] = ({}, {"expires": "2027-01-14"}, {"approver": ""})
    return Runs(*(performed_in(tmp_path_factory.mktemp("run"), few, waiver(**one), other) for one in changes))
