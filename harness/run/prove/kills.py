"""Which mutants were noticed, by which scenario, and whether it was one of the requirement that is broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness.fake.mutants import Mutant
from harness.model.verdict import Outcome
from harness.run.prove.pool import PerformAll
from harness.run.prove.trials import Trial
from harness.run.records import Record
from harness.suite import ScenarioText


@dataclass(frozen=True, slots=True)
class Kill:
    """What became of one mutant."""

    mutant: Mutant
    by: tuple[str, ...]
    """Scenarios that notice it and pass on the sound fake."""
    named: bool
    """One of them tests a requirement that the mutant breaks."""
    seen: tuple[str, ...] = ()
    """What they saw: expected and observed, in words."""
    undecided: tuple[str, ...] = ()
    """Scenarios that could not tell any more."""

    @property
    def killed(self) -> bool:
        """Noticed at all."""
        return bool(self.by)

    @property
    def reason(self) -> str:
        """Why it survived; empty where it did not."""
        if self.killed:
            return ""
        could_not = f"; {len(self.undecided)} could not tell" if self.undecided else ""
        return self.mutant.survives or f"no scenario notices it{could_not}"


class Hunt:
    """Performs the suite on the sound fake once, and then shows it mutants."""

    def __init__(
        self, seed: int, scenarios: Mapping[str, ScenarioText], perform_all: PerformAll, *, thorough: bool = False
    ) -> None:
        """`thorough`: let every scenario of a broken requirement have a look, not only those up to the first that
        notices."""
        self._seed = seed
        self._scenarios = scenarios
        self._perform_all = perform_all
        self._thorough = thorough
        self.baseline: list[Record] = []
        """Records of the sound fake, in order of ids."""
        self._passed: list[str] = []
        """Scenarios that pass there, those first whose world is the quickest to live through."""

    def begin(self, shares: int) -> None:
        """Perform the suite on the sound fake, divided in so many shares."""
        ids = list(self._scenarios)
        trials = [Trial(seed=self._seed, scenarios=tuple(ids[at::shares])) for at in range(min(shares, len(ids)))]
        records = [record for found in self._perform_all(trials) for record in found]
        self.baseline = sorted(records, key=lambda record: record.id)
        passed = [record for record in self.baseline if record.outcome is Outcome.MET]
        self._passed = [record.id for record in sorted(passed, key=lambda record: (record.clock_seconds, record.id))]

    def kills(self, mutants: Sequence[Mutant], done: Callable[[int, int], None] = lambda *_: None) -> list[Kill]:
        """What became of each mutant.

        First the scenarios of what it breaks have a look. What none of those notices is shown to all the others, so
        that a survivor has survived everything.
        """
        aimed = [self._trial(one, self._testing(one), until_noticed=not self._thorough) for one in mutants]
        found = self._perform_all(aimed, lambda count: done(count, len(aimed)))
        kills = [self._kill(one, records) for one, records in zip(mutants, found, strict=True)]
        missed = [at for at, kill in enumerate(kills) if not kill.killed]
        others = [self._trial(mutants[at], self._others(mutants[at]), until_noticed=True) for at in missed]
        later = self._perform_all(others, lambda count: done(len(aimed) + count, len(aimed) + len(others)))
        for at, records in zip(missed, later, strict=True):
            kills[at] = self._kill(mutants[at], [*found[at], *records])
        return kills

    def _trial(self, mutant: Mutant, scenarios: Sequence[str], *, until_noticed: bool) -> Trial:
        return Trial(mutant=mutant.id, seed=self._seed, scenarios=tuple(scenarios), until_noticed=until_noticed)

    def _testing(self, mutant: Mutant) -> list[str]:
        return [one for one in self._passed if self._tests(one, mutant)]

    def _others(self, mutant: Mutant) -> list[str]:
        return [one for one in self._passed if not self._tests(one, mutant)]

    def _tests(self, identifier: str, mutant: Mutant) -> bool:
        return bool(set(self._scenarios[identifier].tags.requirements) & set(mutant.breaks))

    def _kill(self, mutant: Mutant, records: Sequence[Record]) -> Kill:
        noticing = [one for one in records if one.outcome is Outcome.NOT_MET and one.id in self._passed]
        return Kill(
            mutant,
            tuple(record.id for record in noticing),
            named=any(self._tests(record.id, mutant) for record in noticing),
            seen=tuple(dict.fromkeys(_seen(record) for record in noticing)),
            undecided=tuple(record.id for record in records if record.outcome is Outcome.INCONCLUSIVE),
        )


def _seen(record: Record) -> str:
    if not record.findings:
        return record.reason
    first = record.findings[0]
    return f"{first.claim}: expected {first.expected}; observed {first.observed}"
