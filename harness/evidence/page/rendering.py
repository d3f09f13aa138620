"""Puts the sections of the page together; a pure function of an account: the same bundle gives the same bytes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.evidence.account import Account
from harness.evidence.page import drawing, extent, origins, promises, scenarios, words
from harness.evidence.page.conclusion import conclude
from harness.evidence.page.exceptions import exceptions, waivers
from harness.evidence.page.stories import Story, stories
from harness.model.verdict import Outcome

SIZE = 150_000
"""Bytes that a page has at most."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """How much of what could be long is told in full."""

    causes: int
    """Causes of exceptions."""
    courses: int
    """Scenarios whose course is drawn."""
    titles: bool
    """What controls ask for that no requirement answers directly."""
    spare: bool = False
    """Requirements name the controls that they answer and do not link them, and rare queries are counted only."""
    promise: int = 1000
    """Characters of a promise that is kept."""


FITTINGS = (
    Fitting(40, 6, titles=True),
    Fitting(40, 6, titles=False),
    Fitting(25, 4, titles=False),
    Fitting(12, 3, titles=False),
    Fitting(8, 2, titles=False),
    Fitting(4, 1, titles=False),
    Fitting(4, 1, titles=False, spare=True),
    Fitting(3, 1, titles=False, spare=True),
    Fitting(3, 1, titles=False, spare=True, promise=80),
)
"""The first with which the page is small enough counts."""
SECTIONS = (
    ("conclusion", "Conclusion"),
    ("period", "Period"),
    ("population", "Population and reconciliation"),
    ("untested", "What was tested, and what was not"),
    ("sources", "Sources and queries"),
    ("identities", "Who ran it"),
    ("clocks", "Clocks"),
    ("traceability", "Requirements, scenarios, controls"),
    ("course", "Course of events"),
    ("exceptions", "Exceptions and waivers"),
    ("basis", "Tool, readings, limits"),
    ("check", "How to check this by hand"),
)
FEW = 25
"""Queries of a page that has to be spare."""
ROOM = 30
"""Rows of a list that can be of any length."""
FILTERS = (
    words.anchor,
    words.clip,
    words.counted,
    words.grouped,
    words.instant,
    words.offset,
    words.relative,
    words.span,
    scenarios.ranges,
)


def render(account: Account) -> str:
    """The page.

    Raises:
        EvidenceError: a recording that the account names cannot be read.
    """
    content, told = _content(account), stories(account)
    made: dict[int, str] = {}

    def fits(which: int) -> bool:
        made[which] = _rendered(account, content, told, FITTINGS[which])
        return len(made[which].encode()) < SIZE

    last = len(FITTINGS) - 1
    first = 0 if fits(0) else bisect_left(range(last), True, lo=1, key=fits)  # each page is smaller than the one before
    if first not in made:
        fits(first)
    return made[first]


def _content(account: Account) -> dict[str, Any]:
    features = scenarios.features(account)
    lines = scenarios.lines_by_scenario(features)
    anchors = promises.control_anchors(account)
    services = origins.services(account.run.sources)
    return {
        "account": account,
        "run": account.run,
        "result": account.result,
        "totals": account.totals,
        "conclusion": conclude(account),
        "lengths": [0.0, *(one.clock_seconds for one in account.rows)],
        "sums": extent.population_sums(account),
        "estate_sums": extent.estate_sums(account.run.estate),
        "untested": extent.untested(account),
        "untested_requirements": list(extent.untested_requirements(account)),
        "every_service": services,
        "queries": sum(len(one.queries) for one in services),
        "people": origins.people(account.run.identities),
        "scenario_list": _scenario_list(features),
        "lines": lines,
        "promises": promises.by_outcome(promises.promises(account, lines)),
        "anchors": anchors,
        "frameworks": promises.frameworks(account, anchors),
        "waivers": waivers(account),
        "fault_counts": sorted(Counter(f"{one.verb} {one.subject}" for one in account.faults).items())[:ROOM],
    }


def _scenario_list(features: Sequence[scenarios.Feature]) -> Markup:
    """The longest part, which is the same in every fitting."""
    text = _environment().get_template("scenarios.html.j2").render(features=features)
    return Markup(text)  # noqa: S704 - a template has made it, and has escaped what it was given


def _rendered(account: Account, content: Mapping[str, Any], told: Sequence[Story], fitting: Fitting) -> str:
    chosen = {
        "stories": told[: fitting.courses],
        "exceptions": exceptions(account, content["lines"], fitting.causes),
        "services": origins.shown(content["every_service"], FEW if fitting.spare else origins.QUERIES),
        "titles": fitting.titles,
        "spare": fitting.spare,
        "promise_room": fitting.promise,
    }
    return _without_idle_marks(_environment().get_template("page.html.j2").render(content, **chosen))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("harness.evidence.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for tool in FILTERS:
        made.filters[tool.__name__] = tool
    made.globals.update(
        Outcome=Outcome,
        SIGNS=words.SIGNS,
        MEANINGS=words.MEANINGS,
        ROOM=ROOM,
        SIMULATED=words.SIMULATED,
        SECTIONS=SECTIONS,
        course=drawing.course,
        tally=drawing.tally,
        style=_style(),
    )
    return made


def _style() -> Markup:
    """The style sheet, without what only its readers need."""
    text = files("harness.evidence.page").joinpath("style.css").read_text(encoding="utf-8")
    return Markup(re.sub(r"\s*([{};,:])\s+", r"\1", re.sub(r"\s+", " ", text)))  # noqa: S704 - ours


def _without_idle_marks(text: str) -> str:
    """Squeezed, and without the marks of scenarios that no link leads to."""
    squeezed = _squeezed(text)
    wanted = set(re.findall(r"href=#(s\d+)", squeezed))
    return re.sub(r" id=(s\d+)", lambda found: found[0] if found[1] in wanted else "", squeezed)


def _squeezed(text: str) -> str:
    """Without indentation, and with apostrophes as they are: no attribute of ours stands in single quotes."""
    return re.sub(r"\n\s+", "\n", text).replace("&#39;", "'")
