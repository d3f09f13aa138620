"""What a run has left, found without its ledger: by the tags that it put on the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.backends.live import lease
from harness.backends.live.fixtures import vault_name
from harness.backends.live.leftovers import NOT_IN_A_LEDGER, leftovers, token_of
from harness.backends.live.undoing import Undone, undo_one
from harness.backends.live.wiring import Wiring
from harness.backends.live.workshop import workshop_of
from harness.errors import ForeignChange, LeftChanged
from harness.faults.books import TagHolder, unstamp
from harness.faults.ledger import OF_A_FAULT, Intent
from harness.faults.stamps import Stamp, Unreadable, found

ADVICE = "Undo: `cmkproof recover --from-cloud`, with the same profile, once what kept it is over."


@dataclass(frozen=True, slots=True)
class Remains:
    """What the tags of one resource tell of."""

    place: str
    lease: str
    """Who may be at work on it, in words; empty: nobody."""
    stamps: tuple[Stamp | Unreadable, ...]


def remains_of(places: Sequence[TagHolder]) -> Iterator[Remains]:
    """What the tags of resources tell of runs that are at work or were. Raises what reading them raises."""
    for place in places:
        tags = place.tags()
        remains = Remains(place.name, tags.get(lease.TAG, ""), tuple(found(tags)))
        if remains.lease or remains.stamps:
            yield remains


def from_tags(wiring: Wiring, *, overdue: bool, accept_foreign: bool, over: str = "") -> Sequence[Undone]:
    """Undo every fault that the target's tags tell of, newest first; then what the run with the lease made.

    With `overdue` only faults whose deadline has passed. What a run made is taken away once its lease has ended, or
    when it is the one of which somebody says that it is `over`: others may still be at work.

    Raises:
        LeftChanged: something is not undone, or cannot be read any more, or belongs to a run that may be going on.
    """
    tags = _tags(wiring)
    stamps = [one for one in reversed(list(found(tags))) if not overdue or _is_over(one, wiring)]
    damaged = [one for one in stamps if isinstance(one, Unreadable)]
    results = [_undo(wiring, one, accept_foreign=accept_foreign) for one in stamps if isinstance(one, Stamp)]
    _refuse_left(results, damaged)
    held = lease.Lease.read(tags.get(lease.TAG, ""))
    if held and not overdue:
        if held.holder != over and held.ends > wiring.clock.now():
            raise LeftChanged(
                f"the lease of {held} has not ended, so what that run made is left alone",
                advice=f"If it is certainly over: `cmkproof recover --from-cloud --over {held.holder}`.",
            )
        results += _clear(wiring, held)
        _refuse_left(results, ())
    return results


def _tags(wiring: Wiring) -> Mapping[str, str]:
    workshop = workshop_of(wiring, wiring.settings.azure.vault or "none")
    try:
        return workshop.places[0].tags()
    finally:
        workshop.close()


def _clear(wiring: Wiring, held: lease.Lease) -> Sequence[Undone]:
    """Whoever recovers from the tags alone says that the run is over: what it made goes, and its lease last."""
    workshop = workshop_of(wiring, wiring.settings.azure.vault or vault_name(token_of(held)))
    try:
        results: list[Undone] = []
        for intent in leftovers(wiring, workshop, held):
            results.append(undo_one(intent, workshop))
            if results[-1].problem:
                break  # the lease stays, and says to whom the rest belongs
        return results
    finally:
        workshop.close()


def _undo(wiring: Wiring, stamp: Stamp, *, accept_foreign: bool) -> Undone:
    workshop = workshop_of(wiring, str(stamp.about.site.get("vault") or wiring.settings.azure.vault or "none"))
    try:
        result = undo_one(
            Intent(NOT_IN_A_LEDGER, OF_A_FAULT, stamp.target, stamp.about), workshop, accept_foreign=accept_foreign
        )
        if not result.problem:
            unstamp(workshop.places[0], stamp.about.key)
        return result
    finally:
        workshop.close()


def _is_over(stamp: Stamp | Unreadable, wiring: Wiring) -> bool:
    return isinstance(stamp, Stamp) and stamp.about.deadline <= wiring.clock.now()


def _refuse_left(results: Sequence[Undone], damaged: Sequence[Unreadable]) -> None:
    left = [one for one in results if one.problem]
    sentences = [str(one) for one in left]
    sentences += [f"the tags of {one.key} cannot be read any more; they say: {one.words}" for one in damaged]
    if sentences:
        foreign = bool(left) and not damaged and all(one.outcome == "foreign" for one in left)
        kind = ForeignChange if foreign else LeftChanged
        raise kind(
            f"{len(sentences)} changes could not be undone:" + "".join(f"\n       - {one}" for one in sentences),
            advice=kind.usual_advice if foreign else ADVICE,
        )
