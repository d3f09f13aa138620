"""What is true of a project's key configuration in every history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from harness.checkers.registry import broken, invariant
from harness.checkers.timeline import ANY_RECORD, acts_between, happened, latest, looks, next_look, reading, subjects
from harness.model.history import Acted, Completion, Entry, History
from harness.model.verdict import Finding

CONFIGURATION, ENDPOINTS, CLUSTER = "encryption", "endpoints", "cluster "
OFF = "turns off the customer's key for"
PUBLIC = "no longer requires private networking for"
COORDINATES = ("key_vault_name", "subscription_id", "resource_group_name")
LASTING = {
    CONFIGURATION: (
        *COORDINATES,
        *("enabled", "require_private_networking", "key_identifier", "tenant_id", "client_id", "role_id"),
        *("azure_environment", "search_nodes", "providers_enabled"),
    ),
    CLUSTER: ("key_provider", "regions", "sizes", "nodes"),
}
"""Facts that change only when somebody changes them, by kind of subject."""


@invariant
def refusal_changes_nothing(history: History) -> list[Finding]:
    """What an operator was refused has had no effect on configuration and clusters (chaos invariant 13)."""
    return [
        finding
        for entry, act in history.acts()
        if act.party == "operator" and act.completion is Completion.FAILED
        for subject in (CONFIGURATION, *subjects(history, CLUSTER))
        for finding in _effects(history, entry, act, subject)
    ]


@invariant
def vault_is_fixed_while_endpoints_exist(history: History) -> list[Finding]:
    """Between two looks with endpoints around them, the vault's coordinates stay (EAR-073; chaos invariant 14)."""
    seen = looks(history, CONFIGURATION)
    found = []
    for (first, before), (second, after) in pairwise(seen):
        around = (latest(history, ENDPOINTS, first), next_look(history, ENDPOINTS, second))
        held = around[0] and around[1] and around[0]["count"] and around[1][1]["count"]
        asked = any(act.verb in ("deletes", "asks for") for act in acts_between(history, first, second))
        if held and not asked and (moved := _changes(before, after, COORDINATES)):
            found.append(broken("the vault stays the same while endpoints exist", "no change", moved, second))
    return found


@invariant
def turned_off_only_without_dependants(history: History) -> list[Finding]:
    """Once key or private networking are off, no endpoint is left, and no cluster with the key.

    EAR-076, EAR-077, EAR-093; chaos invariants 11 and 12.
    """
    found: list[Finding] = []
    for entry, act in history.acts():
        if act.verb not in (OFF, PUBLIC) or act.completion is not Completion.OK:
            continue
        if reading(history, "disable_blocked_by") == ANY_RECORD:
            found += _left(history, entry, act, ENDPOINTS, lambda facts: bool(facts["count"]))
        if act.verb == OFF:
            for cluster in subjects(history, CLUSTER):
                found += _left(history, entry, act, cluster, lambda facts: facts.get("key_provider") == "AZURE")
    return found


def _effects(history: History, entry: Entry, act: Acted, subject: str) -> Iterator[Finding]:
    """A change between the looks right before and right after a refusal, where nothing else was done meanwhile."""
    after = next_look(history, subject, entry.sequence)
    earlier = [at for at, _ in looks(history, subject) if at < entry.sequence]
    if after is None or not earlier or len(acts_between(history, earlier[-1], after[0])) != 1:
        return
    before = latest(history, subject, entry.sequence) or {}
    kind = CONFIGURATION if subject == CONFIGURATION else CLUSTER
    if moved := _changes(before, after[1], LASTING[kind]):
        claim = f"a refusal changes nothing: {act.verb} {act.subject}"
        yield broken(claim, f"{subject} as it was", moved, after[0])


def _left(
    history: History, entry: Entry, act: Acted, subject: str, depends: Callable[[Mapping[str, Any]], bool]
) -> Iterator[Finding]:
    """The next look, before which nothing else was done, shows something that depends on what was turned off."""
    seen = next_look(history, subject, entry.sequence)
    if seen is None or any(_happened_since(history, entry.sequence, seen[0])):
        return
    if depends(seen[1]):
        yield broken(f"nothing depends on what was turned off: {act.verb} {act.subject}", "none", subject, seen[0])


def _happened_since(history: History, first: int, before: int) -> Iterator[Acted]:
    """Acts after an entry and before another that may bring new dependants about."""
    return (act for entry, act in happened(history, before=before) if entry.sequence > first and act.verb != "passes")


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return "; ".join(
        f"{name}: {before[name]!r} became {after[name]!r}"
        for name in names
        if name in before and name in after and before[name] != after[name]
    )
