"""What Atlas keeps, as plain records: copied, compared and put back as a whole.

Instants are unix seconds. Statuses, states and providers are spelled as on the wire (atlas.md 2 and 3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.fake.kernel.atlas.records import CloudRole, CompliancePolicy, Outage


@dataclass(slots=True)
class Organisation:
    """An Atlas organisation."""

    id: str
    name: str


@dataclass(slots=True)
class Project:
    """An Atlas project (`group` on the wire); `active` is the state that no API shows (atlas.md 6 #22)."""

    id: str
    organisation_id: str
    name: str
    created: float
    azure_subscription_id: str
    """Atlas's own Azure subscription, in which the project's private endpoints live."""
    active: bool = True
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class AzureKeyVault:
    """Azure part of a project's encryption at rest; empty strings where nothing is configured."""

    enabled: bool = False
    azure_environment: str = ""
    client_id: str = ""
    tenant_id: str = ""
    secret: str = field(default="", repr=False)
    """Write-only on the wire (EAR-025)."""
    subscription_id: str = ""
    resource_group_name: str = ""
    key_vault_name: str = ""
    key_identifier: str = ""
    role_id: str = ""
    require_private_networking: bool = False
    valid: bool = False
    """What `valid` reads; meaningless while not enabled."""
    condition: str = "unreported"
    """Latest finding of a check: `valid`, `invalid`, `unreachable`, or `unreported` before the first."""
    enablement: str = ""
    """Names one period of being enabled: timers of an earlier period are ignored."""
    credentials: int = 0
    """Counts changes of the credentials: node tokens of an earlier count are void."""
    followed: str = ""
    """Identifier that nodes are to use: with the version that one without led to when last looked at (EAR-142)."""
    key_since: float = 0.0
    """When the project moved to the present key identifier."""
    age_watch: int = 0
    """Counts looks at the age of the key: timers of an earlier look are ignored."""
    announced_invalid: bool = False
    """The feed has said that the key is invalid, and not yet that it is valid again."""
    denied: set[str] = field(default_factory=set)
    """Whose way to the vault is denied: names of clusters, and an empty one for the control plane."""


@dataclass(slots=True)
class OtherProvider:
    """AWS KMS or Google Cloud KMS settings; those clouds are outside this world, so they are taken as usable."""

    enabled: bool = False
    settings: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Encryption:
    """Encryption at rest of a project."""

    azure: AzureKeyVault = field(default_factory=AzureKeyVault)
    aws: OtherProvider = field(default_factory=OtherProvider)
    gcp: OtherProvider = field(default_factory=OtherProvider)
    search_nodes: bool = False
    """`enabledForSearchNodes`."""


@dataclass(frozen=True, slots=True)
class AzureChange:
    """Azure part of a change; None leaves a field as it is (EAR-029)."""

    enabled: bool | None = None
    azure_environment: str | None = None
    client_id: str | None = None
    tenant_id: str | None = None
    secret: str | None = field(default=None, repr=False)
    subscription_id: str | None = None
    resource_group_name: str | None = None
    key_vault_name: str | None = None
    key_identifier: str | None = None
    role_id: str | None = None
    require_private_networking: bool | None = None


@dataclass(frozen=True, slots=True)
class OtherChange:
    """AWS or Google part of a change; `settings` holds what can be read back, without write-only fields."""

    enabled: bool | None = None
    settings: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class EncryptionChange:
    """A PATCH of the configuration: None where the body leaves a block out, an empty change for `{}`."""

    azure: AzureChange | None = None
    aws: OtherChange | None = None
    gcp: OtherChange | None = None
    search_nodes: bool | None = None


@dataclass(slots=True)
class Endpoint:
    """A private endpoint record (atlas.md 2.1)."""

    id: str
    project_id: str
    provider: str
    region: str
    private_endpoint_id: str
    """ARM id of the endpoint in Atlas's own subscription: what the vault's owner sees on the connection."""
    created: float
    status: str = "INITIATING"
    """INITIATING, PENDING_ACCEPTANCE, ACTIVE, FAILED, PENDING_RECREATION or DELETING."""
    connection_name: str | None = None
    error_message: str | None = None


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """Nodes of one purpose in one region."""

    size: str
    count: int
    disk_gb: float | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """One `regionConfigs` entry. Tenant and Flex clusters name the cloud below them in `backing_provider`."""

    provider: str
    """AZURE, AWS, GCP, TENANT or FLEX."""
    region: str
    priority: int = 7
    electable: NodeSpec | None = None
    read_only: NodeSpec | None = None
    analytics: NodeSpec | None = None
    backing_provider: str = ""

    @property
    def nodes(self) -> int:
        """Nodes of all purposes."""
        return sum(spec.count for spec in self.specs)

    @property
    def specs(self) -> tuple[NodeSpec, ...]:
        """Node specifications that are present."""
        return tuple(s for s in (self.electable, self.read_only, self.analytics) if s is not None)


@dataclass(frozen=True, slots=True)
class Shard:
    """One `replicationSpecs` entry; ids are empty in a request and filled by the kernel."""

    placements: tuple[Placement, ...]
    zone_name: str = "Zone 1"
    id: str = ""
    zone_id: str = ""


@dataclass(frozen=True, slots=True)
class ClusterRequest:
    """A cluster asked for; `settings` are wire fields that no law of this world reads."""

    name: str
    shards: tuple[Shard, ...]
    cluster_type: str = "REPLICASET"
    key_provider: str = "NONE"
    backup: bool = False
    paused: bool = False
    termination_protection: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClusterChange:
    """A change of a cluster; None leaves a field as it is."""

    shards: tuple[Shard, ...] | None = None
    cluster_type: str | None = None
    key_provider: str | None = None
    backup: bool | None = None
    paused: bool | None = None
    termination_protection: bool | None = None
    settings: dict[str, Any] | None = None


@dataclass(slots=True)
class SearchDeployment:
    """Dedicated search nodes of a cluster."""

    id: str
    size: str
    count: int
    state_name: str = "UPDATING"
    """IDLE, UPDATING or PAUSED."""
    removed: bool = False
    """Taken away while the cluster is without its key (EAR-139)."""
    operation: int = 0
    """Counts what makes it UPDATING: timers of an earlier count are ignored."""


@dataclass(frozen=True, slots=True)
class NodeToken:
    """An Entra token that the nodes of one region hold."""

    principal_id: str
    expires: float
    credentials: int


@dataclass(slots=True)
class Cluster:
    """A cluster: `dedicated`, `tenant` (M0, M2, M5) or `flex` by `kind`."""

    id: str
    project_id: str
    name: str
    kind: str
    cluster_type: str
    shards: tuple[Shard, ...]
    created: float
    key_provider: str = "NONE"
    """`encryptionAtRestProvider`, the target of a change in flight."""
    backup: bool = False
    termination_protection: bool = False
    paused: bool = False
    """Paused by its owner. What the wire shows is `Clusters.reads_paused`."""
    state_name: str = "CREATING"
    """CREATING, IDLE, UPDATING or DELETING."""
    settings: dict[str, Any] = field(default_factory=dict)
    halted: str = ""
    """Why all processes are down: empty, `key` (EAR-101, EAR-104) or `multi_cloud` (EAR-006)."""
    key_identifier: str = ""
    """Azure key that the nodes use now; stays until the data is decrypted again, empty without one."""
    master_key_id: str = ""
    """MongoDB master key, sealed with the customer's key; empty without one."""
    private_regions: set[str] = field(default_factory=set)
    """Azure regions in which the nodes use only the private endpoint (EAR-069)."""
    node_tokens: dict[str, NodeToken] = field(default_factory=dict, repr=False)
    """By region."""
    operation: int = 0
    """Counts changes of state: timers of an earlier count are ignored."""
    resumed: float | None = None
    paused_since: float | None = None
    search: SearchDeployment | None = None
    outage: Outage | None = None

    @property
    def placements(self) -> tuple[Placement, ...]:
        """All placements of all shards."""
        return tuple(p for shard in self.shards for p in shard.placements)

    @property
    def clouds(self) -> frozenset[str]:
        """Cloud providers below the nodes."""
        return frozenset(p.backing_provider or p.provider for p in self.placements)


@dataclass(slots=True)
class Snapshot:
    """A backup snapshot; key fields are empty without a customer's key."""

    id: str
    project_id: str
    cluster: str
    cluster_id: str
    cluster_kind: str
    created: float
    description: str
    retention_days: int
    key_provider: str = "NONE"
    key_identifier: str = ""
    master_key_id: str = ""
    """`masterKeyUUID` (EAR-131)."""
    status: str = "queued"
    """queued, inProgress or completed."""


@dataclass(slots=True)
class RestoreJob:
    """Restore of a snapshot to a cluster, or its delivery as files: then there is no target."""

    id: str
    snapshot_id: str
    target_project_id: str
    target_cluster: str
    created: float
    finished: float | None = None
    failed: bool = False
    cluster_id: str = ""
    """Cluster whose snapshot it is."""
    delivery: str = "automated"
    """`automated` or `download`."""


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of a project's activity feed."""

    id: str
    project_id: str
    kind: str
    created: float
    cluster: str | None = None


@dataclass(slots=True)
class Alert:
    """An alert; OPEN until its cause is gone, then CLOSED."""

    id: str
    project_id: str
    rule_id: str
    kind: str
    created: float
    updated: float
    status: str = "OPEN"
    resolved: float | None = None
    cluster: str | None = None
    acknowledged_until: float | None = None
    comment: str = ""
    """What was said when it was acknowledged."""


@dataclass(slots=True)
class AlertRule:
    """An alert configuration; `threshold_days` only where the kind measures an age.

    `settings` are wire fields that no law of this world reads: matchers and notifications of a rule that was asked for.
    """

    id: str
    project_id: str
    kind: str
    created: float
    updated: float
    enabled: bool = True
    threshold_days: int | None = None
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Caller:
    """An identity that calls the Admin API: a service account (OAuth) or an API key pair (digest)."""

    id: str
    kind: str
    """`service_account` or `api_key`."""
    public: str
    """Client id of a service account, public key of an API key."""
    secret: str = field(repr=False)
    organisation_id: str = ""
    organisation_roles: frozenset[str] = frozenset()
    project_roles: dict[str, frozenset[str]] = field(default_factory=dict)
    """Project id to roles such as GROUP_OWNER."""
    access_list: tuple[str, ...] = ()
    """Addresses or networks it may call from; empty: any."""
    name: str = ""
    description: str = ""
    created: float = 0.0
    secret_id: str = ""
    """Names the secret of a service account."""
    secret_expires: float | None = None
    """When the secret of a service account ends; None: never."""
    last_used: float | None = None
    """When the secret was last exchanged for a token."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An OAuth access token of the Admin API."""

    text: str = field(repr=False)
    caller_id: str
    expires: float


@dataclass(slots=True)
class Bucket:
    """A token bucket of the rate limiter."""

    tokens: float
    refilled: float


@dataclass(slots=True)
class AtlasState:
    """Everything of Atlas that changes."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    encryptions: dict[str, Encryption] = field(default_factory=dict)
    """By project id."""
    endpoints: dict[str, dict[str, Endpoint]] = field(default_factory=dict)
    """By project id, then endpoint id, in order of creation."""
    endpoint_of: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Lower-case ARM id of a private endpoint to (project id, endpoint id)."""
    clusters: dict[str, dict[str, Cluster]] = field(default_factory=dict)
    """By project id, then name."""
    reports_due: set[str] = field(default_factory=set)
    """Projects whose nodes have been asked to report on the key and have not yet."""
    snapshots: dict[str, list[Snapshot]] = field(default_factory=dict)
    """By project id, oldest first."""
    restores: dict[str, list[RestoreJob]] = field(default_factory=dict)
    """By id of the project whose snapshot it is."""
    events: dict[str, list[Event]] = field(default_factory=dict)
    """By project id, oldest first."""
    alerts: dict[str, list[Alert]] = field(default_factory=dict)
    rules: dict[str, list[AlertRule]] = field(default_factory=dict)
    cloud_roles: dict[str, dict[str, CloudRole]] = field(default_factory=dict)
    """By project id, then role id, in order of creation."""
    application_secret: str = field(default="", repr=False)
    """What Atlas's own application signs in to customers' tenants with; empty until it is published."""
    policies: dict[str, CompliancePolicy] = field(default_factory=dict)
    """Backup compliance policies by project id."""
    callers: dict[str, Caller] = field(default_factory=dict)
    """By id."""
    caller_of: dict[str, str] = field(default_factory=dict)
    """Client id or public key to caller id."""
    access_tokens: dict[str, AccessToken] = field(default_factory=dict, repr=False)
    nonces: dict[str, float] = field(default_factory=dict, repr=False)
    """Digest nonce to the instant at which it becomes stale."""
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    """By (endpoint set, scope id)."""
