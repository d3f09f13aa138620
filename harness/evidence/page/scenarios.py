"""Scenarios by feature. The examples of an outline share a line, and a line of the page is where links lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.evidence.account import Account
from harness.evidence.forms import Known, ResultRow, State
from harness.evidence.page.words import SIGNS, WORST_FIRST
from harness.model.verdict import Outcome, worst


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario, or one example of an outline."""

    number: int
    label: str
    outcome: Outcome
    exchanges: str
    """File of its recording; empty: it was not performed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A scenario, or an outline with those of its examples that were selected."""

    title: str
    cases: tuple[Case, ...]
    jumps: bool
    """It does not follow the line above in number, so that the list has to be told its number."""

    @property
    def number(self) -> int:
        """Of the first; names the line in links."""
        return self.cases[0].number

    @property
    def numbers(self) -> str:
        """All of them."""
        return ranges(one.number for one in self.cases)

    @property
    def outcome(self) -> Outcome:
        """The worst."""
        return worst(one.outcome for one in self.cases)

    @property
    def mark(self) -> str:
        """Class in the style sheet; empty for MET."""
        return SIGNS[self.outcome].mark

    @property
    def mixed(self) -> bool:
        """Whether its cases came out differently, so that each has to say how."""
        return len({one.outcome for one in self.cases}) > 1


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature file."""

    name: str
    lines: tuple[Line, ...]
    deselected: int
    """Scenarios that nobody asked for, and that are not shown."""

    @property
    def summary(self) -> str:
        """How many there are of each outcome."""
        numbers = Counter(case.outcome for line in self.lines for case in line.cases)
        said = [f"{numbers[one]} {SIGNS[one].word}" for one in WORST_FIRST if numbers[one]]
        return ", ".join([*said, f"{self.deselected} not selected"] if self.deselected else said)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A link to one line or to several that stand one under the other."""

    number: int
    text: str
    outcome: Outcome

    @property
    def glyph(self) -> str:
        """Sign of anything but MET, which goes without."""
        return "" if self.outcome is Outcome.MET else SIGNS[self.outcome].glyph


def features(account: Account) -> Sequence[Feature]:
    """Every feature of which something was selected."""
    groups = groupby(account.population.scenarios, key=lambda one: one.path)
    all_ = [_feature(account.by_scenario, list(known)) for _, known in groups]
    return [one for one in all_ if one.lines]


def lines_by_scenario(all_: Iterable[Feature]) -> Mapping[int, Line]:
    """The line on which each scenario stands, by its number."""
    return {case.number: line for feature in all_ for line in feature.lines for case in line.cases}


def pointers(cases: Iterable[tuple[int, Outcome]], lines: Mapping[int, Line]) -> Sequence[Pointer]:
    """Links to scenarios, the worst first; such as ended alike and stand one under the other share a link."""
    runs: list[tuple[Outcome, list[int]]] = []
    for number, outcome in sorted(cases, key=lambda one: (-one[1].severity, one[0])):
        if runs and runs[-1][0] is outcome and runs[-1][1][-1] == number - 1:
            runs[-1][1].append(number)
        else:
            runs.append((outcome, [number]))
    return [Pointer(lines[numbers[0]].number, ranges(numbers), outcome) for outcome, numbers in runs]


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in order: `3, 5–9`."""
    ordered = sorted(numbers)
    runs = [[number for _, number in run] for _, run in groupby(enumerate(ordered), key=lambda one: one[1] - one[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _feature(rows: Mapping[str, ResultRow], known: Sequence[Known]) -> Feature:
    selected = [one for one in known if one.id in rows]
    lines: list[Line] = []
    for _, group in groupby(selected, key=_outline):
        alike = list(group)
        follows = not lines or alike[0].number == lines[-1].number + 1
        lines.append(_line(rows, alike, jumps=not follows))
    return Feature(known[0].feature, tuple(lines), sum(one.state is State.DESELECTED for one in known))


def _outline(one: Known) -> str:
    """What the examples of an outline have in common: their id without the example in its brackets."""
    return one.id.rpartition("[")[0] if one.id.endswith("]") and "[" in one.id else one.id


def _line(rows: Mapping[str, ResultRow], group: Sequence[Known], *, jumps: bool) -> Line:
    name = _outline(group[0])
    alone = len(group) == 1
    cases = tuple(
        Case(
            one.number,
            one.title if alone else one.id[len(name) + 1 : -1],
            rows[one.id].outcome,
            rows[one.id].exchanges,
        )
        for one in group
    )
    return Line(group[0].title if alone else name.partition("::")[2], cases, jumps)
