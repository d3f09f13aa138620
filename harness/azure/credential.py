"""Signing in to Entra ID by the injected clock.

azure-identity and azure-core decide by the wall clock when a token is old. This wrapper decides by the injected clock:
it hands azure-core tokens that look expired, so that it is asked for every request, and it starts with a new
`ClientSecretCredential`, whose cache is empty, whenever a token is due (azure.md 3.2).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.azure.errors import sign_in_failure
from harness.ports import Clock

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo, TokenRequestOptions
    from azure.core.pipeline import PipelineResponse
    from azure.core.pipeline.transport import RequestsTransport
    from azure.identity import ClientSecretCredential

RENEW_EARLY_S = 300.0
"""Azure's own margin: azure-core, too, renews a token five minutes before its end."""

LOOKS_EXPIRED = 0
"""Unix seconds; any instant in the past makes azure-core ask again."""


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """The identity that the harness itself signs in with; owner of the vault, never Atlas's application."""

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Held:
    text: str = field(repr=False)
    renew_at: float


class ClockedCredential:
    """A credential for the Azure SDKs.

    Sign-in failures come out as errors of `harness.errors`, which azure-core passes on: `AccessError` when Entra
    refuses, `Throttled`, `Unreachable` when it is out of order.
    """

    def __init__(self, principal: ServicePrincipal, clock: Clock, transport: Callable[[], RequestsTransport]) -> None:
        self._principal = principal
        self._clock = clock
        self._transport = transport
        self._inner: ClientSecretCredential | None = None
        self._held: dict[tuple[object, ...], _Held] = {}
        self._answered: Any = None

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """A token for these scopes. With a claims challenge always a new one."""
        from azure.core.credentials import AccessTokenInfo

        chosen: dict[str, Any] = dict(options or {})
        key = scopes, chosen.get("tenant_id"), chosen.get("enable_cae", False)
        held = self._held.get(key)
        if held is None or chosen.get("claims") or self._clock.now() >= held.renew_at:
            if held is not None:
                self._inner = None
            held = self._held[key] = self._fetch(scopes, options)
        return AccessTokenInfo(held.text, LOOKS_EXPIRED)

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """The same for clients that know only the older protocol."""
        from azure.core.credentials import AccessToken

        known: Any = {name: options[name] for name in ("claims", "tenant_id", "enable_cae") if options.get(name)}
        return AccessToken(self.get_token_info(*scopes, options=known).token, LOOKS_EXPIRED)

    def _fetch(self, scopes: tuple[str, ...], options: TokenRequestOptions | None) -> _Held:
        """A new token; after a failure a new credential too, since MSAL remembers failures by the wall clock."""
        from azure.core.exceptions import ClientAuthenticationError

        inner, self._inner = self._inner or self._new_inner(), None
        self._answered = None
        try:
            token = inner.get_token_info(*scopes, options=options)
        except ClientAuthenticationError as error:
            raise sign_in_failure(error, self._answered) from error
        self._inner = inner
        return _Held(token.token, self._clock.now() + _life_s(self._answered) - RENEW_EARLY_S)

    def _new_inner(self) -> ClientSecretCredential:
        from azure.identity import ClientSecretCredential

        who = self._principal
        return ClientSecretCredential(
            who.tenant_id,
            who.client_id,
            who.client_secret,
            transport=self._transport(),
            raw_response_hook=self._note,
        )

    def _note(self, response: PipelineResponse[Any, Any]) -> None:
        """Keep the answer to a token request: the SDK tells neither its `expires_in` nor its status."""
        if response.http_request.method == "POST":
            self._answered = response.http_response


def _life_s(answer: Any) -> float:
    try:
        return float(json.loads(answer.text())["expires_in"])
    except (AttributeError, ValueError, KeyError, TypeError):
        return 0.0
