"""Judges over time: what is eventually, always, never observed, and in which order.

A claim counts from the entry `since`; its clock starts when that entry was written. Only observations count: between
two of them the system may have been in any state, which is why a status that could have been shorter than the gap
between two looks makes a claim undecided, not broken.

On a clock that moves by itself a look takes time. `slack_s` of a claim says how much of that its bounds forgive; on a
virtual clock it is nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from harness.checkers.condition import describe, excerpt, holds
from harness.checkers.registry import checker
from harness.model.history import Claimed, Entry, History, Observed
from harness.model.verdict import Finding, Judgement

GAP_TOLERANCE_S = 1e-6
"""Instants closer than this are one instant (arithmetic on floats)."""


@checker
def reads(history: History, claim: Claimed) -> Finding:
    """The first observation of `subject` since the claim's start has the facts of `where`."""
    where = claim.arguments["where"]
    seen = _observations(history, claim)
    if not seen:
        return _undecided(claim, describe(where), "never looked at")
    entry, look = seen[0]
    judgement = Judgement.HOLDS if holds(where, look.facts) else Judgement.BROKEN
    return Finding(claim.text, judgement, describe(where), excerpt(where, look.facts), witnesses=(entry.sequence,))


@checker
def reaches(history: History, claim: Claimed) -> Finding:
    """`subject` is observed with the facts of `where` at most `within_s` seconds after the claim's start."""
    where, within_s, slack = claim.arguments["where"], claim.arguments["within_s"], _slack(claim)
    start = _start(history, claim)
    expected = f"{describe(where)} within {seconds(within_s)}"
    seen = _observations(history, claim)
    for entry, look in seen:
        if entry.at <= start + within_s + slack and holds(where, look.facts):
            return Finding(
                claim.text,
                Judgement.HOLDS,
                expected,
                f"after {seconds(entry.at - start)}",
                witnesses=(entry.sequence,),
            )
    if not seen or seen[-1][0].at < start + within_s - GAP_TOLERANCE_S:
        return _undecided(claim, expected, "not observed until the end of the period")
    entry, look = seen[-1]
    return Finding(
        claim.text,
        Judgement.BROKEN,
        expected,
        f"{excerpt(where, look.facts)} after {seconds(entry.at - start)} ({len(seen)} looks)",
        since=_unbroken_since(seen, where, start),
        witnesses=(entry.sequence,),
    )


@checker
def stays(history: History, claim: Claimed) -> Finding:
    """Every observation of `subject` for `for_s` seconds has the facts of `where`, and none is missing at the end."""
    where, for_s, slack = claim.arguments["where"], claim.arguments["for_s"], _slack(claim)
    start = _start(history, claim)
    expected = f"{describe(where)} throughout {seconds(for_s)}"
    seen = [(e, o) for e, o in _observations(history, claim) if e.at <= start + for_s + slack]
    for entry, look in seen:
        if not holds(where, look.facts):
            after = seconds(entry.at - start)
            return Finding(
                claim.text,
                Judgement.BROKEN,
                expected,
                f"{excerpt(where, look.facts)} after {after}",
                after,
                (entry.sequence,),
            )
    if not seen or seen[-1][0].at < start + for_s - GAP_TOLERANCE_S:
        return _undecided(claim, expected, "not observed until the end of the period")
    return Finding(
        claim.text, Judgement.HOLDS, expected, f"in all {len(seen)} looks", witnesses=(seen[-1][0].sequence,)
    )


