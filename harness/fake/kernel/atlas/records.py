"""What Atlas keeps beside keys and clusters: roles in other clouds, outages, compliance policies. Plain records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class CloudRole:
    """A cloud provider access role: how Atlas enters a customer's account at another cloud (SPA; atlas.md 3.8).

    Fields of other clouds than the role's own are empty.
    """

    id: str
    project_id: str
    provider: str
    """AZURE, AWS or GCP."""
    created: float
    updated: float
    tenant_id: str = ""
    service_principal_id: str = ""
    """Object id of the service principal of Atlas's application in the customer's tenant."""
    external_id: str = ""
    """AWS: what Atlas presents when it assumes the role."""
    arn: str = ""
    """AWS: the customer's role; empty until it is authorised."""
    authorised: float | None = None
    """AWS: when it was authorised."""
    service_account: str = ""
    """GCP: address of the service account that Atlas made."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region of a cloud, as an outage names it."""

    cloud: str
    name: str


@dataclass(slots=True)
class Outage:
    """A simulated outage of regions of one cluster (SPEC ClusterOutageSimulation)."""

    id: str
    regions: tuple[Region, ...]
    started: float
    expires: float
    state: str = "START_REQUESTED"
    """START_REQUESTED, STARTING, SIMULATING, RECOVERY_REQUESTED, RECOVERING or COMPLETE."""


@dataclass(slots=True)
class CompliancePolicy:
    """A backup compliance policy; `settings` are wire fields that no law of this world reads."""

    encryption_required: bool
    """`encryptionAtRestEnabled` (EAR-146)."""
    updated: float
    updated_by: str
    state: str = "ENABLING"
    """ENABLING, UPDATING or ACTIVE."""
    settings: dict[str, Any] = field(default_factory=dict)
