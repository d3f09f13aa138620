"""The page of a bundle: what it says, what it leads to, and what it never holds."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import msgspec
import pytest

from harness.evidence.account import Account
from harness.evidence.forms import FindingForm, ScopeForm, WaiverForm
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


def test_a_page_about_everything_is_small_and_cuts_no_promise(whole: Account, page: str) -> None:
    made = render(whole)
    assert (len(whole.rows) > 480, len(whole.result.requirements) > 170) == (True, True)
    assert len(made.encode()) < SIZE_MAX
    assert len(page.encode()) < SIZE_MAX
    assert [one.id for one in whole.result.requirements if one.statement not in unescape(made)] == []
    assert {one.exchanges for one in whole.rows} <= links(made)


def test_a_page_about_failures_only_is_small_and_leaves_none_out(ruined: Account) -> None:
    made = render(ruined)
    assert len(made.encode()) < SIZE_MAX
    assert [one.id for one in ruined.result.requirements if f"<tr id={one.id}>" not in made] == []
    assert [one.id for one in ruined.result.requirements if one.statement not in unescape(made)] == []
    assert {one.exchanges for one in ruined.rows} <= links(made)
    told, counted = made.count("<section class=cause>"), re.search(r"(\d+) further causes", made)
    assert counted
    assert told + int(counted[1]) == len(ruined.rows)


def test_more_queries_than_fit_are_counted(account: Account) -> None:
    """Also where nothing is left to show of a system."""
    some = account.run.sources[0]
    many = [msgspec.structs.replace(some, template=f"/often/{number}", statuses={"200": 9}) for number in range(200)]
    rare = msgspec.structs.replace(some, system="Graph", template="/rarely", statuses={"200": 1})
    made = render(replace(account, run=msgspec.structs.replace(account.run, sources=[*many, rare])))
    assert "111 rarer templates" in made


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
    change = msgspec.structs.replace
    finding = FindingForm(claim=HOSTILE, judgement=HOSTILE, expected=HOSTILE, observed=HOSTILE, since=HOSTILE)
    rows = [
        change(row, title=HOSTILE, reason=HOSTILE, findings=[finding], exchanges=f"exchanges/{HOSTILE}", advice=HOSTILE)
        for row in account.rows
    ]
    known = [change(one, title=HOSTILE, feature=HOSTILE, reason=HOSTILE) for one in account.population.scenarios]
    requirements = [change(one, statement=HOSTILE, reason=HOSTILE) for one in account.result.requirements]
    result = change(account.result, requirements=requirements, failures=[HOSTILE])
    population = change(account.population, scenarios=known, sampling=HOSTILE)
    run = change(account.run, id=HOSTILE, target={HOSTILE: HOSTILE})
    page = render(replace(account, rows=rows, population=population, result=result, run=run))
    assert "<script" not in page
    assert "<img" not in page
    assert not re.search(r"<[^<>]*\s(src|href)=[\"']?(https?:|//)", page)


def test_every_waiver_is_told_whole_also_when_it_counts_no_longer(account: Account) -> None:
    waiver = WaiverForm(
        id="W-7",
        requirement="EAR-054",
        scope=ScopeForm(profile="*", scenarios=[]),
        owner="Ada",
        approver="Grace",
        reason="the supplier repairs it",
        ticket="SEC-142",
        expires="2026-01-31",
        instant="2027-01-15T08:00:00Z",
        state="expired",
        use="not used",
        applied=False,
    )
    words = render(replace(account, result=msgspec.structs.replace(account.result, waivers=[waiver])))
    told = [value for name, value in msgspec.structs.asdict(waiver).items() if name not in ("scope", "applied")]
    assert [value for value in told if f"<dd>{value}" not in words] == []


def test_a_control_that_a_part_breaks_names_it(account: Account, page: str) -> None:
    """Of a control that nobody answers directly, one has to see why it does not hold."""
    rows = re.split(r"(?=<tr|<li)", page)
    links = [
        (requirement.id, link)
        for requirement in account.result.requirements
        for link in requirement.controls
        if requirement.outcome is Outcome.NOT_MET
    ]
    direct = {(link.framework, link.control) for _, link in links if link.strength == "direct"}
    partly = [
        (one, link.control)
        for one, link in links
        if link.strength == "partial" and (link.framework, link.control) not in direct
    ]
    assert partly
    for one, control in partly:
        told = [row for row in rows if row.startswith(f"<li><b>{control}</b>")]
        assert any(f"✘<a href=#{one}>" in row or "more" in row for row in told), (one, control)
