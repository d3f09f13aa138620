"""Who reaches a vault, and by which path: the one place that knows the network (azure.md 1.9, 2 and 6).

A request comes from the internet, through a private endpoint, or from a trusted Microsoft service. The path decides
before anything about identity is looked at: it lets the request in, answers 403 with an inner code, or swallows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.fake.kernel.addresses import inside
from harness.fake.kernel.refusal import Unanswered, VaultRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.arm.records import Vault
    from harness.fake.kernel.world import World

CUSTOMER_NETWORK = "10.0.0.0/8"
"""Addresses of the customer's own virtual networks; their private endpoints live here."""

CUSTOMER_PUBLIC_ADDRESS = "203.0.113.10"
"""Address by which the customer's network goes out to the internet."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a request to a vault comes from."""

    kind: Literal["internet", "private_endpoint", "trusted_service"]
    address: str
    private_endpoint_id: str = ""


class Reachability:
    """Admission of requests to vaults by network path."""

    def __init__(self, world: World) -> None:
        self._world = world

    def source_of(self, vault: Vault, address: str) -> Source:
        """Path that a request from `address` takes to the vault.

        An address of the customer's network goes through the customer's own approved private endpoint to that vault
        where there is one, otherwise out to the internet as `CUSTOMER_PUBLIC_ADDRESS`; every other address is taken
        as the public address that it is.
        """
        if not inside(address, CUSTOMER_NETWORK):
            return Source("internet", address)
        for endpoint in self._world.state.arm.private_endpoints.values():
            connection = self._world.arm.connection_of(endpoint.id)
            if endpoint.vault == vault.name.lower() and connection is not None and connection.effective == "Approved":
                return Source("private_endpoint", endpoint.address, endpoint.id)
        return Source("internet", CUSTOMER_PUBLIC_ADDRESS)

    def admit(self, vault: Vault, source: Source) -> None:
        """Let a request pass, or not.

        Raises:
            VaultRefusal: `Forbidden/ForbiddenByConnection` or `Forbidden/ForbiddenByFirewall`.
            Unanswered: the private link is dead, or the vault answers nobody (knob `vault_outage`).
        """
        if self._world.knobs.vault_outage:
            raise Unanswered(f"vault {vault.name} answers nobody")
        if source.kind == "private_endpoint":
            self._admit_link(vault, source)
        elif not self._is_trusted(vault, source):
            self._admit_public(vault, source)

    def _admit_link(self, vault: Vault, source: Source) -> None:
        """Only an approved link carries traffic, and then no network rule is asked (azure.md 2).

        A link that waits for approval reaches the vault and is turned away; a rejected or removed one swallows
        everything, so its users see a time-out (azure.md 2, rows 1 and 2).
        """
        connection = self._world.arm.connection_of(source.private_endpoint_id)
        status = "Disconnected" if connection is None else connection.effective
        if connection is not None and connection.vault != vault.name.lower():
            raise Unanswered(f"{source.private_endpoint_id} does not lead to vault {vault.name}")
        if status == "Pending":
            raise VaultRefusal("Forbidden/ForbiddenByConnection", "unapproved-link", source.address)
        if status != "Approved":
            raise Unanswered(f"the private link {source.private_endpoint_id} is {status}")

    @staticmethod
    def _is_trusted(vault: Vault, source: Source) -> bool:
        """Trusted services pass where the vault's bypass lists them, also when public access is off (azure.md 1.9)."""
        bypass = "AzureServices" if vault.network_rules is None else vault.network_rules.bypass
        return source.kind == "trusted_service" and bypass == "AzureServices"

    @staticmethod
    def _admit_public(vault: Vault, source: Source) -> None:
        if vault.public_network_access == "Disabled":
            raise VaultRefusal("Forbidden/ForbiddenByConnection", "public-access-disabled", source.address)
        rules = vault.network_rules
        if rules is None or rules.default_action == "Allow":
            return
        if not any(inside(source.address, allowed) for allowed in rules.ip_rules):
            raise VaultRefusal("Forbidden/ForbiddenByFirewall", "unlisted-address", source.address)
