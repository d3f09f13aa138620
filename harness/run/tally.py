"""Counts outcomes while a run goes on, from the reports of all its workers, and says what follows for requirements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import msgspec
import pytest

from harness.model.requirement import Check, Requirement
from harness.model.verdict import Outcome, worst
from harness.run.handing_over import taken_off
from harness.run.records import PROPERTY, Record
from harness.suite import ScenarioText


@dataclass(frozen=True, slots=True)
class RequirementOutcome:
    """What a run says about one requirement."""

    requirement: Requirement
    outcome: Outcome
    reason: str
    declared: bool
    """NOT_TESTED on purpose."""
    assurance: str
    records: tuple[Record, ...]
    of: int = 0
    """How many scenarios test it in all; more than `records` where the run was narrowed."""
    waived: Mapping[str, str] = field(default_factory=dict)
    """The waiver under which a scenario failed, by the scenario's id; those that failed without one are absent."""

    @property
    def is_partial(self) -> bool:
        """Whether only some of its scenarios were asked for."""
        return len(self.records) < self.of

    @property
    def telling(self) -> tuple[Record, ...]:
        """The records that say something about it under the answers in force."""
        return tuple(one for one in self.records if not one.presumes_otherwise) or self.records

    @property
    def decisive(self) -> tuple[Record, ...]:
        """The records to which it owes its outcome."""
        return tuple(one for one in self.telling if self.outcome_of(one) is self.outcome)

    @property
    def waiver(self) -> str:
        """Ids of the waivers to which it owes its outcome; empty unless that is WAIVED."""
        ids = dict.fromkeys(self.waived[one.id] for one in self.decisive if one.id in self.waived)
        return ", ".join(ids) if self.outcome is Outcome.WAIVED else ""

    def outcome_of(self, record: Record) -> Outcome:
        """What a record contributes: WAIVED for a failure that a waiver covers."""
        return Outcome.WAIVED if record.id in self.waived else record.outcome


class Tally:
    """Registered with pytest in the process that leads a run; its methods are pytest's hooks.

    `read_scenarios` is called once a scenario has been collected; `on_record` hears of each as soon as it is over.
    """

    def __init__(
        self, read_scenarios: Callable[[], Mapping[str, ScenarioText]], on_record: Callable[[Record], None]
    ) -> None:
        self._read_scenarios = read_scenarios
        self.records: dict[str, Record] = {}
        self.selected: set[str] = set()
        self.secrets: set[str] = set()
        """Every secret that any process of the run has met."""
        self.interrupted = False
        self.internal_errors: list[str] = []
        self._durations: dict[str, float] = {}
        self._pending: dict[str, Record] = {}
        self._on_record = on_record

    @cached_property
    def scenarios(self) -> Mapping[str, ScenarioText]:
        """All scenarios by id."""
        return self._read_scenarios()

    def pytest_collection_finish(self, session: Any) -> None:
        """Remember what will run, in a run without workers."""
        self._select(item.nodeid for item in session.items)

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Remember what will run, as a worker sees it."""
        self._select(ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take a scenario's record from the report of its call, or of the gate that kept it from running."""
        self.secrets.update(taken_off(report))
        identifier = self._scenario_of(report.nodeid)
        if identifier is None:
            return
        self._durations[identifier] = self._durations.get(identifier, 0.0) + getattr(report, "duration", 0.0)
        record = self._pending.get(identifier) or _carried(report)
        spoilt = report.when == "teardown" and record and record.outcome is Outcome.MET
        if report.failed and (record is None or spoilt):
            record = _unexplained(identifier, report)
        if record:
            self._pending[identifier] = record
        if report.when not in ("setup", "call"):  # after the last phase, or instead of all when a worker crashed
            self._complete(identifier)

    def pytest_keyboard_interrupt(self) -> None:
        """Somebody wants to stop."""
        self.interrupted = True

    def pytest_internalerror(self, excrepr: Any) -> None:
        """The engine failed; what it says goes into the result."""
        self.internal_errors.append(str(excrepr).strip().splitlines()[-1])

    def outcomes(self, requirements: Iterable[Requirement]) -> Iterator[RequirementOutcome]:
        """What follows for each of the requirements."""
        in_all = Counter(one for scenario in self.scenarios.values() for one in scenario.tags.requirements)
        by_requirement: dict[str, list[str]] = {}
        for identifier in sorted(self.selected | set(self.records)):
            for one in self.scenarios[identifier].tags.requirements:
                by_requirement.setdefault(one, []).append(identifier)
        for requirement in requirements:
            of = in_all[requirement.id]
            yield replace(self._outcome(requirement, by_requirement.get(requirement.id, []), of), of=of)

    def _outcome(self, requirement: Requirement, identifiers: list[str], in_all: int) -> RequirementOutcome:
        if not identifiers:
            declared = requirement.check is Check.NONE
            reason = requirement.why_not_tested if declared else _untested(in_all)
            return RequirementOutcome(requirement, Outcome.NOT_TESTED, reason, declared, "", ())
        records = tuple(self.records.get(one) or _never_ran(one) for one in identifiers)
        telling = [record for record in records if not record.presumes_otherwise] or records
        outcome = worst(record.outcome for record in telling)
        decisive = [record for record in telling if record.outcome is outcome]
        reason = "" if outcome is Outcome.MET else decisive[0].reason
        declared = all(record.declared for record in decisive)
        assurance = next((record.assurance for record in records if record.assurance), "")
        return RequirementOutcome(requirement, outcome, reason, declared, assurance, records)

    def _select(self, node_ids: Iterable[str]) -> None:
        self.selected |= {found for one in node_ids if (found := self._scenario_of(one))}

    def _scenario_of(self, node_id: str) -> str | None:
        """The scenario of a test: node ids are scenario ids below the name of the feature directory."""
        identifier = node_id.partition("/")[2]
        if ".feature::" not in identifier:
            return None
        return identifier if identifier in self.scenarios else None

    def _complete(self, identifier: str) -> None:
        record = self._pending.pop(identifier, None) or _never_ran(identifier)
        record = msgspec.structs.replace(record, seconds=self._durations[identifier])
        self.records[identifier] = record
        self._on_record(record)


def _untested(in_all: int) -> str:
    return f"none of its {in_all} scenarios was selected" if in_all else "no scenario tests it"


def _carried(report: Any) -> Record | None:
    return next((Record.decoded(value) for name, value in report.user_properties if name == PROPERTY), None)


def _unexplained(identifier: str, report: Any) -> Record:
    """A test that failed without a record: its worker crashed, or what surrounds the steps did."""
    last_words = (str(report.longrepr).strip().splitlines() or ["no reason given"])[-1]
    return Record(id=identifier, outcome=Outcome.INCONCLUSIVE, assurance="", reason=last_words)


def _never_ran(identifier: str) -> Record:
    return Record(id=identifier, outcome=Outcome.NOT_TESTED, assurance="", reason="the run ended before it")
