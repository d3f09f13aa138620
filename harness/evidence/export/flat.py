"""`results.csv`: one line for each attempt, with a key that stays the same when it is imported again."""

from __future__ import annotations

import csv
from io import StringIO

from harness.evidence.account import Account
from harness.evidence.forms import ResultRow

COLUMNS = (
    "key", "run", "scenario", "attempt", "number", "title", "outcome", "assurance", "simulated", "requirements",
    "controls", "reason", "expected", "observed", "since", "waiver", "clock_seconds", "history", "exchanges",
)  # fmt: skip
"""In this order, in every version."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would calculate."""


def results_csv(account: Account) -> str:
    """The table (RFC 4180)."""
    target = StringIO()
    table = csv.writer(target, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in account.rows:
        table.writerow(map(_inert, _cells(row)))
    return target.getvalue()


def _cells(row: ResultRow) -> tuple[object, ...]:
    finding = row.findings[0] if row.findings else None
    return (
        f"{row.run}/{row.scenario}/{row.attempt}",
        row.run,
        row.scenario,
        row.attempt,
        row.number,
        row.title,
        row.outcome.value,
        row.assurance,
        "SIMULATED" if row.simulated else "",
        " ".join(row.requirements),
        " ".join(row.controls),
        row.reason,
        finding.expected if finding else "",
        finding.observed if finding else "",
        finding.since if finding else "",
        row.waiver,
        row.clock_seconds,
        row.history,
        row.exchanges,
    )


def _inert(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
