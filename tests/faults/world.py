"""A switch that can be broken, and everything that an injector needs around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.backends.clocks import VirtualClock
from harness.errors import SafetyError
from harness.faults.books import LedgerAndTags
from harness.faults.injector import Gate, Injector
from harness.faults.ledger import UndoLedger
from harness.model.fault import Effect, Fault, Place, Undo
from harness.ports import Image, Site

SWITCH = Fault(
    id="F-08",
    name="disable-key",
    what="A switch is off.",
    effects=(Effect.INVALID,),
    places=(Place.AZURE,),
    undo=Undo.INVERSE,
    blast_radius="one switch",
    expected="It is dark.",
    source="here",
    severity="destructive",
)
SITE = Site("project", "tenant", "client", "principal", "subscription", "group", "vault", "here", "key")


def fault(**changes: object) -> Fault:
    """The switch's fault, differently."""
    return replace(SWITCH, **changes)  # type: ignore[arg-type]


def nothing() -> None:
    """Nothing goes wrong."""


@dataclass
class Tags:
    """Implements `TagHolder`; `before_write` may raise."""

    kept: dict[str, str] = field(default_factory=lambda: {"owner": "security"})
    before_write: Callable[[], None] = nothing
    name: str = "resource group rg"

    def tags(self) -> Mapping[str, str]:
        return dict(self.kept)

    def set_tags(self, tags: Mapping[str, str]) -> None:
        self.before_write()
        self.kept = dict(tags)


@dataclass
class Switch:
    """Implements `harness.ports.Injection`, and tells what was called. `instead` takes the place of the act."""

    kept: dict[str, str] = field(default_factory=lambda: {"state": "on"})
    fault: Fault = SWITCH
    target: Mapping[str, str] = field(default_factory=lambda: {"key": "k"})
    called: list[str] = field(default_factory=list)
    instead: Callable[[], None] = nothing
    undoing: Callable[[], None] = nothing
    slow_s: float = 0.0
    clock: VirtualClock | None = None
    reads: Callable[[], str] | None = None
    """What a look shows, where that is not what is so."""
    _repaired_at: float | None = None

    def capture(self) -> Image:
        self.called.append("capture")
        if self.kept["state"] != "on":
            raise SafetyError("it is off already")
        return {"state": "on"}

    def inject(self) -> None:
        self.called.append("inject")
        self.kept["state"] = "off"
        self.instead()

    def observed(self) -> bool:
        return self.kept["state"] == "off"

    def undo(self, image: Image) -> None:
        self.called.append("undo")
        self.undoing()
        self.kept["state"] = image["state"]
        self._repaired_at = self.clock.now() if self.clock else None

    def restored(self, image: Image) -> bool:
        self.called.append("look")
        if self.clock and self._repaired_at is not None and self.clock.now() < self._repaired_at + self.slow_s:
            return False
        return (self.reads() if self.reads else self.kept["state"]) == image["state"]

    def foreign(self, image: Image) -> str:
        state = self.kept["state"]
        return "" if state in ("off", image["state"]) else f"its state is {state}"


@dataclass
class Bench:
    """An injector over a ledger and tags."""

    directory: Path
    gates: tuple[Gate, ...] = ()
    tags: Tags = field(default_factory=Tags)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(1000.0))
    guarded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = UndoLedger(self.directory / "undo.jsonl", self.clock)
        self.books = LedgerAndTags(
            self.ledger, self.tags, SITE, owner="run-1", authorisation="none", guard=lambda: self.guarded.append("on")
        )
        self.injector = Injector(self.clock, self.books, self.gates, recovery_s=60.0)

    @property
    def kinds(self) -> list[str]:
        """The kinds of the ledger's lines, as they are on disk."""
        lines = (self.directory / "undo.jsonl").read_text().splitlines() if self.ledger.path.exists() else []
        return [line.partition('"kind":"')[2].partition('"')[0] for line in lines]
