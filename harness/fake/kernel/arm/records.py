"""What Azure Resource Manager holds: plain records, copied and compared freely."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from harness.fake.kernel.arm.role_definitions import RoleDefinition

Status = Literal["Pending", "Approved", "Rejected", "Disconnected"]
"""`privateLinkServiceConnectionState.status` (azure.md 1.5)."""

Provisioning = Literal["Succeeded", "Creating", "Updating", "Deleting", "Failed", "Disconnected"]
"""`provisioningState` of a private endpoint connection (azure.md 1.5)."""


@dataclass(slots=True)
class Subscription:
    """A subscription and the state of its resource providers, by lower-case namespace."""

    id: str
    tenant_id: str
    name: str
    providers: dict[str, str] = field(default_factory=dict)
    defender: dict[str, float] = field(default_factory=dict)
    """Defender plans that are paid for, by lower-case name, with the time they were turned on; others are free."""


@dataclass(slots=True)
class ResourceGroup:
    """A resource group."""

    subscription_id: str
    name: str
    location: str
    tags: dict[str, str] = field(default_factory=dict)
    provisioning_state: Literal["Succeeded", "Deleting"] = "Succeeded"

    @property
    def id(self) -> str:
        """ARM id in canonical case."""
        return f"/subscriptions/{self.subscription_id}/resourceGroups/{self.name}"


@dataclass(slots=True)
class AccessPolicy:
    """Key permissions of one principal in a vault that does not use RBAC; lower case."""

    tenant_id: str
    object_id: str
    keys: tuple[str, ...] = ()


@dataclass(slots=True)
class NetworkRules:
    """`networkAcls` of a vault."""

    default_action: Literal["Allow", "Deny"] = "Allow"
    bypass: Literal["AzureServices", "None"] = "AzureServices"
    ip_rules: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()


@dataclass(slots=True)
class Connection:
    """A private endpoint connection on a vault (azure.md 1.5)."""

    id: str
    name: str
    vault: str
    """Lower-case name of the vault it leads to."""
    private_endpoint_id: str
    status: Status
    effective: Status
    """What the data path does; follows `status` once the change has settled."""
    provisioning_state: Provisioning = "Succeeded"
    etag: str | None = None
    """Absent until the first change; changes when a change is accepted and again when it has settled."""
    description: str = ""
    created: float = 0.0


@dataclass(frozen=True, slots=True)
class LogRule:
    """Logs that a diagnostic setting sends: one category, or a group of them (`audit`, `allLogs`)."""

    category: str
    group: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class DiagnosticSetting:
    """Where a resource sends which of its logs; destinations are ARM ids by the name of their field."""

    name: str
    logs: tuple[LogRule, ...] = ()
    destinations: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Vault:
    """A key vault as ARM sees it."""

    subscription_id: str
    resource_group: str
    name: str
    location: str
    tenant_id: str
    sku: Literal["standard", "premium"] = "standard"
    access_policies: list[AccessPolicy] = field(default_factory=list)
    rbac: bool | None = None
    """`enableRbacAuthorization`; None reads as false (azure.md 1.2)."""
    soft_delete_days: int = 90
    purge_protection: bool = False
    public_network_access: Literal["Enabled", "Disabled"] = "Enabled"
    network_rules: NetworkRules | None = None
    tags: dict[str, str] = field(default_factory=dict)
    created: float = 0.0
    created_by: str = ""
    modified: float = 0.0
    modified_by: str = ""
    provisioned_at: float = 0.0
    """Unix seconds from which the name is registered in DNS."""
    connections: dict[str, Connection] = field(default_factory=dict)
    """By lower-case name."""
    diagnostics: dict[str, DiagnosticSetting] = field(default_factory=dict)
    """By lower-case name."""

    @property
    def id(self) -> str:
        """ARM id in canonical case."""
        group = f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
        return f"{group}/providers/Microsoft.KeyVault/vaults/{self.name}"

    @property
    def uri(self) -> str:
        """Address of the data plane."""
        return f"https://{self.name.lower()}.vault.azure.net/"


@dataclass(slots=True)
class DeletedVault:
    """A soft-deleted vault; the name stays taken until `purge_at` (unix seconds)."""

    vault: Vault
    deleted_at: float
    purge_at: float


@dataclass(slots=True)
class Subnet:
    """A subnet of the customer."""

    name: str
    prefix: str
    endpoint_policies: str = "Disabled"


@dataclass(slots=True)
class VirtualNetwork:
    """A virtual network of the customer."""

    subscription_id: str
    resource_group: str
    name: str
    location: str
    prefixes: tuple[str, ...]
    guid: str
    etag: str
    subnets: dict[str, Subnet] = field(default_factory=dict)
    """By lower-case name."""

    @property
    def id(self) -> str:
        """ARM id in canonical case."""
        group = f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
        return f"{group}/providers/Microsoft.Network/virtualNetworks/{self.name}"


@dataclass(slots=True)
class PrivateEndpoint:
    """A private endpoint of the customer's own (azure.md 1.6)."""

    subscription_id: str
    resource_group: str
    name: str
    location: str
    subnet_id: str
    vault: str
    """Lower-case name of the target vault."""
    vault_id: str
    connection_name: str
    manual: bool
    message: str
    address: str
    guid: str
    nic_guid: str
    etag: str
    provisioning_state: Literal["Updating", "Succeeded", "Deleting"] = "Updating"
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """ARM id in canonical case."""
        group = f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
        return f"{group}/providers/Microsoft.Network/privateEndpoints/{self.name}"


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """A role on a scope, with the period in which it is enforced: the list changes at once, enforcement lags."""

    name: str
    scope: str
    role_id: str
    principal_id: str
    principal_type: str
    created: float
    created_by: str
    enforced_from: float
    enforced_until: float = float("inf")

    @property
    def id(self) -> str:
        """ARM id."""
        return f"{self.scope}/providers/Microsoft.Authorization/roleAssignments/{self.name}"


@dataclass(slots=True)
class Operation:
    """A long-running operation that a caller may poll: done from `due` (unix seconds) on."""

    id: str
    due: float


@dataclass(slots=True)
class Bucket:
    """Tokens left of a rate limit and when that was so."""

    tokens: float
    at: float


@dataclass(slots=True)
class ArmState:
    """Everything ARM holds; keys are lower case."""

    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    resource_groups: dict[tuple[str, str], ResourceGroup] = field(default_factory=dict)
    vaults: dict[str, Vault] = field(default_factory=dict)
    deleted_vaults: dict[str, DeletedVault] = field(default_factory=dict)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Lower-case private endpoint id to (vault, connection name), both lower case."""
    networks: dict[str, VirtualNetwork] = field(default_factory=dict)
    private_endpoints: dict[str, PrivateEndpoint] = field(default_factory=dict)
    assignments: dict[str, RoleAssignment] = field(default_factory=dict)
    """Role assignments that the list shows, by lower-case name."""
    role_definitions: dict[str, RoleDefinition] = field(default_factory=dict)
    """Custom roles by lower-case id."""
    fading: list[RoleAssignment] = field(default_factory=list)
    """Role assignments removed but still enforced for a while."""
    operations: dict[str, Operation] = field(default_factory=dict)
    buckets: dict[tuple[str, str, str], Bucket] = field(default_factory=dict)
    addresses_given: int = 0
