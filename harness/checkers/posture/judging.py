"""How the judges of the posture look at a history: the latest look at each of their subjects, and who is at fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps

from harness.checkers.registry import checker
from harness.model.history import Claimed, Facts, History
from harness.model.verdict import Finding, Judgement


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen."""

    facts: Sequence[Facts]
    """Of each subject, in the order in which the judge names them."""
    now: float
    """When the last of the looks was taken, in unix seconds."""
    limit_s: float
    """The limit that the claim names; 0 where it names none."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a judge makes of it: nothing at fault and nothing unknown is a promise that holds."""

    expected: str
    observed: str = ""
    """In words, for a promise that holds."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """Identifiers of the resources at fault, each with what is wrong with it."""
    unknown: str = ""
    """Why it cannot be told, of what the faults do not speak of."""


def posture(*subjects: str) -> Callable[[Callable[[Sight], Ruling]], Callable[[Sight], Ruling]]:
    """Register a judge of the latest looks at these subjects under the function's name.

    A subject that was not looked at leaves the claim undecided.
    """

    def register(judge: Callable[[Sight], Ruling]) -> Callable[[Sight], Ruling]:
        @wraps(judge)
        def judged(history: History, claim: Claimed) -> Finding:
            latest = [list(history.observations(subject, since=claim.since))[-1:] for subject in subjects]
            unseen = [subject for subject, looks in zip(subjects, latest, strict=True) if not looks]
            if unseen:
                return Finding(claim.text, Judgement.UNDECIDED, judge.__name__, f"never looked at {', '.join(unseen)}")
            entries = [looks[0] for looks in latest]
            now = max(entry.at for entry, _ in entries)
            limit_s = float(claim.arguments.get("limit_s", 0.0))
            ruling = judge(Sight([look.facts for _, look in entries], now, limit_s))
            return _finding(claim, ruling, tuple(entry.sequence for entry, _ in entries))

        checker(judged)
        return judge

    return register


def _finding(claim: Claimed, ruling: Ruling, witnesses: tuple[int, ...]) -> Finding:
    judgement = Judgement.HOLDS
    if ruling.faults:
        judgement = Judgement.BROKEN
    elif ruling.unknown:
        judgement = Judgement.UNDECIDED
    said = [f"{resource}: {wrong}" for resource, wrong in ruling.faults.items()]
    said += [ruling.unknown] if ruling.unknown else []
    observed = "; ".join(said) or ruling.observed
    return Finding(
        claim.text, judgement, ruling.expected, observed, witnesses=witnesses, resources=tuple(ruling.faults)
    )


def shown(value: object) -> str:
    """A value as reports show it."""
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
