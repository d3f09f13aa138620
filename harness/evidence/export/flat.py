"""`results.csv`: one line for each attempt, with a key that stays the same when it is imported again."""

from __future__ import annotations

import csv
import re
from io import StringIO

from harness.evidence.account import Account
from harness.evidence.forms import ResultRow

COLUMNS = (
    "key", "run", "scenario", "attempt", "number", "title", "outcome", "assurance", "simulated", "requirements",
    "controls", "reason", "expected", "observed", "since", "waiver", "clock_seconds", "history", "exchanges",
)  # fmt: skip
"""In this order, in every version."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a cell begins that a spreadsheet would calculate, in wide characters too."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")
"""What a terminal acts on when somebody prints the table, and what readers of CSV stumble over."""


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
    """A text that no spreadsheet takes for a formula and no terminal for a command."""
    if not isinstance(value, str):
        return value
    text = CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)
    return f"'{text}" if text.startswith(FORMULA) else text
