"""Rows that are put into a workbook come back as they were, whatever is in them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter

from harness.evidence.export.cells import CELL_MAX, column, filled, rows_of, text_of
from harness.evidence.export.sheets import Row

SHEET = "xl/worksheets/sheet1.xml"
ROWS: list[Row] = [
    ("plain", 1, 2.5, "", "last"),
    ("<a href='x'>&amp;</a>", "=1+1", "  blanks  ", "two\nlines", True),
    ("ä €\U0001f511", -7, 0, 1e-07, "short"),
]


def book(rows: list[Row]) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as made:
        style = made.add_format({"valign": "top", "text_wrap": True})
        sheet = made.add_worksheet("One")
        sheet.set_column(0, 4, 10, style)
        sheet.write_string(0, 0, "Heading")
    return filled(target.getvalue(), {SHEET: rows_of(rows, 2, 5)})


@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_written_is_read_again(read_only: bool) -> None:
    sheet = openpyxl.load_workbook(BytesIO(book(ROWS)), read_only=read_only)["One"]
    heading, *found = sheet.values
    assert heading[0] == "Heading"
    assert found == [
        ("plain", 1, 2.5, None, "last"),
        ("<a href='x'>&amp;</a>", "=1+1", "  blanks  ", "two\nlines", "True"),
        ("ä €\U0001f511", -7, 0, 1e-07, "short"),
    ]


def test_texts_are_texts_and_have_the_style_of_their_column() -> None:
    sheet = openpyxl.load_workbook(BytesIO(book(ROWS)))["One"]
    assert sheet.dimensions == "A1:E4"
    assert {sheet[place].data_type for place in ("A2", "A3", "B3", "E3")} == {"s"}
    assert all(cell.alignment.vertical == "top" for row in sheet["A2:C4"] for cell in row)


def test_a_workbook_without_rows_is_as_it_was() -> None:
    sheet = openpyxl.load_workbook(BytesIO(book([])))["One"]
    assert [row[0] for row in sheet.values] == ["Heading"]


def test_what_xml_cannot_carry_is_escaped_as_spreadsheets_do() -> None:
    assert text_of("a\x1bb\rc\x00") == "a_x001B_b_x000D_c_x0000_"
    assert text_of("_x0041_ _x_ _xyz_") == "_x005F_x0041_ _x_ _xyz_"
    assert text_of("\ud800") == "_xD800_"
    assert text_of("tab\tline\n") == "tab\tline\n"


def test_a_long_text_is_cut_and_says_so() -> None:
    assert text_of("x" * CELL_MAX) == "x" * CELL_MAX
    assert text_of("x" * (CELL_MAX + 1)) == "x" * CELL_MAX + " (cut; the bundle has it whole)"


def test_columns_have_names() -> None:
    assert [column(number) for number in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_the_same_rows_make_the_same_bytes_at_no_time() -> None:
    made = book(ROWS)
    added = [filled(made, {SHEET: rows_of(ROWS, 5, 5)}) for _ in range(2)]
    assert added[0] == added[1]
    assert {one.date_time[0] for one in ZipFile(BytesIO(added[0])).infolist()} == {1980}
