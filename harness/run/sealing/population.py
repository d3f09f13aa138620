"""Accounts for every scenario known at this commit: selected or not, performed or not, and why."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from harness.errors import BudgetSpent, EvidenceError, Stopped
from harness.evidence.forms import Known, Population, State
from harness.run.document import is_simulated
from harness.run.engine import Request, Result
from harness.run.records import Record
from harness.suite import ScenarioText, features_directory
from harness.suite.digest import features_digest

FORMAT = 1


class Unaccounted(EvidenceError):
    """A scenario was selected, and nobody can say what became of it: such a run is not sealed."""

    code = "CMK504"
    usual_advice = "Run it again; if it persists, see pytest.log in the directory of the run."


def population_of(result: Result) -> Population:
    """Every scenario, and the sums.

    Raises:
        Unaccounted: one of them is missing.
    """
    strangers = sorted((result.selected | set(result.records)) - set(result.suite.scenarios))
    if strangers:
        raise Unaccounted(f"the run performed {strangers[0]!r}, which no feature file has")
    known = [_known(number, one, result) for number, one in enumerate(result.suite.scenarios.values(), 1)]
    states = Counter(one.state for one in known)
    return Population(
        format=FORMAT,
        run=result.id,
        simulated=is_simulated(result),
        features_digest=features_digest(features_directory(result.request.settings.features)),
        seed=result.request.settings.seed,
        sampling="none: every scenario that was selected is performed",
        known=len(known),
        selected=states[State.EXECUTED] + states[State.NOT_RUN],
        deselected=states[State.DESELECTED],
        executed=states[State.EXECUTED],
        not_run=states[State.NOT_RUN],
        unreadable=[f"{one.path}:{one.line}: {one.message}" for one in result.problems],
        scenarios=known,
    )


def digest_of(scenario: ScenarioText) -> str:
    """SHA-256 over what a scenario says: its sentences and its tags."""
    return sha256("\n".join((scenario.id, *scenario.tags.names, *scenario.steps)).encode()).hexdigest()


def _known(number: int, scenario: ScenarioText, result: Result) -> Known:
    state, reason = _became_of(scenario, result)
    return Known(
        number=number,
        id=scenario.id,
        digest=digest_of(scenario),
        path=scenario.path,
        line=scenario.line,
        chapter=scenario.chapter,
        feature=scenario.feature,
        rule=scenario.rule,
        title=scenario.title,
        steps=list(scenario.steps),
        requirements=list(scenario.tags.requirements),
        severity=scenario.tags.severity,
        needs=list(scenario.tags.needs),
        readings=list(scenario.tags.readings),
        state=state,
        reason=reason,
    )


def _became_of(scenario: ScenarioText, result: Result) -> tuple[State, str]:
    record = result.records.get(scenario.id)
    if record is not None:
        return (State.EXECUTED, "") if _was_performed(record) else (State.NOT_RUN, record.reason)
    if result.failures and not result.selected:
        return State.NOT_RUN, "the run could not begin"
    if scenario.id not in result.selected:
        return State.DESELECTED, _why_deselected(result.request)
    if ended_early(result):
        return State.NOT_RUN, "the run ended before it"
    raise Unaccounted(f"{scenario.id!r} was selected, and the run knows nothing of it")


def ended_early(result: Result) -> bool:
    """Whether something kept the run from reaching all that was selected: an interruption, a limit, a failure."""
    spent = any(record.code in (Stopped.code, BudgetSpent.code) for record in result.records.values())
    return bool(result.failures or result.request.max_failures or spent)


def _was_performed(record: Record) -> bool:
    return bool(record.digest)


def _why_deselected(request: Request) -> str:
    asked = [*(f"--req {one}" for one in request.requirements), *(f"--tag {one}" for one in request.tags)]
    asked += ["-k " + request.keyword] if request.keyword else []
    return f"not among {' '.join(asked)}" if asked else "its file could not be collected"
