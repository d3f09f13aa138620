"""A scenario's performance: the scene on a fresh backend, and after the last step the judgement."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.checkers import claims_of, law_findings, rulings
from harness.checkers.laws import Ruling
from harness.driver import Scene
from harness.errors import EvidenceError, HarnessError, Stopped, Undecided, Unsupported
from harness.evidence.histories import keep_history, keep_out
from harness.evidence.tape import keep_tape
from harness.model.history import History
from harness.model.verdict import Finding, Outcome
from harness.plugin.context import PERFORMANCE, RECORD, SCENARIO, SESSION, Performance, forget, performance
from harness.plugin.hiding import overlook_quoted
from harness.run.conclusion import Conclusion, Ending, conclude
from harness.run.law_counts import of_scenario
from harness.run.records import PROPERTY, Record, rows
from harness.suite import ScenarioText


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """The parties, on a backend that nothing else uses."""
    item = request.node
    session = item.config.stash[SESSION]
    identifier = item.stash[SCENARIO].id if SCENARIO in item.stash else item.nodeid
    if SCENARIO in item.stash:
        overlook_quoted(item.stash[SCENARIO], session.factory.secrets)
    with session.factory.open(identifier) as backend:
        shown = performance(item)
        severity = item.stash[SCENARIO].tags.severity if SCENARIO in item.stash else "destructive"
        shown.scene = Scene(backend, History(), session.settings.limits, severity)
        shown.clock_start = backend.clock.now()
        yield shown.scene


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Any) -> None:
    """Remember the step, for when it fails."""
    performance(request.node).step = f"{step.keyword} {step.name}"


def pytest_bdd_after_step(request: pytest.FixtureRequest, step: Any) -> None:
    """Count expectations put to the test."""
    performance(request.node).thens += step.type == "then"


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Run the steps, judge the history, and let the test end as the conclusion says."""
    if SCENARIO not in pyfuncitem.stash:
        return (yield)
    error: BaseException | None = None
    try:
        yield
    except (Exception, pytest.fail.Exception, pytest.skip.Exception) as raised:  # whatever a step does wrong
        error = raised
    conclusion, record = _judge(pyfuncitem, error)
    pyfuncitem.stash[RECORD] = record
    pyfuncitem.user_properties.append((PROPERTY, record.encoded()))
    _end(conclusion, error)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a scenario's world and everything that was recorded of it go once its reports are out."""
    try:
        return (yield)
    finally:
        forget(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Report what was found, or what the harness says, in place of a traceback through the harness."""
    report = yield
    record = item.stash.get(RECORD, None)
    if call.excinfo and isinstance(spent := call.excinfo.value, Stopped):
        item.session.shouldstop = spent.message
    if report.failed and report.when == "call" and record and call.excinfo:
        report.longrepr = _told(record, call.excinfo.value) or report.longrepr
    return report


def _told(record: Record, error: BaseException) -> str:
    """The failure in words; nothing for one that nobody expected: its traceback is needed."""
    step = [record.failed_step] if record.failed_step else []
    if record.findings:
        findings = (
            f"{one.claim}: expected {one.expected}; observed {one.observed}"
            + (f", since {one.since}" * bool(one.since))
            for one in record.findings
        )
        return "\n".join([*step, *findings])
    return "\n".join([*step, error.diagnostics()]) if isinstance(error, HarnessError) else ""


def _judge(item: pytest.Function, error: BaseException | None) -> tuple[Conclusion, Record]:
    shown = item.stash.get(PERFORMANCE, Performance())
    session, scenario = item.config.stash[SESSION], item.stash[SCENARIO]
    findings: tuple[Finding, ...] = ()
    found: Sequence[Ruling] = ()
    secrets = session.factory.secrets
    if shown.scene:
        keep_out(shown.scene.history, secrets)
        shown.scene.history.seal()
        found = rulings(shown.scene.history)
        findings = (*claims_of(shown.scene.history), *law_findings(found))
    conclusion = conclude(_ending(error), _message(error), shown.thens, findings)
    claimed = [claim.checker for _, claim in shown.scene.history.claims()] if shown.scene else []
    backend = shown.scene.backend if shown.scene else None
    clock_seconds = round(backend.clock.now() - shown.clock_start, 3) if backend else 0.0
    kept = _keep(shown.scene, session.directory, scenario)  # after the last reading of the clock
    record = Record(
        id=scenario.id,
        outcome=conclusion.outcome,
        assurance=(backend or session.factory).assurance.value,
        reason=conclusion.reason,
        declared=conclusion.outcome is Outcome.NOT_TESTED,
        clock=backend.clock.kind if backend else "",
        clock_seconds=clock_seconds,
        failed_step=shown.step if error else "",
        findings=rows(findings),
        claims=len(claimed),
        checkers=tuple(sorted(set(claimed))),
        laws=of_scenario(found),
        digest=shown.scene.history.digest if shown.scene else "",
        evidence=kept.history,
        exchanges=kept.tape,
        exchanges_digest=kept.tape_digest,
        evidence_error=kept.error,
        code=error.code if isinstance(error, HarnessError) else "",
        advice=error.advice if isinstance(error, HarnessError) else "",
    )
    return conclusion, record.without(secrets.hide)


def _ending(error: BaseException | None) -> Ending:
    match error:
        case None:
            return Ending.COMPLETED
        case AssertionError() | pytest.fail.Exception():
            return Ending.CONTRADICTED
        case Unsupported() | pytest.skip.Exception():
            return Ending.SKIPPED
    return Ending.STUCK


def _message(error: BaseException | None) -> str:
    """What an error says, in one sentence; errors that nobody expected are named as well."""
    if error is None:
        return ""
    text = " ".join(str(error).split())
    expected = isinstance(error, HarnessError | AssertionError | pytest.fail.Exception | pytest.skip.Exception)
    return text if expected and text else f"{type(error).__name__}: {text}".rstrip(": ")


@dataclass(slots=True)
class _Kept:
    """Where history and tape were written, or why they could not be."""

    history: str = ""
    tape: str = ""
    tape_digest: str = ""
    error: str = ""


def _keep(scene: Scene | None, directory: Path | None, scenario: ScenarioText) -> _Kept:
    kept = _Kept()
    if scene is None or directory is None:
        return kept
    try:
        kept.history = keep_history(scene.history, directory, scenario.id)
        if lines := scene.backend.recorder.tape(scenario.id, scenario.steps):
            kept.tape, kept.tape_digest = keep_tape(lines, directory, scenario.id)
    except EvidenceError as error:
        kept.error = error.message
    return kept


def _end(conclusion: Conclusion, error: BaseException | None) -> None:
    match conclusion.outcome:
        case Outcome.MET:
            return
        case Outcome.NOT_TESTED:
            pytest.skip(conclusion.reason)
        case Outcome.NOT_MET:
            if _ending(error) is Ending.CONTRADICTED and error:
                raise error
            raise AssertionError(conclusion.reason) from error
    if _ending(error) is Ending.STUCK and error:
        raise error
    raise Undecided(conclusion.reason) from error
