"""Who may do what with the vault, by roles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from harness.checkers.posture.judging import Ruling, Sight, posture

KEYS = "Microsoft.KeyVault/vaults/keys"

NEEDED = (f"{KEYS}/read", f"{KEYS}/encrypt/action", f"{KEYS}/decrypt/action")
"""Data actions that Atlas needs (EAR-015)."""

CONTROLLING = (
    "Microsoft.KeyVault/vaults/write",
    "Microsoft.KeyVault/vaults/delete",
    "Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action",
    "Microsoft.Authorization/roleAssignments/write",
)
"""Actions by which a vault is taken over, opened or lost: of owners, contributors and access administrators."""

HOLDING = (
    f"{KEYS}/create/action",
    f"{KEYS}/import/action",
    f"{KEYS}/rotate/action",
    f"{KEYS}/delete",
    f"{KEYS}/purge/action",
    "Microsoft.KeyVault/vaults/keyrotationpolicies/write",
    "Microsoft.KeyVault/vaults/secrets/getSecret/action",
)
"""Data actions by which keys are exchanged or lost, and secrets read: of administrators and officers. Changing the
attributes of a key is not among them: Key Vault Crypto User may do it, which is the least built-in role for Atlas."""

Holding = Mapping[str, Any]


@posture("holdings", "vault")
def atlas_holds_what_it_needs_and_no_more(sight: Sight) -> Ruling:
    """Atlas's principal may read the key, encrypt and decrypt, and administers nothing (AKV-013)."""
    seen, vault = sight.facts
    expected = "roles to read the key, encrypt and decrypt, and none that administers"
    principal = seen["atlas"]
    if vault["rbac"] is not True:
        return Ruling(expected, unknown="the vault goes by access policies, not by roles")
    held = [one for one in seen["holdings"] if one["principal_id"] == principal]
    unread = [one["role_id"] for one in held if not one["role"]]
    faults = {one["id"]: f"{one['role']} lets it {powers}" for one in held if (powers := _powers(one))}
    missing = [action for action in NEEDED if not any(_allows(one, action, data=True) for one in held)]
    if missing and not unread:
        faults[f"principal {principal}"] = f"may not {', '.join(_short(action) for action in missing)}"
    unknown = f"what role {', '.join(unread)} allows could not be seen" if unread else ""
    return Ruling(expected, ", ".join(sorted(one["role"] for one in held)), faults, unknown)


@posture("holdings")
def only_custodians_administer(sight: Sight) -> Ruling:
    """Nobody but declared custodians may take over, open or empty the vault; Atlas has a check of its own (AKV-014)."""
    (seen,) = sight.facts
    expected = "only declared custodians administer the vault"
    others = [one for one in seen["holdings"] if one["principal_id"] != seen["atlas"]]
    mighty = {one["id"]: (one, powers) for one in others if (powers := _powers(one))}
    if not seen["custodians"]:
        who = ", ".join(sorted({one["principal_id"] for one, _ in mighty.values()})) or "nobody"
        return Ruling(
            expected, unknown=f"no custodian is declared (posture.custodians); the vault is administered by {who}"
        )
    faults = {
        name: f"{one['principal_kind']} {one['principal_id']} holds {one['role']}"
        for name, (one, _) in mighty.items()
        if one["principal_id"] not in seen["custodians"]
    }
    unread = sorted({one["role_id"] for one in others if not one["role"]})
    unknown = f"what role {', '.join(unread)} allows could not be seen" if unread else ""
    return Ruling(expected, f"{len(mighty)} assignments, all of declared custodians", faults, unknown)


def _powers(one: Holding) -> str:
    """What of the mighty actions a role allows, in words; empty for none."""
    allowed = [action for action in CONTROLLING if _allows(one, action, data=False)]
    allowed += [action for action in HOLDING if _allows(one, action, data=True)]
    return ", ".join(_short(action) for action in allowed)


def _allows(one: Holding, action: str, *, data: bool) -> bool:
    wanted, unwanted = ("data_actions", "not_data_actions") if data else ("actions", "not_actions")
    return _any_matches(one[wanted], action) and not _any_matches(one[unwanted], action)


def _any_matches(patterns: Sequence[str], action: str) -> bool:
    return any(_pattern(one).fullmatch(action) for one in patterns)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """`*` stands for any text, and letters have no case."""
    return re.compile(re.escape(text).replace(r"\*", ".*"), re.IGNORECASE)


def _short(action: str) -> str:
    """`keys/encrypt`, from the whole name of the action."""
    return action.removeprefix("Microsoft.KeyVault/vaults/").removeprefix("Microsoft.").removesuffix("/action")
