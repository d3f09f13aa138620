"""Which of Azure's permissions a run needs, and whether the roles held contain them (azure.md 1.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from harness.azure.permissions import TABLE, Row
from harness.azure.wire import Permissions
from harness.settings import Settings

DATA = frozenset(action.lower() for row in TABLE if row.plane == "data" for action in row.actions)
"""What is granted as data actions; everything else belongs to Azure Resource Manager."""

OWN_ENDPOINTS = (
    "Microsoft.Network/privateEndpoints/",
    "Microsoft.Network/virtualNetworks/",
    "Microsoft.Network/locations/operation",
)
"""How permissions begin that only the custodian's own private endpoints need."""

LEASE = "Microsoft.Resources/subscriptions/resourceGroups/"
"""How permissions begin that every run needs that changes something: opt-in and lease are tags of the group."""


def needed(settings: Settings) -> Sequence[str]:
    """Permissions without which a run of this profile cannot do its work, each once; none of the directory's."""
    rows = [row for row in TABLE if row.plane != "directory" and _asked_for(row, settings)]
    return tuple(dict.fromkeys(action for row in rows for action in row.actions))


def _asked_for(row: Row, settings: Settings) -> bool:
    """A run of this profile makes such requests with roles that it has to hold beforehand."""
    if row.optional:
        return False
    if any(action.startswith(OWN_ENDPOINTS) for action in row.actions):
        return settings.mode != "observe" and bool(settings.azure.subnet_id)
    if settings.mode == "observe":
        return row.always and row.method == "GET"
    if settings.azure.vault:
        return row.always or row.actions[0].startswith(LEASE)
    return row.plane == "control"  # on a vault that it makes, a run grants itself what it needs


def allowed(permission: str, held: Sequence[Permissions]) -> bool:
    """Some role grants it and does not itself take it out again; roles add up, `not` counts within one role only."""
    if permission.lower() in DATA:
        return any(_in(permission, one.data_actions) and not _in(permission, one.not_data_actions) for one in held)
    return any(_in(permission, one.actions) and not _in(permission, one.not_actions) for one in held)


def _in(permission: str, patterns: Sequence[str]) -> bool:
    return any(_pattern(pattern).fullmatch(permission) for pattern in patterns)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """`*` stands for any text, and letters have no case."""
    return re.compile(re.escape(text).replace(r"\*", ".*"), re.IGNORECASE)
