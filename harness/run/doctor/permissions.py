"""Which of Azure's permissions a run needs, and whether the roles held contain them (azure.md 1.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harness.azure.wire import Permissions
from harness.settings import Settings

READS = (
    "Microsoft.Resources/subscriptions/providers/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.KeyVault/vaults/read",
    "Microsoft.KeyVault/vaults/privateEndpointConnections/read",
    "Microsoft.Authorization/roleAssignments/read",
    "Microsoft.KeyVault/vaults/keys/read",
)
CHANGES = (
    "Microsoft.Resources/subscriptions/resourceGroups/write",
    "Microsoft.KeyVault/vaults/write",
    "Microsoft.KeyVault/vaults/privateEndpointConnections/write",
    "Microsoft.KeyVault/vaults/privateEndpointConnections/delete",
    "Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
    "Microsoft.KeyVault/vaults/keys/create/action",
    "Microsoft.KeyVault/vaults/keys/update/action",
    "Microsoft.KeyVault/vaults/keys/rotate/action",
    "Microsoft.KeyVault/vaults/keys/delete",
    "Microsoft.KeyVault/vaults/keys/recover/action",
    "Microsoft.KeyVault/vaults/keys/wrap/action",
    "Microsoft.KeyVault/vaults/keys/unwrap/action",
)
DATA = re.compile(r"microsoft\.keyvault/vaults/(keys|keyrotationpolicies)/.+", re.IGNORECASE)
"""Permissions of the data plane; the other ones belong to Azure Resource Manager."""


def needed(settings: Settings) -> Sequence[str]:
    """Permissions without which a run of this profile cannot do its work."""
    if settings.mode == "observe":
        return READS
    own_endpoint = ("Microsoft.Network/privateEndpoints/write", "Microsoft.Network/virtualNetworks/subnets/join/action")
    return (*READS, *CHANGES, *(own_endpoint if settings.azure.subnet_id else ()))


def allowed(permission: str, held: Sequence[Permissions]) -> bool:
    """Some role grants it and does not itself take it out again; roles add up, `not` counts within one role only."""
    if DATA.fullmatch(permission):
        return any(_in(permission, one.data_actions) and not _in(permission, one.not_data_actions) for one in held)
    return any(_in(permission, one.actions) and not _in(permission, one.not_actions) for one in held)


def _in(permission: str, patterns: Sequence[str]) -> bool:
    return any(_pattern(pattern).fullmatch(permission) for pattern in patterns)


def _pattern(text: str) -> re.Pattern[str]:
    """`*` stands for any text, and letters have no case."""
    return re.compile(re.escape(text).replace(r"\*", ".*"), re.IGNORECASE)
