"""What the key protects, and who is told when it is in danger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.checkers.posture.judging import Ruling, Sight, posture
from harness.checkers.temporal import seconds

CUSTOMER = "AZURE"
"""`encryptionAtRestProvider` of what is encrypted with a key in Azure Key Vault (EAR-089, EAR-138)."""

ALERTS: Mapping[str, Sequence[str]] = {
    "the key cannot be reached": ("ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED",),
    "the key is no longer valid": ("ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID", "AZURE_ENCRYPTION_KEY_INVALID"),
    "the key needs rotation": ("AZURE_ENCRYPTION_KEY_NEEDS_ROTATION",),
}
"""What people have to be told, and the alerts of which any tells it (SPEC EventTypeForNdsGroup)."""


@posture("application secrets")
def secret_lasts(sight: Sight) -> Ruling:
    """The secret that Atlas signs in with does not end within the limit (AKV-022).

    Which of several secrets Atlas was given cannot be seen: where some end soon and others do not, nothing is said.
    """
    (seen,) = sight.facts
    expected = f"the secret lasts at least {seconds(sight.limit_s)} more"
    if not seen["secrets"]:
        return Ruling(expected, unknown=f"application {seen['client_id']} has no secret in this tenant")
    soon = {
        f"secret {one['id']}": _ends(one["expires"] - sight.now)
        for one in seen["secrets"]
        if one["expires"] - sight.now <= sight.limit_s
    }
    if soon and len(soon) < len(seen["secrets"]):
        words = "; ".join(f"{name} {what}" for name, what in soon.items())
        return Ruling(expected, unknown=f"which of {len(seen['secrets'])} secrets Atlas has cannot be seen: {words}")
    last = max(one["expires"] for one in seen["secrets"])
    return Ruling(expected, f"ends in {seconds(last - sight.now)}", soon)


def _ends(left: float) -> str:
    return f"ends in {seconds(left)}" if left > 0 else f"ended {seconds(-left)} ago"


@posture("alert rules")
def people_are_told(sight: Sight) -> Ruling:
    """Atlas's alert rules for the key are there and on (AKV-023)."""
    (seen,) = sight.facts
    silent = {what: kinds for what, kinds in ALERTS.items() if not any(kind in seen["enabled"] for kind in kinds)}
    faults = {f"alert {kinds[0]}": f"no rule is on that tells when {what}" for what, kinds in silent.items()}
    return Ruling("rules for a key out of reach, no longer valid and due for rotation", "all three are on", faults)


@posture("protection")
def everything_uses_the_key(sight: Sight) -> Ruling:
    """Every cluster and its search nodes are encrypted with the customer's key (AKV-024)."""
    (seen,) = sight.facts
    expected = "every cluster and its search nodes use the customer's key"
    if not seen["clusters"]:
        return Ruling(expected, unknown="the project has no cluster")
    faults: dict[str, str] = {}
    for cluster in seen["clusters"]:
        if cluster["key_provider"] != CUSTOMER:
            faults[f"cluster {cluster['name']}"] = f"its key provider is {cluster['key_provider']}"
        if cluster["search_provider"] not in (None, CUSTOMER):
            name = f"search nodes of {cluster['name']}"
            faults[name] = f"their key provider is {cluster['search_provider']}"
    return Ruling(expected, f"{len(seen['clusters'])} clusters", faults)


@posture("protection")
def backups_name_the_key(sight: Sight) -> Ruling:
    """Every encrypted cluster is backed up, and its snapshots name the key they are encrypted with (AKV-025)."""
    (seen,) = sight.facts
    expected = "every encrypted cluster is backed up, and its snapshots name the customer's key"
    encrypted = [one for one in seen["clusters"] if one["key_provider"] == CUSTOMER]
    if not encrypted:
        return Ruling(expected, unknown="no cluster uses the customer's key")
    faults = {f"cluster {one['name']}": words for one in encrypted if (words := _backup_problem(one))}
    without = [one["name"] for one in encrypted if one["backup"] and not one["snapshots"]]
    unknown = f"no completed snapshot to look at: {', '.join(without)}" if without else ""
    return Ruling(expected, f"{sum(one['snapshots'] for one in encrypted)} snapshots", faults, unknown)


def _backup_problem(cluster: Mapping[str, Any]) -> str:
    if not cluster["backup"]:
        return "backup is off"
    bare = cluster["snapshots_without_key"]
    return f"{bare} of {cluster['snapshots']} snapshots name no key" if bare else ""
