"""Entra ID: tenants, applications, their proofs and permissions, and the tokens that services accept (azure.md 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.entra.applications import Applications, GraphRefusal
from harness.fake.kernel.entra.records import Application, EntraState, FederatedCredential, Secret, Token
from harness.fake.kernel.entra.sign_in import SignIn
from harness.fake.kernel.entra.tenants import Tenants

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

__all__ = [
    "Application", "Entra", "EntraState", "FederatedCredential", "GraphRefusal", "Secret", "Token",
]  # fmt: skip


class Entra(Tenants, Applications, SignIn):
    """Everything Entra knows, in one service; each part has its own module."""

    def __init__(self, world: World) -> None:
        self._world = world
