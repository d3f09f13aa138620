"""Tenants and the identities in them (azure.md 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.entra.records import EntraState
from harness.fake.kernel.refusal import EntraRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class Tenants:
    """Keeps tenants and service principals."""

    _world: World

    @property
    def _state(self) -> EntraState:
        return self._world.state.entra

    def add_tenant(self, domain: str) -> str:
        """Create a tenant; returns its id."""
        tenant_id = self._world.streams.guid("entra.tenant")
        self._state.tenants[tenant_id] = domain
        return tenant_id

    def tenant_id(self, name: str) -> str:
        """Id of the tenant with this id or domain, in any case.

        Raises:
            EntraRefusal: 90002, there is none.
        """
        wanted = name.lower()
        for tenant_id, domain in self._state.tenants.items():
            if wanted in (tenant_id, domain.lower()):
                return tenant_id
        raise EntraRefusal("90002", name)

    def add_service_principal(self, tenant_id: str, client_id: str) -> str:
        """Give an application an identity in a tenant (consent); returns its object id, the same one each time."""
        key = (tenant_id, client_id)
        if key not in self._state.principals:
            self._state.principals[key] = self._world.streams.guid("entra.principal")
        return self._state.principals[key]

    def has_principal(self, tenant_id: str, principal_id: str) -> bool:
        """A service principal with this object id exists in the tenant."""
        wanted = principal_id.lower()
        return any(
            tenant == tenant_id and principal == wanted for (tenant, _), principal in self._state.principals.items()
        )
