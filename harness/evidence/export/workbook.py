"""`report.xlsx`: the run as a workbook, one sheet for each question that auditors ask with a spreadsheet open.

Every cell is a text or a number and never a formula, whatever it begins with.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from harness.evidence.account import Account
from harness.evidence.export.cells import Rows, filled, rows_of
from harness.evidence.export.sheets import Sheet, sheets_of

BANNER = "SIMULATED - NOT EVIDENCE OF OPERATION: this run used a simulated system"
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
"""For the few cells that the library writes."""


def workbook(account: Account) -> bytes:
    """The workbook.

    Raises:
        EvidenceError: a recording that the account names cannot be read.
    """
    target, rows = BytesIO(), {}
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        made = datetime.fromisoformat(account.run.started.replace("Z", "+00:00")).replace(tzinfo=None)
        book.set_properties({"title": f"Evidence of run {account.run.id}", "author": "cmkproof", "created": made})
        book.set_calc_mode("manual")
        styles = _Styles(book)
        for number, one in enumerate(sheets_of(account), 1):
            rows[f"xl/worksheets/sheet{number}.xml"] = _write(book.add_worksheet(one.name), account, one, styles)
    return filled(target.getvalue(), rows)


class _Styles:
    """The few formats that cells have."""

    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.banner = book.add_format({"bold": True, "bg_color": "#FFF1C9", "font_color": "#5A3B00"})
        self.cell = book.add_format({"text_wrap": True, "valign": "top"})


def _write(sheet: Any, account: Account, content: Sheet, styles: _Styles) -> Rows:
    """All of a sheet but its rows, which are returned."""
    for column, width in enumerate(content.widths):
        sheet.set_column(column, column, width, styles.cell)
    _prepare_for_paper(sheet, account)
    first = 0
    if account.run.simulated:
        sheet.write_string(0, 0, BANNER, styles.banner)
        first = 1
    sheet.repeat_rows(0, first)
    for column, text in enumerate(content.heading):
        sheet.write_string(first, column, text, styles.heading)
    sheet.freeze_panes(first + 1, 0)
    rows = rows_of(content.rows, first + 2, len(content.heading))
    sheet.autofilter(first, 0, rows.last - 1, len(content.heading) - 1)
    return rows


def _prepare_for_paper(sheet: Any, account: Account) -> None:
    """A4, as wide as the page, with the run and what it is worth on each."""
    banner = BANNER if account.run.simulated else ""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L&A&R{banner}")
    sheet.set_footer(f"&L{banner}&RRun {account.run.id}, page &P of &N")
