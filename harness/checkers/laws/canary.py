"""What is true of data in a cluster, in every history that tells of reading and writing it.

Whoever reads or writes says so by the acts `writes to` and `reads from` on `canary NAME` (`value` is what was written),
and by looks at `canary NAME` (`values` are those found). Nobody does so as yet: the fake has no data, and no driver of
ours signs in to a cluster. Until then both laws lack an occasion in every run, and runs say so.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach, Monitor, Question
from harness.checkers.laws.temporal import EVERYTHING, NeverAfter, Seen
from harness.checkers.laws.topics import attempted, happened, happened_but, seen
from harness.model.history import Acted, Completion, Observed

CANARY = "canary "
WRITES, READS = "writes to", "reads from"


@seen("cluster")
def _stopped(look: Observed, known: Known) -> tuple[str, ...] | None:
    """Stopped while a fault is in force: nothing brings it back before another act."""
    stopped = look.facts.get("present") and look.facts["paused"] and known.standing
    return (look.subject.removeprefix("cluster "),) if stopped else None


@attempted(WRITES, READS)
def _served(act: Acted, known: Known) -> Seen:
    name = act.subject.removeprefix(CANARY)
    if act.completion is not Completion.OK:
        return Seen(name, None)
    return Seen(name, Breach(f"cluster {name} answers nobody while it is stopped", "no answer", act.verb))


@happened_but("passes", WRITES, READS)
def _anything(act: Acted, known: Known) -> tuple[str, ...]:
    return EVERYTHING


law(
    "stopped_cluster_serves_nobody",
    partial(NeverAfter, after=_stopped, never=_served, unless=_anything),
    "No read and no write succeeds while a cluster is stopped for want of its key.",
    "EAR-101, EAR-104",
    20,
)


class Written(NamedTuple):
    """A value that certainly or possibly has been written."""

    canary: str
    value: str
    certain: bool


class Found(NamedTuple):
    """The values that a look found."""

    canary: str
    values: frozenset[str]


@happened(WRITES)
def _written(act: Acted, known: Known) -> Written:
    return Written(act.subject, str(act.arguments.get("value")), act.completion is Completion.OK)


@seen("canary")
def _found(look: Observed, known: Known) -> Found:
    return Found(look.subject, frozenset(map(str, look.facts["values"])))


@happened("restores onto")
def _restored(act: Acted, known: Known) -> str:
    return CANARY + act.subject.removeprefix("cluster ")


class NothingLost(Monitor):
    """Every acknowledged value is found, and none that nobody wrote; a restored cluster has older data."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Question(_written), Question(_found), Question(_restored))

    def take(self, number: int, answer: Written | Found | str, sequence: int, at: float) -> None:
        """Keep what was written; compare what is found; forget what a restore replaced."""
        if isinstance(answer, str):
            self.open[answer] = None
        elif isinstance(answer, Written):
            values = self.open.get(answer.canary, {})
            if values is not None:
                known = {**values, answer.value: answer.certain or values.get(answer.value, False)}
                self.open[answer.canary] = known
        elif self.open.get(answer.canary) is not None:
            self._compare(answer, self.open[answer.canary], sequence)

    def _compare(self, found: Found, written: dict[str, bool], sequence: int) -> None:
        self.cases += 1
        lost = sorted(value for value, certain in written.items() if certain and value not in found.values)
        made_up = sorted(found.values - written.keys())
        if lost:
            self.broken(Breach(f"{found.canary} loses nothing", "every value", f"without {', '.join(lost)}"), sequence)
        if made_up:
            claim = f"{found.canary} makes nothing up"
            self.broken(Breach(claim, "what was written", f"also {', '.join(made_up)}"), sequence)

    def state(self, at: float) -> frozenset[tuple[str, frozenset[tuple[str, bool]] | None]]:
        """What was written, and whether certainly."""
        return frozenset(
            (name, None if values is None else frozenset(values.items())) for name, values in self.open.items()
        )


law(
    "canary_data_survives",
    NothingLost,
    "After any fault and recovery the data is what was acknowledged before it: nothing lost, nothing made up.",
    "EAR-111",
    21,
)
