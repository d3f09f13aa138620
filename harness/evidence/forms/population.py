"""`population.json`: every scenario known at this commit, and what became of each."""

from __future__ import annotations

from enum import Enum

from harness.evidence.forms.result import Form


class State(Enum):
    """What became of a scenario in a run."""

    EXECUTED = "executed"
    NOT_RUN = "not_run"
    """Selected, and not performed, for the reason given."""
    DESELECTED = "deselected"


class Known(Form, frozen=True, kw_only=True):
    """One scenario as it is written, and what became of it."""

    number: int
    """Position among all scenarios, from 1; stands for the scenario in tables."""
    id: str
    digest: str
    """SHA-256 over its sentences and tags."""
    path: str
    line: int
    chapter: str
    feature: str
    rule: str
    title: str
    steps: list[str]
    requirements: list[str]
    severity: str
    needs: list[str]
    readings: list[str]
    state: State
    reason: str = ""


class Population(Form, frozen=True, kw_only=True):
    """All scenarios, and the sums that have to come out."""

    format: int
    run: str
    simulated: bool
    features_digest: str
    seed: int
    sampling: str
    """How scenarios were chosen from those selected, in words."""
    known: int
    selected: int
    deselected: int
    executed: int
    not_run: int
    unreadable: list[str]
    """Feature files that could not be read: nobody knows what they would have tested."""
    scenarios: list[Known]
