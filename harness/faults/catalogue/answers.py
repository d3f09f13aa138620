"""Faults of what a client sees and of what it is told; nothing is different behind the answer."""

from __future__ import annotations

from harness.faults.catalogue import words
from harness.model.fault import Effect, Fault, Place, Undo


def _on_the_wire(id: str, name: str, what: str, expected: str, source: str) -> Fault:
    return Fault(
        id=id,
        name=name,
        what=what,
        effects=(Effect.CLIENT,),
        places=(Place.KERNEL, Place.TRANSPORT),
        undo=Undo.VOLATILE,
        blast_radius=words.CLIENT,
        expected=expected,
        source=source,
        severity="passive",
    )


ANSWERS = (
    _on_the_wire(
        "F-25",
        "throttle",
        "Requests are answered 429, with or without saying when to come back.",
        "What Retry-After says is respected, and patience has an end.",
        "Atlas, rate limiting (RATE); RFC 9110 section 10.2.3",
    ),
    _on_the_wire(
        "F-26",
        "server-errors",
        "A burst of requests is answered 500, 502, 503 or 504.",
        "Reads are repeated; what changes something is repeated only once reading back shows that it did not happen.",
        "atlas.md 4; azure.md 3.4",
    ),
    _on_the_wire(
        "F-27",
        "slow-answers",
        "Answers come late, in drops, or not at all.",
        "A time-out is neither success nor failure: reading back decides.",
        "RFC 9110 section 9.2.2",
    ),
    _on_the_wire(
        "F-28",
        "reset-connections",
        "Connections break before or after the server has acted.",
        "A request that is repeated never makes a second endpoint.",
        "EAR-051 EAR-052",
    ),
    _on_the_wire(
        "F-29",
        "broken-answers",
        "Answers are cut short, are no JSON, or hold words that nobody knows.",
        "They surface as errors; nothing is guessed.",
        "atlas.md 3",
    ),
    _on_the_wire(
        "F-30",
        "sign-in-lost",
        "An answer is 401 in the middle of a run: the token has ended, or the nonce is stale.",
        "One new sign-in, and then an end; no message holds a secret.",
        "atlas.md 3.1; RFC 7616 section 3.3",
    ),
    _on_the_wire(
        "F-32",
        "stale-reads",
        "A read is answered with what was true a while ago.",
        "No verdict rests on one look.",
        "atlas.md 4",
    ),
    Fault(
        id="F-33",
        name="repeated-events",
        what="The activity feed and the list of alerts hold entries twice and out of order.",
        effects=(Effect.CLIENT,),
        places=(Place.KERNEL,),
        undo=Undo.VOLATILE,
        blast_radius=words.MODEL,
        expected="An entry counts once, by its identifier.",
        source="EAR-117 EAR-118",
        severity="passive",
    ),
    _on_the_wire(
        "F-34",
        "shifting-pages",
        "A list changes while it is read page by page.",
        "No entry is lost, and none counts twice.",
        "EAR-060",
    ),
    _on_the_wire(
        "F-35",
        "clock-jump",
        "The client's clock and the server's are far apart, or the client's jumps.",
        "How long something took is told by a clock that nobody sets; times that prove nothing are refused.",
        "RFC 9110 section 6.6.1",
    ),
)
