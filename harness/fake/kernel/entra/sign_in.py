"""Entra ID: tenants, application registrations, their secrets, and the tokens that services accept (azure.md 1.1)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING

from harness.fake.kernel.addresses import inside
from harness.fake.kernel.refusal import EntraRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

SECRET_LIFE_MAX_S = 2 * 365 * 86_400.0
"""A client secret lives two years at most (AKV, azure.md 1.1)."""

AUDIENCES = frozenset(
    {"https://management.azure.com", "https://management.core.windows.net", "https://vault.azure.net"}
)
"""Resources for which a token can be had; without the trailing slash."""


@dataclass(slots=True)
class Secret:
    """A client secret: only its digest is kept, so that no copy of a world holds the text."""

    digest: str = field(repr=False)
    expires: float


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
    tokens: dict[str, Token] = field(default_factory=dict, repr=False)


class Entra:
    """Signs applications in and knows the tokens it issued."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _state(self) -> EntraState:
        return self._world.state.entra

    def add_tenant(self, domain: str) -> str:
        """Create a tenant; returns its id."""
        tenant_id = self._world.streams.guid("entra.tenant")
        self._state.tenants[tenant_id] = domain
        return tenant_id

    def tenant_id(self, name: str) -> str:
        """Id of the tenant with this id or domain, in any case.

        Raises:
            EntraRefusal: 90002, there is none.
        """
        wanted = name.lower()
        for tenant_id, domain in self._state.tenants.items():
            if wanted in (tenant_id, domain.lower()):
                return tenant_id
        raise EntraRefusal("90002", name)

    def add_application(self, tenant_id: str, name: str) -> Application:
        """Register an application in a tenant; it has no service principal and no secret yet."""
        streams = self._world.streams
        application = Application(streams.guid("entra.client"), streams.guid("entra.object"), tenant_id, name)
        self._state.applications[application.client_id] = application
        return application

    def add_service_principal(self, tenant_id: str, client_id: str) -> str:
        """Give an application an identity in a tenant (consent); returns its object id, the same one each time."""
        key = (tenant_id, client_id)
        if key not in self._state.principals:
            self._state.principals[key] = self._world.streams.guid("entra.principal")
        return self._state.principals[key]

    def has_principal(self, tenant_id: str, principal_id: str) -> bool:
        """A service principal with this object id exists in the tenant."""
        wanted = principal_id.lower()
        return any(
            tenant == tenant_id and principal == wanted for (tenant, _), principal in self._state.principals.items()
        )

    def add_secret(self, client_id: str, lifetime_s: float) -> str:
        """Issue a client secret; returns its text, which is kept nowhere. Lives two years at most (AKV)."""
        text = f"sim8Q~{self._world.streams.draw('entra.secret', 17).hex()}"
        expires = self._world.now + min(lifetime_s, SECRET_LIFE_MAX_S)
        self._state.applications[client_id].secrets.append(Secret(_digest(text), expires))
        return text

    def expire_secret(self, client_id: str, after_s: float) -> None:
        """Let every secret of the application end in `after_s` seconds, or earlier where it does anyway."""
        end = self._world.now + after_s
        for secret in self._state.applications[client_id].secrets:
            secret.expires = min(secret.expires, end)

    def restrict_sign_in(self, client_id: str, addresses: tuple[str, ...] | None) -> None:
        """Conditional access for the application: sign-in only from these addresses; None lifts the policy."""
        self._state.applications[client_id].allowed_addresses = addresses

    def sign_in(self, tenant_id: str, client_id: str, secret: str, audience: str, source: str) -> Token:
        """Issue a token to an application that presents its secret from the address `source`.

        A token issued earlier keeps working after its secret has ended (azure.md 2: the outage is delayed).

        Raises:
            EntraRefusal: those of `authenticate`.
        """
        principal_id = self.authenticate(tenant_id, client_id, secret, audience, source)
        return self._issue(self.tenant_id(tenant_id), client_id.lower(), principal_id, audience.rstrip("/"))

    def authenticate(self, tenant_id: str, client_id: str, secret: str, audience: str, source: str) -> str:
        """Who signs in: the object id of its service principal. No token is issued.

        Raises:
            EntraRefusal: 90002 tenant, 700016 application, 7000215 or 7000222 secret, 53003 conditional access,
                500011 audience (azure.md 1.1).
        """
        tenant_id = self.tenant_id(tenant_id)
        application, principal_id = self._application_in(tenant_id, client_id)
        self._check_secret(application, secret)
        self._check_conditional_access(application, source)
        if audience.rstrip("/") not in AUDIENCES:
            raise EntraRefusal("500011", audience, tenant_id)
        return principal_id

    def token(self, text: str) -> Token | None:
        """The unexpired token with this text."""
        token = self._state.tokens.get(text)
        return token if token is not None and token.expires > self._world.now else None

    def _application_in(self, tenant_id: str, client_id: str) -> tuple[Application, str]:
        application = self._state.applications.get(client_id.lower())
        principal_id = self._state.principals.get((tenant_id, client_id.lower()))
        if application is None or principal_id is None:
            raise EntraRefusal("700016", client_id, self._state.tenants[tenant_id])
        return application, principal_id

    def _check_secret(self, application: Application, text: str) -> None:
        digest = _digest(text)
        known = [secret for secret in application.secrets if secret.digest == digest]
        if not known:
            raise EntraRefusal("7000215", application.client_id)
        if all(secret.expires <= self._world.now for secret in known):
            raise EntraRefusal("7000222", application.client_id)

    def _check_conditional_access(self, application: Application, source: str) -> None:
        allowed = application.allowed_addresses
        if allowed is not None and not any(inside(source, block) for block in allowed):
            raise EntraRefusal("53003", application.client_id)

    def _issue(self, tenant_id: str, client_id: str, principal_id: str, audience: str) -> Token:
        self._forget_expired()
        expires = self._world.now + self._world.knobs.entra_token_s
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{tenant_id}/",
            "iat": int(self._world.now),
            "exp": int(expires),
            "appid": client_id,
            "oid": principal_id,
            "tid": tenant_id,
        }
        signature = self._world.streams.draw("entra.token", 32)
        text = ".".join((_part(b'{"typ":"JWT","alg":"RS256"}'), _part(dumps(claims).encode()), _part(signature)))
        token = Token(text, tenant_id, client_id, principal_id, audience, expires)
        self._state.tokens[text] = token
        return token

    def _forget_expired(self) -> None:
        """Tokens stand in order of issue, so only the oldest need a look."""
        tokens = self._state.tokens
        while tokens:
            oldest = next(iter(tokens))
            if tokens[oldest].expires > self._world.now:
                return
            del tokens[oldest]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _part(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
