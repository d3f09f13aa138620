"""Recorded runs to play back, and a way to play them with the network off."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.backends.clocks import VirtualClock
from harness.backends.exchanges import Exchange
from harness.backends.recording import ExchangeRecorder
from harness.ports import BackendFactory
from harness.run import document
from harness.run.engine import Request, Result, Watcher, execute
from harness.run.options import load_settings
from harness.run.replay import Verification, open_run, replay, request_of
from harness.suite import features_directory

EVERY_KIND = (
    *("EAR-012", "EAR-013", "EAR-014", "EAR-016", "EAR-025", "EAR-062", "EAR-102", "EAR-105", "EAR-125"),
    *("EAR-132", "EAR-136", "EAR-141", "EAR-146", "AKV-013", "AKV-020"),
)
"""Requirements whose scenarios act on the stage, close vaults, and renew sign-ins on both sides."""
OWN_STEPS = Path(__file__).with_name("made_up_steps.py")
OWN_FEATURE = Path(__file__).with_name("made_up_feature.txt")
"""Not a .feature file here: this project's own tests would perform it."""


def perform(reports: Path, *requirements: str, factory: BackendFactory | None = None, **flags: Any) -> Result:
    """A run that leaves its result and its tapes."""
    settings = load_settings({"reports": str(reports), **flags}, environment={}, directory=reports.parent)
    result = execute(Request(settings, requirements), VirtualClock(1_800_000_000.0), factory=factory)
    document.write(result)
    return result


def verify(directory: Path, reports: Path, features: str = "") -> Verification:
    """The replay of a run."""
    recorded = open_run(directory)
    request = request_of(recorded, reports=str(reports), features=features)
    return replay(recorded, request, VirtualClock(1_900_000_000.0), Watcher())


def without_marks_of_the_run(result: dict[str, Any]) -> str:
    """A result document without what two runs of one seed may differ in, and without where the tapes are."""
    for name in ("id", "seconds", "replays"):
        result["run"].pop(name)
    for requirement in result["requirements"]:
        for scenario in requirement["scenarios"]:
            for name in ("seconds", "exchanges", "exchanges_digest"):
                scenario.pop(name)
    return json.dumps(result, indent=1)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket fails."""
    turn_off_network(monkeypatch)


def turn_off_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket from now on fails."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a replay opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def remember_secrets(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Fills up with every value that a recorder is told to protect, and every credential that goes by."""
    secrets: set[str] = set()
    protect, record = ExchangeRecorder.protect, ExchangeRecorder.record

    def protecting(recorder: ExchangeRecorder, secret: str) -> None:
        secrets.add(secret)
        protect(recorder, secret)

    def recording(recorder: ExchangeRecorder, exchange: Exchange) -> None:
        headers = {name.lower(): value for name, value in exchange.request_headers}
        secrets.add(headers.get("authorization", "").partition(" ")[2])
        record(recorder, exchange)

    monkeypatch.setattr(ExchangeRecorder, "protect", protecting)
    monkeypatch.setattr(ExchangeRecorder, "record", recording)
    return secrets


@dataclass(frozen=True, slots=True)
class Recording:
    """A run, and every secret that went by in it."""

    result: Result
    secrets: frozenset[str]


@pytest.fixture(scope="session")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A run over about twenty scenarios of all kinds; nobody may change its directory."""
    with pytest.MonkeyPatch.context() as patch:
        secrets = remember_secrets(patch)
        result = perform(tmp_path_factory.mktemp("recorded") / "reports", *EVERY_KIND)
        return Recording(result, frozenset(secrets))


@pytest.fixture(scope="session")
def every_kind_replayed(every_kind: Recording, tmp_path_factory: pytest.TempPathFactory) -> Verification:
    """Its replay, with the network off."""
    with pytest.MonkeyPatch.context() as patch:
        turn_off_network(patch)
        return verify(every_kind.result.directory, tmp_path_factory.mktemp("replayed") / "reports")


@pytest.fixture(scope="session")
def own_features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features about what cmkproof's own never meet: time-outs, throttling, refused acts of the stage."""
    root = tmp_path_factory.mktemp("own")
    (root / "features" / "one").mkdir(parents=True)
    (root / "conftest.py").write_text(OWN_STEPS.read_text(encoding="utf-8"), encoding="utf-8")
    (root / "features" / "one" / "case.feature").write_text(OWN_FEATURE.read_text(encoding="utf-8"), encoding="utf-8")
    return root / "features"


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One of cmkproof's own feature files, for runs that are over soon."""
    copy = tmp_path_factory.mktemp("few") / "features" / "private_endpoints"
    copy.mkdir(parents=True)
    shutil.copy(features_directory("") / "private_endpoints" / "deletion.feature", copy)
    return str(copy.parent)


@pytest.fixture(scope="session")
def small(few: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a run over two scenarios of these; nobody may change it."""
    return perform(tmp_path_factory.mktemp("small") / "reports", "EAR-062", features=few).directory


@pytest.fixture
def altered(small: Path, tmp_path: Path) -> Callable[[Callable[[list[str]], None]], Path]:
    """Copies the small run and lets somebody alter the lines of one of its tapes."""
    return lambda change: alter(small, tmp_path / "recorded", change)


def kept_by(run: Path, scenario: str, what: str) -> Path:
    """The file of a run's only scenario with these words in its id: `exchanges`, or `evidence` for its history."""
    content = json.loads((run / "result.json").read_text(encoding="utf-8"))
    kept = {one["id"]: one[what] for requirement in content["requirements"] for one in requirement["scenarios"]}
    (name,) = (name for identifier, name in kept.items() if scenario in identifier)
    return run / str(name)


def alter(run: Path, copy: Path, change: Callable[[list[str]], None]) -> Path:
    """A copy of a run, in which the tape of the endpoint that is being created has been altered."""
    shutil.copytree(run, copy, ignore=shutil.ignore_patterns("allure-results"))
    tape = kept_by(copy, "being created", "exchanges")
    lines = tape.read_text(encoding="utf-8").splitlines(keepends=True)
    change(lines)
    tape.write_text("".join(lines), encoding="utf-8")
    return copy
