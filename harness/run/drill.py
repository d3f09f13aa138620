"""A drill: faults of the catalogue for a time, on a project that the run makes, with what is documented to follow.

A drill is a run like any other. Its one scenario is written for it, in the sentences that every scenario is written in,
so that its plan, its history, its verdict and its evidence are those of a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from harness.driver.bounds import PATTERN, Bound
from harness.errors import SafetyError, UsageError
from harness.faults.catalogue import find
from harness.faults.gates import Permitted
from harness.faults.reachability import Reachability
from harness.limits import Limits
from harness.model.fault import Effect, Fault
from harness.settings import Settings
from harness.suite.breaking import AS_IT_WAS, STRIKES
from harness.suite.tags import SEVERITIES

REGION = "US_EAST_2"
"""Where the cluster of a drill stands."""
CLUSTER = "payments"
FILE = "drill.feature"
SHORT = {"s": "seconds", "m": "minutes", "h": "hours"}
PUBLIC = frozenset({"F-14"})
"""Faults of a project that uses its key over public networking."""
DRILLED = PUBLIC | {
    *("F-01", "F-02", "F-04", "F-08", "F-09", "F-11", "F-12", "F-13", "F-16", "F-17", "F-18", "F-22", "F-36")
}
"""Faults that the project of a drill can suffer, with something to see within the agreed times.

Others need a scenario of their own: a region without an endpoint, a cluster over several regions, a restart at the
right moment, or the hour that a token lives (F-15).
"""
MARGIN = 2.0
"""A fault may be in force so many times as long as the drill plans, before the run stops."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A fault that somebody asks for; what it will strike is not made yet."""

    fault: Fault
    target: Mapping[str, str] = field(default_factory=lambda: {"project": "of the run"})


@dataclass(frozen=True, slots=True)
class Drill:
    """Faults, and for how long they are held."""

    faults: tuple[Fault, ...]
    hold: Bound

    @property
    def title(self) -> str:
        """Its faults by id and name."""
        return ", ".join(f"{one.id} {one.name}" for one in self.faults)

    @property
    def severity(self) -> str:
        """Of the most severe one; a scenario that changes a project is at least active."""
        return max((*(one.severity for one in self.faults), "active"), key=SEVERITIES.index)


def drill_of(words: Sequence[str], hold: str, *, live: bool) -> Drill:
    """The drill that somebody asks for.

    Raises:
        UsageError: there is no such fault, or it cannot be part of a drill, or the time is none.
        SafetyError: a fault that is never brought about live was asked for on a live target.
    """
    if not words:
        raise UsageError("a drill needs a fault", advice="`cmkproof list faults` shows those that there are.")
    faults = tuple({one.id: one for one in map(find, words)}.values())
    for one in faults:
        if live and not one.live:
            raise SafetyError(f"{one.id} {one.name} is never brought about on a live target", advice="Use -p fake.")
        if one.id not in DRILLED:
            drilled = ", ".join(sorted(DRILLED))
            raise UsageError(f"{one.id} {one.name} cannot be part of a drill", advice=f"These can: {drilled}.")
    if len({one.id in PUBLIC for one in faults}) > 1:
        raise UsageError("some of these faults need public networking and others private networking")
    return Drill(faults, bound_of(hold))


def refuse_unfit(drill: Drill, settings: Settings) -> None:
    """Refuse, before anything is touched or asked, what the injector would refuse once a project has been made for it.

    Raises:
        SafetyError: the profile does not allow a fault, or one would keep another from being undone.
    """
    allowed = Permitted(settings.safety.allow_faults)
    reachable = Reachability((), private_route=settings.safety.private_route)
    active: list[Asked] = []
    for one in map(Asked, drill.faults):
        for gate in (allowed, reachable):
            gate(one, active, drill.severity)
        active.append(one)


def bound_of(text: str) -> Bound:
    """`20m`, or a time as scenarios write it.

    Raises:
        UsageError: it is none.
    """
    short = re.fullmatch(r"(\d+)\s*([smh])", text.strip())
    spelt = f"{short[1]} {SHORT[short[2]]}" if short else text.strip()
    if not re.fullmatch(PATTERN, spelt):
        raise UsageError(f"--for {text!r} is no time", advice="Write it as 90s, 20m or 2h.")
    return Bound(spelt)


