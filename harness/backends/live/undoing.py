"""Undoing what a live run made or changed: with patience, and writing down what is done.

What undoes each thing is in `harness.backends.live.undos`; faults are undone by their own injections.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.backends.live.repair import undo_fault
from harness.backends.live.undos import UNDOS
from harness.backends.live.workshop import Workshop
from harness.errors import EvidenceError, ForeignChange, HarnessError, LeftChanged, TargetError, Undecided
from harness.faults.books import unstamp
from harness.faults.by_hand import by_hand
from harness.faults.ledger import Intent, Outcome, UndoLedger

ATTEMPTS = 4
PAUSE_S = 30.0
"""An undo that fails is tried again after this long, since what kept it may be over."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of one undo."""

    intent: Intent
    outcome: Outcome | None = None
    """How a fault ended; of other changes, and where nothing has come of it yet, None."""
    problem: str = ""
    """What kept it, in a sentence; empty: it is done."""

    def __str__(self) -> str:
        ended = f": {self.outcome}" if self.outcome else ""
        return f"{self.intent}{ended}" + (f" ({self.problem})" if self.problem else "")


def undo_all(
    ledger: UndoLedger, workshop: Workshop, intents: Sequence[Intent], *, accept_foreign: bool = False
) -> Sequence[Undone]:
    """Undo these, in this order, and write down each that is done; returns what came of each.

    Raises:
        EvidenceError: something was undone, and that could not be written down; the others were undone even so.
    """
    results, unwritten = [], None
    for intent in intents:
        begun = ledger.phase(intent) != "intended"
        result = undo_one(intent, workshop, begun=begun, accept_foreign=accept_foreign)
        results.append(result)
        if result.problem:
            continue
        try:
            ledger.undone(intent, result.outcome)
        except EvidenceError as error:
            unwritten = error
    if unwritten and not any(one.problem for one in results):
        raise unwritten
    _unstamp(workshop, ledger)
    return results


def _unstamp(workshop: Workshop, ledger: UndoLedger) -> None:
    """Take the tags of faults off that are undone; where that fails now, whoever looks at the tags next does it."""
    for key in ledger.closed_keys:
        try:
            unstamp(workshop.places[0], key)
        except TargetError:
            return


def left_changed(results: Sequence[Undone], ledger: UndoLedger) -> LeftChanged | None:
    """The error that says what is left and how to undo it; None: nothing is."""
    left = [one for one in results if one.problem]
    if not left:
        return None
    kind = ForeignChange if all(one.outcome == "foreign" for one in left) else LeftChanged
    return kind(
        f"{len(left)} change{'s' * (len(left) > 1)} of this run could not be undone:"
        + "".join(f"\n       - {one}" for one in left),
        advice=_advice(ledger) + (f" {kind.usual_advice}" if kind is ForeignChange else ""),
    )


def interrupted(ledger: UndoLedger) -> LeftChanged:
    """The error of somebody who would not wait for the undoing."""
    number = len(ledger.unresolved)
    return LeftChanged(f"interrupted while undoing: {number} changes are not undone", advice=_advice(ledger))


def _advice(ledger: UndoLedger) -> str:
    return f"Undo: `cmkproof recover {ledger.path.parent}`, with the same profile, once what kept it is over."


def undo_one(intent: Intent, workshop: Workshop, *, begun: bool = True, accept_foreign: bool = False) -> Undone:
    """Undo one change, with patience; says what kept it. `begun`: a fault's act may have been under way."""
    problem = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            workshop.clock.sleep(PAUSE_S * attempt)
        try:
            return Undone(intent, _undo_once(intent, workshop, begun=begun))
        except ForeignChange as error:
            return Undone(intent, "foreign", "" if accept_foreign else error.message)
        except (TargetError, Undecided) as error:
            problem = error.message
        except HarnessError as error:
            problem = error.message
            break
    if intent.about:
        return Undone(intent, "manual", f"{problem}. By hand: {by_hand(intent.about, intent.target)}")
    return Undone(intent, None, problem)


def _undo_once(intent: Intent, workshop: Workshop, *, begun: bool) -> Outcome | None:
    if intent.about:
        return undo_fault(workshop, intent.about, intent.target, begun=begun)
    UNDOS[intent.undo](workshop, **intent.target)
    return None
