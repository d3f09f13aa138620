"""The undo ledger: what has to be undone is on disk before it is done (DESIGN 6).

A line of kind `intent` or `fault` names an undo before the change is made; `undone` closes it. Undoing twice is
harmless by design, so what was announced and never happened is simply undone too. A fault's other lines say how far it
came:

    plan → (what was there is read) → fault → (the target is stamped) → armed → (the act) → applied → …
         → (the undo, and a fresh look that it worked) → undone → (the stamp is taken off)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from harness.faults import lines
from harness.ports import Clock

FILE = "undo.jsonl"
OF_A_FAULT = "undo_fault"
"""What undoes a fault, in the words in which other lines name their undo."""

Phase = Literal["intended", "armed", "applied", "maybe applied"]
Outcome = Literal["restored", "compensated", "expired", "manual", "foreign"]
"""How a fault ended: as before; as good as before; by itself; by a person; changed by somebody else, and left so."""


@dataclass(frozen=True, slots=True)
class FaultUndo:
    """What another process, on another machine, needs to undo a fault."""

    fault: str
    """Its id in the catalogue."""
    undo: str
    """Class of its undo, by `harness.model.fault.Undo`."""
    site: Mapping[str, Any]
    """Where it struck: names and identifiers of project, vault, principal (`harness.ports.Site`)."""
    image: Mapping[str, Any]
    """What was there before; nothing secret."""
    digest: str
    """SHA-256 of that image."""
    post: str
    """What has to be true once it is undone, in words."""
    deadline: float
    """Unix seconds at which it has to be undone at the latest."""
    key: str
    """Names this very injection wherever it has left a trace."""
    authorisation: str
    """Hash of the plan that somebody confirmed, or why none was needed."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A change that is about to be made, by what undoes it."""

    number: int
    undo: str
    """Name of the operation that undoes it."""
    target: Mapping[str, Any]
    """What it is done to; names and identifiers, nothing secret."""
    about: FaultUndo | None = None
    """Where the change is a fault: what else its undo needs."""

    def __str__(self) -> str:
        if self.about:
            struck = ", ".join(f"{name} {value}" for name, value in self.target.items())
            return f"{self.about.fault} {struck}".rstrip()
        return (
            f"{self.undo.replace('_', ' ')} {self.target.get('name') or self.target.get('project_id') or ''}".rstrip()
        )


class UndoLedger:
    """Append-only. Opening an existing file continues it; nothing is changed before the first new line."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._open: dict[int, Intent] = {}
        self._phases: dict[int, Phase] = {}
        self._lines = 0
        self._last = lines.NOTHING_BEFORE
        self.closed_keys: list[str] = []
        """Of the faults that have been undone: their keys, in order."""
        self.profile = ""
        """The profile of the run; empty where the ledger does not say it."""
        written = lines.read(path)
        self._size = written.size
        for line in written.lines:
            self._take(line)

    def __len__(self) -> int:
        """Lines so far; an intent's number is at least the length before it."""
        return self._lines

    @property
    def unresolved(self) -> Sequence[Intent]:
        """What has not been undone, newest first: the order in which to undo it."""
        return sorted(self._open.values(), key=lambda intent: -intent.number)

    def phase(self, intent: Intent) -> Phase:
        """How far an open fault came, as far as is known."""
        return self._phases[intent.number]

    def opened(self, profile: str, target: Mapping[str, Any]) -> None:
        """Write down whose ledger this is: the profile, and what it may change.

        Raises:
            EvidenceError: it could not be written.
        """
        self._append({"kind": "opened", "profile": profile, "target": target})

    def intend(self, undo: str, **target: Any) -> Intent:
        """Write down how a change will be undone; returns once that is safe on disk.

        Raises:
            EvidenceError: it could not be written; do not make the change.
        """
        return self._opening({"kind": "intent", "undo": undo, "target": target})

    def planned(self, fault: str, target: Mapping[str, Any]) -> None:
        """Write down that a fault is about to be prepared; nothing has to be undone for that.

        Raises:
            EvidenceError: it could not be written.
        """
        self._append({"kind": "plan", "fault": fault, "target": target})

    def fault(self, about: FaultUndo, target: Mapping[str, Any]) -> Intent:
        """Write down how a fault will be undone; returns once that is safe on disk.

        Raises:
            EvidenceError: it could not be written; do not bring the fault about.
        """
        said = {name: getattr(about, name) for name in FaultUndo.__slots__}
        return self._opening({"kind": "fault", "target": target, **said})

    def armed(self, intent: Intent) -> None:
        """Write down that the target is stamped, and that the act comes next. Raises what `intend` raises."""
        self._append({"kind": "armed", "intent": intent.number})

    def applied(self, intent: Intent, *, known: bool) -> None:
        """Write down that the act happened, or that nobody knows. Raises what `intend` raises."""
        self._append({"kind": "applied", "intent": intent.number, "known": known})

    def observed(self, intent: Intent) -> None:
        """Write down that the fault was seen to be in force. Raises what `intend` raises."""
        self._append({"kind": "observed", "intent": intent.number})

    def undone(self, intent: Intent, outcome: Outcome | None = None) -> None:
        """Write down that a change has been undone; of a fault, how it ended.

        Raises:
            EvidenceError: it could not be written.
        """
        ended = {"outcome": outcome} if outcome else {}
        self._append({"kind": "undone", "intent": intent.number, **ended})

    def _opening(self, said: Mapping[str, Any]) -> Intent:
        number = self._lines
        self._append(said)
        return self._open[number]

    def _append(self, said: Mapping[str, Any]) -> None:
        line = {"number": self._lines, "at": self._clock.now(), **said, "before": self._last}
        self._size = lines.append(self.path, line, self._size)
        self._take(line)

    def _take(self, line: lines.Line) -> None:
        number = int(line["number"])
        self._lines, self._last = number + 1, lines.digest(line)
        match line["kind"]:
            case "opened":
                self.profile = line["profile"]
            case "intent":
                self._begin(Intent(number, line["undo"], line["target"]))
            case "fault":
                about = FaultUndo(**{name: line[name] for name in FaultUndo.__slots__})
                self._begin(Intent(number, OF_A_FAULT, line["target"], about))
            case "armed":
                self._phases[line["intent"]] = "armed"
            case "applied":
                self._phases[line["intent"]] = "applied" if line["known"] else "maybe applied"
            case "undone":
                closed = self._open.pop(line["intent"], None)
                if closed and closed.about:
                    self.closed_keys.append(closed.about.key)

    def _begin(self, intent: Intent) -> None:
        self._open[intent.number] = intent
        self._phases[intent.number] = "intended"


def read_only(path: Path) -> UndoLedger:
    """A ledger to look at; it takes no new lines.

    Raises:
        EvidenceError: it is damaged or cannot be read.
    """
    return UndoLedger(path, _Nobody())


class _Nobody:
    """The clock of somebody who writes nothing."""

    kind = "none"

    def now(self) -> float:
        """Nothing is written, so no time is needed."""
        raise RuntimeError("this ledger was opened to be looked at")

    monotonic = now

    def sleep(self, seconds: float) -> None:  # noqa: ARG002 - a clock
        """Nothing is waited for."""
        raise RuntimeError("this ledger was opened to be looked at")
