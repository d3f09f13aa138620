"""How much there was to look at, and whether Atlas and Azure list the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.checkers.posture.joining import join
from harness.evidence.forms import Disagreement, Estate
from harness.evidence.survey.glance import Line, said

LINKS = "links"
"""Subject of a look that lists both sides whole."""


OF_INTEREST = ("cluster ", "endpoint ", "record ", LINKS)
"""How subjects begin that say what there is."""


def estate_of(histories: Iterable[tuple[str, str, Iterable[Line]]]) -> Estate:
    """What histories show; each comes with its scenario and its world, in which what has the same name is the same."""
    seen: dict[str, set[str]] = {"clusters": set(), "endpoints": set(), "connections": set(), "projects": set()}
    sums = {"reconciled": 0, "atlas_endpoints": 0, "azure_connections": 0, "joined": 0}
    disagreements: list[Disagreement] = []
    for scenario, world, lines in histories:
        seen["projects"].add(world)
        links: Mapping[str, Any] | None = None
        for line in lines:
            if line.kind == "observed" and line.subject.startswith(OF_INTEREST):
                facts = said(line.facts)
                _note(seen, world, line.subject, facts)
                links = facts if line.subject == LINKS else links
        if links is not None:
            disagreements += _reconcile(scenario, links, sums)
    return Estate(**{name: len(found) for name, found in seen.items()}, **sums, disagreements=disagreements)


def _note(seen: dict[str, set[str]], world: str, subject: str, facts: Mapping[str, Any]) -> None:
    if subject.startswith("cluster ") and facts.get("present"):
        seen["clusters"].add(f"{world} {subject}")
    if subject.startswith(("endpoint ", "record ")) and facts.get("id"):
        seen["endpoints"].add(f"{world} {facts['id']}")
        if facts.get("connection_name"):
            seen["connections"].add(f"{world} {facts['connection_name']}")


def _reconcile(scenario: str, links: Mapping[str, Any], sums: dict[str, int]) -> list[Disagreement]:
    found = join(links)
    sums["reconciled"] += 1
    sums["atlas_endpoints"] += len(found.endpoints)
    sums["azure_connections"] += len(found.connections)
    sums["joined"] += len(found.pairs)
    said = [
        Disagreement(
            scenario=scenario, side="Azure", resource=str(one["id"]), what="no endpoint of Atlas's belongs to it"
        )
        for one in found.strays
    ]
    said += [
        Disagreement(
            scenario=scenario,
            side="Atlas",
            resource=str(one["id"]),
            what=f"{one['status']}, and no connection on the vault belongs to it",
        )
        for one in found.endpoints
        if one["id"] not in found.pairs
    ]
    return said
