"""An experiment, as far as Chaos Toolkit and cmkproof mean the same by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Act = Literal["inject", "undo"]

JSON = {"Content-Type": "application/json"}
"""Without this header Chaos Toolkit sends the arguments of a call as a form."""


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A request. Chaos Toolkit puts values of the configuration in place of `${name}`."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    arguments: Any = None
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class FaultAct:
    """A fault of the catalogue is brought about or undone, on a simulator, through its control routes."""

    fault: str
    """`F-25`."""
    act: Act
    beside: tuple[str, ...] = ()
    """Other faults of the wire that are in force then: the control route takes the whole list."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of cmkproof."""

    words: tuple[str, ...]


Doing = HttpCall | FaultAct | Command


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that is done, or looked at."""

    kind: Literal["action", "probe"]
    name: str
    does: Doing
    tolerance: Any = None
    """What a probe of the steady state may show, in the words of Chaos Toolkit; None: whatever."""
    pause_before_s: float = 0.0
    pause_after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FromEnvironment:
    """A value of the configuration that stands in an environment variable."""

    variable: str


@dataclass(frozen=True, slots=True)
class Experiment:
    """What holds at first and has to hold in the end, what is done meanwhile, and what is undone whatever happens."""

    title: str
    description: str
    steady_state_title: str
    steady_state: Sequence[Activity]
    method: Sequence[Activity]
    rollbacks: Sequence[Activity]
    tags: Sequence[str] = ()
    configuration: Mapping[str, str | FromEnvironment] = field(default_factory=dict)

    @property
    def never_undone(self) -> list[str]:
        """Faults that are brought about and that no activity afterwards undoes."""
        open_faults: dict[str, None] = {}
        for activity in (*self.method, *self.rollbacks):
            match activity.does:
                case FaultAct(fault=fault, act="inject"):
                    open_faults[fault] = None
                case FaultAct(fault=fault, act="undo"):
                    open_faults.pop(fault, None)
        return list(open_faults)
