"""Runs on the embedded fake for comparison: as a recorded run was made, or supposing another answer to a question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import msgspec

from harness.backends.fake import FakeBackends
from harness.fake.kernel.readings import CATALOGUE, Readings
from harness.model.requirement import Requirement
from harness.ports import Backend, Clock
from harness.run import document
from harness.run.engine import Request, Watcher, execute
from harness.run.parity.comparison import THE_RUN, Finding, Parity, compare
from harness.run.parity.recorded import RecordedRun, read_run
from harness.settings import Settings

Perform = Callable[[Mapping[str, str], Sequence[str]], RecordedRun]
"""Performs scenarios of some requirements (none: what the recorded run selected) on a fake with these readings."""


class SupposedBackends(FakeBackends):
    """Worlds that answer open questions in one way, while those who act presume another, as with a live system."""

    def __init__(self, seed: int, world: Mapping[str, str], presumed: Mapping[str, str]) -> None:
        super().__init__(seed, Readings(**world))
        self._presumed = presumed

    @contextmanager
    def open(self, scenario_id: str) -> Iterator[Backend]:
        """A world in which nothing has happened yet."""
        with super().open(scenario_id) as backend:
            backend.readings = self._presumed
            yield backend


def perform_like(
    live: RecordedRun,
    settings: Settings,
    clock: Clock,
    watcher: Watcher,
    *,
    world: Mapping[str, str] | None = None,
    requirements: Sequence[str] = (),
) -> RecordedRun:
    """Perform on the embedded fake what a recorded run performed, with its readings and limits.

    `settings` say where features are and where results go; `world` answers open questions otherwise than the run
    presumed; `requirements` narrow it.

    Raises:
        UsageError, EvidenceError: as `harness.run.engine.execute`.
    """
    run = live.run
    settings = msgspec.structs.replace(
        settings,
        backend="fake",
        seed=run.seed,
        workers=1,
        allow=run.allow,
        limits=run.limits,
        readings=dict(run.readings),
    )
    selection = run.selection
    request = Request(settings, tuple(requirements) or selection.requirements, selection.tags, selection.keyword)
    factory = SupposedBackends(run.seed, world or run.readings, Readings(**run.readings).as_dict())
    result = execute(request, clock, watcher, factory)
    document.write(result)
    return read_run(result.directory)


def name_readings(parity: Parity, requirements: Mapping[str, Requirement], perform: Perform) -> Parity:
    """Find the answer to an open question under which the fake does what the live system did, by trying them.

    Answers that the two runs presume differently are tried first, then those that the promises touch, then the others.
    """
    findings = list(parity.findings)
    for name, answer in _candidates(parity, requirements):
        unexplained = [one for one in findings if not one.reading and one.difference.scenario != THE_RUN]
        if not unexplained:
            break
        scenarios = {one.difference.scenario for one in unexplained}
        world = {**parity.fake.run.readings, name: answer}
        tried = compare(perform(world, _promises(parity, scenarios)), parity.live, requirements)
        explained = {fingerprint for scenario in scenarios for fingerprint in _explained(scenario, findings, tried)}
        findings = [
            replace(one, reading=f"{name}={answer}") if one.fingerprint in explained and not one.reading else one
            for one in findings
        ]
    return replace(parity, findings=tuple(findings))


def _promises(parity: Parity, scenarios: set[str]) -> list[str]:
    return sorted({one for scenario in scenarios for one in parity.live.requirements[scenario]})


def _explained(scenario: str, findings: Sequence[Finding], tried: Parity) -> set[str]:
    """Findings of a scenario that an answer makes go away without bringing others."""
    before = {one.fingerprint for one in findings if one.difference.scenario == scenario}
    after = {one.fingerprint for one in tried.findings if one.difference.scenario == scenario}
    performed = scenario in tried.compared and scenario not in tried.undecided
    return before - after if performed and after < before else set()


def _candidates(parity: Parity, requirements: Mapping[str, Requirement]) -> list[tuple[str, str]]:
    """Answers other than those in force on the fake, the likeliest first."""
    presumed = [tuple(one.reading.split("=", 1)) for one in parity.findings if one.reading]
    touched = {
        name
        for one in parity.findings
        for promise in parity.live.requirements.get(one.difference.scenario, ())
        if promise in requirements
        for name in requirements[promise].readings
    }
    others = [
        (reading.name, choice)
        for reading in CATALOGUE
        for choice in reading.choices
        if choice != parity.fake.run.readings.get(reading.name, reading.choices[0])
    ]
    others.sort(key=lambda pair: pair[0] not in touched)
    return list(dict.fromkeys([*((name, answer) for name, answer in presumed), *others]))
