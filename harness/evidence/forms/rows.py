"""`results.jsonl`: one line for each attempt at a scenario that was selected, flat, for tools."""

from __future__ import annotations

from harness.evidence.forms.result import FindingForm, Form
from harness.model.verdict import Outcome


class ResultRow(Form, frozen=True, kw_only=True):
    """One attempt at one scenario."""

    run: str
    number: int
    """Of the scenario in `population.json`."""
    scenario: str
    attempt: int
    """From 1; nothing is ever tried again silently."""
    outcome: Outcome
    assurance: str
    simulated: bool
    title: str
    requirements: list[str]
    controls: list[str]
    """Those that its requirements answer directly, as `framework:id`."""
    feature_digest: str
    """SHA-256 of the feature file."""
    clauses: list[str]
    """Digests of the clauses of the documentation that its requirements rest on."""
    reason: str
    findings: list[FindingForm]
    claims: int
    checkers: list[str]
    failed_step: str
    code: str
    advice: str
    waiver: str
    """Ids of the waivers under which it failed; empty where a requirement that it tests is broken without one."""
    seconds: float
    """On the wall."""
    clock_seconds: float
    """On the run's clock."""
    history: str
    history_digest: str
    exchanges: str
    exchanges_digest: str
