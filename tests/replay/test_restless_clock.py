"""On a clock that moves by itself no two readings are alike; a replay reads what was read then."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.backends.fake import FakeBackend, FakeBackends
from harness.backends.taped import TapedClock
from harness.backends.transport import in_process
from harness.evidence.run_secrets import RunSecrets
from harness.fake.estate import CUSTODIAN_ADDRESS
from harness.fake.faces.app import Application
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.world import EPOCH, World
from harness.model.verdict import Assurance
from harness.ports import Backend
from harness.run import document
from harness.run.engine import Result
from harness.run.exit_codes import ExitCode
from tests.replay.conftest import alter, perform, verify


class RestlessClock:
    """Like the clock on the wall, only that nobody has to wait: each reading is a little later than the last."""

    kind = "real"

    def __init__(self) -> None:
        self._now = EPOCH
        self._random = random.Random(1)  # noqa: S311 - nothing secret

    def now(self) -> float:
        self._now += self._random.random() / 1000
        return self._now

    def monotonic(self) -> float:
        return self._now - EPOCH

    def sleep(self, seconds: float) -> None:
        self._now += seconds + self._random.random()


class RestlessBackend(FakeBackend):
    """The fake, wired as a live backend, and passing for one: transports read the clock itself, others a taped one."""

    assurance = Assurance.EXERCISED

    def __init__(self, world: World, app: Application, clock: RestlessClock, secrets: RunSecrets) -> None:
        super().__init__(world, app, clock, secrets)
        recorder = self.recorder
        self.clock = TapedClock(clock, recorder.taping)
        self._keys = self._key_service(in_process(app, clock, recorder.record, remote_address=CUSTODIAN_ADDRESS))
        accounts = dict.fromkeys(("owner", "reader", "cluster-manager"), "service_account")
        recorder.describe(self._system(), accounts, clock, clock_is_read=True)


class RestlessBackends:
    capabilities = FakeBackends.capabilities
    assurance = Assurance.EXERCISED

    def __init__(self) -> None:
        self.running = FakeBackends(1, Readings()).running
        self.secrets = RunSecrets(b"a key")

    @contextmanager
    def open(self, scenario_id: str) -> Iterator[Backend]:  # noqa: ARG002 - the port's
        clock, world = RestlessClock(), World(1)
        yield RestlessBackend(world, Application(world, clock.now), clock, self.secrets)


@pytest.fixture(scope="module")
def restless(few: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    reports = tmp_path_factory.mktemp("restless") / "reports"
    return perform(reports, "EAR-061", "EAR-062", factory=RestlessBackends(), features=few)


def a_reading(lines: list[str]) -> int:
    return next(n for n, line in enumerate(lines) if '"kind":"clock"' in line and n > 5)


@pytest.mark.usefixtures("no_network")
def test_a_run_on_a_restless_clock_replays_to_the_same_digests(restless: Result, few: str, tmp_path: Path) -> None:
    found = verify(restless.directory, tmp_path / "replayed", few)
    assert (found.troubles, found.differences) == ((), ())
    assert found.recomputed == len(restless.records) >= 5
    assert {record.clock for record in found.result.records.values()} == {"real"}


def test_what_a_live_run_exercised_is_only_replayed_in_its_replay(restless: Result, few: str, tmp_path: Path) -> None:
    found = verify(restless.directory, tmp_path / "replayed", few)
    assert (restless.assurance, found.result.assurance) == ("exercised", "replayed")
    assert {record.assurance for record in found.result.records.values()} == {"replayed"}
    assert not document.is_simulated(found.result)
    assert found.notes == ()


def test_an_altered_reading_changes_a_digest(restless: Result, few: str, tmp_path: Path) -> None:
    def change(lines: list[str]) -> None:
        at = a_reading(lines)
        lines[at] = lines[at].replace('"at":[[17', '"at":[[16', 1)

    found = verify(alter(restless.directory, tmp_path / "recorded", change), tmp_path / "replayed", few)
    assert found.exit_code is ExitCode.EVIDENCE
    assert found.differences


def test_a_reading_too_many_is_a_mismatch(restless: Result, few: str, tmp_path: Path) -> None:
    def change(lines: list[str]) -> None:
        at = a_reading(lines)
        lines[at] = lines[at].replace(",1]", ",2]", 1)

    found = verify(alter(restless.directory, tmp_path / "recorded", change), tmp_path / "replayed", few)
    assert any("more readings of the clock" in trouble for trouble in found.troubles)
