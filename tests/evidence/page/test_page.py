"""The page of a bundle: what it says, what it leads to, and what it never holds."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import msgspec
import pytest

from harness.evidence.account import Account
from harness.evidence.page import render
from harness.model.verdict import Outcome

SIZE_MAX = 150_000
HOSTILE = '"><script>alert(1)</script><img src=http://example.com/x>&amp;'


@pytest.fixture(scope="module")
def page(account: Account) -> str:
    return render(account)


def test_the_page_in_the_bundle_is_this_one(bundle: Path, page: str) -> None:
    assert (bundle / "index.html").read_text(encoding="utf-8") == page


def test_the_same_bundle_gives_the_same_page(account: Account, page: str) -> None:
    assert render(account) == page


def test_nothing_is_run_and_nothing_is_fetched(page: str) -> None:
    assert "<script" not in page
    assert not re.search(r"(src|href)=[\"']?(https?:|//)", page)
    assert "url(" not in page
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in unescape(page)


def test_a_page_about_everything_is_small_enough(whole: Account, page: str) -> None:
    assert len(whole.rows) > 480
    assert len(render(whole).encode()) < SIZE_MAX
    assert len(page.encode()) < SIZE_MAX


def test_every_simulated_page_says_so_also_in_print(page: str) -> None:
    assert "SIMULATED – NOT EVIDENCE OF OPERATION" in page
    style = page[page.index("<style") : page.index("</style>")]
    assert "position: fixed" in style or "position:fixed" in style


def test_the_sums_are_those_of_the_account(account: Account, page: str) -> None:
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    totals = account.totals
    names = {
        Outcome.NOT_MET: "not met",
        Outcome.INCONCLUSIVE: "inconclusive",
        Outcome.NOT_TESTED: "not tested",
        Outcome.WAIVED: "waived",
        Outcome.MET: "met",
    }
    for outcome, name in names.items():
        assert f"{totals.requirements[outcome]} {name} {totals.scenarios[outcome]} " in words
    assert f"{totals.known} known = {totals.selected} selected + {totals.deselected} deselected" in words
    assert f"{totals.selected} selected = {totals.executed} performed + {totals.not_run} not performed" in words


def links(page: str) -> set[str]:
    return {unescape(one) for one in re.findall(r"href=\"?([^\s\">]+)", page)}


def test_every_link_leads_somewhere(bundle: Path, page: str) -> None:
    anchors = set(re.findall(r"\sid=\"?([^\s\">]+)", page))
    for link in links(page):
        if link.startswith("#"):
            assert link[1:] in anchors, link
        else:
            assert (bundle / link).exists(), link


def test_every_executed_scenario_leads_to_its_recording(account: Account, page: str) -> None:
    assert {row.exchanges for row in account.rows if row.exchanges} <= links(page)


def test_from_a_control_to_an_exchange_in_three_clicks(account: Account, page: str) -> None:
    """Control, requirement, scenario: each row links to the next one."""
    rows = re.split(r"(?=<tr id=|<li)", page)
    answering = {one.id for one in account.result.requirements if any(c.strength == "direct" for c in one.controls)}
    assert answering
    for requirement in answering & {one for row in account.rows for one in row.requirements}:
        assert any(row.startswith("<tr id=c") and f"href=#{requirement}" in row for row in rows), requirement
        (own,) = (row for row in rows if row.startswith(f"<tr id={requirement}>"))
        mark = re.search(r"href=#(s\d+)", own)
        assert mark
        (line,) = (row for row in rows if re.match(rf"<li[^>]* id={mark[1]}[ >]", row))
        assert "href=exchanges/" in line or "not tested" in line


def test_what_is_written_elsewhere_is_never_markup(account: Account) -> None:
    rows = [msgspec.structs.replace(row, title=HOSTILE, reason=HOSTILE) for row in account.rows]
    known = [msgspec.structs.replace(one, title=HOSTILE, feature=HOSTILE) for one in account.population.scenarios]
    population = msgspec.structs.replace(account.population, scenarios=known)
    page = render(replace(account, rows=rows, population=population))
    assert "<script" not in page
    assert "<img" not in page
