"""`result.json`: what came of a run, as `cmkproof run -o json` prints it."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.model.verdict import Outcome


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document or a part of one; nothing may stand in it that its type does not name."""


class FindingForm(Form, frozen=True, kw_only=True):
    """What a judge found about one claim that does not hold."""

    claim: str
    judgement: str
    expected: str
    observed: str
    since: str = ""
    resources: list[str] = []


class ScenarioForm(Form, frozen=True, kw_only=True):
    """What came of one scenario."""

    id: str
    outcome: Outcome
    assurance: str
    reason: str
    seconds: float
    """On the wall."""
    clock_seconds: float
    """On the run's clock."""
    claims: int
    checkers: list[str]
    findings: list[FindingForm]
    code: str
    advice: str
    evidence: str
    """File of the history, in the bundle."""
    evidence_error: str
    digest: str
    """Of the last line of the history, which stands for all of it."""
    exchanges: str
    """File of the tape, in the bundle."""
    exchanges_digest: str
    failed_step: str = ""
    waiver: str = ""
    """Id of the waiver under which it failed."""


class AnsweredControl(Form, frozen=True, kw_only=True):
    """A control that a requirement says something about, and how much."""

    framework: str
    control: str
    strength: str


class RequirementForm(Form, frozen=True, kw_only=True):
    """What came of one requirement."""

    id: str
    outcome: Outcome
    assurance: str
    reason: str
    statement: str
    source: str
    clause_digest: str
    review: list[dict[str, Any]]
    label: str
    bound: str
    bound_is_ours: bool
    scenarios_in_all: int
    partial: bool
    scenarios: list[ScenarioForm]
    controls: list[AnsweredControl] = []
    waiver: str = ""
    """Ids of the waivers to which it owes that it is WAIVED."""


class AssessedControl(Form, frozen=True, kw_only=True):
    """What a run says about one control."""

    id: str
    title: str
    kind: str
    coverage: str
    outcome: Outcome
    reason: str
    evidence: str


class AssessedFramework(Form, frozen=True, kw_only=True):
    """A framework with its controls."""

    id: str
    title: str
    edition: str
    controls: list[AssessedControl]


class RunSummary(Form, frozen=True, kw_only=True):
    """What was performed, and under which settings."""

    id: str
    version: str
    features_digest: str
    profile: str
    backend: str
    seed: int
    clock: str
    simulated: bool
    assurance: str
    replays: str
    capabilities: list[str]
    allow: str
    strict: bool
    readings: dict[str, str]
    limits: dict[str, float]
    selection: dict[str, Any]
    scenarios: int
    seconds: float


class Problem(Form, frozen=True, kw_only=True):
    """A feature file that could not be used."""

    file: str
    line: int
    message: str


class ScopeForm(Form, frozen=True, kw_only=True):
    """Where a waiver counts."""

    profile: str
    """`*`: everywhere."""
    scenarios: list[str]
    """None: every scenario of the requirement."""


class WaiverForm(Form, frozen=True, kw_only=True):
    """A waiver as it stood in the file, and what it was worth to the run."""

    id: str
    requirement: str
    scope: ScopeForm
    owner: str
    approver: str
    reason: str
    ticket: str
    expires: str
    """A date, which counts to its end in UTC, or a date-time in UTC."""
    instant: str
    """When the run began, in UTC: whether the waiver counts was asked for then."""
    state: str
    """`in force`, `expired` or `not approved`, at that instant."""
    use: str
    """What it did for the run, in the words of `harness/run/waiving.py`."""
    applied: bool
    """Whether a scenario failed under it."""


class LawForm(Form, frozen=True, kw_only=True):
    """What the scenarios of a run say about something that is true of every history."""

    name: str
    invariant: int | None
    """Its number among the invariants of the design; null: it is beyond those."""
    sentence: str
    source: str
    held: int
    """Scenarios."""
    undecided: int
    broken: int
    vacuous: int
    """Scenarios without an occasion for it: they say nothing about it."""


class ResultDocument(Form, frozen=True, kw_only=True):
    """The whole document."""

    run: RunSummary
    summary: dict[str, int]
    requirements: list[RequirementForm]
    frameworks: list[AssessedFramework]
    problems: list[Problem]
    failures: list[str]
    exit_code: int
    waivers: list[WaiverForm] = []
    laws: list[LawForm] = []
