"""Which laws notice which mutants by themselves, with no regard to what scenarios claim.

Run it with `python -m tests.prove.laws_alone`; it performs the scenarios of what each mutant breaks and prints a table,
law by law. A law without a mutant is named as such: nothing but histories made by hand shows that it can fail.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence

from harness import catalog
from harness.checkers.laws import LAWS
from harness.explore.course import Course, every_law
from harness.explore.moves import read
from harness.fake.mutants import MUTANTS
from harness.fake.mutants.sequences import planted_in_force
from harness.model.verdict import Judgement
from harness.run.options import CHOICES
from harness.run.prove.pool import performers
from harness.run.prove.trials import Trial
from harness.run.records import Record
from harness.settings import Settings
from harness.suite import Known, ScenarioText, features_directory, read_suite
from tests.explore.test_planted import KNOWN

MOST = 12
"""So many scenarios have a look at a mutant."""


def trials(scenarios: Mapping[str, ScenarioText], most: int) -> list[Trial]:
    """One of each mutant, on scenarios of what it breaks."""
    return [
        Trial(mutant=name, seed=1, scenarios=tuple(testing[:most]))
        for name, mutant in sorted(MUTANTS.items())
        if (testing := [one for one, text in scenarios.items() if set(text.tags.requirements) & set(mutant.breaks)])
    ]


def noticed(shown: Sequence[Trial], found: Sequence[Sequence[Record]]) -> Mapping[str, list[str]]:
    """The mutants under which each law was broken."""
    kills: dict[str, list[str]] = {name: [] for name in LAWS}
    for trial, records in zip(shown, found, strict=True):
        for name in {law for record in records for law, judgement in record.laws.items() if judgement == "broken"}:
            kills[name].append(trial.mutant)
    return kills


def planted() -> Mapping[str, list[str]]:
    """The faults planted in sequences of the kernel under which each law was broken, by the history known for each."""
    kills: dict[str, list[str]] = {name: [] for name in LAWS}
    for name, told in KNOWN.items():
        with planted_in_force(name):
            course = Course(every_law())
            for move in read(told):
                course.perform(move)
            for ruling in course.bench.end():
                if ruling.judgement is Judgement.BROKEN:
                    kills[ruling.law.name].append(f"planted: {name}")
    return kills


def table(kills: Mapping[str, Sequence[str]], mutants: int) -> str:
    """The kills of each law as Markdown, and how many laws have one."""
    rows = [f"| {LAWS[name].number or '–'} | {name} | {', '.join(by) or 'none'} |" for name, by in kills.items()]
    able = sum(1 for by in kills.values() if by)
    dead = len({mutant for by in kills.values() for mutant in by})
    head = ["| invariant | law | mutants that it notices alone |", "|---|---|---|"]
    said = f"{able} of {len(kills)} laws notice a mutant alone; together they notice {dead} of {mutants}."
    return "\n".join([*head, *rows, "", said, ""])


def main(most: int, workers: int) -> str:
    """Perform the trials and tell of them."""
    suite = read_suite(features_directory(), Known(catalog.load(), CHOICES))
    shown = trials(suite.scenarios, most)
    with performers(Settings(), workers) as perform_all:
        found = perform_all(shown)
    kills, sequences = noticed(shown, found), planted()
    return table({name: kills[name] + sequences[name] for name in LAWS}, len(shown) + len(KNOWN))


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    sys.stdout.write(main(asked.most, asked.workers))
