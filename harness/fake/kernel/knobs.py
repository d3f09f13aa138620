"""Knobs: how long things take and what goes wrong, set per world and changed by the stage manager during a run.

The list is domain/atlas.md section 8; durations are seconds of virtual time. Where a figure is documented or observed,
the source stands beside it; the rest are our choices within what was observed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Knobs:
    """Adjustable properties of a simulated world."""

    initiating_delay_s: float = 90.0
    """INITIATING until the Azure side exists (T2: 1 to 2 minutes)."""
    pending_detect_delay_s: float = 60.0
    """Change on the vault until Atlas's status shows it (INC-EN-API: at most 180)."""
    delete_delay_s: float = 60.0
    """DELETING until the endpoint is gone (T11: about a minute)."""
    recreation_cleanup_delay_s: float = 30.0
    """Replacement in the state the reading names until the PENDING_RECREATION record is gone (T9)."""
    stuck_initiating: bool = False
    """New endpoints never leave INITIATING (observed: 20 minutes to days, section 7)."""
    fail_create: str = ""
    """When set, new endpoints become FAILED with this `errorMessage` (T4)."""
    fail_delete: str = ""
    """When set, deletions become FAILED with this `errorMessage` (T12)."""
    random_500_rate: float = 0.0
    """Share of endpoint creations answered 500 UNEXPECTED_ERROR (observed nightly, section 4)."""
    delete_blocked_during_initiating: bool = True
    """T13; Atlas plans to lift it."""
    validation_interval_s: float = 900.0
    """Scheduled validity check of the key configuration (KMS: every 15 minutes)."""
    node_validation_delay_s: float = 30.0
    """Private networking: configuration accepted until the data nodes report (SECL: asynchronous)."""
    cluster_create_s: float = 420.0
    """CREATING until IDLE."""
    cluster_update_s: float = 300.0
    """UPDATING until IDLE, initial sync included."""
    cluster_delete_s: float = 120.0
    """DELETING until gone."""
    rotation_deploy_s: float = 600.0
    """A new key identifier accepted until every node uses it."""
    private_migration_s: float = 300.0
    """First endpoint of a region ACTIVE until the clusters there use only the private path."""
    master_key_rotation_s: float = 60 * 86_400.0
    """MongoDB master keys are rotated this often; documented bound: 90 days (INC-MKEY)."""
    snapshot_s: float = 120.0
    """A snapshot asked for until completed."""
    connection_settle_s: float = 40.0
    """Vault connection Updating until Succeeded (recorded: 24 to 67)."""
    role_propagation_s: float = 120.0
    """Role assignment changed until enforced ('up to 10 minutes')."""
    provider_registration_s: float = 60.0
    """Resource provider Registering until Registered."""
    arm_operation_s: float = 30.0
    """Other long-running ARM operations."""
    atlas_token_s: float = 3600.0
    """Lifetime of an Atlas OAuth token (TOK)."""
    entra_token_s: float = 3600.0
    """Lifetime of an Entra token (60 to 90 minutes in reality)."""
    digest_nonce_s: float = 300.0
    """Lifetime of a digest nonce ('short-lived', AUTH)."""
    rate_limit_share: float = 1.0
    """Size of Atlas's rate buckets and of their refill, as a share of the documented ones (RATE)."""
    repeat_events: bool = False
    """The feed and the list of alerts hold every entry twice, the oldest where the newest should be."""
    vault_outage: bool = False
    """Key Vault answers nobody: a regional outage."""
    vault_network_blocked: bool = False
    """Atlas's nodes cannot reach the vault by any path."""
