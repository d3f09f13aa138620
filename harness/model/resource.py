"""What the two clouds hold, reduced to what the promises speak of. Field names are ours; `harness.atlas.wire` and
`harness.azure.wire` are the only places that know the vendors'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

ATLAS_APPLICATION = "9efedfcc-2eca-4b27-a613-0cad1e114cb7"
"""Atlas's own application in Entra ID, the same for all customers (EAR-145)."""


@dataclass(frozen=True, slots=True)
class Encryption:
    """Encryption-at-rest configuration of an Atlas project, as read."""

    enabled: bool
    """Azure Key Vault is on for the project."""
    valid: bool | None
    """Atlas can use the key; None when the answer leaves it out (not configured)."""
    require_private_networking: bool | None
    key_identifier: str | None
    key_vault_name: str | None
    subscription_id: str | None
    resource_group_name: str | None
    tenant_id: str | None
    client_id: str | None
    azure_environment: str | None
    role_id: str | None
    search_nodes: bool | None
    """Search nodes are encrypted with the customer's key too."""
    providers: tuple[str, ...]
    """Names of the provider blocks in the answer, enabled or not: `aws`, `azure`, `gcp`."""
    providers_enabled: tuple[str, ...]
    fields: tuple[str, ...]
    """Names of every field of the Azure block as sent by Atlas: evidence that no secret came back."""


@dataclass(frozen=True, slots=True)
class PrivateEndpoint:
    """One record of an Atlas private endpoint towards the vault."""

    id: str
    region: str
    status: str
    """INITIATING, PENDING_ACCEPTANCE, ACTIVE, FAILED, PENDING_RECREATION or DELETING."""
    connection_name: str | None
    """Name of the connection on the vault; set once it waits for approval."""
    error_message: str | None
    provider: str = "AZURE"

    @property
    def created(self) -> datetime | None:
        """When the record was made: Atlas's identifiers are ObjectIds, which begin with that second (inferred)."""
        try:
            return datetime.fromtimestamp(int(self.id[:8], 16), UTC)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class EndpointPage:
    """One page of the list of private endpoints."""

    ids: tuple[str, ...]
    total: int | None
    """`totalCount`; None when the page does not say."""
    links: tuple[str, ...]
    """Relations of its links: `self`, `previous`, `next`."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Nodes of a cluster in one region."""

    provider: str
    region: str
    size: str
    nodes: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """An Atlas cluster."""

    id: str
    name: str
    state: str
    """`stateName`: IDLE, CREATING, UPDATING, DELETING, REPAIRING."""
    paused: bool
    key_provider: str
    """`encryptionAtRestProvider`: NONE, AZURE, …"""
    placements: tuple[Placement, ...]
    backup_enabled: bool


@dataclass(frozen=True, slots=True)
class SearchDeployment:
    """Dedicated search nodes of a cluster; `key_provider` is read-only."""

    state: str
    key_provider: str
    nodes: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A backup snapshot; `master_key_id` is set when it is encrypted with the customer's key."""

    id: str
    status: str
    master_key_id: str | None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert raised by Atlas."""

    id: str
    kind: str
    status: str
    cluster: str | None


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert configuration; `threshold` reads like `GREATER_THAN 90 DAYS`."""

    id: str
    kind: str
    enabled: bool
    threshold: str | None
    mails_owners: bool = False
    """Project Owners are told by e-mail."""


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the project's activity feed."""

    id: str
    kind: str
    created: datetime
    cluster: str | None


@dataclass(frozen=True, slots=True)
class Addresses:
    """IP addresses Atlas uses: of each cluster's nodes by cluster name, and of the control plane."""

    clusters: dict[str, tuple[str, ...]]
    control_plane: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """What one principal may do in a vault that judges by access policies."""

    principal_id: str
    permissions: Mapping[str, tuple[str, ...]]
    """By kind of thing: `keys`, `secrets`, …"""
    application_id: str | None = None
    """Where the policy holds for the principal only through this application."""


@dataclass(frozen=True, slots=True)
class Vault:
    """A key vault as its owner sees it through Azure Resource Manager."""

    id: str
    name: str
    location: str
    tenant_id: str
    public_access: str | None
    """`Enabled` or `Disabled`; None when the answer leaves it out, which means Enabled."""
    default_action: str | None
    """`Allow` or `Deny` for addresses without a rule."""
    allowed_addresses: tuple[str, ...]
    rbac: bool | None
    """Roles decide who may do what; else access policies do."""
    access_policies: tuple[AccessPolicy, ...]
    soft_delete: bool | None
    purge_protection: bool | None
    retention_days: int | None


@dataclass(frozen=True, slots=True)
class VaultConnection:
    """A private endpoint connection on the vault: the owner's side of an endpoint."""

    id: str
    name: str
    status: str
    """Pending, Approved, Rejected or Disconnected."""
    provisioning: str
    private_endpoint_id: str
    description: str | None
    created: datetime | None = None
    """Where the API tells (`systemData`)."""


@dataclass(frozen=True, slots=True)
class KeyVersion:
    """One version of a key in the vault; `identifier` is its full URL."""

    identifier: str
    name: str
    version: str
    enabled: bool
    created: datetime | None
    expires: datetime | None
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """A client secret that was just issued; nobody can ever read its text again."""

    id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A role held by a principal at a scope."""

    id: str
    role: str
    """Role definition id (GUID)."""
    principal_id: str
    scope: str


@dataclass(frozen=True, slots=True)
class CloudRole:
    """A role through which Atlas signs in to a customer's tenant without a secret (cloud provider access)."""

    id: str
    application_id: str
    """Application that signs in: Atlas's own."""
    principal_id: str
    """Its service principal in the customer's tenant."""
    tenant_id: str
    used_for: tuple[str, ...]
    """`featureType` of what uses the role: `ENCRYPTION_AT_REST`, …"""


@dataclass(frozen=True, slots=True)
class CompliancePolicy:
    """Backup compliance policy of a project."""

    encryption_required: bool
    """`encryptionAtRestEnabled`: backups have to be encrypted with the customer's key."""
    state: str
    """ENABLING, UPDATING, ACTIVE, …"""
