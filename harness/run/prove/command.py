"""Carries a proof out, from what somebody asks for to the document in the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness import catalog
from harness.errors import UsageError
from harness.fake.mutants import MUTANTS, Mutant
from harness.model.requirement import Requirement
from harness.ports import Clock
from harness.run import directories
from harness.run.options import CHOICES, known_names
from harness.run.prove import proof, soundness
from harness.run.prove.kills import Hunt
from harness.run.prove.pool import performers
from harness.run.prove.proof import Proof
from harness.settings import Settings, nearest
from harness.suite import ScenarioText, features_directory, read_suite

Progress = Callable[[str, int, int], None]
"""Hears of each stage: its name, how many trials are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be proved."""

    settings: Settings
    mutants: tuple[str, ...] = ()
    """Ids; empty: all."""
    requirements: tuple[str, ...] = ()
    """Mutants that break one of these; empty: all."""
    seeds: int = 0
    """Under how many seeds the sound fake is performed, beginning with the run's own; 0: not at all."""
    thorough: bool = False
    """Find every scenario of what a mutant breaks that notices it, not only the first."""
    readings: bool = False
    """Under every combination of the answers a requirement depends on, and every pair of all answers, as well."""


def carry_out(question: Question, clock: Clock, progress: Progress = lambda *_: None) -> tuple[Proof, Path]:
    """Perform the trials, judge them and write the proof; returns it and the directory it lies in.

    Raises:
        UsageError: something asked for does not exist, the target is live, or the suite cannot be read.
        TrialsEnded: the suite could not be performed.
        EvidenceError: the proof could not be written.
    """
    settings = question.settings
    if settings.backend != "fake":
        raise UsageError(
            f"profile {settings.profile} is live; mutants are broken fakes", advice="Leave the profile out."
        )
    requirements = catalog.load()
    for one in question.requirements:
        if one.upper() not in requirements:
            raise UsageError(f"there is no requirement {one!r}.{nearest(one.upper(), requirements)}", advice=_PROMISES)
    mutants = chosen(question.mutants, question.requirements)
    scenarios = _scenarios(settings, requirements)
    run_id, directory = directories.make(Path(settings.reports), clock.now())
    trials = soundness.seeds(settings.seed, question.seeds)
    if question.readings:
        trials += soundness.readings(requirements, scenarios, CHOICES, settings.seed)
    with performers(settings, settings.workers) as perform_all:
        hunt = Hunt(settings.seed, scenarios, perform_all, thorough=question.thorough)
        hunt.begin(settings.workers)
        progress("sound fake", 1, 1)
        kills = hunt.kills(mutants, lambda done, of: progress("mutants", done, of))
        results = perform_all(trials, lambda done: progress("further sound fakes", done, len(trials)))
    found = tuple(soundness.alarms(trials, results, requirements, scenarios))
    proved = Proof(run_id, settings, hunt.baseline, kills, trials, found)
    proof.write(proved, directory)
    directories.unmark(directory)
    return proved, directory


def _scenarios(settings: Settings, requirements: Mapping[str, Requirement]) -> Mapping[str, ScenarioText]:
    suite = read_suite(features_directory(settings.features), known_names(requirements))
    if suite.problems:
        raise UsageError("; ".join(str(problem) for problem in suite.problems), advice="A suite is proved as a whole.")
    if not suite.scenarios:
        raise UsageError(f"there are no scenarios in {settings.features}")
    return suite.scenarios


def chosen(ids: Sequence[str], requirements: Sequence[str] = ()) -> list[Mutant]:
    """The mutants asked for, in order of their ids.

    Raises:
        UsageError: there is no such mutant, or none breaks the requirements named.
    """
    for one in ids:
        if one not in MUTANTS:
            raise UsageError(f"there is no mutant {one!r}.{nearest(one, MUTANTS)}", advice=_LIST)
    wanted = {one.upper() for one in requirements}
    found = [
        one
        for name, one in sorted(MUTANTS.items())
        if (not ids or name in ids) and (not wanted or wanted & set(one.breaks))
    ]
    if not found:
        raise UsageError(f"no mutant breaks {' or '.join(sorted(wanted))}", advice=_LIST)
    return found


_LIST = "`cmkproof list mutants` shows them all."
_PROMISES = "`cmkproof list requirements` shows them all."
