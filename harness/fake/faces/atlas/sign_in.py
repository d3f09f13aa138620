"""Who is calling: HTTP digest with an API key, or a bearer token of a service account (atlas.md 3.4).

Whatever is wrong with the credentials, the answer is the recorded 401 challenge; only a nonce that was good once and
has grown old makes it say `stale=true` (RFC 7616 3.3).
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import md5
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.request import parse_http_list, parse_keqv_list

import falcon

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import Caller
    from harness.fake.kernel.world import World

REALM = "MMS Public API"

CHALLENGE_BODY = b"""{
  "error" : 401,
  "reason" : "Unauthorized",
  "detail" : "You are not authorized for this resource.",
  "errorCode" : "UNEXPECTED_ERROR"
}"""
"""Recorded; unlike every other error it is spaced and has no `parameters`."""

UNKNOWN_ADDRESS = "127.0.0.1"


class Challenged(Exception):
    """The request carries no credentials that hold."""

    def __init__(self, *, stale: bool = False) -> None:
        super().__init__()
        self.stale = stale


class SignIn:
    """Finds the caller of a request."""

    def __init__(self, world: World) -> None:
        self._world = world

    def caller(self, req: falcon.Request) -> Caller:
        """The caller, admitted from its address.

        Raises:
            Challenged: no credentials, or not good ones.
            AtlasRefusal: IP_ADDRESS_NOT_ON_ACCESS_LIST.
        """
        scheme, _, proof = (req.get_header("Authorization") or "").partition(" ")
        if scheme.lower() == "bearer":
            caller = self._world.atlas.callers.of_token(proof.strip())
        elif scheme.lower() == "digest":
            caller = self._digest(req, proof)
        else:
            caller = None
        if caller is None:
            raise Challenged
        self._world.atlas.callers.admit(caller, address_of(req))
        return caller

    def challenge(self, *, stale: bool) -> str:
        """The `WWW-Authenticate` header, as recorded 42 times over."""
        nonce = self._world.atlas.callers.new_nonce()
        return (
            f'Digest realm="{REALM}", domain="", nonce="{nonce}", algorithm=MD5, qop="auth", '
            f"stale={'true' if stale else 'false'}"
        )

    def _digest(self, req: falcon.Request, proof: str) -> Caller | None:
        given = _digest_fields(proof)
        caller = self._world.atlas.callers.find(given.get("username", ""))
        if caller is None or caller.kind != "api_key" or given.get("uri") != request_target(req):
            return None
        expected = _response(given, caller.secret, req.method)
        if not compare_digest(expected.encode(), given.get("response", "").encode()):
            return None
        nonce = self._world.atlas.callers.nonce_state(given.get("nonce", ""))
        if nonce == "stale":
            raise Challenged(stale=True)
        return caller if nonce == "fresh" else None


def address_of(req: falcon.Request) -> str:
    """Address the request comes from, as the server saw it."""
    return _address(req.remote_addr)


@lru_cache(maxsize=1024)
def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return UNKNOWN_ADDRESS


def request_target(req: falcon.Request) -> str:
    """Path and query as they stood in the request line, which is what digest signs."""
    raw: str = req.env.get("RAW_URI") or req.env.get("REQUEST_URI") or ""
    if raw.startswith("/"):
        return raw
    path = falcon.uri.encode(req.env.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"))
    return f"{path}?{req.query_string}" if req.query_string else path


def _digest_fields(proof: str) -> dict[str, str]:
    items = [item for item in parse_http_list(proof) if "=" in item]
    try:
        return parse_keqv_list(items)
    except (ValueError, IndexError):
        return {}


def _response(given: dict[str, str], private_key: str, method: str) -> str:
    """The digest that the holder of the private key computes, with `qop=auth` (RFC 7616 3.4.1, algorithm MD5)."""
    identity = _md5(f"{given.get('username', '')}:{REALM}:{private_key}")
    request = _md5(f"{method}:{given.get('uri', '')}")
    middle = ":".join(given.get(name, "") for name in ("nonce", "nc", "cnonce", "qop"))
    return _md5(f"{identity}:{middle}:{request}")


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
