"""Requirements and controls, with the links between them and to scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.evidence.account import Account
from harness.evidence.forms import AssessedControl, AssessedFramework, RequirementForm
from harness.evidence.page.scenarios import Line, Pointer, pointers
from harness.evidence.page.words import WORST_FIRST
from harness.model.verdict import Outcome

DIRECT, PARTIAL, SUPPORTING = "direct", "partial", "supporting"
"""Strengths of a link; direct: the requirement promises what the control asks for."""
FAILED = (Outcome.NOT_MET, Outcome.WAIVED)


@dataclass(frozen=True, slots=True)
class Promise:
    """A requirement on the page."""

    form: RequirementForm
    scenarios: tuple[Pointer, ...]
    answers: tuple[tuple[str, tuple[str, ...]], ...]
    """Controls that it answers directly, by framework."""
    others: int
    """Controls that it answers partly, or that it supports."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be known beside the outcome."""
        form = self.form
        notes = [
            f"our limit: {form.bound}" if form.bound_is_ours and form.bound else "",
            f"{form.label}, not documented" if form.label not in ("", "documented") else "",
            f"partial: {len(form.scenarios)} of {form.scenarios_in_all} scenarios" if form.partial else "",
            "the documentation behind it has changed and waits for review" if form.review else "",
            f"waiver {form.waiver}" if form.waiver else "",
        ]
        return tuple(note for note in notes if note)


@dataclass(frozen=True, slots=True)
class Answered:
    """A control on the page."""

    form: AssessedControl
    requirements: tuple[RequirementForm, ...]
    """Those that answer it directly."""
    broken: tuple[RequirementForm, ...]
    """Those that answer it in part and failed: they decide it as well."""
    others: str
    """How many answer it partly, and how many support it."""
    anchor: str
    """Its name within the page, if somebody answers it directly."""


@dataclass(frozen=True, slots=True)
class Group:
    """Controls of a framework of which the run says the same."""

    outcome: Outcome
    coverage: str
    evidence: str
    controls: tuple[Answered, ...]
    direct: bool
    """Each of them is answered directly by a requirement of this run."""


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework on the page."""

    form: AssessedFramework
    groups: tuple[Group, ...]


def promises(account: Account, lines: Mapping[int, Line]) -> Sequence[Promise]:
    """Every requirement that was asked for, in the order of its id."""
    return [_promise(account, one, lines) for one in account.result.requirements]


def by_outcome(all_: Iterable[Promise]) -> Mapping[Outcome, Sequence[Promise]]:
    """Requirements in the order in which somebody has to look at them."""
    listed = list(all_)
    groups = {outcome: [one for one in listed if one.form.outcome is outcome] for outcome in WORST_FIRST}
    return {outcome: group for outcome, group in groups.items() if group}


def control_anchors(account: Account) -> Mapping[tuple[str, str], str]:
    """Names within the page, by framework and control."""
    all_ = [(one.id, control.id) for one in account.result.frameworks for control in one.controls]
    return {key: f"c{number}" for number, key in enumerate(all_, 1)}


def frameworks(account: Account, anchors: Mapping[tuple[str, str], str]) -> Sequence[Framework]:
    """Every framework with all of its controls."""
    links: dict[tuple[str, str], list[tuple[RequirementForm, str]]] = {}
    for requirement in account.result.requirements:
        for link in requirement.controls:
            links.setdefault((link.framework, link.control), []).append((requirement, link.strength))
    return [
        Framework(
            one,
            tuple(
                _groups(
                    _answered(control, links.get((one.id, control.id), ()), anchors[one.id, control.id])
                    for control in one.controls
                )
            ),
        )
        for one in account.result.frameworks
    ]


def _promise(account: Account, form: RequirementForm, lines: Mapping[int, Line]) -> Promise:
    cases = [(account.by_scenario[one.id].number, one.outcome) for one in form.scenarios]
    direct = [one for one in form.controls if one.strength == DIRECT]
    answers = tuple(
        (framework, tuple(one.control for one in group))
        for framework, group in groupby(direct, key=lambda one: one.framework)
    )
    return Promise(form, tuple(pointers(cases, lines)), answers, len(form.controls) - len(direct))


def _answered(control: AssessedControl, links: Sequence[tuple[RequirementForm, str]], name: str) -> Answered:
    direct = tuple(requirement for requirement, strength in links if strength == DIRECT)
    others = Counter(strength for _, strength in links)
    said = f"{others[PARTIAL]}+{others[SUPPORTING]}" if len(links) > len(direct) else ""
    broken = tuple(one for one, strength in links if strength == PARTIAL and one.outcome in FAILED)
    return Answered(control, direct, broken, said, name)


def _groups(controls: Iterable[Answered]) -> Sequence[Group]:
    """Controls that are answered directly share a table; others are told apart by what is said of them."""
    found: dict[tuple[bool, Outcome, str, str], list[Answered]] = {}
    for one in controls:
        key = not one.requirements, one.form.outcome, one.form.coverage, one.form.evidence
        found.setdefault(key, []).append(one)
    return [
        Group(outcome, coverage, evidence, tuple(alike), not indirect)
        for (indirect, outcome, coverage, evidence), alike in sorted(
            found.items(), key=lambda one: (one[0][0], -one[0][1].severity)
        )
    ]
