"""A project in production, in process for the many, and served for the whole command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from harness import catalog
from harness.backends.fake import FakeBackend
from harness.checkers import check as judged
from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.posture import CHECKS, LIMITED, Check
from harness.errors import Unsupported
from harness.fake.estate import CUSTODIAN_ADDRESS, OPERATOR_ADDRESS
from harness.fake.faces.app import Application
from harness.fake.kernel.world import World
from harness.fake.serve.clock import ServedClock
from harness.fake.serve.control import PREFIX, Control
from harness.fake.serve.customer import Customer, environment, settle
from harness.fake.serve.production import AGE_S, produce
from harness.limits import Limits
from harness.model.history import Claimed, History
from harness.model.verdict import Finding, Judgement
from harness.model.wire_queue import WireFaults
from harness.run.options import CHOICES
from harness.suite import Known, features_directory, read_suite
from tests.posture.customer import People

START = 1_780_300_800.0


class Jumping:
    """The served world's clock as a run's: it only jumps."""

    kind = "virtual"

    def __init__(self, clock: ServedClock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        self._clock.jump(seconds)


@dataclass
class Production:
    """A project in production with those who work on it, and an auditor."""

    world: World
    people: People
    customer: Customer
    scene: Scene

    def audit(self) -> Mapping[str, Finding | Unsupported]:
        """Every check of the posture by the requirement that it stands for."""
        return {akv: self._one(*CHECK_OF[akv]) for akv in sorted(CHECK_OF)}

    def _one(self, check: Check, limit: Bound | None) -> Finding | Unsupported:
        since = len(self.scene.history.entries)
        try:
            for subject in check.looks:
                self.scene.surveyor.survey(subject)
        except Unsupported as unseen:
            return unseen
        arguments: dict[str, Any] = {"limit_s": limit.seconds(self.scene.limits)} if limit else {}
        return judged(self.scene.history, Claimed(check.judge, "", since, arguments))


def faults(found: Mapping[str, Finding | Unsupported]) -> set[tuple[str, str]]:
    """What is at fault: requirement and resource."""
    broken = {akv: one for akv, one in found.items() if isinstance(one, Finding)}
    assert all(one.resources for one in broken.values() if one.judgement is Judgement.BROKEN)
    return {(akv, resource) for akv, one in broken.items() for resource in one.resources}


def undecided(found: Mapping[str, Finding | Unsupported]) -> set[str]:
    """Requirements that could not be judged, although everything was seen."""
    return {akv for akv, one in found.items() if isinstance(one, Finding) and one.judgement is Judgement.UNDECIDED}


def _checks() -> Mapping[str, tuple[Check, Bound | None]]:
    """By requirement, as the features pair them."""
    suite = read_suite(features_directory(), Known(catalog.load(), CHOICES))
    found: dict[str, tuple[Check, Bound | None]] = {}
    for scenario in suite.scenarios.values():
        for akv in scenario.tags.requirements:
            if akv.startswith("AKV") and scenario.tags.severity == "passive":
                words = scenario.steps[-1].partition(" ")[2]
                begin = next((one for one in LIMITED if words.startswith(one)), "")
                limit = Bound(words.removeprefix(begin).strip()) if begin else None
                found[akv] = (LIMITED[begin] if begin else CHECKS[words], limit)
    return found


CHECK_OF = _checks()


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> Iterator[Production]:
    world = World(11, start=START - AGE_S)
    clock = ServedClock(START - AGE_S, 0)
    app = Application(world, clock.now)
    customer = settle(world)
    produce(app, clock, customer)
    clock.jump(START - clock.now())
    control = Control(world, clock, WireFaults())
    monkeypatch.setattr("harness.backends.fake.furnish", lambda _: customer.estate)
    backend = FakeBackend(world, app, Jumping(clock))
    operator, custodian = (
        httpx.Client(transport=httpx.WSGITransport(app=app, remote_addr=address))
        for address in (OPERATOR_ADDRESS, CUSTODIAN_ADDRESS)
    )
    people = People(
        environment(customer, port=1, proxy_port=1, ca_file=""),
        operator,
        custodian,
        lambda method, path, body: control.answer(method, f"{PREFIX}{path}", body),
    )
    with operator, custodian:
        yield Production(world, people, customer, Scene(backend, History(), Limits()))
    backend.close()
