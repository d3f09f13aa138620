"""What a run has left broken, found without its ledger: by the tags that it put on the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.backends.live import lease
from harness.backends.live.undoing import Undone, undo_one
from harness.backends.live.wiring import Wiring
from harness.backends.live.workshop import Workshop, workshop_of
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


def from_tags(wiring: Wiring, *, overdue: bool, accept_foreign: bool) -> Sequence[Undone]:
    """Undo every fault that the target's tags tell of, newest first, and end the lease of the run that left it.

    Raises:
        LeftChanged: something is not undone, or cannot be read any more.
    """
    settings = wiring.settings
    looking = workshop_of(wiring, settings.azure.vault or "none")
    try:
        tags = looking.places[0].tags()
    finally:
        looking.close()
    stamps = [one for one in reversed(list(found(tags))) if not overdue or _is_over(one, wiring)]
    results: list[Undone] = []
    damaged = [one for one in stamps if isinstance(one, Unreadable)]
    for stamp in stamps:
        if isinstance(stamp, Stamp):
            results.append(_undo(wiring, stamp, accept_foreign=accept_foreign))
    _refuse_left(results, damaged)
    if not overdue:
        _release(wiring, tags)
    return results


def _undo(wiring: Wiring, stamp: Stamp, *, accept_foreign: bool) -> Undone:
    workshop = workshop_of(wiring, str(stamp.about.site.get("vault") or wiring.settings.azure.vault or "none"))
    try:
        result = undo_one(Intent(-1, OF_A_FAULT, stamp.target, stamp.about), workshop, accept_foreign=accept_foreign)
        if not result.problem:
            unstamp(workshop.places[0], stamp.about.key)
        return result
    finally:
        workshop.close()


def _is_over(stamp: Stamp | Unreadable, wiring: Wiring) -> bool:
    return isinstance(stamp, Stamp) and stamp.about.deadline <= wiring.clock.now()


def _release(wiring: Wiring, tags: Mapping[str, str]) -> None:
    """Let others use the target: whoever recovers from the tags alone says that the run is over."""
    held = lease.Lease.read(tags.get(lease.TAG, ""))
    if held is None:
        return
    workshop: Workshop = workshop_of(wiring, wiring.settings.azure.vault or "none")
    try:
        for place in workshop.places:
            lease.release(place, held.holder)
    finally:
        workshop.close()


def _refuse_left(results: Sequence[Undone], damaged: Sequence[Unreadable]) -> None:
    left = [one for one in results if one.problem]
    sentences = [str(one) for one in left]
    sentences += [f"the tags of {one.key} cannot be read any more; they say: {one.words}" for one in damaged]
    if sentences:
        foreign = bool(left) and not damaged and all(one.outcome == "foreign" for one in left)
        kind = ForeignChange if foreign else LeftChanged
        raise kind(
            f"{len(sentences)} faults could not be undone:" + "".join(f"\n       - {one}" for one in sentences),
            advice=kind.usual_advice if foreign else ADVICE,
        )
