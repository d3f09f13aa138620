"""Replaying a run: the same features on its tapes, and whether every verdict comes out as it was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

import harness
from harness.backends.replay import ReplayBackends
from harness.errors import UsageError
from harness.evidence.forms import WaiverForm
from harness.evidence.tape import TapeError
from harness.limits import Limits
from harness.model.verdict import Outcome
from harness.ports import Clock
from harness.run import document
from harness.run.engine import Request, Result, Watcher, execute
from harness.run.exit_codes import ExitCode
from harness.run.records import Record
from harness.run.tally import Tally
from harness.run.waiver_rows import waiving_of
from harness.settings import Settings

OF_SCENARIOS = ("outcome", "reason", "findings", "claims", "clock_seconds", "digest", "waiver")
OF_REQUIREMENTS = ("outcome", "reason", "statement", "source", "waiver")
OF_WAIVERS = ("state", "use", "applied")
OF_LAWS = ("held", "undecided", "broken", "vacuous")
"""What has to come out as it was recorded; the digest stands for every byte of the history."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run that is over, as its directory holds it."""

    directory: Path
    content: Mapping[str, Any] = field(repr=False)

    @property
    def run(self) -> Mapping[str, Any]:
        """What was asked for, and under which settings."""
        found: Mapping[str, Any] = self.content["run"]
        return found

    @property
    def scenarios(self) -> Mapping[str, Mapping[str, Any]]:
        """Scenarios by id."""
        return {one["id"]: one for requirement in self.content["requirements"] for one in requirement["scenarios"]}

    @property
    def requirements(self) -> Mapping[str, Mapping[str, Any]]:
        """Requirements by id."""
        return {one["id"]: one for one in self.content["requirements"]}

    @property
    def waivers(self) -> Sequence[WaiverForm]:
        """The waivers that counted then, or were looked at."""
        return msgspec.convert(self.content.get("waivers", []), list[WaiverForm])


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that did not come out as it was recorded."""

    about: str
    """Id of a scenario or of a requirement."""
    what: str
    recorded: Any
    replayed: Any


@dataclass(frozen=True, slots=True)
class Verification:
    """What a replay found out about a recorded run."""

    recorded: Recorded
    result: Result
    """Of the replay."""
    differences: tuple[Difference, ...]
    troubles: tuple[str, ...]
    """What is wrong with the recording, in sentences."""
    notes: tuple[str, ...]
    """What a reader should know; none of it is wrong."""
    recomputed: int
    """Scenarios whose verdict was recomputed."""

    @property
    def equal(self) -> bool:
        """Whether every verdict came out as recorded, from tapes as they were recorded."""
        return not (self.differences or self.troubles)

    @property
    def exit_code(self) -> ExitCode:
        """Fine, or that verification failed; interrupted when somebody stopped it."""
        if self.result.exit_code is ExitCode.INTERRUPTED:
            return ExitCode.INTERRUPTED
        return ExitCode.FINE if self.equal else ExitCode.EVIDENCE


def open_run(directory: Path) -> Recorded:
    """A recorded run.

    Raises:
        UsageError: the directory holds none.
        TapeError: the run has nothing to replay.
    """
    path = directory / document.FILE
    try:
        recorded = Recorded(directory, json.loads(path.read_text(encoding="utf-8")))
        scenarios = recorded.scenarios.values()
        begun = bool(scenarios) or not recorded.content["failures"]
        taped = [one for one in scenarios if one["exchanges"]]
        performed = [one for one in scenarios if one["digest"]]
    except FileNotFoundError:
        raise UsageError(f"{directory} is no run: it has no {document.FILE}", advice=_WHICH) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}", advice=_WHICH) from None
    except (KeyError, TypeError) as error:
        raise UsageError(f"{path} is not the result of a run of this version: {error} is missing") from None
    if not begun:
        raise TapeError(f"run {recorded.run['id']} could not begin, so there is nothing to replay")
    if performed and not taped:
        raise TapeError(f"run {recorded.run['id']} has no tapes")
    return recorded


_WHICH = "Give the directory that a run names at its end, such as reports/20260101T120000Z."


def request_of(recorded: Recorded, *, reports: str, features: str = "") -> Request:
    """What was asked for then, to be asked again.

    Raises:
        UsageError: it means nothing.
    """
    run = recorded.run
    try:
        settings = Settings(
            profile=run["profile"],
            backend=run["backend"],
            seed=run["seed"],
            allow=run["allow"],
            strict=run["strict"],
            limits=msgspec.convert(run["limits"], Limits),
            readings=run["readings"],
            features=features,
            reports=reports,
        )
        chosen = run["selection"]
        waiving = waiving_of(recorded.waivers, settings.profile)
        return Request(
            settings,
            tuple(chosen["requirements"]),
            tuple(chosen["tags"]),
            chosen["keyword"],
            replays=run["id"],
            waivers=waiving.waivers,
            waived_at=waiving.at if waiving.waivers else None,
        )
    except (KeyError, TypeError, ValueError, msgspec.ValidationError) as error:
        raise UsageError(
            f"{recorded.directory / document.FILE}: the settings of the run mean nothing: {error}"
        ) from None


def replay(recorded: Recorded, request: Request, clock: Clock, watcher: Watcher) -> Verification:
    """Perform the scenarios of a recorded run on its tapes and compare; `clock` is the one on the wall.

    Raises:
        UsageError: what the run selected exists no more.
        EvidenceError: the directory of the replay cannot be made.
    """
    tapes = {one["id"]: (one["exchanges"], one["exchanges_digest"]) for one in recorded.scenarios.values()}
    factory = ReplayBackends(
        recorded.directory,
        {scenario: tape for scenario, tape in tapes.items() if tape[0]},
        recorded.run["assurance"],
        recorded.run["capabilities"],
    )
    result = execute(request, clock, watcher, factory)
    kept = _not_recomputed(recorded, factory)
    result = _with(result, kept)
    return Verification(
        recorded,
        result,
        tuple(_differences(recorded, result, factory)),
        (*(error.message for error in factory.troubles), *_troubles(recorded, result, factory)),
        tuple(_notes(recorded, kept)),
        len(result.records) - len(kept),
    )


def as_document(found: Verification) -> dict[str, Any]:
    """What was found, ready for JSON."""
    return {
        "replays": found.recorded.run["id"],
        "run": found.result.id,
        "version": harness.__version__,
        "simulated": document.is_simulated(found.result),
        "assurance": found.result.assurance,
        "requirements": len(found.result.outcomes),
        "scenarios": len(found.result.records),
        "recomputed": found.recomputed,
        "equal": found.equal,
        "differences": [
            {"about": one.about, "what": one.what, "recorded": one.recorded, "replayed": one.replayed}
            for one in found.differences
        ],
        "troubles": list(found.troubles),
        "notes": list(found.notes),
        "exit_code": int(found.exit_code),
    }


def _not_recomputed(recorded: Recorded, factory: ReplayBackends) -> dict[str, Record]:
    """Records of scenarios of which the run has a verdict and nothing else: they never ran, or had no backend."""
    return {
        scenario: Record(id=scenario, outcome=Outcome(one["outcome"]), assurance=one["assurance"], reason=one["reason"])
        for scenario, one in recorded.scenarios.items()
        if scenario in factory.untaped and not one["digest"]
    }


def _with(result: Result, kept: Mapping[str, Record]) -> Result:
    """The result with some records taken over from the recorded run, and what follows from them for requirements."""
    if not kept:
        return result
    tally = Tally(lambda: result.suite.scenarios, lambda _: None)
    tally.records = {**result.records, **kept}
    outcomes = tuple(map(result.waiving.applied, tally.outcomes(one.requirement for one in result.outcomes)))
    return replace(result, records=dict(sorted(tally.records.items())), outcomes=outcomes)


def _differences(recorded: Recorded, result: Result, factory: ReplayBackends) -> Iterator[Difference]:
    now = Recorded(result.directory, json.loads(document.encoded(result)))  # as it was recorded: through JSON
    for scenario, before in recorded.scenarios.items():
        written = result.suite.scenarios.get(scenario)
        steps = factory.steps.get(scenario)
        if written and steps is not None and steps != written.steps:
            yield Difference(scenario, "steps", list(steps), list(written.steps))
        yield from _compared(scenario, OF_SCENARIOS, before, now.scenarios.get(scenario))
    for scenario in now.scenarios.keys() - recorded.scenarios.keys():
        yield Difference(scenario, "outcome", None, now.scenarios[scenario]["outcome"])
    for requirement, before in recorded.requirements.items():
        yield from _compared(requirement, OF_REQUIREMENTS, before, now.requirements.get(requirement))
    for requirement in now.requirements.keys() - recorded.requirements.keys():
        yield Difference(requirement, "outcome", None, now.requirements[requirement]["outcome"])
    again_by_name = {one["name"]: one for one in now.content["laws"]}
    for law in recorded.content.get("laws", ()):
        yield from _counted(law, again_by_name.get(law["name"]))
    for waiver, again in zip(recorded.waivers, now.waivers, strict=True):
        yield from _compared(waiver.id, OF_WAIVERS, msgspec.to_builtins(waiver), msgspec.to_builtins(again))


def _compared(
    about: str, fields: tuple[str, ...], before: Mapping[str, Any], now: Mapping[str, Any] | None
) -> Iterator[Difference]:
    if now is None:
        yield Difference(about, "outcome", before["outcome"], None)
        return
    for name in fields:
        if before.get(name, "") != now.get(name, ""):
            yield Difference(about, name, before.get(name, ""), now.get(name, ""))


def _counted(before: Mapping[str, Any], now: Mapping[str, Any] | None) -> Iterator[Difference]:
    """Whether as many scenarios say the same about a law."""
    for name in OF_LAWS:
        if now is None or before[name] != now[name]:
            yield Difference(f"law {before['name']}", name, before[name], now[name] if now else None)


def _troubles(recorded: Recorded, result: Result, factory: ReplayBackends) -> Iterator[str]:
    """What is wrong with the recording beside its tapes, or with the replay itself."""
    for scenario, one in recorded.scenarios.items():
        record = result.records.get(scenario)
        if one["digest"] and scenario in factory.untaped:
            yield f"{scenario}: the run has a verdict and no tape"
        elif record and record.evidence and record.digest == one["digest"] and one["evidence"]:
            yield from _altered(scenario, recorded.directory / one["evidence"], result.directory / record.evidence)
    stamp = result.waiving.at.strftime("%Y%m%dT%H%M%SZ")
    if result.waiving.waivers and not recorded.run["id"].startswith(stamp):
        yield f"its waivers are judged as of {stamp}, and that is not when run {recorded.run['id']} began"
    yield from (str(problem) for problem in result.problems)
    yield from result.failures


def _altered(scenario: str, before: Path, now: Path) -> Iterator[str]:
    try:
        if before.read_bytes() != now.read_bytes():
            yield f"{scenario}: its history {before.name} was altered since the recording"
    except OSError as error:
        yield f"{scenario}: its history {before.name} cannot be read: {error.strerror}"


def _notes(recorded: Recorded, kept: Mapping[str, Record]) -> Iterator[str]:
    run = recorded.run
    if recorded.content["exit_code"] == ExitCode.INTERRUPTED:
        yield "The recorded run was interrupted; what had not run by then is not tested in the replay either."
    if kept:
        yield f"{len(kept)} of the recorded scenarios never reached the system, so there is nothing to recompute: " + (
            "; ".join(sorted(kept))
        )
    if run["version"] != harness.__version__:
        yield f"The run was recorded by version {run['version']}, and replayed by {harness.__version__}."
    if run["simulated"]:
        yield "The recorded run was simulated, and so is its replay: neither says anything about a real system."
