"""What single formats owe their readers: fixed times, waivers beside failures, marks of what is partial or ours."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import msgspec
import openpyxl
import pytest

from harness.evidence.account import Account, lines_of, read_account
from harness.evidence.export import FORMATS
from harness.evidence.forms import Redaction
from harness.evidence.forms.result import Problem
from harness.model import layout
from harness.model.verdict import Outcome
from tests.evidence.sample import PLACE


@pytest.fixture(scope="module")
def account() -> Account:
    """The committed sample, in which failures stand with a waiver and without."""
    (bundle,) = (one for one in PLACE.iterdir() if one.is_dir())
    return read_account(bundle)


@pytest.fixture(scope="module")
def waived(account: Account) -> dict[str, str]:
    """Scenarios that failed under a waiver, with its id."""
    found = {row.scenario: row.waiver for row in account.rows if row.waiver}
    assert found
    assert len(found) < account.totals.scenarios[Outcome.NOT_MET]
    return found


def sarif(account: Account) -> dict[str, Any]:
    (run,) = json.loads(FORMATS["sarif"].render(account))["runs"]
    assert isinstance(run, dict)
    return run


def book(account: Account) -> Any:
    return openpyxl.load_workbook(BytesIO(FORMATS["xlsx"].render(account)))


def table(account: Account, sheet: str) -> list[dict[str, Any]]:
    _, heading, *rows = book(account)[sheet].values
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_the_workbook_bears_the_time_of_its_run_and_no_other(account: Account) -> None:
    content = FORMATS["xlsx"].render(account)
    assert {one.date_time[0] for one in ZipFile(BytesIO(content)).infolist()} == {1980}  # what stands for no time
    properties = openpyxl.load_workbook(BytesIO(content)).properties
    assert properties.created == properties.modified
    assert properties.created.isoformat() == account.run.started[:19]


def test_every_sheet_can_be_filtered_scrolled_and_printed(account: Account) -> None:
    for sheet in book(account):
        assert sheet.freeze_panes == "A3"
        assert sheet.auto_filter.ref
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
        assert sheet.print_title_rows == "$1:$2"
        assert "SIMULATED" in sheet.oddHeader.right.text
        assert "SIMULATED" in sheet.oddFooter.left.text


def test_the_workbook_tells_failures_under_waivers_from_others(account: Account) -> None:
    titles = {row.title: row.waiver for row in account.rows if row.outcome is Outcome.NOT_MET}
    assert {one["Scenario"]: one["Waiver"] or "" for one in table(account, "Exceptions")} == titles
    states = {one["Waiver"]: (one["State"], one["Applied"]) for one in table(account, "Waivers")}
    assert states == {"W-1": ("in force", "yes"), "W-2": ("expired", "no")}


def test_the_workbook_sums_up_what_was_taken_out(account: Account) -> None:
    listed = lines_of(account.directory, layout.REDACTIONS, Redaction)
    found = table(account, "Redactions")
    assert sum(one["Exchanges"] for one in found) == sum(one.exchanges for one in listed)
    assert {(one["Place"], one["Rule"]) for one in found} == {(one.place, one.rule) for one in listed}


def test_the_index_has_every_exchange_once_or_counted(account: Account) -> None:
    kinds = Counter(
        json.loads(line)["kind"]
        for row in account.rows
        for line in (account.directory / row.exchanges).read_text(encoding="utf-8").splitlines()
    )
    found = table(account, "Exchanges")
    assert len(found) == kinds["exchange"]
    assert sum(one["Answered alike"] for one in found) == kinds["again"] > 0


def test_what_is_partial_is_marked(account: Account) -> None:
    first, *others = account.result.requirements
    partial = msgspec.structs.replace(first, partial=True, bound="3 min", bound_is_ours=True)
    changed = replace(account, result=msgspec.structs.replace(account.result, requirements=[partial, *others]))
    marked = [(one["Requirement"], one["Limit is ours"]) for one in table(changed, "Requirements") if one["Partial"]]
    assert marked == [(first.id, "3 min")]
    rules = sarif(changed)["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules if one["properties"]["partial"]] == [first.id]
    assert rules[0]["properties"]["limitOfOurs"] == "3 min"


def test_junit_says_which_failures_were_accepted(account: Account, waived: dict[str, str]) -> None:
    root = ElementTree.fromstring(FORMATS["junit"].render(account))  # noqa: S314 - made here
    messages = {}
    for case in root.iter("testcase"):
        if (failure := case.find("failure")) is not None:
            assert failure.get("type") == "NOT_MET"
            messages[case.find("properties/property[@name='scenario']").get("value")] = failure.get("message")  # type: ignore[union-attr]
    assert len(messages) == account.totals.scenarios[Outcome.NOT_MET]
    accepted = {name for name, text in messages.items() if text and text.startswith("failed under waiver W-1: ")}
    assert accepted == set(waived)


def test_no_two_cases_have_one_name(account: Account) -> None:
    """Pipelines that meet a name twice show one of the two."""
    root = ElementTree.fromstring(FORMATS["junit"].render(account))  # noqa: S314 - made here
    names = Counter((case.get("classname"), case.get("name")) for case in root.iter("testcase"))
    assert set(names.values()) == {1}


def test_sarif_has_what_its_readers_need(account: Account) -> None:
    run = sarif(account)
    rules = run["tool"]["driver"]["rules"]
    assert all(one["help"]["text"] and one["shortDescription"]["text"] for one in rules)
    assert Counter(one["properties"]["outcome"] for one in rules) == {
        outcome.value: number for outcome, number in account.totals.requirements.items() if number
    }
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert (one["level"] == "none") == (one["kind"] != "fail")
        place = one["locations"][0]["physicalLocation"]
        lines = (account.directory / place["artifactLocation"]["uri"]).read_text(encoding="utf-8").splitlines()
        assert "Scenario" in lines[place["region"]["startLine"] - 1] or "|" in lines[place["region"]["startLine"] - 1]


def test_sarif_knows_a_scenario_again_in_the_next_run(account: Account) -> None:
    rows = [msgspec.structs.replace(row, run="another", reason="another") for row in account.rows]
    now, then = (
        [one["partialFingerprints"] for one in sarif(it)["results"]] for it in (account, replace(account, rows=rows))
    )
    assert now == then
    assert len({one["scenario/v1"] for one in now}) == len(account.rows)


def test_sarif_suppresses_what_a_waiver_covers_and_nothing_else(account: Account, waived: dict[str, str]) -> None:
    results = sarif(account)["results"]
    suppressed = [one for one in results if "suppressions" in one]
    assert len(suppressed) == len(waived)
    for one in suppressed:
        assert (one["kind"], one["level"]) == ("fail", "error")
        (found,) = one["suppressions"]
        assert "W-1 (SEC-142) until 2027-03-31, by Jun Sato" in found["justification"]


def test_sarif_says_what_the_run_could_not(account: Account) -> None:
    assert sarif(account)["invocations"][0]["toolExecutionNotifications"] == []
    result = msgspec.structs.replace(
        account.result, problems=[Problem(file="a b.feature", line=0, message="no title")], failures=["a worker died"]
    )
    (told,) = sarif(replace(account, result=result))["invocations"]
    assert told["executionSuccessful"] is False
    problem, failure = told["toolExecutionNotifications"]
    assert (problem["message"]["text"], failure["message"]["text"]) == ("no title", "a worker died")
    place = problem["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("spec/features/a%20b.feature", {"startLine": 1})


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\uff1d", "\uff20"])
def test_the_table_begins_no_cell_as_a_formula(account: Account, begin: str) -> None:
    text = f'{begin}cmd|" /C calc"!A1'
    rows = [msgspec.structs.replace(row, title=text, reason=text, waiver=text) for row in account.rows]
    content = FORMATS["csv"].render(replace(account, rows=rows)).decode()
    for one in csv.DictReader(StringIO(content, newline="")):
        assert one["title"] == one["reason"] == one["waiver"] == f"'{text}"


def test_a_run_without_redactions_has_no_such_sheet(account: Account, tmp_path: Path) -> None:
    rows = [msgspec.structs.replace(row, exchanges="") for row in account.rows]
    assert "Redactions" not in book(replace(account, directory=tmp_path, rows=rows)).sheetnames