@checker
def passes_through(history: History, claim: Claimed) -> Finding:
    """`field` of `subject` takes the values of `stages`, in that order, ending within `within_s` seconds.

    Other values are allowed before the first stage only. A stage that was not seen is missing for certain only if no
    two looks lay further apart than `gap_s`; with a wider gap it may have been shorter than the gap: undecided.
    """
    field, stages = claim.arguments["field"], list(claim.arguments["stages"])
    start, within_s, slack = _start(history, claim), claim.arguments["within_s"], _slack(claim)
    expected = f"{field} passes through {', '.join(map(str, stages))} within {seconds(within_s)}"
    seen = [(e, o) for e, o in _observations(history, claim) if e.at <= start + within_s + slack]
    path = _path([look.facts.get(field) for _, look in seen])
    if _contains(path, stages):
        return Finding(
            claim.text,
            Judgement.HOLDS,
            expected,
            " → ".join(map(str, path)),
            witnesses=(seen[-1][0].sequence,),
        )
    observed = " → ".join(map(str, path)) or "never looked at"
    ended = bool(seen) and (path[-1] == stages[-1] or seen[-1][0].at >= start + within_s - GAP_TOLERANCE_S)
    if not ended:
        return _undecided(claim, expected, observed)
    arrived = path[-1] == stages[-1]
    if arrived and _skipped(path, stages) and _widest_gap(start, seen) > claim.arguments["gap_s"] + slack:
        return _undecided(claim, expected, f"{observed}; a stage may have been shorter than the gap between two looks")
    return Finding(claim.text, Judgement.BROKEN, expected, observed, witnesses=(seen[-1][0].sequence,))


@checker
def unchanged(history: History, claim: Claimed) -> Finding:
    """The facts of `subject` after the claim's start equal those of the last look before it.

    Looks after the next act tell of that one, not of the act that the claim is about. `fields` narrows the comparison;
    without it every fact counts.
    """
    subject = claim.arguments["subject"]
    before = [(e, o) for e, o in history.observations(subject) if e.sequence < claim.since]
    until = next((e.sequence for e, _ in history.acts(claim.since + 1)), len(history.entries))
    after = [(e, o) for e, o in _observations(history, claim) if e.sequence < until]
    expected = "nothing changes"
    if not before or not after:
        return _undecided(claim, expected, "not looked at both before and after")
    old, new = before[-1][1].facts, after[-1][1].facts
    fields = claim.arguments.get("fields") or sorted({*old, *new})
    changed = [
        f"{field}: {old.get(field)!r} became {new.get(field)!r}" for field in fields if old.get(field) != new.get(field)
    ]
    return Finding(
        claim.text,
        Judgement.BROKEN if changed else Judgement.HOLDS,
        expected,
        "; ".join(changed) or "nothing changed",
        witnesses=(before[-1][0].sequence, after[-1][0].sequence),
    )


def seconds(duration: float) -> str:
    """A duration in the units people use: `45 s`, `3 min`, `2 h 5 min`, `91 d`."""
    whole = round(duration)
    if whole < 90:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 120:
        return f"{minutes} min" + (f" {rest} s" if rest else "")
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h" + (f" {minutes} min" if minutes else "")
    return f"{hours / 24:g} d"


def _observations(history: History, claim: Claimed) -> list[tuple[Entry, Observed]]:
    return list(history.observations(claim.arguments["subject"], since=claim.since))


def _slack(claim: Claimed) -> float:
    """How far past its bound a look may still be meant for the bound, in seconds."""
    return float(claim.arguments.get("slack_s", 0.0)) + GAP_TOLERANCE_S


def _start(history: History, claim: Claimed) -> float:
    return history.entries[claim.since].at


def _undecided(claim: Claimed, expected: str, observed: str) -> Finding:
    return Finding(claim.text, Judgement.UNDECIDED, expected, observed)


def _unbroken_since(seen: Sequence[tuple[Entry, Observed]], where: Mapping[str, Any], start: float) -> str:
    """Since when the last observed state has been what it is."""
    final = excerpt(where, seen[-1][1].facts)
    first = seen[-1][0]
    for entry, look in reversed(seen):
        if excerpt(where, look.facts) != final:
            break
        first = entry
    return f"{seconds(max(0.0, first.at - start))} after the start"


def _path(values: Sequence[Any]) -> list[Any]:
    """Values without repetitions of the one before."""
    return [value for index, value in enumerate(values) if index == 0 or value != values[index - 1]]


def _contains(path: Sequence[Any], stages: Sequence[Any]) -> bool:
    return any(list(path[at : at + len(stages)]) == list(stages) for at in range(len(path)))


def _skipped(path: Sequence[Any], stages: Sequence[Any]) -> bool:
    """Every value seen is a stage and in order, only some stages are missing."""
    remaining = iter(stages)
    return all(value in remaining for value in path)


def _widest_gap(start: float, seen: Sequence[tuple[Entry, Observed]]) -> float:
    instants = [start, *(entry.at for entry, _ in seen)]
    return max(later - earlier for earlier, later in itertools.pairwise(instants))
