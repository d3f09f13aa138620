"""The whole way: search, shrink, tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.explore.course import Judged, every_law
from harness.explore.exhaustive import Bound, Swept, sweep
from harness.explore.guided import Plan, Survey, explore
from harness.explore.report import document, lines
from harness.explore.retelling import from_token, retell, token_of
from harness.explore.scenario import feature
from harness.explore.shrinking import shrunk
from harness.explore.trials import Breaking, Trials


@dataclass(frozen=True, slots=True)
class Question:
    """How far to search."""

    seeds: int = 200
    steps: int = 60
    faults: int = 2
    seed: int = 1
    sweep: int = 5
    """Moves of the histories that are all gone through first; none: 0."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, ready to be shown."""

    found: bool
    document: dict[str, Any]
    lines: tuple[str, ...]
    feature: str | None = None
    """The scenario; None: nothing was found, or the phrase book has no words for it."""


def answer(question: Question, planted: str = "") -> Answer:
    """Search until something is found or everything asked for was done."""
    judged = every_law()
    swept = sweep(every_law(but=NOT_SWEPT), Bound(question.sweep, question.faults, seed=question.seed))
    survey = Survey()
    if swept.found is None and question.seeds:
        plan = Plan(question.seeds, question.steps, question.faults, question.seed)
        survey = explore(judged, plan)
    found = swept.found or survey.found
    done = _done(question, swept, survey)
    if found is None:
        return Answer(False, {"found": None, **done}, ("no law is broken", *_counts(done)))
    return _told(judged, found, done, planted, shortest=swept.found is not None)


NOT_SWEPT = ("no_unexplained_change",)
"""Judges the feed, at which a sweep does not look."""


def _told(judged: Judged, found: Breaking, done: dict[str, Any], planted: str, *, shortest: bool) -> Answer:
    trials = _in_some_world(judged, found)
    minimal = shrunk(trials, found)
    told = retell(judged, trials.seed, minimal.breaking.moves)
    shortest = shortest and len(minimal.breaking.moves) == len(found.moves)
    shown = document(minimal, told, planted=planted, shortest=shortest)
    text = (*lines(minimal, told, planted=planted, shortest=shortest), *_counts(done))
    return Answer(True, {"found": shown, **done}, text, feature(told))


WORLDS = 64
"""Seeds under which the finding of a sweep, which is made without chance, is tried out."""


def _in_some_world(judged: Judged, found: Breaking) -> Trials:
    """A world in which the history breaks the law.

    Raises:
        LookupError: none of so many does.
    """
    for seed in range(found.seed, found.seed + WORLDS):
        trials = Trials(judged, seed)
        tried = trials.run(found.moves)
        if tried is not None and tried.law is found.law:
            return trials
    raise LookupError(f"{found.law.name} is broken only where chance decides nothing")


def _done(question: Question, swept: Swept, survey: Survey) -> dict[str, Any]:
    return {
        "sweep": {"steps": swept.steps, "states": swept.states, "transitions": swept.transitions},
        "walks": {
            "seed": question.seed,
            "walks": survey.walks,
            "events": survey.events,
            "situations": len(survey.situations),
            "transitions": len(survey.transitions),
        },
    }


def _counts(done: dict[str, Any]) -> tuple[str, ...]:
    swept, walks = done["sweep"], done["walks"]
    return (
        f"  swept: every history of {swept['steps']} moves, {swept['states']} states",
        f"  walked: {walks['walks']} histories from seed {walks['seed']} on, {walks['events']} events, "
        f"{walks['situations']} situations",
    )


def replayed(token: str) -> Answer:
    """One history, performed again.

    Raises:
        UsageError: the token is none.
    """
    seed, moves = from_token(token)
    told = retell(every_law(), seed, moves)
    found, left = told.breaking, len(moves) - len(told.moves)
    verdict = "no law is broken" if found is None else f"BROKEN {found.law.name}: {found.finding.claim}"
    shown = {
        "token": token_of(seed, [one.move for one in told.moves]),
        "law": None if found is None else found.law.name,
        "claim": None if found is None else found.finding.claim,
        "digest": told.digest,
        "entries": told.entries,
        "not_made": left,
    }
    text = [verdict, *(f"  {one.at_s:>9.0f} s  {one.move.sentence()}" for one in told.moves)]
    if left:
        text.append(f"  {left} moves could not be made, or came after the breach")
    text.append(f"  digest of {told.entries} entries: {told.digest}")
    return Answer(found is not None, shown, tuple(text), feature(told))
