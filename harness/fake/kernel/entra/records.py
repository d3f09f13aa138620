"""What Entra holds: plain records, copied and compared freely."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Secret:
    """A client secret: only its digest is kept, so that no copy of a world holds the text."""

    digest: str = field(repr=False)
    expires: float
    id: str = ""
    """`keyId`, by which the secret is shown and removed."""
    name: str = ""
    starts: float = 0.0
    hint: str = field(default="", repr=False)
    """First three characters: all that the directory ever shows of it again."""


@dataclass(frozen=True, slots=True)
class FederatedCredential:
    """Whose tokens an application takes for its own proof: exactly this issuer, subject and audience."""

    id: str
    name: str
    issuer: str
    subject: str
    audiences: tuple[str, ...]


@dataclass(slots=True)
class Application:
    """An application registration; it may sign in to every tenant in which it has a service principal."""

    client_id: str
    object_id: str
    tenant_id: str
    name: str
    secrets: list[Secret] = field(default_factory=list)
    allowed_addresses: tuple[str, ...] | None = None
    """Conditional access: the only addresses or ranges from which sign-in is allowed; None when there is no policy."""
    federated: list[FederatedCredential] = field(default_factory=list)
    owners: set[str] = field(default_factory=set)
    """Object ids of the service principals that own it."""
    created: float = 0.0
    audience: str = "AzureADMyOrg"
    """`signInAudience`: who can give it a service principal."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; `expires` in unix seconds."""

    text: str = field(repr=False)
    tenant_id: str
    client_id: str
    principal_id: str
    audience: str
    expires: float


@dataclass(slots=True)
class EntraState:
    """What the directory holds."""

    tenants: dict[str, str] = field(default_factory=dict)
    """Tenant id to domain."""
    applications: dict[str, Application] = field(default_factory=dict)
    """By client id."""
    principals: dict[tuple[str, str], str] = field(default_factory=dict)
    """(tenant id, client id) to the object id of the service principal there."""
    principal_owners: dict[str, set[str]] = field(default_factory=dict)
    """Object id of a service principal to those of the service principals that own it."""
    graph_permissions: dict[str, set[str]] = field(default_factory=dict)
    """Object id of a service principal to the application permissions it holds in Microsoft Graph."""
    disabled: set[str] = field(default_factory=set)
    """Object ids of the service principals that may not sign in (`accountEnabled`)."""
    tokens: dict[str, Token] = field(default_factory=dict, repr=False)
