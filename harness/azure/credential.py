"""Signing in to Entra ID by the injected clock.

azure-identity and azure-core decide by the wall clock when a token is old. This wrapper decides by the injected clock:
it hands azure-core tokens that look expired, so that it is asked for every request, and it starts with a new credential
of azure-identity, whose cache is empty, whenever a token is due (azure.md 3.2).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from harness.azure.addresses import AzureAddresses
from harness.azure.errors import sign_in_failure
from harness.azure.sign_in import InnerCredential, SignIn, advice, inner_credential
from harness.ports import Clock

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo, TokenRequestOptions
    from azure.core.pipeline import PipelineResponse
    from azure.core.pipeline.transport import RequestsTransport

RENEW_EARLY_S = 300.0
"""Azure's own margin: azure-core, too, renews a token five minutes before its end."""

LOOKS_EXPIRED = 0
"""Unix seconds; any instant in the past makes azure-core ask again."""


class TokenSource(Protocol):
    """A credential for the Azure SDKs; failures come out as errors of `harness.errors`, which azure-core passes on.

    Both methods raise AccessError (SecretExpired when that is why) when Entra refuses or nobody can be signed in,
    Throttled, and Unreachable when Entra gives no answer or is out of order.
    """

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """A token for these scopes. With a claims challenge always a new one."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """The same for clients that know only the older protocol."""

    def refused(self, token: str) -> None:
        """Take note that a service does not take a token (any more); it is not given out again."""


def credential(
    sign_in: SignIn,
    clock: Clock,
    transport: Callable[[], RequestsTransport],
    addresses: AzureAddresses | None = None,
) -> TokenSource:
    """A source of tokens for one identity; nothing is sent and no SDK imported before the first token is needed."""
    return _ClockedCredential(sign_in, clock, transport, addresses or AzureAddresses())


def claims_of(token: str) -> Mapping[str, Any]:
    """What a token says about its bearer, unverified: only its receiver can verify it. Empty when it is opaque."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


@dataclass(frozen=True, slots=True)
class _Held:
    text: str = field(repr=False)
    renew_at: float


class _ClockedCredential:
    def __init__(
        self, sign_in: SignIn, clock: Clock, transport: Callable[[], RequestsTransport], addresses: AzureAddresses
    ) -> None:
        self._sign_in = sign_in
        self._clock = clock
        self._transport = transport
        self._addresses = addresses
        self._inner: InnerCredential | None = None
        self._held: dict[tuple[object, ...], _Held] = {}
        self._answered: Any = None

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
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
        from azure.core.credentials import AccessToken

        known: Any = {name: options[name] for name in ("claims", "tenant_id", "enable_cae") if options.get(name)}
        return AccessToken(self.get_token_info(*scopes, options=known).token, LOOKS_EXPIRED)

    def refused(self, token: str) -> None:
        """Forget a token, and azure-identity's memory of it."""
        for key, held in list(self._held.items()):
            if held.text == token:
                del self._held[key]
                self._inner = None

    def _fetch(self, scopes: tuple[str, ...], options: TokenRequestOptions | None) -> _Held:
        """A new token; after a failure a new credential too, since MSAL remembers failures by the wall clock.

        Beside its own errors azure-identity lets two others out: ValueError when tenant or authority are none, OSError
        when the token file cannot be read.
        """
        from azure.core.exceptions import AzureError

        inner, self._inner = self._inner, None
        self._answered = None
        try:
            inner = inner or self._new_inner()
            token = inner.get_token_info(*scopes, options=options)
        except (AzureError, ValueError, OSError) as error:
            raise sign_in_failure(error, self._answered, advice(self._sign_in)) from error
        self._inner = inner
        return _Held(token.token, self._end(token) - RENEW_EARLY_S)

    def _new_inner(self) -> InnerCredential:
        return inner_credential(
            self._sign_in, self._addresses, transport=self._transport(), raw_response_hook=self._note
        )

    def _note(self, response: PipelineResponse[Any, Any]) -> None:
        """Keep the latest answer: the SDK tells neither its `expires_in` nor its status."""
        self._answered = response.http_response

    def _end(self, token: AccessTokenInfo) -> float:
        """When a token ends, in unix seconds of the injected clock.

        From how long the answer says it lives; where no answer was seen (the CLI), from the token's own claims, which
        the issuer's clock wrote.
        """
        life = _life_s(self._answered)
        if life is not None:
            return self._clock.now() + life
        return float(claims_of(token.token).get("exp", token.expires_on))


def _life_s(answer: Any) -> float | None:
    try:
        return float(json.loads(answer.text())["expires_in"])
    except (AttributeError, ValueError, KeyError, TypeError):
        return None
