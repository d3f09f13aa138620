"""The course of a few scenarios: which state was seen when, when anybody looked, and what was done in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.evidence.account import Account
from harness.evidence.forms import Known, ResultRow
from harness.evidence.survey import Line, glance, said
from harness.model.verdict import Outcome

TRACKED = ("endpoint ", "record ", "connection ", "cluster ", "encryption", "key in use")
"""Subjects, or how they begin, whose states the page draws."""
FAILED = (Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.WAIVED)
GOOD = frozenset({"ACTIVE", "IDLE", "valid", "Approved"})
LOST = frozenset({"FAILED", "PENDING_RECREATION", "PAUSED", "not valid", "disabled", "Rejected", "Disconnected"})
NOTHING = frozenset({"absent", "off", "unknown"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state, from the first look that showed it to the first that showed another, or to the last look of all."""

    state: str
    start: float
    end: float
    """Both in seconds since the scenario's first line."""

    @property
    def tone(self) -> str:
        """Class in the style sheet: `g` works, `l` lost, `z` nothing there, `p` on its way."""
        if self.state.partition(" ")[0] == "enabled" or self.state in GOOD:
            return "g"
        if self.state in LOST:
            return "l"
        return "z" if self.state in NOTHING else "p"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did."""

    at: float
    text: str
    fault: bool
    """It took something away on purpose, or gave it back: it stands in faults.jsonl."""
    refused: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One scenario in time."""

    known: Known
    row: ResultRow
    tracks: Mapping[str, Sequence[Stretch]]
    looks: Sequence[float]
    acts: Sequence[Act]
    length: float

    @property
    def weight(self) -> int:
        """Faults and changes of state together."""
        return sum(act.fault for act in self.acts) + sum(len(track) - 1 for track in self.tracks.values())


@dataclass(slots=True)
class _Track:
    """What was seen of one subject so far."""

    seen: list[tuple[float, str]] = field(default_factory=list)
    last: float = 0.0

    def look(self, at: float, state: str) -> None:
        if not self.seen or self.seen[-1][1] != state:
            self.seen.append((at, state))
        self.last = at

    def stretches(self) -> Sequence[Stretch]:
        ends = [at for at, _ in self.seen[1:]] + [self.last]
        return [Stretch(state, start, end) for (start, state), end in zip(self.seen, ends, strict=True)]


def stories(account: Account) -> Sequence[Story]:
    """Every scenario in which a state was seen, the most telling first.

    Failed scenarios come before others, then counts `weight`; the first of each feature comes before any second.
    """
    faults: dict[str, set[int]] = {}
    for fault in account.faults:
        faults.setdefault(fault.scenario, set()).add(fault.entry)
    found = (_story(account, row, faults.get(row.scenario, set())) for row in account.rows if row.history)
    told = [story for story in found if story is not None]
    told.sort(key=lambda one: (one.row.outcome not in FAILED, -one.weight, one.row.number))
    places: dict[str, int] = {}
    ranks = [(one.row.outcome not in FAILED, places.setdefault(one.known.path, 0)) for one in told]
    for position, one in enumerate(told):
        ranks[position] = (ranks[position][0], places[one.known.path])
        places[one.known.path] += 1
    return [one for _, _, one in sorted(zip(ranks, range(len(told)), told, strict=True), key=lambda one: one[:2])]


def _story(account: Account, row: ResultRow, faults: set[int]) -> Story | None:
    """`faults`: sequence numbers of the lines that are faults."""
    lines = glance(account.directory, row.scenario, "", row.history).lines
    if not lines:
        return None
    start = lines[0].at
    tracks: dict[str, _Track] = {}
    looks: set[float] = set()
    for line in lines:
        if line.kind == "observed" and line.subject.startswith(TRACKED):
            state = state_of(line.subject, said(line.facts))
            tracks.setdefault(line.subject, _Track()).look(line.at - start, state)
            looks.add(line.at - start)
    if not tracks:
        return None
    acts = list(_acts(lines, faults, start))
    drawn = {subject: track.stretches() for subject, track in tracks.items()}
    length = max([*looks, *(act.at for act in acts)])
    return Story(account.scenarios[row.scenario], row, drawn, sorted(looks), acts, length)


def _acts(lines: Iterable[Line], faults: set[int], start: float) -> Iterator[Act]:
    for line in lines:
        if line.kind == "acted":
            ended = {"ok": "", "failed": ": refused", "unknown": ": nobody knows whether it happened"}
            text = f"{line.party} {line.verb} {line.subject}{ended.get(line.completion, '')}"
            yield Act(line.at - start, text, line.sequence in faults, line.completion != "ok")


def state_of(subject: str, facts: Mapping[str, Any]) -> str:
    """The state that a look shows, in Atlas's or Azure's own word where there is one."""
    if facts.get("present") is False:
        return "absent"
    if subject.startswith("cluster "):
        return "PAUSED" if facts.get("paused") else str(facts.get("state", "unknown"))
    if subject == "encryption":
        if facts.get("valid") is None:
            return "unknown" if facts.get("enabled") else "off"
        return "valid" if facts["valid"] else "not valid"
    if subject == "key in use":
        version = str(facts.get("version") or "")[:8]
        return f"{'enabled' if facts.get('enabled') else 'disabled'} {version}".strip()
    return str(facts.get("status") or "unknown")
