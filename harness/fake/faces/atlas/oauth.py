"""`/api/oauth/token` and `/api/oauth/revoke`: OAuth 2.0 client credentials (atlas.md 3.4; TOK, REV; RFC 6749, 7009)."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus

import falcon
import msgspec

from harness.fake.faces.atlas.sign_in import address_of
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

FORM_BYTES_MOST = 65_536

ERRORS: Mapping[str, tuple[int, str]] = {
    "invalid_request": (400, "The provided credentials are not valid."),
    "invalid_grant": (400, "Invalid grant."),
    "unsupported_grant_type": (400, "Invalid grant type."),
    "invalid_client": (401, "Client authentication failed."),
    "access_denied": (403, "IP access list validation failed for the service account."),
}
"""RFC 6749 `error` to status and `error_description`."""


class OAuthError(Exception):
    """A refusal in the form of RFC 6749 5.2; the argument is a key of `ERRORS`."""


class TokenEndpoint:
    """Issues access tokens to service accounts."""

    def __init__(self, world: World) -> None:
        self._world = world

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Client credentials in Basic, `grant_type=client_credentials` in the form."""
        try:
            client_id, client_secret = _basic(req)
            _require_grant(_form(req))
            token = self._world.atlas.callers.issue_token(client_id, client_secret, address_of(req))
        except (OAuthError, AtlasRefusal) as refusal:
            _refuse(resp, str(refusal.args[0]))
            return
        seconds = int(token.expires - self._world.now)
        _render(resp, {"access_token": token.text, "expires_in": seconds, "token_type": "Bearer"})


class RevokeEndpoint:
    """Ends access tokens."""

    def __init__(self, world: World) -> None:
        self._world = world

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A token of the caller's own is ended; one that is unknown or another's is no error (RFC 7009 2.2)."""
        callers = self._world.atlas.callers
        try:
            caller = callers.find(_authenticated(self._world, *_basic(req)))
            form = _form(req)
            if "token" not in form:
                raise OAuthError("invalid_request")
        except OAuthError as refusal:
            _refuse(resp, str(refusal.args[0]))
            return
        if callers.of_token(form["token"]) is caller:
            callers.revoke_token(form["token"])
        resp.status = 200
        resp.data = b""


def _authenticated(world: World, client_id: str, client_secret: str) -> str:
    caller = world.atlas.callers.find(client_id)
    if caller is None or caller.kind != "service_account" or caller.secret != client_secret:
        raise OAuthError("invalid_client")
    return client_id


def _basic(req: falcon.Request) -> tuple[str, str]:
    """Client id and secret; clients may have url-escaped both (RFC 6749 2.3.1)."""
    scheme, _, encoded = (req.get_header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        raise OAuthError("invalid_client")
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise OAuthError("invalid_client") from None
    if not colon:
        raise OAuthError("invalid_client")
    return unquote_plus(client_id), unquote_plus(secret)


def _form(req: falcon.Request) -> dict[str, str]:
    content_type = (req.content_type or "").partition(";")[0].strip().lower()
    raw = req.bounded_stream.read(FORM_BYTES_MOST + 1)
    if content_type != falcon.MEDIA_URLENCODED or len(raw) > FORM_BYTES_MOST:
        raise OAuthError("invalid_request")
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=20, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise OAuthError("invalid_request") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthError("invalid_request")
    return form


def _require_grant(form: Mapping[str, str]) -> None:
    if "grant_type" not in form:
        raise OAuthError("invalid_request")
    if form["grant_type"] != "client_credentials":
        raise OAuthError("unsupported_grant_type")


def _refuse(resp: falcon.Response, error: str) -> None:
    status, description = ERRORS[error]
    _render(resp, {"error": error, "error_description": description}, status)
    if status == 401:
        resp.set_header("WWW-Authenticate", 'Basic realm="atlas"')


def _render(resp: falcon.Response, body: Mapping[str, object], status: int = 200) -> None:
    resp.status = status
    resp.data = msgspec.json.encode(body)
    resp.content_type = falcon.MEDIA_JSON
    resp.set_headers([("cache-control", "no-store"), ("pragma", "no-cache")])
