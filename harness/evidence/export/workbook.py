"""`report.xlsx`: the run as a workbook, one sheet for each question that auditors ask with a spreadsheet open.

Every cell is a text or a number and never a formula, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from harness.evidence.account import Account
from harness.evidence.export.sheets import Row, Sheet, sheets_of

BANNER = "SIMULATED - NOT EVIDENCE OF OPERATION: this run used a simulated system"
CELL_MAX = 32_000
"""Characters that a cell takes; a spreadsheet refuses more."""
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
"""Not `constant_memory`, which would be slower and give a larger file, and 20 MB are no burden."""


def workbook(account: Account) -> bytes:
    """The workbook.

    Raises:
        EvidenceError: a recording that the account names cannot be read.
    """
    target = BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        made = datetime.fromisoformat(account.run.started.replace("Z", "+00:00")).replace(tzinfo=None)
        book.set_properties({"title": f"Evidence of run {account.run.id}", "author": "cmkproof", "created": made})
        book.set_calc_mode("manual")
        styles = _Styles(book)
        for one in sheets_of(account):
            _write(book.add_worksheet(one.name), account, one, styles)
    return target.getvalue()


class _Styles:
    """The few formats that cells have."""

    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.banner = book.add_format({"bold": True, "bg_color": "#FFF1C9", "font_color": "#5A3B00"})
        self.cell = book.add_format({"text_wrap": True, "valign": "top"})


def _write(sheet: Any, account: Account, content: Sheet, styles: _Styles) -> None:
    for column, width in enumerate(content.widths):
        sheet.set_column(column, column, width)
    _prepare_for_paper(sheet, account)
    first = 0
    if account.run.simulated:
        sheet.write_string(0, 0, BANNER, styles.banner)
        first = 1
    sheet.repeat_rows(0, first)
    for column, text in enumerate(content.heading):
        sheet.write_string(first, column, text, styles.heading)
    sheet.freeze_panes(first + 1, 0)
    last = _fill(sheet, first + 1, content.rows, styles.cell)
    sheet.autofilter(first, 0, max(first, last), len(content.heading) - 1)


def _prepare_for_paper(sheet: Any, account: Account) -> None:
    """A4, as wide as the page, with the run and what it is worth on each."""
    banner = BANNER if account.run.simulated else ""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L&A&R{banner}")
    sheet.set_footer(f"&L{banner}&RRun {account.run.id}, page &P of &N")


def _fill(sheet: Any, first: int, rows: Iterable[Row], style: Any) -> int:
    """Write rows from the one with that number on; returns the number of the last."""
    last = first - 1
    for last, row in enumerate(rows, first):
        for column, value in enumerate(row):
            if value == "":  # a fifth of all cells, each with its cost
                continue
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(last, column, value, style)
            else:
                sheet.write_string(last, column, _clipped(value), style)
    return last


def _clipped(value: object) -> str:
    text = str(value)
    return text if len(text) <= CELL_MAX else f"{text[:CELL_MAX]} (cut; the bundle has it whole)"
