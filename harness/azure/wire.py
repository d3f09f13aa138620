"""Azure's field names and what they mean in `harness.model.resource`: only this place knows both (azure.md 1.4-1.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from harness.errors import ProtocolError
from harness.model import resource

if TYPE_CHECKING:
    from azure.keyvault.keys import KeyProperties
    from azure.mgmt.authorization.v2022_04_01.models import RoleAssignment

    from harness.azure.clients import VaultPlace

RETENTION_DAYS_MIN = 7
"""Shortest time for which a deleted vault stays recoverable (azure.md 1.4)."""


class IpRule(msgspec.Struct):
    """An address let through the firewall."""

    value: str


class NetworkAcls(msgspec.Struct, rename="camel"):
    """The firewall of a vault."""

    default_action: str | None = None
    bypass: str | None = None
    ip_rules: list[IpRule] = []
    virtual_network_rules: list[dict[str, Any]] = []


class PolicyEntry(msgspec.Struct, rename="camel"):
    """What one principal may do, where access policies decide."""

    object_id: str
    permissions: dict[str, list[str] | None]
    application_id: str | None = None

    def model(self) -> resource.AccessPolicy:
        """The policy in our words."""
        permissions = {kind: tuple(names or ()) for kind, names in self.permissions.items()}
        return resource.AccessPolicy(self.object_id, permissions, self.application_id)


class VaultProperties(msgspec.Struct, rename="camel"):
    """Properties of a vault."""

    tenant_id: str = ""
    public_network_access: str | None = None
    network_acls: NetworkAcls | None = None
    access_policies: list[PolicyEntry] = []
    enable_rbac_authorization: bool | None = None
    enable_soft_delete: bool | None = None
    enable_purge_protection: bool | None = None
    soft_delete_retention_in_days: int | None = None


class VaultResource(msgspec.Struct):
    """A vault."""

    id: str
    name: str
    location: str = ""
    properties: VaultProperties = msgspec.field(default_factory=VaultProperties)

    def model(self) -> resource.Vault:
        """The vault in our words."""
        said = self.properties
        acls = said.network_acls or NetworkAcls()
        return resource.Vault(
            id=self.id,
            name=self.name,
            location=self.location,
            tenant_id=said.tenant_id,
            public_access=said.public_network_access,
            default_action=acls.default_action,
            allowed_addresses=tuple(rule.value for rule in acls.ip_rules),
            rbac=said.enable_rbac_authorization,
            access_policies=tuple(policy.model() for policy in said.access_policies),
            soft_delete=said.enable_soft_delete,
            purge_protection=said.enable_purge_protection,
            retention_days=said.soft_delete_retention_in_days,
        )


class PrivateEndpointRef(msgspec.Struct):
    """The consumer's endpoint."""

    id: str = ""


class ConnectionState(msgspec.Struct):
    """The owner's decision about a connection."""

    status: str = ""
    description: str | None = None


class ConnectionProperties(msgspec.Struct, rename="camel"):
    """Properties of a connection."""

    provisioning_state: str = ""
    private_endpoint: PrivateEndpointRef | None = None
    private_link_service_connection_state: ConnectionState = msgspec.field(default_factory=ConnectionState)


class SystemData(msgspec.Struct, rename="camel"):
    """Who made a resource, and when."""

    created_at: datetime | None = None


class Connection(msgspec.Struct, rename={"system_data": "systemData"}):
    """A private endpoint connection on a vault; `etag` is absent until its first change (azure.md 1.5)."""

    id: str
    name: str = ""
    etag: str | None = None
    system_data: SystemData | None = None
    properties: ConnectionProperties = msgspec.field(default_factory=ConnectionProperties)

    def model(self) -> resource.VaultConnection:
        """The connection in our words."""
        state = self.properties.private_link_service_connection_state
        endpoint = self.properties.private_endpoint or PrivateEndpointRef()
        return resource.VaultConnection(
            id=self.id,
            name=self.name or self.id.rpartition("/")[2],
            status=state.status,
            provisioning=self.properties.provisioning_state,
            private_endpoint_id=endpoint.id,
            description=state.description,
            created=self.system_data.created_at if self.system_data else None,
        )

    def decision(self, status: str, note: str) -> Mapping[str, Any]:
        """Body that decides about this connection as it was read; a stale etag is refused with 412."""
        state = {"status": status, "description": note, "actionsRequired": "None"}
        body: dict[str, Any] = {"properties": {"privateLinkServiceConnectionState": state}}
        return body if self.etag is None else {"etag": self.etag, **body}


class ResourceGroup(msgspec.Struct):
    """A resource group."""

    name: str
    location: str
    tags: dict[str, str] | None = None


class Subscription(msgspec.Struct, rename="camel"):
    """A subscription."""

    tenant_id: str


class Permissions(msgspec.Struct, rename="camel"):
    """What one role lets its holder do at a scope; `*` stands for any text (azure.md 1.8)."""

    actions: list[str] = []
    not_actions: list[str] = []
    data_actions: list[str] = []
    not_data_actions: list[str] = []


