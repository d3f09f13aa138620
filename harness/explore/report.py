"""What was found, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.explore.retelling import Retelling, Told, token_of
from harness.explore.shrinking import Boundary, Minimal, Removal

LANES = {"client": "operator", "azure": "vault", "key": "key", "fault": "stage", "time": ""}


def replay_line(minimal: Minimal, planted: str = "") -> str:
    """The one command that does it all again."""
    with_bug = f" --planted {planted}" if planted else ""
    return f"cmkproof explore{with_bug} --replay '{token_of(minimal.breaking.seed, minimal.breaking.moves)}'"


def document(minimal: Minimal, told: Retelling, *, planted: str = "", shortest: bool = False) -> dict[str, Any]:
    """The finding as a JSON-compatible value."""
    found, rows = minimal.breaking, zip(told.moves, minimal.removals, strict=True)
    return {
        "law": found.law.name,
        "sentence": found.law.sentence,
        "source": found.law.source,
        "claim": found.finding.claim,
        "expected": found.finding.expected,
        "observed": found.finding.observed,
        "planted": planted,
        "token": token_of(found.seed, found.moves),
        "digest": told.digest,
        "entries": told.entries,
        "trials": minimal.trials,
        "minimal": "no single move can be left out",
        "shortest": shortest,
        "moves": [_move(one, removal) for one, removal in rows],
        "boundaries": [
            {"move": one.at, "breaks_s": one.breaks_s, "keeps_s": one.keeps_s} for one in minimal.boundaries
        ],
        "replay": replay_line(minimal, planted),
    }


def _move(one: Told, removal: Removal) -> dict[str, Any]:
    return {
        "move": str(one.move),
        "sentence": one.move.sentence(),
        "lane": one.move.kind.lane,
        "at_s": one.at_s,
        "lasted_s": one.lasted_s,
        "why": one.move.kind.why,
        "without_it": removal.outcome or "nothing is broken",
    }


def lines(minimal: Minimal, told: Retelling, *, planted: str = "", shortest: bool = False) -> Iterator[str]:
    """The finding as text."""
    found = minimal.breaking
    yield f"BROKEN {found.law.name}  ({found.law.source})"
    yield f"  {found.law.sentence}"
    yield f"  {found.finding.claim}: expected {found.finding.expected}, seen {found.finding.observed}"
    yield ""
    yield f"  {len(told.moves)} moves, {found.faults} of them faults; tried {minimal.trials} histories to get there"
    yield from _schedule(told, minimal.removals)
    for one in minimal.boundaries:
        yield f"  {_boundary(told.moves[one.at], one)}"
    yield f"  certificate: each of the {len(told.moves)} moves was left out alone, and the law was kept each time"
    if shortest:
        yield "  no shorter history breaks a law: all were tried, in the model and with the moves of the sweep"
    yield f"  replay: {replay_line(minimal, planted)}"
    yield f"  digest of {told.entries} entries: {told.digest}"


def _schedule(told: Retelling, removals: tuple[Removal, ...]) -> Iterator[str]:
    for one, removal in zip(told.moves, removals, strict=True):
        lane = LANES[one.move.kind.lane]
        passed = f" ({one.lasted_s:g} s)" if one.lasted_s else ""
        yield f"  {one.at_s:>9.0f} s  {lane:<8}  {one.move.sentence()}{passed}"
        kept = f"without it {removal.outcome} is broken" if removal.outcome else "without it nothing is broken"
        yield f"{'':>23}{one.move.kind.why}; {kept}"


def _boundary(one: Told, found: Boundary) -> str:
    return f"at {one.at_s:.0f} s: the law breaks from {found.breaks_s} s on, and is kept at {found.keeps_s} s"
