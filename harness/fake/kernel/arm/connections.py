"""Private endpoint connections on a vault: asked for, approved, rejected, removed (azure.md 1.5 and 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from harness.fake.kernel.arm.records import ArmState, Connection, Status, Vault
from harness.fake.kernel.refusal import ArmRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class Connections:
    """Keeps the connections of all vaults."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.connection_changed: list[Callable[[str], None]] = []
        """Called with the private endpoint's id once a change has taken effect or the connection has gone."""
        world.law("arm.connection_settled", self._connection_settled)
        world.law("arm.connection_gone", self._connection_gone)

    @property
    def _state(self) -> ArmState:
        return self._world.state.arm

    def connect(self, vault: Vault, private_endpoint_id: str, description: str) -> Connection:
        """Record a manual request from another tenant: a Pending connection under a generated name (azure.md 1.6)."""
        name = self._world.streams.guid("arm.connection")
        return self.add_connection(vault, name, private_endpoint_id, "Pending", description)

    def add_connection(
        self, vault: Vault, name: str, private_endpoint_id: str, status: Status, description: str
    ) -> Connection:
        """Put a connection on the vault; a name in use gets a suffix."""
        if name.lower() in vault.connections:
            name = f"{name}.{self._world.streams.guid('arm.connection')}"
        connection = Connection(
            id=f"{vault.id}/privateEndpointConnections/{name}",
            name=name,
            vault=vault.name.lower(),
            private_endpoint_id=private_endpoint_id,
            status=status,
            effective=status,
            description=description,
            created=self._world.now,
        )
        vault.connections[name.lower()] = connection
        self._state.links[private_endpoint_id.lower()] = (vault.name.lower(), name.lower())
        return connection

    def connection(self, vault: Vault, name: str) -> Connection:
        """The connection of the vault with this name.

        Raises:
            ArmRefusal: ResourceNotFound.
        """
        found = vault.connections.get(name.lower())
        if found is None:
            kind = f"Microsoft.KeyVault/vaults/{vault.name}/privateEndpointConnections/{name}"
            raise ArmRefusal("ResourceNotFound", kind, vault.resource_group)
        return found

    def connection_of(self, private_endpoint_id: str) -> Connection | None:
        """The connection that belongs to a private endpoint."""
        link = self._state.links.get(private_endpoint_id.lower())
        if link is None:
            return None
        vault = self._state.vaults.get(link[0])
        return None if vault is None else vault.connections.get(link[1])

    def disconnect(self, private_endpoint_id: str) -> None:
        """The consumer deletes its endpoint: the connection disappears at once (azure.md 2 row 3)."""
        link = self._state.links.get(private_endpoint_id.lower())
        if link is not None:
            self.drop_connection(*link)

    def set_connection_status(
        self,
        vault: Vault,
        name: str,
        status: Literal["Approved", "Rejected"],
        description: str,
        etag: str | None = None,
    ) -> Connection:
        """Approve or reject: shown at once as Updating with a new etag, effective after `connection_settle_s`.

        A change that comes while another is settling replaces it.

        Raises:
            ArmRefusal: ResourceNotFound, PreconditionFailed (stale `etag`), AnotherOperationInProgress (being
                removed), ApprovalNotSupported (reading `reapprove_rejected`), ConsumerNotRegistered (azure.md 1.3).
        """
        connection = self.connection(vault, name)
        if etag is not None and etag != connection.etag:
            raise ArmRefusal("PreconditionFailed", connection.id)
        if connection.provisioning_state == "Deleting":
            raise ArmRefusal("AnotherOperationInProgress", connection.id)
        if status == "Approved":
            self._check_approvable(connection)
            self._check_consumer(connection)
        connection.status = status
        connection.description = description
        connection.provisioning_state = "Updating"
        connection.etag = self._world.streams.hex32("arm.etag")
        subject = f"{connection.vault}/{connection.name.lower()}/{connection.etag}"
        self._world.schedule(self._world.knobs.connection_settle_s, "arm.connection_settled", subject)
        return connection

    def delete_connection(self, vault: Vault, name: str) -> None:
        """Remove a connection: it reads Deleting, and is gone after the knob `arm_operation_s`.

        Raises:
            ArmRefusal: ResourceNotFound.
        """
        connection = self.connection(vault, name)
        if connection.provisioning_state != "Deleting":
            connection.provisioning_state = "Deleting"
            subject = f"{connection.vault}/{connection.name.lower()}/{connection.private_endpoint_id.lower()}"
            self._world.schedule(self._world.knobs.arm_operation_s, "arm.connection_gone", subject)

    def drop_connection(self, vault: str, name: str) -> None:
        """Take a connection off its vault now, and tell the listeners; names in lower case."""
        connection = self._state.vaults[vault].connections.pop(name)
        del self._state.links[connection.private_endpoint_id.lower()]
        self._tell(connection)

    def _check_approvable(self, connection: Connection) -> None:
        refused = self._world.readings.reapprove_rejected == "refused"
        if connection.status == "Rejected" and refused:
            raise ArmRefusal("ApprovalNotSupported", connection.status)

    def _check_consumer(self, connection: Connection) -> None:
        """Approval needs Microsoft.KeyVault registered where the endpoint lives; it is, in an unknown subscription."""
        consumer = self._state.subscriptions.get(connection.private_endpoint_id.lower().split("/")[2])
        if consumer is not None and consumer.providers["microsoft.keyvault"] != "Registered":
            raise ArmRefusal("ConsumerNotRegistered", connection.private_endpoint_id)

    def _connection_settled(self, subject: str) -> None:
        vault, name, etag = subject.split("/")
        connection = self._find(vault, name)
        if connection is None or connection.etag != etag or connection.provisioning_state != "Updating":
            return
        connection.provisioning_state = "Succeeded"
        connection.effective = connection.status
        connection.etag = self._world.streams.hex32("arm.etag")
        self._tell(connection)

    def _connection_gone(self, subject: str) -> None:
        vault, name, private_endpoint_id = subject.split("/", 2)
        connection = self._find(vault, name)
        if connection is not None and connection.private_endpoint_id.lower() == private_endpoint_id:
            self.drop_connection(vault, name)

    def _find(self, vault: str, name: str) -> Connection | None:
        found = self._state.vaults.get(vault)
        return None if found is None else found.connections.get(name)

    def _tell(self, connection: Connection) -> None:
        for listener in self.connection_changed:
            listener(connection.private_endpoint_id)
