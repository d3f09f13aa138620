"""`report.xlsx`: the run as a workbook, one sheet for each question that auditors ask with a spreadsheet open.

Every cell is a text or a number and never a formula, whatever it begins with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from harness.evidence.account import Account
from harness.evidence.survey import glance
from harness.evidence.survey.exchanges import system_of
from harness.evidence.survey.glance import Event
from harness.model.verdict import Outcome

BANNER = "SIMULATED - NOT EVIDENCE OF OPERATION: this run used a simulated system"
CELL_MAX = 32_000
"""Characters that a cell takes; a spreadsheet refuses more."""
WIDEST = 80

Row = Sequence[object]


def workbook(account: Account) -> bytes:
    """The workbook.

    Raises:
        EvidenceError: a recording that the account names cannot be read.
    """
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        made = datetime.fromisoformat(account.run.started.replace("Z", "+00:00")).replace(tzinfo=None)
        book.set_properties({"title": f"Evidence of run {account.run.id}", "author": "cmkproof", "created": made})
        book.set_calc_mode("manual")
        styles = _Styles(book)
        for name, heading, widths, rows in _sheets(account):
            _write(book.add_worksheet(name), account, heading, widths, rows, styles)
    return target.getvalue()


class _Styles:
    """The few formats that cells have."""

    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.banner = book.add_format({"bold": True, "bg_color": "#FFF1C9", "font_color": "#5A3B00"})
        self.cell = book.add_format({"text_wrap": True, "valign": "top"})


def _write(sheet: Any, account: Account, heading: Row, widths: Row, rows: Iterable[Row], styles: _Styles) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{BANNER if account.run.simulated else ''}&RRun {account.run.id}, page &P of &N")
    first = 0
    if account.run.simulated:
        sheet.write_string(0, 0, BANNER, styles.banner)
        first = 1
    sheet.repeat_rows(first)
    for column, text in enumerate(heading):
        sheet.write_string(first, column, str(text), styles.heading)
    sheet.freeze_panes(first + 1, 0)
    last = first
    for last, row in enumerate(rows, first + 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(last, column, value, styles.cell)
            else:
                sheet.write_string(last, column, _clipped(value), styles.cell)
    sheet.autofilter(first, 0, last, len(heading) - 1)


def _clipped(value: object) -> str:
    text = str(value)
    return text if len(text) <= CELL_MAX else f"{text[:CELL_MAX]} (cut; the bundle has it whole)"


def _sheets(account: Account) -> Iterator[tuple[str, Row, Row, Iterable[Row]]]:
    yield "Summary", ("What", "Value", "Scenarios"), (34, WIDEST, 12), _summary(account)
    yield (
        "Population",
        ("No.", "Scenario", "Feature", "Requirements", "Severity", "State", "Reason"),
        (6, 60, 40, 18, 12, 12, 50),
        (
            (one.number, one.title, one.path, ", ".join(one.requirements), one.severity, one.state.value, one.reason)
            for one in account.population.scenarios
        ),
    )
    yield (
        "Results",
        ("No.", "Scenario", "Outcome", "Assurance", "Requirements", "Controls", "Reason", "Waiver", "Seconds on the"
         " run's clock", "History", "Exchanges"),
        (6, 60, 14, 12, 18, 30, 50, 10, 12, 24, 26),
        (
            (row.number, row.title, row.outcome.value, row.assurance, ", ".join(row.requirements),
             ", ".join(row.controls), row.reason, row.waiver, row.clock_seconds, row.history, row.exchanges)
            for row in account.rows
        ),
    )  # fmt: skip
    yield (
        "Requirements",
        ("Requirement", "Outcome", "Promise", "Source", "Scenarios", "Of", "Reason", "Waiver", "Limit is ours"),
        (14, 14, 60, 40, 10, 6, 50, 10, 14),
        (
            (one.id, one.outcome.value, one.statement, one.source, len(one.scenarios), one.scenarios_in_all, one.reason,
             one.waiver, one.bound if one.bound_is_ours else "")
            for one in account.result.requirements
        ),
    )  # fmt: skip
    yield "Exceptions", _EXCEPTION, (6, 60, 14, 18, 40, 40, 14, 40, 40, 26), _exceptions(account)
    yield "Waivers", _WAIVER, (12, 14, 14, 10, 30, 20, 20, 50, 20, 22), _waivers(account)
    yield "Controls", _CONTROL, (34, 16, 50, 14, 14, 14, 50), _controls(account)
    yield "Exchanges", _EXCHANGE, (6, 6, 22, 10, 60, 50, 10, 30, 38, 10, 26), _exchanges(account)


def _summary(account: Account) -> Iterator[Row]:
    run, totals = account.run, account.totals
    yield "Run", run.id, ""
    yield "Assurance", run.assurance, ""
    yield "Started (UTC)", run.started, ""
    yield "Ended (UTC)", run.ended, ""
    yield "Tool", f"{run.tool.name} {run.tool.version} {run.tool.commit}", ""
    yield "Started by", f"{run.origin.trigger} {run.origin.reference}".strip(), ""
    yield "Profile", run.profile, ""
    yield from ((f"Target: {name}", value, "") for name, value in run.target.items())
    for outcome in Outcome:
        yield f"Requirements and scenarios {outcome.value}", totals.requirements[outcome], totals.scenarios[outcome]
    yield "Scenarios known", "", totals.known
    yield "Scenarios selected", "", totals.selected
    yield "Scenarios not selected", "", totals.deselected
    yield "Scenarios executed", "", totals.executed
    yield "Scenarios not run", "", totals.not_run
    yield "Sample", account.population.sampling, ""
    estate = run.estate
    yield (
        "Endpoints at Atlas, connections in Azure, joined",
        (f"{estate.atlas_endpoints}, {estate.azure_connections}, {estate.joined} in {estate.reconciled} scenarios"),
        "",
    )
    yield "Features digest", run.features_digest, ""


_EXCEPTION = (
    "No.", "Scenario", "Outcome", "Requirements", "Expected", "Observed", "Since", "Step", "Next", "Exchanges"
)  # fmt: skip


def _exceptions(account: Account) -> Iterator[Row]:
    for row in account.rows:
        if row.outcome in (Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.WAIVED):
            worst = row.findings[0] if row.findings else None
            yield (
                row.number,
                row.title,
                row.outcome.value,
                ", ".join(row.requirements),
                worst.expected if worst else "",
                worst.observed if worst else row.reason,
                worst.since if worst else "",
                row.failed_step,
                row.advice,
                row.exchanges,
            )


_WAIVER = (
    "Waiver", "Requirement", "State", "Applied", "Scope", "Owner", "Approver", "Reason", "Ticket", "Expires"
)  # fmt: skip


def _waivers(account: Account) -> Iterator[Row]:
    for one in account.result.waivers:
        scope = ", ".join((one.scope.profile, *one.scope.scenarios))
        yield (
            one.id,
            one.requirement,
            one.state,
            "yes" if one.applied else "no",
            scope,
            one.owner,
            one.approver,
            one.reason,
            one.ticket,
            one.expires,
        )


_CONTROL = ("Framework", "Control", "What it asks for", "Coverage", "Outcome", "Evidence of", "Reason")


def _controls(account: Account) -> Iterator[Row]:
    for framework in account.result.frameworks:
        for one in framework.controls:
            yield framework.title, one.id, one.title, one.coverage, one.outcome.value, one.evidence, one.reason


_EXCHANGE = (
    "No.", "Exchange", "System", "Method", "URL template", "Parameters", "Status", "Server date", "Request id",
    "Answered alike", "File",
)  # fmt: skip


def _exchanges(account: Account) -> Iterator[Row]:
    """Every exchange that says something new; those that repeat it are counted."""
    for row in account.rows:
        if row.exchanges:
            events = glance(account.directory, row.scenario, row.exchanges, "").events
            again = Counter(event.same_as for event in events if event.kind == "again")
            yield from (_exchange(row.number, row.exchanges, one, again[one.n]) for one in events if one.method)


def _exchange(number: int, file: str, event: Event, again: int) -> Row:
    host = event.url.partition("://")[2].partition("/")[0]
    parameters = ", ".join(f"{name}={value}" for name, value in event.parameters.items())
    date = event.response_headers.get("date") or ""
    status = event.status or "no answer"
    template = event.template or event.url
    system = system_of(host)
    return number, event.n, system, event.method, template, parameters, status, date, event.request_id, again, file