StructT = TypeVar("StructT", bound=msgspec.Struct)


T = TypeVar("T")


def each_once(listed: Iterable[T], named: Callable[[T], Any]) -> list[T]:
    """Entries of a list that may have changed while its pages were read, each once, the latest word counting."""
    return list({named(one): one for one in listed}.values())


def read(kind: type[StructT], answer: Any) -> StructT:
    """An SDK model as a structure of ours.

    Raises:
        ProtocolError: naming the first difference; also when the SDK let an empty answer pass.
    """
    return from_json(kind, None if answer is None else answer.as_dict())


def from_json(kind: type[StructT], answer: Any) -> StructT:
    """A JSON body as a structure of ours.

    Raises:
        ProtocolError: naming the first difference.
    """
    try:
        return msgspec.convert(answer, kind)
    except msgspec.ValidationError as difference:
        raise ProtocolError(f"unexpected {kind.__name__} from Azure: {difference}") from difference


def new_vault(location: str, tenant_id: str, tags: Mapping[str, str]) -> Mapping[str, Any]:
    """Body that asks for a vault as a run makes it: RBAC, recoverable, not purgeable, open to the public at first."""
    return {
        "location": location,
        "tags": dict(tags),
        "properties": {
            "tenantId": tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": RETENTION_DAYS_MIN,
            "enablePurgeProtection": True,
            "publicNetworkAccess": "Enabled",
        },
    }


def public_access(enabled: bool) -> Mapping[str, Any]:
    """Patch that opens or closes the public side of a vault."""
    return {"properties": {"publicNetworkAccess": "Enabled" if enabled else "Disabled"}}


def network_rules(now: NetworkAcls | None, default_action: str, addresses: Sequence[str]) -> Mapping[str, Any]:
    """Patch that sets a vault's firewall. Azure replaces the block as a whole, so the rest is sent back as it was."""
    acls = now or NetworkAcls(bypass="AzureServices")
    rules = {
        "bypass": acls.bypass,
        "defaultAction": default_action,
        "ipRules": [{"value": address} for address in addresses],
        "virtualNetworkRules": acls.virtual_network_rules,
    }
    return {"properties": {"networkAcls": rules}}


def access_model(tenant_id: str, rbac: bool, policies: Sequence[resource.AccessPolicy]) -> Mapping[str, Any]:
    """Patch that says who decides over access to a vault. Azure replaces the policies as a whole."""
    entries = [
        {
            "tenantId": tenant_id,
            "objectId": policy.principal_id,
            "permissions": {kind: list(names) for kind, names in policy.permissions.items()},
            **({} if policy.application_id is None else {"applicationId": policy.application_id}),
        }
        for policy in policies
    ]
    return {"properties": {"enableRbacAuthorization": rbac, "accessPolicies": entries}}


def role_definition(scope: str, name: str, actions: Sequence[str], data_actions: Sequence[str]) -> Mapping[str, Any]:
    """Body of a role of the customer's own, which can be granted within a scope (azure.md 1.8)."""
    permissions = {"actions": list(actions), "dataActions": list(data_actions)}
    return {
        "properties": {
            "roleName": name,
            "type": "CustomRole",
            "description": "made by cmkproof for one scenario",
            "assignableScopes": [scope],
            "permissions": [permissions],
        }
    }


def own_endpoint(place: VaultPlace, name: str) -> Mapping[str, Any]:
    """Body that asks for a private endpoint of the vault's owner (azure.md 1.6)."""
    link = {"privateLinkServiceId": place.vault_id, "groupIds": ["vault"]}
    return {
        "location": place.location,
        "properties": {
            "subnet": {"id": place.subnet_id},
            "privateLinkServiceConnections": [{"name": name, "properties": link}],
        },
    }


def role_assignment(place: VaultPlace, principal_id: str, role: str) -> Mapping[str, Any]:
    """Body that grants a role; naming the kind of principal spares Azure a look-up that lags (azure.md 1.8)."""
    return {
        "properties": {
            "roleDefinitionId": place.role_definition_id(role),
            "principalId": principal_id,
            "principalType": "ServicePrincipal",
        }
    }


def role_grant(assignment: RoleAssignment) -> resource.RoleGrant:
    """A role assignment in our words."""
    return resource.RoleGrant(
        id=assignment.id or "",
        role=(assignment.role_definition_id or "").rpartition("/")[2],
        principal_id=assignment.principal_id or "",
        scope=assignment.scope or "",
    )


def key_version(properties: KeyProperties) -> resource.KeyVersion:
    """A key version in our words."""
    return resource.KeyVersion(
        identifier=properties.id or "",
        name=properties.name,
        version=properties.version or "",
        enabled=bool(properties.enabled),
        created=properties.created_on,
        expires=properties.expires_on,
        not_before=properties.not_before,
    )
