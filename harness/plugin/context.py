"""What the parts of the plugin share during a session, and about each scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.driver import Scene
from harness.model.requirement import Requirement
from harness.ports import BackendFactory
from harness.run.options import known_names
from harness.run.records import Record
from harness.run.selection import Selection
from harness.run.waiving import Waiving
from harness.settings import Settings
from harness.suite import Known, ScenarioText


@dataclass(slots=True)
class Session:
    """Shared by all scenarios of a process."""

    settings: Settings
    requirements: Mapping[str, Requirement]
    selection: Selection
    features: Path
    directory: Path | None
    """Where evidence goes; None: nowhere, as in a plain run of pytest."""
    factory: BackendFactory
    waiving: Waiving
    """The exceptions that count in this session."""

    @property
    def known(self) -> Known:
        """What tags may name."""
        return known_names(self.requirements)


@dataclass(slots=True)
class Performance:
    """One scenario while it runs."""

    scene: Scene | None = None
    clock_start: float = 0.0
    thens: int = 0
    """Expectations put to the test so far."""
    step: str = ""
    """The step that runs, or ran last."""
    reasons: list[str] = field(default_factory=list)


SESSION = pytest.StashKey[Session]()
SCENARIO = pytest.StashKey[ScenarioText]()
RECORD = pytest.StashKey[Record]()
PERFORMANCE = pytest.StashKey[Performance]()


def performance(item: pytest.Item) -> Performance:
    """The performance of a scenario, or of a plain test that uses a scene."""
    return item.stash.setdefault(PERFORMANCE, Performance())


def forget(item: pytest.Item) -> None:
    """Keep nothing of a performance, so that the scenario can be performed again as if it had never been."""
    if PERFORMANCE in item.stash:
        del item.stash[PERFORMANCE]
    if RECORD in item.stash:
        del item.stash[RECORD]
