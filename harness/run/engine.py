"""Carries a run out: prepares its directory, lets pytest perform the scenarios, writes the result."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from harness import catalog
from harness.catalog import controls
from harness.catalog.review import Marks, read_marks, review_file
from harness.errors import (
    AccessError,
    HarnessError,
    LeftChanged,
    SafetyError,
    Stopped,
    TargetError,
    UsageError,
)
from harness.faults.ledger import FILE as LEDGER
from harness.model.control import Framework
from harness.model.requirement import Requirement
from harness.model.verdict import Assurance, Outcome
from harness.model.waiver import Waiver
from harness.ports import BackendFactory, Clock
from harness.run import directories, factories, handing_over, session, signals
from harness.run.exit_codes import ExitCode, decisive, for_error
from harness.run.options import known_names
from harness.run.records import Record
from harness.run.selection import select
from harness.run.tally import RequirementOutcome, Tally
from harness.run.waiver_rows import encoded
from harness.run.waiving import Waiving, excused, instant_of
from harness.settings import Settings
from harness.suite import Problem, Suite, features_directory, read_suite

PLUGINS = ("allure_pytest.plugin", "xdist.plugin")
"""What a run needs of pytest beside what every session does."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for on the command line."""

    settings: Settings
    requirements: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    keyword: str = ""
    max_failures: int = 0
    plan: Path | None = None
    """The plan that somebody confirmed, for a live run that changes its target."""
    confirmed: str = ""
    """Hash of that plan, as it was confirmed."""
    replays: str = ""
    """Id of the recorded run that is played back; empty for a run of its own."""
    waivers: tuple[Waiver, ...] = ()
    """Exceptions that count in this run; without them no failure is waived, whatever stands in a file."""
    waived_at: datetime | None = None
    """The instant at which they are looked at; None: when the run begins."""

    @property
    def narrows(self) -> bool:
        """Whether less than everything is asked for."""
        return bool(self.requirements or self.tags or self.keyword)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Hears how a run goes on. `begun` gets the run's id and the number of scenarios to expect."""

    begun: Callable[[str, int], None] = lambda *_: None
    performed: Callable[[Record], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Result:
    """A run that is over."""

    id: str
    request: Request
    directory: Path
    seconds: float
    outcomes: tuple[RequirementOutcome, ...]
    records: Mapping[str, Record]
    suite: Suite
    selected: frozenset[str]
    """Ids of the scenarios that were asked for."""
    started: float
    """Unix seconds, by the clock on the wall."""
    exit_code: ExitCode
    frameworks: Mapping[str, Framework]
    """Control frameworks that the requirements answer, by their short names."""
    problems: tuple[Problem, ...] = ()
    """Feature files that could not be used."""
    assurance: str = Assurance.SIMULATED.value
    """What outcomes on this system are worth as evidence."""
    capabilities: tuple[str, ...] = ()
    """What this system can do, in the words of `@needs:`."""
    failures: tuple[str, ...] = field(default=())
    """What went wrong with the run itself, in sentences."""
    review: Marks = field(default=Marks())
    """Requirements whose documentation has changed since it was read."""
    waiving: Waiving = field(default=Waiving())
    """The waivers that the run was given."""
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    """Every secret that the run has met, for whoever searches its directory before it is sealed."""


NOBODY = Watcher()
"""Nobody is interested in how it goes on."""


def execute(request: Request, clock: Clock, watcher: Watcher = NOBODY, factory: BackendFactory | None = None) -> Result:
    """Perform what is asked for and judge it; `clock` is the one on the wall, `factory` opens the system under test.

    A run that cannot begin, or leaves something behind, has a result too: it says so among its failures.

    Raises:
        UsageError: something asked for does not exist.
        ConfigError: a control framework of the owner's, or the file of marks for review, is not as it must be, or a
            reference leads nowhere; nothing was performed.
        EvidenceError: the run's directory cannot be made.
    """
    run = _prepared(request, clock, watcher, factory)
    failures, trouble = _carried_out(run)
    return _concluded(run, failures, trouble, clock)


@dataclass(frozen=True, slots=True)
class _Run:
    """A run that is about to be carried out, with all that it was prepared with."""

    request: Request
    requirements: Mapping[str, Requirement]
    frameworks: Mapping[str, Framework]
    review: Marks
    suite: Suite
    id: str
    directory: Path
    started: float
    waiving: Waiving
    tally: Tally
    factory: BackendFactory
    arguments: Sequence[str]
    """For pytest."""


def _prepared(request: Request, clock: Clock, watcher: Watcher, factory: BackendFactory | None) -> _Run:
    """Read all that a run needs, and only then make its directory. Raises what `execute` raises."""
    requirements = catalog.load()
    frameworks = controls.load(requirements, map(Path, request.settings.controls))
    review = read_marks(review_file(request.settings.review))
    selection = select(request.requirements, request.tags, requirements)
    features = features_directory(request.settings.features)
    suite = read_suite(features, known_names(requirements))
    owners_key = handing_over.owners_key(request.settings)
    started = clock.now()
    run_id, directory = directories.make(Path(request.settings.reports), started)
    waiving = Waiving(request.waivers, request.settings.profile, request.waived_at or instant_of(started))
    tally = Tally(lambda: suite.scenarios, watcher.performed)
    watcher.begun(run_id, sum(1 for one in suite.scenarios.values() if selection.takes(one)))
    arguments = [*session.arguments(features, PLUGINS), *_selecting(request), *_evidence(request, directory, waiving)]
    factory = factory or factories.factory_for(request)
    handing_over.prepare(factory.secrets, request.settings, owners_key, run_id)
    return _Run(
        request, requirements, frameworks, review, suite, run_id, directory, started, waiving, tally, factory, arguments
    )


def _carried_out(run: _Run) -> tuple[tuple[str, ...], HarnessError | None]:
    """What went wrong with the run itself, in sentences, and the error that kept it from beginning or ending well."""
    try:
        with signals.stop_the_run(), run.factory.running(run.id, run.directory):
            return _perform(run.arguments, run.tally, run.factory, run.directory), None
    except UsageError:
        if not (run.directory / LEDGER).exists():  # nothing was performed, so there is nothing to keep
            shutil.rmtree(run.directory, ignore_errors=True)
        raise
    except (AccessError, TargetError, SafetyError, Stopped, LeftChanged) as error:
        return (*run.tally.internal_errors, run.factory.secrets.hide(error.diagnostics())), error


def _concluded(run: _Run, failures: tuple[str, ...], trouble: HarnessError | None, clock: Clock) -> Result:
    """The result of a run that is over."""
    request, tally, factory = run.request, run.tally, run.factory
    outcomes = tuple(map(run.waiving.applied, tally.outcomes(_asked_for(request, tally, run.requirements))))
    if trouble and not tally.selected:
        reason = factory.secrets.hide(f"the run could not begin: {trouble.code} {trouble.message}")
        outcomes = tuple(replace(one, reason=reason, declared=False) for one in outcomes)
    codes = _applicable(request, tally, outcomes, run.suite, failures) | ({for_error(trouble)} if trouble else set())
    return Result(
        id=run.id,
        request=request,
        directory=run.directory,
        seconds=round(clock.now() - run.started, 3),
        outcomes=outcomes,
        records=dict(sorted(tally.records.items())),
        suite=run.suite,
        selected=frozenset(tally.selected),
        started=run.started,
        exit_code=decisive(codes),
        frameworks=run.frameworks,
        problems=tuple(run.suite.problems),
        assurance=factory.assurance.value,
        capabilities=tuple(sorted(factory.capabilities)),
        failures=failures,
        review=run.review,
        waiving=run.waiving,
        secrets=frozenset(tally.secrets) | factory.secrets.known,
    )


def _perform(arguments: Sequence[str], tally: Tally, factory: BackendFactory, directory: Path) -> tuple[str, ...]:
    """Let pytest perform the scenarios; returns what went wrong with the run itself."""
    in_force = factories.FactoryInForce(factory)
    ended = session.perform(arguments, [tally, in_force], directory / "pytest.log", factory.secrets)
    return tuple(map(factory.secrets.hide, _failures(ended, tally, directory)))


def _selecting(request: Request) -> Iterator[str]:
    yield from (f"--req={one}" for one in request.requirements)
    yield from (f"--tag={one}" for one in request.tags)
    if request.keyword:
        yield from ("-k", request.keyword)
    if request.max_failures:
        yield f"--maxfail={request.max_failures}"
    if request.settings.workers > 1:
        yield f"--numprocesses={request.settings.workers}"


def _evidence(request: Request, directory: Path, waiving: Waiving) -> Iterator[str]:
    yield f"--cmkproof-settings={request.settings.encoded()}"
    yield f"--cmkproof-waivers={encoded(waiving)}"
    yield f"--cmkproof-directory={directory.resolve()}"
    yield f"--alluredir={directory.resolve() / 'allure-results'}"


def _failures(ended: int | pytest.ExitCode, tally: Tally, directory: Path) -> tuple[str, ...]:
    if ended == pytest.ExitCode.USAGE_ERROR:
        log = (directory / "pytest.log").read_text(encoding="utf-8").strip().splitlines()
        raise UsageError(next((line.removeprefix("ERROR: ") for line in log if line.startswith("ERROR: ")), log[-1]))
    broken = ended == pytest.ExitCode.INTERNAL_ERROR and not tally.internal_errors
    if tally.interrupted:
        return ("interrupted: scenarios that had not run are not tested",)
    return tuple(tally.internal_errors) or (("the test engine failed",) if broken else ())


def _asked_for(request: Request, tally: Tally, requirements: Mapping[str, Requirement]) -> Collection[Requirement]:
    """The requirements that the run answers for: those named, those touched, or all."""
    if request.requirements:
        return [requirements[one] for one in dict.fromkeys(one.upper() for one in request.requirements)]
    if not request.narrows:
        return list(requirements.values())
    touched = {one for identifier in tally.selected for one in tally.scenarios[identifier].tags.requirements}
    return [requirement for one, requirement in requirements.items() if one in touched]


def _applicable(
    request: Request,
    tally: Tally,
    outcomes: Collection[RequirementOutcome],
    suite: Suite,
    failures: Collection[str],
) -> set[ExitCode]:
    waived = excused(outcomes)
    found = {one.outcome for one in outcomes}
    found |= {record.outcome for record in tally.records.values() if record.id not in waived}
    untested = [one for one in outcomes if one.outcome is Outcome.NOT_TESTED]
    reasons = {
        ExitCode.INTERRUPTED: tally.interrupted,
        ExitCode.EVIDENCE: any(record.evidence_error for record in tally.records.values()),
        ExitCode.NOT_MET: Outcome.NOT_MET in found,
        ExitCode.USAGE: bool(suite.problems),
        ExitCode.COULD_NOT_TEST: Outcome.INCONCLUSIVE in found
        or bool(failures)
        or any(request.settings.strict or not one.declared for one in untested if tally.selected or not one.of),
        ExitCode.NOTHING_SELECTED: not tally.selected and all(one.of for one in outcomes) and not failures,
    }
    return {code for code, applies in reasons.items() if applies}
