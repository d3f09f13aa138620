"""What did not go as promised, once for each cause, with what an auditor needs to follow it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from harness.evidence.account import Account
from harness.evidence.forms import FindingForm, RequirementForm, ResultRow
from harness.evidence.page.scenarios import Line, Pointer, pointers
from harness.evidence.page.words import WORST_FIRST
from harness.model.verdict import Outcome

FINDINGS = 4
"""Findings of one cause that the page tells."""
EXCEPTIONAL = (Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.WAIVED)
WAIVER_FIELDS = ("id", "requirement", "state", "applied", "scope", "owner", "approver", "reason", "ticket", "expires")


@dataclass(slots=True)
class Cause:
    """Scenarios that ended badly in the same way."""

    outcome: Outcome
    example: ResultRow
    """The first of them; its recordings are linked."""
    rows: list[ResultRow] = field(default_factory=list)
    scenarios: tuple[Pointer, ...] = ()

    @property
    def requirements(self) -> Sequence[str]:
        """Ids of what does not hold for it."""
        return list(dict.fromkeys(one for row in self.rows for one in row.requirements))

    def promises(self, account: Account) -> Sequence[RequirementForm]:
        """What does not hold for it, of what was asked for."""
        return [account.requirements[one] for one in self.requirements if one in account.requirements]

    @property
    def findings(self) -> Sequence[FindingForm]:
        """What was found in the example, each once, and no more than the page tells."""
        distinct = {(one.claim, one.expected, one.observed): one for one in self.example.findings}
        return list(distinct.values())[:FINDINGS]

    @property
    def waivers(self) -> Sequence[str]:
        """Ids of the waivers under which it may fail."""
        return list(dict.fromkeys(row.waiver for row in self.rows if row.waiver))


@dataclass(frozen=True, slots=True)
class Exceptions:
    """All causes, and how much of them the page leaves out."""

    causes: tuple[Cause, ...]
    left_out: int


def exceptions(account: Account, lines: Mapping[int, Line], shown: int) -> Exceptions:
    """Causes, the worst first, and of these the ones that broke most scenarios; at most `shown` of them."""
    found: dict[tuple[Outcome, str, str], Cause] = {}
    for row in account.rows:
        if row.outcome in EXCEPTIONAL:
            cause = found.setdefault((row.outcome, row.reason, row.code), Cause(row.outcome, row))
            cause.rows.append(row)
    for cause in found.values():
        cause.scenarios = tuple(pointers([(row.number, row.outcome) for row in cause.rows], lines))
    ranked = sorted(found.values(), key=lambda one: (WORST_FIRST.index(one.outcome), -len(one.rows)))
    return Exceptions(tuple(ranked[:shown]), len(ranked) - len(ranked[:shown]))


def waivers(account: Account) -> Sequence[Mapping[str, str]]:
    """Every waiver that the run was given, whole, also those that count no longer."""
    return [_waiver(msgspec.to_builtins(one)) for one in account.result.waivers]


def _waiver(one: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: _said(one.get(name)) for name in (*WAIVER_FIELDS, *sorted(one.keys() - set(WAIVER_FIELDS)))}


def _said(value: object) -> str:
    match value:
        case None | "" | [] | {}:
            return "–"
        case bool():
            return "yes" if value else "no"
        case dict():
            return "; ".join(f"{name}: {_said(part)}" for name, part in value.items())
        case list():
            return ", ".join(_said(part) for part in value)
    return str(value)
