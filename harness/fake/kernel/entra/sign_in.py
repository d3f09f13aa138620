"""Signing in: which proofs Entra takes, and the tokens that it issues (azure.md 1.1)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from hashlib import sha256
from json import dumps, loads
from typing import TYPE_CHECKING, Any

from harness.fake.kernel.addresses import inside
from harness.fake.kernel.entra.records import Application, EntraState, Token
from harness.fake.kernel.refusal import EntraRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

GRAPH = "https://graph.microsoft.com"

AUDIENCES = frozenset(
    {"https://management.azure.com", "https://management.core.windows.net", "https://vault.azure.net", GRAPH}
)
"""Resources for which a token can be had; without the trailing slash."""

ASSERTION_LEEWAY_S = 300.0
"""Clock skew that Entra tolerates in an assertion; its documented five minutes."""

Check = Callable[[Application], None]


class SignIn:
    """Signs applications in and knows the tokens it issued."""

    _world: World

    @property
    def _state(self) -> EntraState:
        return self._world.state.entra

    def sign_in(self, tenant_id: str, client_id: str, secret: str, audience: str, source: str) -> Token:
        """Issue a token to an application that presents its secret from the address `source`.

        A token issued earlier keeps working after its secret has ended (azure.md 2: the outage is delayed).

        Raises:
            EntraRefusal: those of `authenticate`.
        """
        principal_id = self.authenticate(tenant_id, client_id, secret, audience, source)
        return self._issue(tenant_id, client_id, principal_id, audience)

    def sign_in_federated(self, tenant_id: str, client_id: str, assertion: str, audience: str, source: str) -> Token:
        """Issue a token to an application that presents another issuer's token (workload identity federation).

        Issuer, subject, audience and times of the assertion are checked against the federated credentials of the
        application. Its signature is not: nobody in this world holds the other issuer's keys. So whoever can write a
        token with the right words gets in here, and would not at the real service.

        Raises:
            EntraRefusal: 50027 (no token), 700024 (not in its time), 700211 issuer, 700213 subject, 700212 audience,
                and those of `authenticate` that are not about secrets.
        """

        def check(application: Application) -> None:
            self._check_assertion(application, assertion)

        principal_id = self._admit(tenant_id, client_id, check, audience, source)
        return self._issue(tenant_id, client_id, principal_id, audience)

    def authenticate(self, tenant_id: str, client_id: str, secret: str, audience: str, source: str) -> str:
        """Who signs in: the object id of its service principal. No token is issued.

        Raises:
            EntraRefusal: 90002 tenant, 700016 and 7000112 application, 7000215 or 7000222 secret, 53003 conditional
                access, 500011 audience (azure.md 1.1).
        """

        def check(application: Application) -> None:
            self._check_secret(application, secret)

        return self._admit(tenant_id, client_id, check, audience, source)

    def token(self, text: str) -> Token | None:
        """The unexpired token with this text."""
        token = self._state.tokens.get(text)
        return token if token is not None and token.expires > self._world.now else None

    def _admit(self, tenant_id: str, client_id: str, check: Check, audience: str, source: str) -> str:
        """Ask in Entra's order: tenant, application, its proof, conditional access, audience."""
        tenant_id = self._world.entra.tenant_id(tenant_id)
        application, principal_id = self._application_in(tenant_id, client_id)
        check(application)
        self._check_conditional_access(application, source)
        if audience.rstrip("/") not in AUDIENCES:
            raise EntraRefusal("500011", audience, tenant_id)
        return principal_id

    def _application_in(self, tenant_id: str, client_id: str) -> tuple[Application, str]:
        application = self._state.applications.get(client_id.lower())
        principal_id = self._state.principals.get((tenant_id, client_id.lower()))
        if application is None or principal_id is None:
            raise EntraRefusal("700016", client_id, self._state.tenants[tenant_id])
        if principal_id in self._state.disabled:
            raise EntraRefusal("7000112", client_id, application.name)
        return application, principal_id

    def _check_secret(self, application: Application, text: str) -> None:
        wanted = digest(text)
        known = [secret for secret in application.secrets if secret.digest == wanted]
        if not known:
            raise EntraRefusal("7000215", application.client_id)
        if all(secret.expires <= self._world.now for secret in known):
            raise EntraRefusal("7000222", application.client_id)

    def _check_assertion(self, application: Application, assertion: str) -> None:
        """One federated credential must fit in all of issuer, subject and audience; the first misfit is named."""
        claims = _claims(assertion)
        now = self._world.now
        if not _number(claims, "nbf") - ASSERTION_LEEWAY_S <= now < _number(claims, "exp") + ASSERTION_LEEWAY_S:
            raise EntraRefusal("700024")
        left = [one for one in application.federated if one.issuer == claims.get("iss")]
        if not left:
            raise EntraRefusal("700211", claims.get("iss"))
        left = [one for one in left if one.subject == claims.get("sub")]
        if not left:
            raise EntraRefusal("700213", claims.get("sub"))
        presented = claims.get("aud")
        audiences = {one for one in (presented if isinstance(presented, list) else [presented]) if isinstance(one, str)}
        if not any(audiences & set(one.audiences) for one in left):
            raise EntraRefusal("700212", presented)

    def _check_conditional_access(self, application: Application, source: str) -> None:
        allowed = application.allowed_addresses
        if allowed is not None and not any(inside(source, block) for block in allowed):
            raise EntraRefusal("53003", application.client_id)

    def _issue(self, tenant: str, client_id: str, principal_id: str, audience: str) -> Token:
        self._forget_expired()
        tenant_id = self._world.entra.tenant_id(tenant)
        client_id, audience = client_id.lower(), audience.rstrip("/")
        expires = self._world.now + self._world.knobs.entra_token_s
        claims: dict[str, Any] = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{tenant_id}/",
            "iat": int(self._world.now),
            "exp": int(expires),
            "appid": client_id,
            "oid": principal_id,
            "tid": tenant_id,
        }
        if audience == GRAPH:
            claims["roles"] = sorted(self._state.graph_permissions.get(principal_id, ()))
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


def digest(text: str) -> str:
    """What is kept of a secret."""
    return sha256(text.encode()).hexdigest()


def _part(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _claims(assertion: str) -> dict[str, Any]:
    """What an assertion says.

    Raises:
        EntraRefusal: 50027, it is no token.
    """
    try:
        _, payload, _ = assertion.split(".")
        claims = loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, Base64Error):
        claims = None
    if not isinstance(claims, dict):
        raise EntraRefusal("50027")
    return claims


def _number(claims: dict[str, Any], name: str) -> float:
    """A time claim; one that is missing means never valid, or valid from ever."""
    value = claims.get(name, 0)
    if not isinstance(value, int | float):
        raise EntraRefusal("50027")
    return float(value)
