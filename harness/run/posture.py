"""The audit of a project and its vault as they stand: which scenarios, and what their outcomes say, check by check."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import msgspec

import harness
from harness.errors import Unseen
from harness.model.requirement import Requirement
from harness.model.verdict import Outcome
from harness.run.document import is_simulated
from harness.run.engine import Request, Result
from harness.run.exit_codes import ExitCode
from harness.run.records import Record
from harness.run.waiver_rows import rows_of
from harness.run.waiving import excused
from harness.settings import Settings
from harness.suite.tags import POSTURE

DECIDED = (Outcome.MET, Outcome.WAIVED, Outcome.NOT_MET)


@dataclass(frozen=True, slots=True)
class Check:
    """One scenario of the audit, and what came of it."""

    title: str
    requirements: tuple[Requirement, ...]
    record: Record
    waiver: str = ""
    """Ids of the waivers under which it failed."""

    @property
    def outcome(self) -> Outcome:
        """What came of it, waivers considered."""
        return Outcome.WAIVED if self.waiver else self.record.outcome

    @property
    def ids(self) -> tuple[str, ...]:
        """What it checks, posture first: AKV before EAR."""
        return tuple(one.id for one in self.requirements)

    @property
    def resources(self) -> tuple[str, ...]:
        """Identifiers of what is at fault; empty where the promise is about the project as a whole."""
        return tuple(one for finding in self.record.findings for one in finding.resources)

    @property
    def remedy(self) -> str:
        """How to put it right; empty where nobody has written it down."""
        return next((one.remedy for one in self.requirements if one.remedy), "")

    @property
    def missing(self) -> str:
        """Of a check that could not see: what whoever audits lacks."""
        return self.record.advice if self.record.code == Unseen.code else ""


@dataclass(frozen=True, slots=True)
class Posture:
    """An audit that is over."""

    result: Result
    checks: tuple[Check, ...]

    @property
    def exit_code(self) -> ExitCode:
        """The run's own; an audit in which nothing at all could be decided is no pass."""
        code = self.result.exit_code
        if code is ExitCode.FINE and not any(one.outcome in DECIDED for one in self.checks):
            return ExitCode.COULD_NOT_TEST
        return code

    def with_outcome(self, outcome: Outcome) -> tuple[Check, ...]:
        """The checks that ended so."""
        return tuple(one for one in self.checks if one.outcome is outcome)

    @property
    def unseen(self) -> tuple[Check, ...]:
        """The checks that could not see what they judge."""
        return tuple(one for one in self.checks if one.record.code == Unseen.code)


def request_for(settings: Settings) -> Request:
    """What to perform for an audit of this target."""
    return Request(settings, tags=(POSTURE,))


def posture_of(result: Result) -> Posture:
    """What a run of such a request says."""
    promises = {one.requirement.id: one.requirement for one in result.outcomes}
    waived = excused(result.outcomes)
    checks = []
    for identifier, record in result.records.items():
        scenario = result.suite.scenarios[identifier]
        named = sorted(one for one in scenario.tags.requirements if one in promises)
        title = identifier.rpartition("::")[2]
        checks.append(Check(title, tuple(promises[one] for one in named), record, waived.get(identifier, "")))
    return Posture(result, tuple(sorted(checks, key=lambda one: one.ids)))


def document(found: Posture) -> dict[str, Any]:
    """The audit, ready for JSON; docs/posture.md says what each field means."""
    result = found.result
    counts = Counter(one.outcome for one in found.checks)
    return {
        "run": {
            "id": result.id,
            "version": harness.__version__,
            "profile": result.request.settings.profile,
            "simulated": is_simulated(result),
            "assurance": result.assurance,
            "directory": str(result.directory),
        },
        "summary": {outcome.value: counts[outcome] for outcome in Outcome},
        "checks": [_check(one) for one in found.checks],
        "unseen": [
            {"requirements": list(one.ids), "reason": one.record.reason, "missing": one.missing} for one in found.unseen
        ],
        "failures": list(result.failures),
        "waivers": msgspec.to_builtins(rows_of(result.waiving, result.outcomes)),
        "exit_code": int(found.exit_code),
    }


def _check(check: Check) -> dict[str, Any]:
    finding = check.record.findings[0] if check.record.findings else None
    return {
        "requirements": list(check.ids),
        "title": check.title,
        "outcome": check.outcome.value,
        "waiver": check.waiver,
        "statement": check.requirements[0].statement if check.requirements else "",
        "source": check.requirements[0].source if check.requirements else "",
        "resources": list(check.resources),
        "expected": finding.expected if finding else "",
        "observed": finding.observed if finding else "",
        "reason": check.record.reason,
        "remedy": check.remedy if check.outcome in (Outcome.NOT_MET, Outcome.WAIVED) else "",
        "evidence": check.record.evidence,
    }
