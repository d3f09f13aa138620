"""Which scenarios were asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from harness.errors import UsageError
from harness.run.options import CHOICES
from harness.settings import nearest
from harness.suite import ScenarioText
from harness.suite.tags import CAPABILITIES, KINDS, PLAIN


@dataclass(frozen=True, slots=True)
class Selection:
    """Scenarios that test any of the requirements and carry all of the tags; empty means all."""

    requirements: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def takes(self, scenario: ScenarioText) -> bool:
        """Whether the scenario was asked for."""
        wanted = not self.requirements or any(one in scenario.tags.requirements for one in self.requirements)
        return wanted and set(self.tags) <= set(scenario.tags.names)


def select(requirements: Iterable[str], tags: Iterable[str], known: Collection[str]) -> Selection:
    """A selection of requirements and tags that exist.

    Raises:
        UsageError: one does not.
    """
    chosen = Selection(tuple(one.upper() for one in requirements), tuple(tag.removeprefix("@") for tag in tags))
    for one in chosen.requirements:
        if one not in known:
            advice = "`cmkproof list requirements` shows them all."
            raise UsageError(f"there is no requirement {one!r}.{nearest(one, tuple(known))}", advice=advice)
    for tag in chosen.tags:
        if tag not in PLAIN and not tag.startswith(KINDS):
            advice = f"Tags are {', '.join(PLAIN)}, and those that begin with {', '.join(KINDS)}."
            raise UsageError(f"there is no tag {tag!r}.{nearest(tag, [*PLAIN, *KINDS])}", advice=advice)
        kind = next((kind for kind in KINDS if tag.startswith(kind)), "")
        named = tag.removeprefix(kind).partition("=")[0]
        existing = {"req:": known, "needs:": CAPABILITIES, "reading:": tuple(CHOICES)}.get(kind, (named,))
        if named not in existing:
            raise UsageError(f"--tag {tag}: there is no {named!r}.{nearest(named, tuple(existing))}")
    return chosen
