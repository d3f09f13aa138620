"""Signing in to Atlas: service accounts (OAuth 2 client credentials) and API keys (HTTP digest); atlas.md 3.4."""

from __future__ import annotations

import base64
from collections.abc import Generator
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx
from oauthlib.oauth2 import BackendApplicationClient
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from harness.atlas.errors import TOKEN_PATH, NotSent, api_error, error_of, is_about_access, retry_after_s
from harness.errors import AccessError, ProtocolError, SecretExpired, Throttled
from harness.ports import Clock

RENEW_EARLY_S = 60.0
"""A token is renewed this long before its end, so that none runs out on its way."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Client id and secret of an Atlas service account."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Public and private part of an Atlas API key."""

    public_key: str
    private_key: str = field(repr=False)


def authentication(account: ServiceAccount | ApiKey, base_url: str, clock: Clock) -> httpx.Auth:
    """How requests of this account are signed in."""
    if isinstance(account, ApiKey):
        return httpx.DigestAuth(account.public_key, account.private_key)
    return ServiceAccountAuth(account, base_url, clock)


class ServiceAccountAuth(httpx.Auth):
    """Bearer tokens from the token endpoint, renewed by the injected clock and after Atlas has refused one.

    Raises (through the client): AccessError when sign-in is refused, Throttled, NotSent when the endpoint is out of
    order, ProtocolError when its answer makes no sense. In each case the request itself was not sent.
    """

    requires_response_body = True

    def __init__(self, account: ServiceAccount, base_url: str, clock: Clock) -> None:
        self._account = account
        self._url = base_url.rstrip("/") + TOKEN_PATH
        self._clock = clock
        self._oauth = BackendApplicationClient(account.client_id)
        self._token = ""
        self._renew_at = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign a request, with a fresh token where the old one is about to end or is refused."""
        fresh = self._clock.now() >= self._renew_at
        if fresh:
            self._accept((yield self._token_request(request)))
        response = yield self._signed(request)
        if not fresh and response.status_code == 401 and is_about_access(401, api_error(response).error_code):
            self._accept((yield self._token_request(request)))
            yield self._signed(request)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _token_request(self, request: httpx.Request) -> httpx.Request:
        """The client's credentials travel in the Basic header, both parts URL-escaped (RFC 6749 2.3.1).

        It is as patient as the request that it is for: httpx would wait without end for one that does not say.
        """
        pair = f"{quote(self._account.client_id, safe='')}:{quote(self._account.client_secret, safe='')}"
        return httpx.Request(
            "POST",
            self._url,
            headers={
                "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            content=self._oauth.prepare_request_body(include_client_id=False),
            extensions={"timeout": request.extensions["timeout"]},
        )

    def _accept(self, response: httpx.Response) -> None:
        self._renew_at = 0.0
        if response.status_code == 429:
            raise Throttled("too many sign-ins", retry_after_s=retry_after_s(response))
        if response.status_code >= 500:
            raise NotSent(f"sign-in is out of order: {error_of(response)}")
        try:
            token = self._oauth.parse_request_body_response(response.text)
            life_s = float(token.get("expires_in") or 0)
        except (OAuth2Error, ValueError, TypeError) as refusal:
            if response.is_success or not isinstance(refusal, OAuth2Error):
                raise ProtocolError(f"{TOKEN_PATH} was answered {response.status_code} without a token") from None
            raise _refused(response.status_code, refusal) from None
        self._token = str(token["access_token"])
        self._renew_at = self._clock.now() + life_s - RENEW_EARLY_S


def _refused(status: int, refusal: OAuth2Error) -> AccessError:
    """Sign-in was refused; that a secret has expired is known only where Atlas's sentence says so (atlas.md 3.4)."""
    said = f"{status} {refusal.error} {refusal.description or ''}".rstrip()
    if refusal.error == "invalid_client" and "expired" in (refusal.description or "").lower():
        return SecretExpired(
            f"the secret of the Atlas service account has expired: {said}",
            advice="Create a new secret for the service account, and let atlas.client_secret refer to it.",
        )
    return AccessError(
        f"Atlas refused the service account: {said}",
        advice="Check client id, secret, its expiry, and the IP access list of the service account.",
    )
