"""What is true of alerts and of the activity feed in every history."""

from __future__ import annotations

from itertools import pairwise

from harness.checkers.registry import broken, invariant
from harness.checkers.timeline import acts_between, happened, looks
from harness.model.history import Completion, History
from harness.model.verdict import Finding

TURNED_ON = "turns on the customer's key for"
CALM = frozenset(
    {TURNED_ON, "asks for", "approves", "creates", "takes a snapshot of", "adds search nodes to", "passes"}
)
"""What leaves key and way to the vault as they are; every other verb may be the cause of an alert."""

ABOUT_THE_KEY = frozenset(
    {
        "AZURE_ENCRYPTION_KEY_INVALID",
        "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID",
        "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED",
    }
)
CHANGES = {
    "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED": ("project",),
    "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_CREATED": ("endpoint", "connection"),
}
"""Entries of the feed that a change of ours explains, with the kinds of subject of such a change: losing a connection
makes Atlas create a replacement."""


@invariant
def alert_needs_a_cause(history: History) -> list[Finding]:
    """No alert says that the key is invalid or out of reach while nothing was done to either (chaos invariant 28).

    Only where the history itself turned the key on: what was open before is somebody else's.
    """
    for at, facts in looks(history, "alerts"):
        acts = [act for _, act in happened(history, before=at)]
        calm = all(act.verb in CALM for act in acts) and any(act.verb == TURNED_ON for act in acts)
        if calm and (unfounded := sorted(ABOUT_THE_KEY & set(facts["open"]))):
            claim = "an alert has a cause"
            return [broken(claim, "no alert about the key", ", ".join(unfounded), at)]
    return []


@invariant
def no_unexplained_change(history: History) -> list[Finding]:
    """Between two looks the feed tells of no more changes than were made (EAR-119, EAR-120; chaos invariant 27)."""
    seen = looks(history, "events")
    found = []
    for (first, before), (second, after) in pairwise(seen):
        acts = acts_between(history, first, second)
        for kind, causes in CHANGES.items():
            told = after["counts"].get(kind, 0) - before["counts"].get(kind, 0)
            made = sum(act.completion is not Completion.FAILED and act.subject.split()[0] in causes for act in acts)
            if told > made + _earlier(history, first):
                claim = f"the feed tells of no change that nobody made: {kind}"
                found.append(broken(claim, f"at most {made}", str(told), second))
    return found


def _earlier(history: History, first: int) -> int:
    """Losses before the first look, whose replacements may be told of only afterwards."""
    return sum(1 for _ in happened(history, {"rejects", "removes"}, before=first))
