"""What is true of clusters in every history."""

from __future__ import annotations

from harness.checkers.registry import broken, invariant
from harness.checkers.timeline import happened, looks, reading, subjects
from harness.model.history import Acted, History
from harness.model.verdict import Finding

HARMLESS = frozenset(
    {"turns on the customer's key for", "asks for", "approves", "creates", "places", "takes a snapshot of", "passes"}
    | {"adds search nodes to", "encrypts search nodes of", "alters", "replaces", "rotates", "registers", "uses", "sets"}
    | {"keeps a private way to", "closes the public side of", "limits by address", "sends back the settings of"}
    | {"sets up what watches over"}
)
"""What stops no cluster, even where it cuts the way to the vault (EAR-102); every other verb may be a cause."""

LOSSES = frozenset({"rejects", "removes"})
"""Losing a private link cuts the way to the vault, and by reading `link_loss_means` no more than that."""


@invariant
def cluster_stops_only_for_a_cause(history: History) -> list[Finding]:
    """A cluster that ran is not seen stopped where nothing was done but what stops no cluster.

    EAR-102; chaos invariant 17.
    """
    found = []
    for subject in subjects(history, "cluster "):
        seen = [(at, facts) for at, facts in looks(history, subject) if facts.get("present")]
        ran = next((at for at, facts in seen if not facts["paused"]), None)
        stopped = next((at for at, facts in seen if facts["paused"] and ran is not None and at > ran), None)
        if stopped is not None and all(_is_harmless(history, act) for _, act in happened(history, before=stopped)):
            claim = f"{subject} stops only for a cause"
            found.append(broken(claim, "it runs", "it is stopped", stopped))
    return found


def _is_harmless(history: History, act: Acted) -> bool:
    """What requires private networking may be a cause.

    It disables clusters over several clouds (EAR-006), and under it a wrong configuration is accepted first and found
    by the nodes later (EAR-114, EAR-115).
    """
    if act.arguments.get("body", {}).get("azureKeyVault", {}).get("requirePrivateNetworking"):
        return False
    if act.verb in LOSSES:
        return reading(history, "link_loss_means") == "unreachable"
    return act.verb in HARMLESS or (act.verb == "deletes" and act.subject.startswith("endpoint "))
