"""The seams: what drivers, runs and steps need from the outside, as protocols. Adapters live in `harness.backends`.

Every method that calls a service raises the errors of `harness.errors`: `Refused` (definite, with status and code),
`ServerFault`, `Unreachable` (indefinite), `Throttled`, `AccessError`, `ProtocolError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from harness.model.fault import Fault
from harness.model.posture import (
    ApplicationSecret,
    DiagnosticSetting,
    KeyMaterial,
    RoleHolding,
    RotationPolicy,
)
from harness.model.resource import (
    AccessPolicy,
    Addresses,
    Alert,
    AlertRule,
    CloudRole,
    Cluster,
    CompliancePolicy,
    Encryption,
    EndpointPage,
    Event,
    IssuedSecret,
    KeyVersion,
    PrivateEndpoint,
    RoleGrant,
    SearchDeployment,
    Snapshot,
    Vault,
    VaultConnection,
)
from harness.model.verdict import Assurance
from harness.model.wire_fault import WireFault


class Clock(Protocol):
    """Time as the run sees it; the only way to wait."""

    kind: str
    """`virtual` or `real`."""

    def now(self) -> float:
        """Unix seconds, UTC."""

    def monotonic(self) -> float:
        """Seconds from a beginning of its own, by a second clock that nobody sets: it tells how long, never when."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


