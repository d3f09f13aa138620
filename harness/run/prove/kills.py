"""Which mutants were noticed, by which scenario, and whether it was one of the requirement that is broken."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from harness.fake.mutants import Mutant
from harness.model.verdict import Outcome
from harness.run.prove.pool import perform_all
from harness.run.prove.trials import Trial
from harness.run.records import Record
from harness.settings import Settings
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


def prove(
    settings: Settings,
    mutants: Sequence[Mutant],
    scenarios: Mapping[str, ScenarioText],
    workers: int,
    done: Callable[[int, int], None] = lambda *_: None,
) -> tuple[list[Record], list[Kill]]:
    """Perform the whole suite on the sound fake, then on each mutant the scenarios of what it breaks.

    What none of those notices is shown to the rest of the suite, so that a survivor has survived everything. Returns
    the records of the sound fake, and the kills.
    """
    shares = max(1, workers)
    sound = [Trial(seed=settings.seed, share=(at, shares)) for at in range(shares)]
    aimed = [Trial(mutant=one.id, seed=settings.seed, requirements=one.breaks) for one in mutants]
    total = len(sound) + len(aimed)
    found = perform_all(settings, [*sound, *aimed], workers, lambda count: done(count, total))
    baseline = [record for records in found[:shares] for record in records]
    passed = {record.id for record in baseline if record.outcome is Outcome.MET}
    kills = [_kill(one, records, passed, scenarios) for one, records in zip(mutants, found[shares:], strict=True)]
    missed = [at for at, kill in enumerate(kills) if not kill.killed]
    everything = [Trial(mutant=mutants[at].id, seed=settings.seed, until_noticed=True) for at in missed]
    later = perform_all(settings, everything, workers, lambda count: done(total + count, total + len(missed)))
    for at, records in zip(missed, later, strict=True):
        kills[at] = _kill(mutants[at], records, passed, scenarios)
    return sorted(baseline, key=lambda record: record.id), kills


def _kill(
    mutant: Mutant, records: Sequence[Record], passed: Collection[str], scenarios: Mapping[str, ScenarioText]
) -> Kill:
    noticing = [record for record in records if record.outcome is Outcome.NOT_MET and record.id in passed]
    undecided = [record.id for record in records if record.outcome is Outcome.INCONCLUSIVE and record.id in passed]
    tested = {requirement for record in noticing for requirement in scenarios[record.id].tags.requirements}
    return Kill(
        mutant,
        tuple(record.id for record in noticing),
        named=bool(tested & set(mutant.breaks)),
        seen=tuple(dict.fromkeys(_seen(record) for record in noticing)),
        undecided=tuple(undecided),
    )


def _seen(record: Record) -> str:
    if not record.findings:
        return record.reason
    first = record.findings[0]
    return f"{first.claim}: expected {first.expected}; observed {first.observed}"