def write_feature(drill: Drill, limits: Limits, directory: Path) -> Path:
    """Write the drill's feature into a directory; returns the directory."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / FILE).write_text("\n".join(_lines(drill, limits)) + "\n", encoding="utf-8")
    return directory


def _lines(drill: Drill, limits: Limits) -> Iterator[str]:
    yield f"@{drill.severity}"
    yield f"Feature: Drill: {drill.title}"
    yield from (f"  {one.id}: {one.what}" for one in drill.faults)
    yield f"\n  {' '.join(f'@req:{one}' for one in _requirements(drill))}"
    yield f"  Scenario: {drill.title}, held for {drill.hold.text}"
    phases: list[tuple[str, Sequence[str]]] = [("Given", _before(drill)), ("When", [_strike(drill, limits)])]
    phases.append(_meanwhile(drill))
    phases += [("When", ["everything that was broken is undone"]), ("Then", [_runs_again()])]
    phases += [("When", [f"{int(limits.recovery_s / 60)} minutes pass"]), ("Then", _afterwards(drill))]
    for keyword, sentences in phases:
        yield f"    {keyword} {next(iter(sentences))}"
        yield from (f"    And {sentence}" for _, sentence in pairwise(sentences))


def _before(drill: Drill) -> Sequence[str]:
    public = any(one.id in PUBLIC for one in drill.faults)
    cluster = f'a cluster "{CLUSTER}" in {REGION} encrypted with the customer\'s key'
    if public:
        return ["a project that uses the customer's key", cluster]
    private = "a project that uses the customer's key over private networking"
    return [private, f"a private endpoint in {REGION} that is active", cluster]


def _strike(drill: Drill, limits: Limits) -> str:
    names = [f'"{one.name}"' for one in drill.faults]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    longest_s = drill.hold.seconds(limits) + limits.pause_s + limits.alert_s
    return f"{STRIKES}{listed} in {REGION} for at most {int(longest_s * MARGIN / 60) + 1} minutes"


def _effects(drill: Drill) -> frozenset[Effect]:
    return frozenset(effect for one in drill.faults for effect in one.effects)


def _requirements(drill: Drill) -> Sequence[str]:
    """What the sentences of the drill put to the test, and no more."""
    effects = _effects(drill)
    if Effect.INVALID in effects:
        return ["EAR-111"] if Effect.UNREACHABLE in effects else ["EAR-101", "EAR-111"]
    if Effect.UNREACHABLE in effects:
        return ["EAR-102", "EAR-103"]
    return ["EAR-072"] if Effect.NONE in effects else ["EAR-024"]


def _meanwhile(drill: Drill) -> tuple[str, Sequence[str]]:
    """What is documented to be seen while the faults are in force."""
    effects = _effects(drill)
    if {Effect.INVALID, Effect.UNREACHABLE} <= effects:  # whoever cannot reach the vault does not learn what is there
        return "When", [f"{drill.hold.text} pass"]
    if Effect.INVALID in effects:
        stops = f'cluster "{CLUSTER}" is stopped within the agreed pause time'
        return "Then", [stops, f'cluster "{CLUSTER}" stays stopped for {drill.hold.text}']
    stays = f'cluster "{CLUSTER}" stays running for {drill.hold.text}'
    if Effect.UNREACHABLE in effects:
        return "Then", ["Atlas raises the alert that the key cannot be reached within the agreed alert time", stays]
    return "Then", [stays]


def _runs_again() -> str:
    return f'cluster "{CLUSTER}" is running within the agreed recovery time'


def _afterwards(drill: Drill) -> Sequence[str]:
    after = [
        f'cluster "{CLUSTER}" is running',
        "the project finds its key valid",
        AS_IT_WAS,
    ]
    if any(one.id not in PUBLIC for one in drill.faults):
        after.append("every region with an encrypted cluster has an active private endpoint")
    return after


def needs_plan(settings: Settings) -> bool:
    """A target that does not declare itself to be simulated is struck only by a plan that somebody has confirmed."""
    return settings.backend == "live" and settings.mode != "observe" and not settings.simulator.control


def about(drill: Drill) -> Iterator[str]:
    """What somebody should know before agreeing to a drill."""
    for one in drill.faults:
        yield f"{one.id} {one.name}: {one.what}"
        yield f"  expected: {one.expected} ({one.source})"
        yield f"  at most:  {one.blast_radius}"
        yield f"  undo:     {one.undo.value}"
        yield f"  needs:    {', '.join(one.permissions) or 'nothing'}"
        if one.live_only_if:
            yield f"  live only if {one.live_only_if}"
