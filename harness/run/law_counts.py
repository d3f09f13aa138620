"""What a run says about each law: in how many of its scenarios it held, and which had no occasion to be broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.checkers.laws import LAWS, Law, Ruling
from harness.model.verdict import Judgement
from harness.run.records import Record


@dataclass(frozen=True, slots=True)
class LawCount:
    """One law over all scenarios of a run that reached the system."""

    law: Law
    held: int
    undecided: int
    broken: int
    vacuous: int
    """Scenarios in which what the law is about never occurred: they say nothing about it."""


def of_scenario(found: Iterable[Ruling]) -> dict[str, str]:
    """What a scenario says about laws, by their names; those that it says nothing about are left out."""
    return {one.law.name: one.judgement.value for one in found if not one.vacuous}


def counted_laws(records: Iterable[Record]) -> Sequence[LawCount]:
    """The counts of every law, in the order in which laws are declared."""
    judged = [record for record in records if record.digest]
    found = Counter((name, judgement) for record in judged for name, judgement in record.laws.items())
    return [_count(law, found, len(judged)) for law in LAWS.values()]


def _count(law: Law, found: Counter[tuple[str, str]], scenarios: int) -> LawCount:
    held, undecided, broken = (
        found[law.name, one.value] for one in (Judgement.HOLDS, Judgement.UNDECIDED, Judgement.BROKEN)
    )
    return LawCount(law, held, undecided, broken, scenarios - held - undecided - broken)
