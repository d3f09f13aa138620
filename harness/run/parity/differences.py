"""What differs between two performances of one scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from hashlib import sha256

from harness.limits import Limits
from harness.model.history import Completion, History
from harness.model.verdict import Outcome
from harness.run.parity.alignment import Lane, agree, lane, shown
from harness.run.parity.traces import ABSENT, LISTED, Act, Token, Trace, kind_of, trace_of

FINGERPRINT_DIGITS = 16
DECIDED = (Outcome.MET, Outcome.WAIVED, Outcome.NOT_MET)


class Kind(Enum):
    """In what two performances differ."""

    OUTCOME = "outcome"
    """The scenario's outcome."""
    ACTS = "acts"
    """What the parties did, which follows from an earlier answer."""
    REFUSAL = "refusal"
    """One accepted what the other refused."""
    CODE = "error code"
    """HTTP status or error code of an answer."""
    STATES = "status sequence"
    """Which states a subject took, or in which order."""
    PRESENCE = "field presence"
    """Whether a name, an id or a text is there."""
    READING = "reading"
    """The two runs presumed different answers to an open question."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. Values are abstract: they hold no id and no time."""

    scenario: str
    kind: Kind
    place: str
    """The act or the subject; `outcome` for the scenario as a whole."""
    fake: str
    live: str
    fields: tuple[str, ...] = ()
    """Facts of the subject that differ."""
    acts: tuple[int, int] = (-1, -1)
    """Sequence number of the act in the fake's history and in the live one."""
    detail: str = ""
    """Reasons that came with it; not part of its identity."""

    @property
    def fingerprint(self) -> str:
        """What recognises the same difference in later runs. Which passing states were seen does not count."""
        states = self.kind in (Kind.STATES, Kind.PRESENCE)
        essence = self.fields if states else (self.fake, self.live)
        said = "\n".join((self.scenario, self.kind.value, self.place, *essence))
        return sha256(said.encode()).hexdigest()[:FINGERPRINT_DIGITS]


