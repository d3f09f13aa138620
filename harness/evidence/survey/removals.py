"""What was taken out of the recordings of a run, summed up by scenario, place and value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.evidence.forms.redactions import Redaction
from harness.evidence.survey.glance import Glance


def removals(run: str, glances: Iterable[Glance], *, simulated: bool) -> Iterator[Redaction]:
    """One line for each value at each kind of place, in order of their first appearance."""
    for one in glances:
        seen: dict[tuple[str, str, int, str], list[int]] = {}
        for event in one.events:
            for place, removed in event.redacted.items():
                seen.setdefault((place, removed.rule, removed.length, removed.commitment), []).append(event.n)
        for (place, rule, length, commitment), events in seen.items():
            yield Redaction(
                run=run,
                scenario=one.scenario,
                simulated=simulated,
                place=place,
                rule=rule,
                length=length,
                commitment=commitment,
                exchanges=len(events),
                first=events[0],
            )
