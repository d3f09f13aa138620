"""The same sums in every format, the same bytes twice, and nothing that a tool would run or choke on."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import openpyxl
import pytest

from harness.errors import UsageError
from harness.evidence import oscal
from harness.evidence.account import Account, read_account
from harness.evidence.export import FORMATS, IN_A_BUNDLE
from harness.evidence.export.pdf import pdf_of
from harness.evidence.page import render
from harness.model.verdict import Outcome
from tests.evidence.sealing import sealed_bundle

HOSTILE = '=HYPERLINK("http://example.com")\x1b[31m<b>&\'\x00'


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    mutants = ("approval-is-noticed-late", "connection-is-not-named")
    return sealed_bundle(tmp_path_factory.mktemp("x") / "reports", "EAR-020", "EAR-056", "EAR-062", mutants=mutants)


@pytest.fixture(scope="module")
def account(bundle: Path) -> Account:
    """With every outcome among its scenarios and requirements."""
    found = read_account(bundle)
    wanted = [Outcome.WAIVED, Outcome.INCONCLUSIVE, Outcome.NOT_TESTED, Outcome.MET, Outcome.NOT_MET]
    assert len(found.rows) >= len(wanted)
    rows = [
        msgspec.structs.replace(row, outcome=wanted[at], waiver="W-1" if at == 0 else "") if at < len(wanted) else row
        for at, row in enumerate(found.rows)
    ]
    return replace(found, rows=rows)


def rendered(account: Account, name: str) -> bytes:
    return FORMATS[name].render(account)


def test_what_lies_in_the_bundle_is_made_from_its_account(bundle: Path) -> None:
    account = read_account(bundle)
    for name, form in IN_A_BUNDLE.items():
        assert (bundle / name).read_bytes() == form.render(account), name


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_account_gives_the_same_bytes(account: Account, name: str) -> None:
    assert rendered(account, name) == rendered(account, name)


def scenarios(account: Account) -> dict[str, int]:
    return {outcome.value: number for outcome, number in account.totals.scenarios.items() if number}


def requirements(account: Account) -> dict[str, int]:
    return {outcome.value: number for outcome, number in account.totals.requirements.items() if number}


def test_the_sums_of_the_table(account: Account) -> None:
    rows = list(csv.DictReader(StringIO(rendered(account, "csv").decode())))
    assert Counter(row["outcome"] for row in rows) == scenarios(account)
    assert {row["simulated"] for row in rows} == {"SIMULATED"}
    assert len({row["key"] for row in rows}) == len(rows)


def test_the_sums_of_the_workbook(account: Account) -> None:
    book = openpyxl.load_workbook(BytesIO(rendered(account, "xlsx")), read_only=True)
    summary = {row[0]: row[1:] for row in book["Summary"].values}
    for outcome, number in account.totals.scenarios.items():
        assert summary[f"Requirements and scenarios {outcome.value}"] == (
            account.totals.requirements[outcome],
            number,
        )
    assert summary["Scenarios known"][1] == account.totals.known
    assert Counter(row[2] for row in list(book["Results"].values)[2:]) == scenarios(account)
    assert Counter(row[1] for row in list(book["Requirements"].values)[2:]) == requirements(account)
    assert len(list(book["Population"].values)) == account.totals.known + 2
    assert all("SIMULATED" in next(iter(sheet.values))[0] for sheet in book)
    assert len(list(book["Exchanges"].values)) > 50


def test_the_sums_of_junit(account: Account) -> None:
    suite = ElementTree.fromstring(rendered(account, "junit"))[0]  # noqa: S314 - made here
    totals = account.totals.scenarios
    assert int(suite.get("tests", "")) == len(account.rows)
    assert int(suite.get("failures", "")) == totals[Outcome.NOT_MET] + totals[Outcome.WAIVED]
    assert int(suite.get("errors", "")) == totals[Outcome.INCONCLUSIVE]
    assert int(suite.get("skipped", "")) == totals[Outcome.NOT_TESTED]
    found = Counter(one.get("value") for one in suite.iterfind("testcase/properties/property[@name='outcome']"))
    assert found == scenarios(account)
    assert suite.find("properties/property[@name='simulated']") is not None


def test_the_sums_of_sarif(account: Account) -> None:
    (run,) = json.loads(rendered(account, "sarif"))["runs"]
    assert Counter(one["properties"]["outcome"] for one in run["results"]) == scenarios(account)
    suppressed = [one for one in run["results"] if "suppressions" in one]
    assert [one["properties"]["outcome"] for one in suppressed] == ["WAIVED"]
    assert all(one["message"]["text"].startswith("SIMULATED") for one in run["results"])


def test_the_sums_of_cucumber(account: Account) -> None:
    elements = [one for feature in json.loads(rendered(account, "cucumber")) for one in feature["elements"]]
    statuses = [[step["result"]["status"] for step in one["steps"]] for one in elements]
    totals = account.totals.scenarios
    assert sum("failed" in one for one in statuses) == totals[Outcome.NOT_MET] + totals[Outcome.WAIVED]
    assert sum("undefined" in one for one in statuses) == totals[Outcome.INCONCLUSIVE]
    assert sum(set(one) == {"skipped"} for one in statuses) == totals[Outcome.NOT_TESTED]
    assert sum(set(one) == {"passed"} for one in statuses) == totals[Outcome.MET]


def test_the_sums_of_the_lines(bundle: Path) -> None:
    account = read_account(bundle)
    lines = [json.loads(line) for line in rendered(account, "jsonl").splitlines()]
    assert Counter(line["outcome"] for line in lines) == scenarios(account)


def test_the_sums_of_oscal(account: Account) -> None:
    found = json.loads(oscal.texts(account)["oscal/assessment-results.json"])
    text = json.dumps(found)
    (result,) = found["assessment-results"]["results"]
    assert len(result["findings"]) >= len(account.result.requirements)
    assert '"satisfied"' not in text.replace('"not-satisfied"', "")


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_texts_stay_texts(account: Account, name: str) -> None:
    rows = [msgspec.structs.replace(row, title=HOSTILE, reason=HOSTILE) for row in account.rows]
    content = rendered(replace(account, rows=rows), name)
    if name == "xlsx":
        book = openpyxl.load_workbook(BytesIO(content))
        assert {cell.data_type for row in book["Results"].rows for cell in row} <= {"s", "n"}
    else:
        assert b"\x1b" not in content or name == "csv"
    if name == "csv":
        assert all(row["title"].startswith("'=") for row in csv.DictReader(StringIO(content.decode())))
    if name == "junit":
        ElementTree.fromstring(content)  # noqa: S314 - made here


def test_a_pdf_is_made_and_nothing_is_fetched(account: Account) -> None:
    pytest.importorskip("weasyprint", exc_type=ImportError)
    try:
        made = pdf_of(render(account))
    except UsageError as error:  # Pango of the system is missing
        pytest.skip(f"no PDF can be made here: {error}")
    assert made.startswith(b"%PDF")
