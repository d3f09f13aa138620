"""What an audit of vault and subscription sees beside the resources that scenarios act on. Field names are ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """Kind and size of a key version."""

    identifier: str
    kind: str
    """`kty` of the JSON Web Key: `RSA`, `RSA-HSM`, `EC`, …"""
    bits: int | None
    """Length of the RSA modulus; None for other kinds."""


@dataclass(frozen=True, slots=True)
class RotationPolicy:
    """When a key is rotated by itself, or somebody is reminded to rotate it."""

    set_by_owner: bool
    """Somebody has set it; a key without a policy reads as one that reminds 30 days before expiry."""
    rotates: bool
    reminds: bool


@dataclass(frozen=True, slots=True)
class RoleHolding:
    """A role that somebody holds at, above or below the vault, with what it allows; `*` stands for any text."""

    id: str
    role_id: str
    role: str
    """Name of the role; empty when its definition could not be found."""
    principal_id: str
    principal_kind: str
    """`ServicePrincipal`, `User`, `Group`, …"""
    scope: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    data_actions: tuple[str, ...]
    not_data_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiagnosticSetting:
    """Where a vault sends which of its logs."""

    name: str
    logs: tuple[str, ...]
    """Log categories and category groups that are on: `AuditEvent`, `audit`, `allLogs`, …"""
    destinations: tuple[str, ...]
    """ARM ids of workspaces, storage accounts and event hubs."""


@dataclass(frozen=True, slots=True)
class ApplicationSecret:
    """A client secret of an application: everything about it but the secret."""

    id: str
    expires: datetime