class ClusterService(Protocol):
    """The Atlas side, signed in as one identity."""

    def encryption(self, project_id: str) -> Encryption:
        """Configuration of the project; reading it makes Atlas validate the key on demand (KMS, Validate)."""

    def update_encryption(self, project_id: str, change: Mapping[str, Any]) -> Encryption:
        """Change the configuration; `change` is the body in Atlas's own field names."""

    def cloud_roles(self, project_id: str) -> Sequence[CloudRole]:
        """Roles through which Atlas signs in to tenants of Azure without a secret."""

    def create_cloud_role(self, project_id: str, application_id: str, tenant_id: str, principal_id: str) -> CloudRole:
        """Ask for a role by which an application signs in as its service principal in a tenant (EAR-140)."""

    def delete_cloud_role(self, project_id: str, role_id: str) -> None:
        """Give a role up (EAR-143)."""

    def private_endpoints(self, project_id: str) -> Sequence[PrivateEndpoint]:
        """Every endpoint record of the project, all pages."""

    def private_endpoint(self, project_id: str, endpoint_id: str) -> PrivateEndpoint | None:
        """One endpoint record, or None when Atlas says it does not exist."""

    def create_private_endpoint(self, project_id: str, region: str) -> PrivateEndpoint:
        """Ask for an endpoint. At most once: after an unknown outcome the list is read back before trying again."""

    def private_endpoint_ids(self, project_id: str, provider: str) -> Sequence[str]:
        """Identifiers of the endpoints of a cloud: `AZURE`, `AWS`, or one that has none (EAR-085)."""

    def create_private_endpoint_at(self, project_id: str, provider: str, region: str) -> str:
        """Ask for an endpoint of a cloud that is named (EAR-085); returns its identifier."""

    def delete_private_endpoint(self, project_id: str, endpoint_id: str) -> None:
        """Ask for the deletion of an endpoint."""

    def alter_private_endpoint(
        self, project_id: str, endpoint_id: str, change: Mapping[str, Any], *, whole: bool
    ) -> None:
        """Try to change (PATCH) or, `whole`, to replace (PUT) an endpoint: Atlas offers neither (EAR-086)."""

    def private_endpoint_pages(self, project_id: str, page_size: int) -> Sequence[EndpointPage]:
        """The list of endpoints page by page, as Atlas hands it out."""

    def clusters(self, project_id: str) -> Sequence[Cluster]:
        """Every cluster of the project."""

    def cluster(self, project_id: str, name: str) -> Cluster | None:
        """One cluster, or None when Atlas says it does not exist."""

    def create_cluster(
        self,
        project_id: str,
        name: str,
        placements: Sequence[tuple[str, str, str, int]],
        key_provider: str,
        *,
        backup: bool,
    ) -> Cluster:
        """Create a cluster; placements are (provider, region, size, nodes)."""

    def create_flex_cluster(
        self, project_id: str, name: str, region: str, extra: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Create a Flex cluster; `extra` adds fields, also ones that Flex does not have."""

    def update_cluster(self, project_id: str, name: str, change: Mapping[str, Any]) -> Cluster:
        """Change a cluster; `change` is the body in Atlas's own field names."""

    def place_cluster(self, project_id: str, name: str, placements: Sequence[tuple[str, str, str, int]]) -> Cluster:
        """Give a cluster other nodes; placements are (provider, region, size, nodes)."""

    def delete_cluster(self, project_id: str, name: str) -> None:
        """Delete a cluster."""

    def restart_primaries(self, project_id: str, name: str) -> None:
        """Restart the primaries of a cluster (test failover)."""

    def outage(self, project_id: str, name: str) -> str | None:
        """State of the simulated outage of a cluster's regions, or None when there is none."""

    def start_outage(self, project_id: str, name: str, regions: Sequence[tuple[str, str]]) -> None:
        """Simulate the outage of regions of a cluster; regions are (provider, region)."""

    def end_outage(self, project_id: str, name: str) -> None:
        """Ask for recovery from a simulated outage."""

    def create_search_nodes(self, project_id: str, cluster: str, size: str, nodes: int) -> SearchDeployment:
        """Create dedicated search nodes."""

    def search_nodes(self, project_id: str, cluster: str) -> SearchDeployment | None:
        """Dedicated search nodes of a cluster, or None when it has none."""

    def take_snapshot(self, project_id: str, cluster: str, description: str) -> Snapshot:
        """Take an on-demand backup snapshot."""

    def snapshots(self, project_id: str, cluster: str) -> Sequence[Snapshot]:
        """Backup snapshots of a cluster."""

    def restore_snapshot(self, project_id: str, cluster: str, snapshot_id: str, target: str) -> None:
        """Restore a snapshot of `cluster` onto the cluster `target` of the same project."""

    def compliance_policy(self, project_id: str) -> CompliancePolicy | None:
        """Backup compliance policy of the project, or None."""

    def set_compliance_policy(self, project_id: str, *, encryption_required: bool) -> None:
        """Set a backup compliance policy, which no request can take away again (EAR-146)."""

    def download_snapshot(self, project_id: str, cluster: str, snapshot_id: str) -> None:
        """Ask for a snapshot to be handed out as files."""

    def flex_snapshots(self, project_id: str, cluster: str) -> Sequence[Snapshot]:
        """Backup snapshots of a Flex cluster, which Atlas takes by itself."""

    def restore_flex_snapshot(self, project_id: str, cluster: str, snapshot_id: str, target: str) -> None:
        """Restore a snapshot of a Flex cluster onto the cluster `target` of the same project."""

    def alerts(self, project_id: str) -> Sequence[Alert]:
        """Alerts of the project, open and closed."""

    def alert_rules(self, project_id: str) -> Sequence[AlertRule]:
        """Alert configurations of the project."""

    def set_alert_threshold(self, project_id: str, kind: str, days: int) -> None:
        """Change the threshold of the alert configuration of a kind, in days."""

    def events(self, project_id: str) -> Sequence[Event]:
        """Activity feed of the project, oldest first, all pages."""

    def event_page(self, project_id: str) -> Sequence[str]:
        """Identifiers on the first page of the activity feed, as Atlas hands it out."""

    def addresses(self, project_id: str) -> Addresses:
        """Addresses of the project's nodes and of the control plane."""


class KeyService(Protocol):
    """The Azure side, signed in as the owner of the vault."""

    def provider_state(self, namespace: str) -> str:
        """Registration state of a resource provider: NotRegistered, Registering, Registered, Unregistering."""

    def register_provider(self, namespace: str) -> None:
        """Register a resource provider."""

    def vault(self) -> Vault:
        """The vault."""

    def set_public_access(self, *, enabled: bool) -> Vault:
        """Open or close the vault's public side (`publicNetworkAccess`)."""

    def set_network_rules(self, default_action: str, allowed_addresses: Sequence[str]) -> Vault:
        """Set the vault's firewall: `Allow` or `Deny`, and the addresses let through."""

    def connections(self) -> Sequence[VaultConnection]:
        """Private endpoint connections on the vault."""

    def approve_connection(self, name: str, note: str) -> VaultConnection:
        """Approve a connection; it reads Updating until the change has settled."""

    def reject_connection(self, name: str, note: str) -> VaultConnection:
        """Reject a connection."""

    def remove_connection(self, name: str) -> None:
        """Remove a connection and wait until it is gone."""

    def offers_vault_endpoints(self, location: str) -> bool:
        """Azure offers private endpoints to key vaults in this region."""

    def create_own_endpoint(self, name: str) -> str:
        """Create the customer's own private endpoint to the vault; returns its resource id."""

    def remove_own_endpoint(self, name: str) -> None:
        """Remove the customer's own private endpoint."""

    def create_key(self, name: str) -> KeyVersion:
        """Create an RSA 2048 key, or a new version of it."""

    def key(self, name: str, version: str = "") -> KeyVersion:
        """A version of a key; the latest without `version`."""

    def other_key(self) -> KeyVersion:
        """The latest version of a key in another vault of the same customer."""

    def rotate_key(self, name: str) -> KeyVersion:
        """Create the next version of a key by rotation."""

    def set_key_enabled(self, name: str, version: str, *, enabled: bool) -> KeyVersion:
        """Enable or disable a key version."""

    def set_key_validity(
        self, name: str, version: str, *, not_before: datetime | None, expires: datetime | None
    ) -> KeyVersion:
        """Set the period in which a key version may be used."""

    def delete_key(self, name: str) -> None:
        """Soft-delete a key and wait until it is gone."""

    def recover_key(self, name: str) -> None:
        """Recover a soft-deleted key and wait until it is usable."""

    def wrap(self, name: str, version: str, secret: bytes) -> bytes:
        """Wrap bytes with a key version. Runs locally in the SDK and so proves nothing (azure.md 3.5)."""

    def unwrap(self, name: str, version: str, wrapped: bytes) -> bytes:
        """Unwrap bytes in the vault: the proof that the key works."""

    def set_access(self, *, rbac: bool, policies: Sequence[AccessPolicy]) -> Vault:
        """Say who decides over access to the vault: roles, or access policies, which are these and no others."""

    def define_role(self, name: str, actions: Sequence[str], data_actions: Sequence[str]) -> str:
        """Define the one role of the customer's own for this vault, or change it; returns its GUID."""

    def remove_role(self) -> None:
        """Take that role away, which nobody may hold any more; none is no error."""

    def role_grants(self, principal_id: str) -> Sequence[RoleGrant]:
        """Roles a principal holds on the vault."""

    def grant_role(self, principal_id: str, role: str) -> RoleGrant:
        """Grant a role (GUID of its definition) on the vault."""

    def revoke_role(self, grant_id: str) -> None:
        """Take a role away."""


class VaultAudit(Protocol):
    """What is around the vault, as an auditor may read it; nothing here changes anything."""

    def key_versions(self, name: str) -> Sequence[KeyVersion]:
        """Every version of a key."""

    def key_material(self, name: str, version: str) -> KeyMaterial:
        """Kind and size of a key version."""

    def rotation_policy(self, name: str) -> RotationPolicy:
        """The rotation policy of a key."""

    def role_holdings(self) -> Sequence[RoleHolding]:
        """Every role assignment at the vault, above it, and at its keys, with what the role allows."""

    def diagnostic_settings(self) -> Sequence[DiagnosticSetting]:
        """Diagnostic settings of the vault."""

    def defender_is_on(self) -> bool:
        """Microsoft Defender for Key Vault is on in the subscription."""

    def application_secrets(self, client_id: str) -> Sequence[ApplicationSecret]:
        """Client secrets of an application of this tenant."""


class Directory(Protocol):
    """The customer's tenant, signed in as the owner of the application that Atlas signs in with."""

    def issue_secret(self, client_id: str, lifetime_s: float, name: str) -> IssuedSecret:
        """Issue a client secret that ends after `lifetime_s` seconds; those that there are stay as they are."""

    def withdraw_secret(self, client_id: str, secret_id: str) -> None:
        """Take a client secret away; one that is gone already is no error."""

    def is_enabled(self, principal_id: str) -> bool:
        """A service principal may sign in (`accountEnabled`)."""

    def enable(self, principal_id: str, *, enabled: bool) -> None:
        """Let a service principal sign in, or no longer."""


class Stage(Protocol):
    """What only a simulated world can arrange; a live backend has none."""

    def set(self, knob: str, value: object) -> None:
        """Turn a knob of the world (domain/atlas.md section 8)."""

    def set_project_active(self, *, active: bool) -> None:
        """Put the project into state INACTIVE or back to ACTIVE."""

    def expire_secret(self, after_s: float) -> None:
        """Let the client secret that Atlas holds expire."""

    def restrict_sign_in(self, addresses: Sequence[str] | None) -> None:
        """Conditional access: sign-in of Atlas's application only from these addresses; None lifts it."""

    def unregister_provider(self, namespace: str) -> None:
        """Leave a resource provider unregistered in the customer's subscription."""

    def watch_over_vault(self) -> None:
        """Give the vault what its owners set up around it: diagnostic settings, Defender, a rotation policy."""

    def purge_key(self, name: str) -> None:
        """Let a key of the vault be gone for good, whatever protects it."""

    def delete_vault(self) -> None:
        """Let somebody soft-delete the vault; role assignments at it and connections go with it (azure.md 2)."""

    def recover_vault(self) -> None:
        """Let somebody recover the vault, without what went with it."""


class Wire(Protocol):
    """What lies between the clients of a backend and the services, where things can be made to go wrong.

    Nobody but these clients notices, and all of it is gone with the process.
    """

    @property
    def in_force(self) -> Mapping[int, WireFault]:
        """All that can still happen, by number, each with what is left of its `times`."""

    def inject(self, fault: WireFault) -> int:
        """Let one more thing go wrong from now on; returns its number. The first that fits a request happens to it.

        Raises:
            ValueError: there are too many already.
        """

    def end(self, number: int) -> None:
        """Let this one go wrong no more; one that is over already may be ended again."""

    def clear(self) -> None:
        """Let nothing go wrong any more."""


@dataclass(frozen=True, slots=True)
class Site:
    """Names and identifiers of the systems under test; nothing secret."""

    project_id: str
    tenant_id: str
    client_id: str
    """Application that Atlas signs in with."""
    principal_id: str
    subscription_id: str
    resource_group: str
    vault: str
    location: str
    key: str
    azure_environment: str = "AZURE"
    role_id: str = ""
    """Role of Atlas's that stands for its sign-in without a secret; empty: `client_id` and a secret do."""
    atlas_principal_id: str = ""
    """Service principal of Atlas's own application in the tenant, allowed to use the key; empty: there is none."""
    other_vault: str = ""
    """A second vault of the same customer, for promises about the configured vault."""
    other_key: str = ""
    custodian_id: str = ""
    """Object id of the custodian, who signs in to Azure; empty where nothing is changed."""
    custodians: tuple[str, ...] = ()
    """Object ids of those who may administer the vault."""
    known_subscriptions: tuple[str, ...] = ()
    """Subscriptions, beside the vault's own, from which private endpoints may lead to the vault."""


class Credentials(Protocol):
    """Secrets that only the request to Atlas may carry."""

    def client_secret(self) -> str:
        """The secret of the application that Atlas signs in with."""


class Secrets(Protocol):
    """Every secret that a run has met in this process. Whatever is written passes `hide` first; its repr shows none."""

    def protect(self, secret: str) -> None:
        """Never let this value reach anything that is kept."""

    def overlook(self, text: str) -> None:
        """A feature file says this, so it is public: values in it are not taken for secrets for their field's name."""

    def hide(self, text: str) -> str:
        """A text that is to be kept, without secrets of the run and of the present scenario."""

    def hide_all(self, text: str) -> str:
        """The same, also for what earlier scenarios met; slow."""

    @property
    def known(self) -> frozenset[str]:
        """All of them, for whoever searches what was written before it is sealed."""

    @property
    def key(self) -> bytes:
        """The key of the run's commitments to what was taken out; in memory only."""

    def commit_with(self, key: bytes) -> None:
        """Commit with this key from now on, such as one that the owner of the run holds."""


class Recorder(Protocol):
    """Sees every exchange on every transport; keeps no secret."""

    def protect(self, secret: str) -> None:
        """Never let this value reach anything that is kept."""

    def hide(self, text: str) -> str:
        """A text that is to be kept, without protected values."""

    def take(self) -> Sequence[Mapping[str, Any]]:
        """Exchanges since the last call, redacted, in order."""

    def tape(self, scenario: str, steps: Sequence[str]) -> str:
        """All that a replay of the scenario needs, redacted, as JSON lines; empty where no tape is recorded."""

    @property
    def secret_revealed(self) -> bool:
        """Whether any answer so far contained a protected value, under whatever name."""

    @property
    def last_status(self) -> int | None:
        """HTTP status of the latest answer; None when there was none."""

    @property
    def last_need(self) -> str:
        """What the latest request needs, in the words of the clouds: permission and scope, or role; empty: unknown."""


Image = Mapping[str, Any]
"""What was there before a fault, as JSON: names and values, nothing secret. It goes into the undo ledger."""


class Injection(Protocol):
    """One fault on one target. Whoever drives it keeps the order: capture, write down, inject, observe, undo, check.

    Every method may raise a `TargetError`; one that is not `definite` leaves open whether the act happened.
    """

    @property
    def fault(self) -> Fault:
        """The catalogue's entry."""

    @property
    def target(self) -> Mapping[str, Any]:
        """What is struck, by names and identifiers: enough for another process to undo it."""

    def capture(self) -> Image:
        """Read, afresh, all that the fault will change.

        Raises:
            SafetyError: there is nothing to strike, or it is broken already.
        """

    def inject(self) -> None:
        """Bring the fault about. Only after `capture`."""

    def observed(self) -> bool:
        """Look whether it is in force."""

    def undo(self, image: Image) -> None:
        """Make it good. Looks at the world first and does only what is still to be done; twice is harmless.

        Raises:
            Undecided: it is not good again within the limits.
        """

    def restored(self, image: Image) -> bool:
        """Look, afresh, whether everything is as it was, or as good as it was."""


class Injector(Protocol):
    """Brings faults about and undoes them; keeps the order, and the books of what has to be undone."""

    @property
    def undoing(self) -> bool:
        """A fault is being undone: whatever is done now is done to make it good."""

    def inject(self, injection: Injection, *, severity: str, hold_s: float) -> Image:
        """Bring a fault about, for at most `hold_s` seconds, in a scenario of this severity; returns what was there.

        Raises:
            SafetyError: it may not be brought about, or there is nothing to strike; nothing was changed.
            EvidenceError: its undo could not be written down; nothing was changed.
            TargetError: it could not be brought about; it is undone.
        """

    def observed(self, injection: Injection) -> bool:
        """Look whether a fault is in force, and write it down when it is."""

    def undo(self, injection: Injection) -> str:
        """Undo a fault and return how it ended, once a fresh look shows that it is undone.

        Raises:
            ForeignChange: somebody else has changed what was struck; nothing was done.
            TargetError, Undecided: it is not undone, as far as can be seen.
            EvidenceError: it is undone, and that could not be written down.
        """


class Backend(Protocol):
    """One system under test, opened for one scenario."""

    assurance: Assurance
    capabilities: frozenset[str]
    readings: Mapping[str, str]
    """Readings in force, by name; what a live system does is settled by observation, not by these."""
    clock: Clock
    site: Site
    credentials: Credentials
    recorder: Recorder
    injector: Injector

    def clusters(self, role: str = "owner") -> ClusterService:
        """The Atlas side as seen by an identity that holds `owner`, `reader` or `cluster-manager`.

        Raises:
            Unsupported: no such identity is configured.
        """

    def keys(self) -> KeyService:
        """The Azure side."""

    def audit(self) -> VaultAudit:
        """The Azure side, for an auditor."""

    def directory(self) -> Directory:
        """The customer's tenant."""

    def stage(self) -> Stage:
        """The stage manager.

        Raises:
            Unsupported: the backend is not a simulation.
        """

    def wire(self) -> Wire:
        """What lies between its clients and the services."""

    def close(self) -> None:
        """Give everything back."""


class BackendFactory(Protocol):
    """Opens a fresh backend for a scenario."""

    @property
    def capabilities(self) -> frozenset[str]:
        """What its backends can do, in the words of `@needs:`."""

    @property
    def assurance(self) -> Assurance:
        """What outcomes on its backends are worth as evidence."""

    @property
    def secrets(self) -> Secrets:
        """What its backends, and the run itself, have met that is secret."""

    def running(self, run_id: str, directory: Path | None) -> AbstractContextManager[None]:
        """What the scenarios of a run share: made when it begins, undone when it ends; evidence goes to `directory`.

        Raises:
            AccessError, TargetError, SafetyError: when it begins; nothing was changed.
            LeftChanged: when it ends; something could not be undone.
        """

    def open(self, scenario_id: str) -> AbstractContextManager[Backend]:
        """A backend that nothing else uses until it is closed."""
