"""How much there was, how much of it was tested, and what was not, with the reason; the sums are shown to come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.evidence.account import Account
from harness.evidence.forms import Estate, RequirementForm, State
from harness.evidence.page.words import SIGNS, grouped
from harness.model.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Sum:
    """A total, and the parts that have to make it up."""

    total: int
    of: str
    parts: tuple[tuple[int, str], ...]

    @property
    def holds(self) -> bool:
        """Whether the parts make up the total."""
        return self.total == sum(number for number, _ in self.parts)

    @property
    def text(self) -> str:
        """The sum as it is added on paper."""
        added = " + ".join(f"{grouped(number)} {name}" for number, name in self.parts)
        return f"{grouped(self.total)} {self.of} {'=' if self.holds else '≠'} {added}"


@dataclass(frozen=True, slots=True)
class Untested:
    """Scenarios that were not performed, for one reason."""

    reason: str
    numbers: tuple[int, ...]
    deselected: bool
    """Nobody asked for them; they are counted, and their numbers stand in population.json."""


def population_sums(account: Account) -> Sequence[Sum]:
    """The sums over scenarios."""
    totals = account.totals
    outcomes = tuple((number, SIGNS[one].word) for one, number in totals.scenarios.items() if number)
    return (
        Sum(totals.known, "known", ((totals.selected, "selected"), (totals.deselected, "deselected"))),
        Sum(totals.selected, "selected", ((totals.executed, "performed"), (totals.not_run, "not performed"))),
        Sum(totals.selected, "selected", outcomes),
    )


def estate_sums(estate: Estate) -> Sequence[Sum]:
    """Each side's list by what belongs to it on the other: nothing may be left over."""
    lonely = sum(one.side == "Atlas" for one in estate.disagreements)
    strays = sum(one.side == "Azure" for one in estate.disagreements)
    own = estate.azure_connections - estate.joined - strays
    return (
        Sum(
            estate.atlas_endpoints,
            "endpoints that Atlas lists",
            ((estate.joined, "joined to a connection on the vault"), (lonely, "without one")),
        ),
        Sum(
            estate.azure_connections,
            "connections that Azure lists",
            (
                (estate.joined, "joined to an endpoint of Atlas's"),
                (strays, "that nobody knows"),
                (own, "from subscriptions of the customer's own"),
            ),
        ),
    )


def untested(account: Account) -> Sequence[Untested]:
    """Scenarios that were not performed, by reason; those that somebody asked for come first."""
    groups: dict[tuple[bool, str], list[int]] = {}
    for one in account.population.scenarios:
        if one.state is not State.EXECUTED:
            groups.setdefault((one.state is State.DESELECTED, one.reason), []).append(one.number)
    return [
        Untested(reason or "no reason is recorded", tuple(numbers), deselected)
        for (deselected, reason), numbers in sorted(groups.items(), key=lambda one: (one[0][0], -len(one[1])))
    ]


def untested_requirements(account: Account) -> Iterator[RequirementForm]:
    """Requirements that were asked for and that nothing tested."""
    return (one for one in account.result.requirements if one.outcome is Outcome.NOT_TESTED)
