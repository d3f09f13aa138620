"""Two recorded runs, compared scenario by scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from harness import __version__
from harness.errors import UsageError
from harness.fake.kernel.readings import CATALOGUE
from harness.model.requirement import Requirement
from harness.model.verdict import Assurance
from harness.run.parity.differences import Comparison, Difference, Kind, Performance, compare_performances
from harness.run.parity.recorded import RecordedRun
from harness.run.parity.triage import Triage, weigh

THE_RUN = "the run"
"""Stands for a scenario where a difference concerns all of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference with what the documentation says about it and who is off."""

    difference: Difference
    documented: str
    triage: Triage
    """By what the scenario presumes that the documentation says."""
    reading: str = ""
    """`name=answer` under which the fake does what the live system did; empty where none is known."""

    @property
    def standing(self) -> Triage:
        """Who is off: nobody where another answer to an open question would match."""
        return Triage.SILENT if self.reading else self.triage

    @property
    def fingerprint(self) -> str:
        """What recognises it in later runs."""
        return self.difference.fingerprint


@dataclass(frozen=True, slots=True)
class Parity:
    """What came of comparing two runs."""

    fake: RecordedRun
    live: RecordedRun
    findings: tuple[Finding, ...]
    compared: tuple[str, ...]
    """Scenarios that both sides performed."""
    undecided: Mapping[str, str]
    """Scenarios of which nothing can be said, with the reason."""
    left_out: Mapping[str, str]
    """Scenarios that a side did not perform, with the reason."""

    @property
    def agreeing(self) -> int:
        """How many scenarios went alike."""
        return len(set(self.compared) - set(self.undecided) - {one.difference.scenario for one in self.findings})


def compare(fake: RecordedRun, live: RecordedRun, requirements: Mapping[str, Requirement]) -> Parity:
    """Compare two runs. Of two simulated ones, either can stand in the place of the live one."""
    findings = list(_readings(fake, live))
    compared: list[str] = []
    undecided: dict[str, str] = {}
    left_out = dict(_one_sided(fake, live))
    for scenario in sorted(fake.scenarios.keys() & live.scenarios.keys()):
        sides = _performance(fake, scenario), _performance(live, scenario)
        came = _compare(scenario, *sides, fake, live)
        if came.left_out:
            left_out[scenario] = came.left_out
            continue
        compared.append(scenario)
        if came.unclear:
            undecided[scenario] = came.unclear
        promises = [requirements[one] for one in live.requirements[scenario] if one in requirements]
        for difference in came.differences:
            documented, triage = weigh(difference, sides[0].history, sides[1].history, promises)
            findings.append(Finding(difference, documented, triage))
    return Parity(fake, live, tuple(findings), tuple(compared), undecided, left_out)


def refuse_other_suite(run: RecordedRun, features_digest: str, scenarios: Iterable[str]) -> None:
    """A run can be compared by the cmkproof and the features that made it.

    Raises:
        UsageError: other ones made it.
    """
    advice = "Compare it with the cmkproof and the features that made it, or run again."
    if run.run.version != __version__:
        raise UsageError(
            f"run {run.run.id} was made by cmkproof {run.run.version}, and this is {__version__}", advice=advice
        )
    unknown = sorted(set(run.scenarios) - set(scenarios))
    if unknown:
        raise UsageError(f"run {run.run.id} was made with other features: {unknown[0]} is not here", advice=advice)
    if run.run.features_digest and run.run.features_digest != features_digest:
        raise UsageError(f"run {run.run.id} was made with other features: their digests differ", advice=advice)


def _performance(run: RecordedRun, scenario: str) -> Performance:
    row = run.scenarios[scenario]
    return Performance(row.outcome, row.reason, run.history(scenario))


def _compare(scenario: str, one: Performance, other: Performance, fake: RecordedRun, live: RecordedRun) -> Comparison:
    """A run that only observes looks at a project of its own: nothing but the outcomes can be compared."""
    observing = Assurance.OBSERVED.value in (fake.run.assurance, live.run.assurance)
    return compare_performances(scenario, one, other, live.run.limits, outcomes_only=observing)


def _one_sided(fake: RecordedRun, live: RecordedRun) -> Iterator[tuple[str, str]]:
    for name, run, other in (("fake", fake, live), ("live", live, fake)):
        yield from ((scenario, f"only on the {name} side") for scenario in run.scenarios.keys() - other.scenarios)


def _readings(fake: RecordedRun, live: RecordedRun) -> Iterator[Finding]:
    """Open questions that the two runs presumed different answers to."""
    for reading in CATALOGUE:
        ours, theirs = (run.run.readings.get(reading.name, reading.choices[0]) for run in (fake, live))
        if ours != theirs:
            difference = Difference(THE_RUN, Kind.READING, reading.name, ours, theirs)
            said = f"silent: {reading.question} ({reading.source})"
            yield Finding(difference, said, Triage.SILENT, f"{reading.name}={theirs}")