@dataclass(frozen=True, slots=True)
class Performance:
    """One side of a comparison."""

    outcome: Outcome
    reason: str
    history: History | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two performances. `unclear` says why nothing more can be said, `left_out` why nothing."""

    differences: tuple[Difference, ...] = ()
    unclear: str = ""
    left_out: str = ""


def compare_performances(
    scenario: str, fake: Performance, live: Performance, limits: Limits, *, outcomes_only: bool = False
) -> Comparison:
    """Compare two performances of a scenario; `limits` say how long a state that is bound to end may last."""
    untested = [
        f"on the {name} side: {side.reason}"
        for name, side in (("fake", fake), ("live", live))
        if side.outcome is Outcome.NOT_TESTED
    ]
    if fake.history is None or live.history is None:
        return Comparison(left_out="; ".join(untested)) if untested else Comparison(unclear=_why(fake, live))
    found, unknown = list(_outcomes(scenario, fake, live)), ""
    if not outcomes_only:
        one, other = trace_of(fake.history), trace_of(live.history)
        acts, until, unknown = _acts(scenario, one.acts, other.acts)
        found += [*acts, *_subjects(scenario, one, other, until, limits)]
    if found:
        return Comparison(tuple(found))
    if untested:
        return Comparison(left_out="; ".join(untested))
    decided = fake.outcome in DECIDED and live.outcome in DECIDED
    return Comparison(unclear=unknown or ("" if decided else _why(fake, live)))


def _why(fake: Performance, live: Performance) -> str:
    sides = (("fake", fake), ("live", live))
    return "; ".join(f"{name}: {side.reason or side.outcome.value}" for name, side in sides if side.reason)


def _outcomes(scenario: str, fake: Performance, live: Performance) -> Iterator[Difference]:
    if fake.outcome is not live.outcome and fake.outcome in DECIDED and live.outcome in DECIDED:
        yield Difference(
            scenario,
            Kind.OUTCOME,
            "outcome",
            fake.outcome.value,
            live.outcome.value,
            detail="; ".join(filter(None, (fake.reason, live.reason))),
        )


def _acts(scenario: str, fake: Sequence[Act], live: Sequence[Act]) -> tuple[list[Difference], int, str]:
    """Differences between acts, the segment up to which the rest can be compared, and what nobody knows."""
    found: list[Difference] = []
    for at, (one, other) in enumerate(zip(fake, live, strict=False)):
        here = Difference(
            scenario, Kind.ACTS, one.words, _answer(one), _answer(other), acts=(one.sequence, other.sequence)
        )
        if one.words != other.words:
            place = f"act {at + 1}"
            return [*found, replace(here, place=place, fake=one.words, live=other.words)], at, ""
        if Completion.UNKNOWN in (one.completion, other.completion):
            return found, at, f"nobody knows whether this happened: {one.words}"
        if one.completion is not other.completion:
            return [*found, replace(here, kind=Kind.REFUSAL)], at, ""
        if here.fake != here.live:
            found.append(replace(here, kind=Kind.CODE))
    return found, min(len(fake), len(live)), ""


def _answer(act: Act) -> str:
    code = " ".join(str(part) for part in (act.status, act.reason) if part)
    match act.completion:
        case Completion.OK:
            return f"accepted {code}".strip()
        case Completion.FAILED:
            return f"refused {code}".strip()
        case Completion.UNKNOWN:
            return "unknown"


def _subjects(scenario: str, fake: Trace, live: Trace, until: int, limits: Limits) -> Iterator[Difference]:
    """Differences between what was seen: at most one of states and one of presence for each subject."""
    for subject in dict.fromkeys((*fake.looks, *live.looks)):
        patient = partial(patience, limits, subject)
        differing = {path: pair for path, pair in _lanes(fake, live, subject, until) if not agree(*pair, patient)}
        for kind in (Kind.STATES, Kind.PRESENCE):
            chosen = {path: pair for path, pair in differing.items() if _kind(path, pair) is kind}
            if chosen:
                fake_words, live_words = (_in_words(chosen, side) for side in (0, 1))
                yield Difference(scenario, kind, subject, fake_words, live_words, fields=tuple(sorted(chosen)))


def _lanes(fake: Trace, live: Trace, subject: str, until: int) -> Iterator[tuple[str, tuple[Lane, Lane]]]:
    """Every fact of a subject that both sides have looked at, as it went on each side."""
    ours, theirs = fake.looks_at(subject), live.looks_at(subject)
    for path in sorted({path for look in (*ours, *theirs) for path in look.tokens}):
        pair = lane(fake, ours, path, until), lane(live, theirs, path, until)
        if pair[0].stretches and pair[1].stretches:
            yield path, pair


def _kind(path: str, pair: tuple[Lane, Lane]) -> Kind:
    tokens = {stretch.token for side in pair for stretch in side.stretches} - {ABSENT}
    named = all(token.is_name for token in tokens) or path.startswith("fields[")
    return Kind.PRESENCE if named or (tokens == {LISTED} and "[" not in path) else Kind.STATES


def _in_words(chosen: Mapping[str, tuple[Lane, Lane]], side: int) -> str:
    return "; ".join(f"{path}: {shown(pair[side])}" for path, pair in sorted(chosen.items()))


FOLLOWING: Mapping[tuple[str, str], str] = {
    ("endpoint", "absent"): "recreation_s",
    ("endpoint", "INITIATING"): "creation_s",
    ("endpoint", "PENDING_ACCEPTANCE"): "detection_s",
    ("endpoint", "ACTIVE"): "detection_s",
    ("endpoint", "PENDING_RECREATION"): "recreation_s",
    ("endpoint", "DELETING"): "deletion_s",
    ("encryption", ""): "pause_s",
    ("alerts", ""): "alert_s",
    ("events", ""): "alert_s",
}
"""The limit within which a state that is bound to end ends; anything not named here is a change of a cluster."""


def patience(limits: Limits, subject: str, token: Token) -> float:
    """For how many seconds the last state of a subject may have been watched without saying that it stays."""
    kind = kind_of(subject)
    name = FOLLOWING.get((kind, token.text)) or FOLLOWING.get((kind, "")) or "cluster_s"
    return float(getattr(limits, name))
