"""Trials on sound fakes: which there are, and what counts as an alarm."""

from __future__ import annotations

from itertools import combinations, product

from harness.model.requirement import Check, Label, Requirement
from harness.model.verdict import Outcome
from harness.run.options import CHOICES
from harness.run.prove.pool import performers
from harness.run.prove.soundness import alarms, pairwise, readings, seeds
from harness.run.prove.trials import Trial
from harness.run.records import Record
from harness.settings import Settings
from harness.suite import features_directory, read_suite

KNOWN = {"one": ("a", "b"), "two": ("x", "y", "z"), "three": ("p", "q")}


def requirement(**given: object) -> Requirement:
    """A promise that touches two open questions."""
    values = {"readings": ("one", "two"), "unobservable_under": ("one=b",)} | given
    return Requirement("EAR-001", "…", "c", "s", Label.DOCUMENTED, Check.ACTIVE, **values)  # type: ignore[arg-type]


def record(outcome: Outcome = Outcome.MET, **given: object) -> Record:
    """Of the first scenario of the suite that tests EAR-001."""
    return Record(id=SCENARIO, outcome=outcome, assurance="simulated", **given)  # type: ignore[arg-type]


SUITE = read_suite(features_directory()).scenarios
SCENARIO = next(one.id for one in SUITE.values() if "EAR-001" in one.tags.requirements)


def test_every_pair_of_answers_stands_in_one_row() -> None:
    """For made-up questions and for the real ones, in far fewer rows than there are combinations."""
    for choices in (KNOWN, CHOICES):
        rows = list(pairwise(choices))
        for one, other in combinations(choices, 2):
            for a, b in product(choices[one], choices[other]):
                assert any((row[one], row[other]) == (a, b) for row in rows)
        assert all(set(row) == set(choices) for row in rows)
        assert len(rows) <= 30


def test_all_combinations_of_what_a_requirement_touches() -> None:
    """On its own scenarios, and the whole suite row by row."""
    trials = readings({"EAR-001": requirement()}, SUITE, KNOWN, 7)
    own = [trial for trial in trials if trial.about]

    assert sorted(tuple(trial.readings.values()) for trial in own) == sorted(product(KNOWN["one"], KNOWN["two"]))
    assert {trial.about for trial in own} == {("EAR-001",)}
    assert all("EAR-001" in SUITE[one].tags.requirements for trial in own for one in trial.scenarios)
    assert len(trials) - len(own) == len(list(pairwise(KNOWN)))


def test_seeds_follow_the_runs_own() -> None:
    assert [trial.seed for trial in seeds(7, 3)] == [7, 8, 9]


def test_whatever_is_not_met_is_an_alarm() -> None:
    known = {"EAR-001": requirement()}

    def raised(*records: Record, **answers: str) -> list[Outcome]:
        return [one.outcome for one in alarms([Trial(seed=1, readings=answers)], [records], known, SUITE)]

    assert raised(record()) == []
    assert raised(record(Outcome.INCONCLUSIVE), record()) == [Outcome.INCONCLUSIVE]
    assert raised(record(Outcome.NOT_MET)) == [Outcome.NOT_MET]
    assert raised() == [Outcome.NOT_TESTED], "nothing tests it"
    assert raised(record(presumes_otherwise=True)) == [Outcome.NOT_TESTED]
    assert raised(record(Outcome.NOT_TESTED, presumes_otherwise=True), record()) == []
    assert raised(one="b") == [], "no API shows it under this answer"


def test_processes_and_their_number_change_nothing() -> None:
    """The same trials in one process and in two: the same records, in the order asked for."""
    ids = tuple(one.id for one in SUITE.values() if {"EAR-055", "EAR-053"} & set(one.tags.requirements))
    trials = [Trial(seed=seed, scenarios=ids) for seed in (1, 2, 3)]
    trials.append(Trial(seed=1, mutant="active-without-approval", scenarios=ids))

    def told(workers: int) -> list[list[tuple[str, Outcome, str]]]:
        with performers(Settings(), workers) as perform_all:
            found = perform_all(trials)
        return [[(one.id, one.outcome, one.digest) for one in records] for records in found]

    alone = told(1)
    assert alone == told(2)
    assert [{outcome for _, outcome, _ in records} for records in alone[:3]] == [{Outcome.MET}] * 3
    assert Outcome.NOT_MET in {outcome for _, outcome, _ in alone[3]}
