"""Applications of a tenant: registered, given proofs, removed; and who may do that through Microsoft Graph.

The rules are those of the permissions reference of Microsoft Graph (DOC). With Application.ReadWrite.OwnedBy an
identity creates applications and service principals, becomes the owner of each that it creates, manages those that it
owns and no others, and may read all; with Application.ReadWrite.All it manages all; with Application.Read.All it reads
all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.entra.records import Application, EntraState, FederatedCredential, Secret
from harness.fake.kernel.entra.sign_in import digest
from harness.fake.kernel.refusal import Refusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

SECRET_LIFE_MAX_S = 2 * 365 * 86_400.0
"""A client secret lives two years at most (AKV, azure.md 1.1)."""

OWNED_BY = "Application.ReadWrite.OwnedBy"
READ_WRITE_ALL = "Application.ReadWrite.All"
READ_ALL = "Application.Read.All"

PUBLISHED = {"9efedfcc-2eca-4b27-a613-0cad1e114cb7": "MongoDB Atlas - Azure Private Applications"}
"""Applications of other companies, by client id, that any tenant may admit: Atlas's own (atlas.md EAR-145)."""


class GraphRefusal(Refusal):
    """A Microsoft Graph `error.code`; `parameters` fill the sentence."""


class Applications:
    """Keeps application registrations."""

    _world: World

    @property
    def _state(self) -> EntraState:
        return self._world.state.entra

    def add_application(self, tenant_id: str, name: str) -> Application:
        """Register an application in a tenant; it has no service principal and no secret yet."""
        streams = self._world.streams
        application = Application(
            streams.guid("entra.client"), streams.guid("entra.object"), tenant_id, name, created=self._world.now
        )
        self._state.applications[application.client_id] = application
        return application

    def add_secret(self, client_id: str, lifetime_s: float, name: str = "") -> str:
        """Issue a client secret; returns its text, which is kept nowhere. Lives two years at most (AKV)."""
        text = f"sim8Q~{self._world.streams.draw('entra.secret', 17).hex()}"
        now = self._world.now
        expires = now + min(lifetime_s, SECRET_LIFE_MAX_S)
        secret = Secret(digest(text), expires, self._world.streams.guid("entra.secret.id"), name, now, text[:3])
        self._state.applications[client_id].secrets.append(secret)
        return text

    def expire_secret(self, client_id: str, after_s: float) -> None:
        """Let every secret of the application end in `after_s` seconds, or earlier where it does anyway."""
        end = self._world.now + after_s
        for secret in self._state.applications[client_id].secrets:
            secret.expires = min(secret.expires, end)

    def restrict_sign_in(self, client_id: str, addresses: tuple[str, ...] | None) -> None:
        """Conditional access for the application: sign-in only from these addresses; None lifts the policy."""
        self._state.applications[client_id].allowed_addresses = addresses

    def add_federated_credential(
        self, client_id: str, name: str, issuer: str, subject: str, audiences: tuple[str, ...]
    ) -> FederatedCredential:
        """Let an application sign in with tokens of another issuer."""
        made = FederatedCredential(self._world.streams.guid("entra.federated"), name, issuer, subject, audiences)
        self._state.applications[client_id].federated.append(made)
        return made

    def permit(self, principal_id: str, permission: str) -> None:
        """Give a service principal an application permission of Microsoft Graph, with the consent of an admin."""
        self._state.graph_permissions.setdefault(principal_id, set()).add(permission)

    def add_owner(self, client_id: str, principal_id: str) -> None:
        """Make a service principal an owner of an application and of its service principals."""
        application = self._state.applications[client_id]
        application.owners.add(principal_id)
        for (_, known), principal in self._state.principals.items():
            if known == client_id:
                self._state.principal_owners.setdefault(principal, set()).add(principal_id)

    def remove_application(self, application: Application) -> None:
        """Delete an application: its service principal at home goes with it, tokens that it has keep working."""
        del self._state.applications[application.client_id]
        self.remove_service_principal(application.tenant_id, application.client_id)

    def enable(self, principal_id: str, *, enabled: bool) -> None:
        """Let a service principal sign in, or no longer; tokens that it has keep working."""
        change = self._state.disabled.discard if enabled else self._state.disabled.add
        change(principal_id)

    def remove_service_principal(self, tenant_id: str, client_id: str) -> None:
        """Delete the identity that an application has in a tenant; role assignments keep its id."""
        principal_id = self._state.principals.pop((tenant_id, client_id), "")
        self._state.principal_owners.pop(principal_id, None)

    def require_reader(self, principal_id: str) -> None:
        """Insist that a caller may read applications.

        Raises:
            GraphRefusal: Authorization_RequestDenied.
        """
        if not self._held(principal_id):
            raise GraphRefusal("Authorization_RequestDenied")

    def require_creator(self, principal_id: str) -> None:
        """Insist that a caller may create applications and service principals.

        Raises:
            GraphRefusal: Authorization_RequestDenied.
        """
        if not self._held(principal_id) & {OWNED_BY, READ_WRITE_ALL}:
            raise GraphRefusal("Authorization_RequestDenied")

    def require_manager(self, principal_id: str, owners: set[str]) -> None:
        """Insist that a caller may change or remove something with these owners.

        Raises:
            GraphRefusal: Authorization_RequestDenied.
        """
        held = self._held(principal_id)
        if READ_WRITE_ALL not in held and not (OWNED_BY in held and principal_id in owners):
            raise GraphRefusal("Authorization_RequestDenied")

    def _held(self, principal_id: str) -> set[str]:
        return self._state.graph_permissions.get(principal_id, set())
