"""A run as its directory tells it: what every renderer reads, so that all of them tell the same.

Reports are made from the files of a bundle and from nothing else; what is not in the bundle is in no report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from harness.errors import EvidenceError
from harness.evidence import tape
from harness.evidence.forms import Fault, Known, Population, RequirementForm, ResultDocument, ResultRow, RunForm
from harness.model import layout
from harness.model.verdict import Outcome

T = TypeVar("T")


class NoAccount(EvidenceError):
    """A directory does not hold the files of a run, or one that cannot be read."""

    code = "CMK503"
    usual_advice = "Give the directory that a run names at its end, such as reports/20260101T120000Z."


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a run; every report shows these and no others."""

    requirements: Mapping[Outcome, int]
    """Requirements by outcome; every outcome is a key."""
    scenarios: Mapping[Outcome, int]
    """Scenarios that were selected, by outcome; every outcome is a key."""
    known: int
    selected: int
    deselected: int
    executed: int
    not_run: int


@dataclass(frozen=True)
class Account:
    """The documents of one run."""

    directory: Path
    run: RunForm
    result: ResultDocument
    population: Population
    rows: Sequence[ResultRow]
    """One for each selected scenario, in order of their numbers."""
    faults: Sequence[Fault]

    @cached_property
    def totals(self) -> Totals:
        """All sums."""
        requirements = Counter(one.outcome for one in self.result.requirements)
        scenarios = Counter(one.outcome for one in self.rows)
        population = self.population
        return Totals(
            {outcome: requirements[outcome] for outcome in Outcome},
            {outcome: scenarios[outcome] for outcome in Outcome},
            population.known,
            population.selected,
            population.deselected,
            population.executed,
            population.not_run,
        )

    @cached_property
    def scenarios(self) -> Mapping[str, Known]:
        """Every scenario known at this commit, by id."""
        return {one.id: one for one in self.population.scenarios}

    @cached_property
    def requirements(self) -> Mapping[str, RequirementForm]:
        """Requirements by id."""
        return {one.id: one for one in self.result.requirements}

    @cached_property
    def by_scenario(self) -> Mapping[str, ResultRow]:
        """What came of each selected scenario, by id."""
        return {one.scenario: one for one in self.rows}

    def tape(self, row: ResultRow) -> tape.Tape | None:
        """Every exchange of a scenario; None where nothing was recorded.

        Raises:
            EvidenceError: it cannot be read.
        """
        return tape.decoded(_bytes(self.directory, row.exchanges), row.exchanges) if row.exchanges else None

    def history(self, row: ResultRow) -> Sequence[Mapping[str, Any]]:
        """The lines of a scenario's history; empty where there is none.

        Raises:
            EvidenceError: it cannot be read.
        """
        return lines_of(self.directory, row.history, dict[str, Any]) if row.history else ()


def read_account(directory: Path) -> Account:
    """The documents of the run in a directory.

    Raises:
        NoAccount: one is missing, or is not what its form says.
    """
    return Account(
        directory,
        document_of(directory, layout.RUN, RunForm),
        document_of(directory, layout.RESULT, ResultDocument),
        document_of(directory, layout.POPULATION, Population),
        lines_of(directory, layout.ROWS, ResultRow),
        lines_of(directory, layout.FAULTS, Fault),
    )


def document_of(directory: Path, name: str, form: type[T]) -> T:
    """A JSON file of a bundle.

    Raises:
        NoAccount: it cannot be read.
    """
    try:
        return msgspec.json.decode(_bytes(directory, name), type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NoAccount(f"{directory / name} cannot be understood: {error}") from error


def lines_of(directory: Path, name: str, form: type[T]) -> list[T]:
    """A file of JSON lines.

    Raises:
        NoAccount: it cannot be read.
    """
    try:
        return msgspec.json.Decoder(form).decode_lines(_bytes(directory, name))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NoAccount(f"{directory / name} cannot be understood: {error}") from error


def _bytes(directory: Path, name: str) -> bytes:
    try:
        return (directory / name).read_bytes()
    except FileNotFoundError:
        raise NoAccount(f"{directory} holds no run: it has no {name}") from None
    except OSError as error:
        raise NoAccount(f"{directory / name} cannot be read: {error.strerror}") from error
