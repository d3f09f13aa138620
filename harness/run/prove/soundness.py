"""No alarm without a cause: the sound fake under many seeds and under every answer to the open questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from harness.model.requirement import Check, Requirement
from harness.model.verdict import Outcome
from harness.run.prove.trials import Trial
from harness.run.records import Record
from harness.suite import ScenarioText

Answers = dict[str, str]
Pair = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A requirement that was not found MET although nothing was broken."""

    requirement: str
    outcome: Outcome
    trial: Trial
    scenario: str
    """The first scenario that says so; empty where none tests the requirement under these answers."""
    reason: str


def seeds(first: int, count: int) -> list[Trial]:
    """The whole suite under `count` seeds, beginning with `first`."""
    return [Trial(seed=seed) for seed in range(first, first + count)]


def readings(
    requirements: Mapping[str, Requirement],
    scenarios: Mapping[str, ScenarioText],
    choices: Mapping[str, Sequence[str]],
    seed: int,
) -> list[Trial]:
    """Answers under which nothing may be alarmed.

    For each requirement all combinations of the readings that it names, on its own scenarios; and the whole suite under
    rows in which each pair of answers, of any two readings, occurs at least once.
    """
    together: dict[tuple[str, ...], list[str]] = {}
    for requirement in requirements.values():
        if requirement.readings and requirement.check is not Check.NONE:
            together.setdefault(tuple(sorted(requirement.readings)), []).append(requirement.id)
    aimed = [
        Trial(seed=seed, readings=dict(zip(names, answers, strict=True)), about=tuple(ids), scenarios=testing)
        for names, ids in together.items()
        if (testing := tuple(one.id for one in scenarios.values() if set(ids) & set(one.tags.requirements)))
        for answers in product(*(choices[name] for name in names))
    ]
    return aimed + [Trial(seed=seed, readings=row) for row in pairwise(choices)]


def pairwise(choices: Mapping[str, Sequence[str]]) -> Iterator[Answers]:
    """Rows of answers in which every two answers to two readings stand together once; greedy, the same each time."""
    names = sorted(choices)
    missing = {
        frozenset({(one, a), (other, b)})
        for one, other in combinations(names, 2)
        for a, b in product(choices[one], choices[other])
    }
    while missing:
        row = _row(names, choices, missing)
        missing -= set(_pairs(row.items()))
        yield row


def _row(names: Sequence[str], choices: Mapping[str, Sequence[str]], missing: set[Pair]) -> Answers:
    """A row around the first missing pair, each further answer chosen for the most missing pairs that it makes."""
    row = dict(sorted(min(missing, key=sorted)))
    for name in names:
        if name not in row:
            gain = {
                answer: sum(frozenset({(name, answer), given}) in missing for given in row.items())
                for answer in choices[name]
            }
            row[name] = max(choices[name], key=lambda answer: gain[answer])
    return dict(sorted(row.items()))


def _pairs(answers: Iterable[tuple[str, str]]) -> Iterator[Pair]:
    yield from (frozenset(pair) for pair in combinations(answers, 2))


def alarms(
    trials: Sequence[Trial],
    results: Sequence[Sequence[Record]],
    requirements: Mapping[str, Requirement],
    scenarios: Mapping[str, ScenarioText],
) -> Iterator[Alarm]:
    """What was not found MET, trial by trial; also what nothing tests under the answers in force."""
    for trial, records in zip(trials, results, strict=True):
        by_requirement: dict[str, list[Record]] = {}
        for record in records:
            for one in scenarios[record.id].tags.requirements:
                by_requirement.setdefault(one, []).append(record)
        for name in trial.about or list(requirements):
            promise = requirements[name]
            if promise.check is not Check.NONE and promise.is_observable_under(trial.readings):
                yield from _alarm(name, trial, by_requirement.get(name, []))


def _alarm(requirement: str, trial: Trial, records: Sequence[Record]) -> Iterator[Alarm]:
    telling = [record for record in records if not record.presumes_otherwise]
    if not telling:
        yield Alarm(requirement, Outcome.NOT_TESTED, trial, "", "no scenario tests it under these answers")
        return
    worst = max(telling, key=lambda record: record.outcome.severity)
    if worst.outcome is not Outcome.MET:
        yield Alarm(requirement, worst.outcome, trial, worst.id, worst.reason)
