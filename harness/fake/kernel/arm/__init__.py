"""Azure Resource Manager: subscriptions, providers, groups, vaults, connections, private endpoints and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.arm.connections import Connections
from harness.fake.kernel.arm.directory import Directory
from harness.fake.kernel.arm.limits import Limits
from harness.fake.kernel.arm.network import Network
from harness.fake.kernel.arm.records import (
    AccessPolicy,
    ArmState,
    Connection,
    DiagnosticSetting,
    LogRule,
    NetworkRules,
    PrivateEndpoint,
    RoleAssignment,
    Subnet,
    Vault,
)
from harness.fake.kernel.arm.role_definitions import RoleDefinitions
from harness.fake.kernel.arm.roles import Roles
from harness.fake.kernel.arm.vaults import Vaults, VaultSettings
from harness.fake.kernel.arm.watching import Watching

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

__all__ = [
    "AccessPolicy", "Arm", "ArmState", "Connection", "DiagnosticSetting", "LogRule", "NetworkRules", "PrivateEndpoint",
    "RoleAssignment", "Subnet", "Vault", "VaultSettings",
]  # fmt: skip


class Arm(Directory, Vaults, Connections, Network, RoleDefinitions, Roles, Watching, Limits):
    """Everything ARM knows, in one service; each part has its own module."""

    def __init__(self, world: World) -> None:
        Directory.__init__(self, world)
        Vaults.__init__(self, world)
        Connections.__init__(self, world)
        Network.__init__(self, world)
