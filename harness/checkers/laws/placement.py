"""What is true of where encrypted nodes are placed, in every history."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from harness.checkers.laws.known import Facts, Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach
from harness.checkers.laws.temporal import HELD, Always, Doubt, Judged
from harness.checkers.laws.topics import accepted
from harness.model.history import Acted


@accepted("creates", "places", "adds nodes to")
def _placed(act: Acted, known: Known) -> Judged:
    """A look at the endpoints tells what is missing only where nobody has asked for any since."""
    endpoints, encryption = known.looks.get("endpoints"), known.facts("encryption")
    if endpoints is None or not endpoints.facts.get("active_regions") or not encryption:
        return None
    if not encryption.get("require_private_networking"):
        return None
    added = sorted(_regions_of_new_nodes(act, known.facts(act.subject)))
    if not added:
        return None
    missing = [region for region in added if region not in endpoints.facts["regions"]]
    if not missing:
        return HELD
    if endpoints.acts != known.acts:
        return Doubt(f"{act.subject}: the endpoints were not looked at right before it was placed")
    claim = f"{act.subject} gets nodes only where a private endpoint is"
    return Breach(claim, f"a private endpoint in {', '.join(added)}", f"none in {', '.join(missing)}")


def _regions_of_new_nodes(act: Acted, before: Facts | None) -> Iterator[str]:
    """Regions into which the act brings nodes that use the customer's key."""
    usual = (before or {}).get("key_provider")
    if act.arguments.get("key_provider", usual) != "AZURE":
        return
    stood = set() if act.verb == "creates" else set((before or {}).get("regions", ()))
    for _, region, _, _ in act.arguments.get("placements", ()):
        if region not in stood:
            yield region


law(
    "nodes_stand_where_endpoints_are",
    partial(Always, _placed),
    "Where private networking is required and an endpoint is active, no node with the customer's key is accepted in "
    "another region than one with an endpoint.",
    "EAR-067, EAR-068",
    15,
)
