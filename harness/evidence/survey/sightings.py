"""What a run saw first and last of everything it looked at: the system before and after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.evidence.forms.sightings import Sightings
from harness.evidence.survey.glance import Line, said
from harness.model.history import AGREEMENT

FORMAT = 1


def first_and_last(
    run: str, histories: Iterable[tuple[str, Iterable[Line]]], *, simulated: bool
) -> tuple[Sightings, Sightings]:
    """What was seen first, and what last, of each subject; histories come in order, each with its world."""
    first: dict[str, dict[str, Any]] = {}
    last: dict[str, dict[str, Line]] = {}
    for world, lines in histories:
        for line in lines:
            if line.kind == "observed" and line.subject != AGREEMENT:
                if line.subject not in first.setdefault(world, {}):
                    first[world][line.subject] = said(line.facts)
                last.setdefault(world, {})[line.subject] = line
    ended = {world: {subject: said(line.facts) for subject, line in seen.items()} for world, seen in last.items()}
    return (
        Sightings(format=FORMAT, run=run, simulated=simulated, worlds=first),
        Sightings(format=FORMAT, run=run, simulated=simulated, worlds=ended),
    )
