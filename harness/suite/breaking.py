"""What is wrong with a scenario that breaks something on purpose, found out before it runs.

It names faults that there are; its tag says how severe they are, and what they need; and it says that all is as it was
once they have been undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harness.suite.tags import SEVERITIES, Breaks, Tags, nearest

STRIKES = "the breaker brings about "
"""How the sentence begins that brings faults about; their names follow."""
AS_IT_WAS = "everything that was broken is as it was"
"""The sentence that expects every fault to have been undone."""
FAULTS = r'"[a-z][a-z-]*"(?:(?:, | and )"[a-z][a-z-]*")*'
"""Names of faults in a sentence."""

_STRIKE = re.compile(rf"\w+ {STRIKES}(?P<names>{FAULTS})")


def problems_of(steps: Sequence[str], tags: Tags, faults: Mapping[str, Breaks] | None) -> Iterator[str]:
    """What is wrong, in sentences. `steps` begin with their keywords; `faults` are known by name, None: any may be."""
    if faults is None:
        return
    for at, step in enumerate(steps):
        found = _STRIKE.match(step)
        for name in re.findall(r'"([a-z-]+)"', found["names"]) if found else ():
            if name not in faults:
                yield f"there is no fault {name!r}{nearest(name, faults)}"
                continue
            yield from _untagged(name, faults[name], tags)
            if faults[name].undone and not any(_expects_undo(later) for later in steps[at + 1 :]):
                yield f"it brings {name} about and does not say that {AS_IT_WAS}"


def _untagged(name: str, breaks: Breaks, tags: Tags) -> Iterator[str]:
    if tags.severity and SEVERITIES.index(tags.severity) < SEVERITIES.index(breaks.severity):
        yield f"{name} is {breaks.severity}, and the scenario is tagged @{tags.severity}"
    if breaks.simulated and "stage" not in tags.needs:
        yield f"{name} is brought about in a simulation only: the tag @needs:stage is missing"


def _expects_undo(step: str) -> bool:
    return step.partition(" ")[2] == AS_IT_WAS
