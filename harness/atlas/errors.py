"""Answers of the Atlas Admin API that are not what was asked for, as errors of `harness.errors` (atlas.md 3.3, 3.4)."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from harness.errors import (
    AccessError,
    AnswerCutShort,
    HarnessError,
    ProtocolError,
    ProxyDown,
    Refused,
    ServerFault,
    Throttled,
    TimedOut,
    Unreachable,
    UntrustedCertificate,
)

TOKEN_PATH = "/api/oauth/token"  # noqa: S105 - a path
ROLE_CODES = frozenset({"USER_UNAUTHORIZED", "USER_CANNOT_ACCESS_GROUP", "NOT_IN_GROUP"})
"""A 401 that judges the act, not the sign-in: the caller is known and may not do this (atlas.md 3.4)."""

ADDRESS_CODES = frozenset(
    {
        "IP_ADDRESS_NOT_ON_ACCESS_LIST",
        "IP_ADDRESS_NOT_ON_WHITELIST",
        "ORG_REQUIRES_ACCESS_LIST",
        "ORG_REQUIRES_WHITELIST",
    }
)
"""A 403 that judges where the caller is, so that nothing at all can be tested from here (atlas.md 3.4)."""


NEVER_CONNECTED = (httpx.ProxyError, httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
INCOMPLETE = "complete message body"
"""How h11 words that a connection was closed before the announced length; httpx has no type for it."""

TRUST_ADVICE = "Name the file with the authority's certificate: network.ca_file, or SSL_CERT_FILE."
PROXY_ADVICE = "Check network.proxy or HTTPS_PROXY, and that the proxy runs and may reach this host."
REACH_ADVICE = "Check the address, the name service and the way there: firewall, proxy, NO_PROXY."
CUT_ADVICE = "Something on the way closes connections: try again, then look at proxies and firewalls in between."
TIME_ADVICE = "Try again later; network.read_timeout_s says how long is waited."


class NotSent(Unreachable):
    """No connection came about, so the request certainly was not seen."""


class SignInTimedOut(NotSent, TimedOut):
    """The sign-in before the request got no answer in time."""


class SignInCutShort(NotSent, AnswerCutShort):
    """The answer to the sign-in before the request ended too early."""


class Overloaded(ServerFault):
    """A 5xx that says when to come back; `retry_after_s` in seconds."""

    def __init__(self, status: int, reason: str, detail: str, retry_after_s: float) -> None:
        super().__init__(status, reason, detail)
        self.retry_after_s = retry_after_s


class FieldProblem(msgspec.Struct):
    """One wrong field of a request."""

    field: str = ""
    description: str = ""


class BadRequestDetail(msgspec.Struct):
    """The wrong fields of a request."""

    fields: list[FieldProblem] = []


class ApiError(msgspec.Struct, rename="camel"):
    """The error body (atlas.md 3.3)."""

    error: int
    error_code: str
    detail: str | None = None
    parameters: list[Any] | None = None
    bad_request_detail: BadRequestDetail | None = None

    def sentence(self) -> str:
        """The detail, with the wrong fields where Atlas names them."""
        problems = self.bad_request_detail.fields if self.bad_request_detail else []
        named = "; ".join(f"{problem.field}: {problem.description}" for problem in problems)
        return f"{self.detail or ''} ({named})" if named else self.detail or ""


_DECODER = msgspec.json.Decoder(ApiError)


def api_error(response: httpx.Response) -> ApiError:
    """The error body of an answer; a body that is none becomes one from the status line."""
    try:
        return _DECODER.decode(response.content)
    except msgspec.MsgspecError:
        return ApiError(response.status_code, response.reason_phrase or "UNDECODABLE", response.text[:200])


def error_of(response: httpx.Response) -> HarnessError:
    """What an answer outside 2xx means."""
    status, said = response.status_code, api_error(response)
    if status == 429:
        return Throttled(said.sentence() or "too many requests", retry_after_s=retry_after_s(response))
    if status == 501 or status < 400:
        return ProtocolError(f"{_request_line(response)} was answered {status}: {said.sentence()}")
    if status >= 500:
        delay = retry_after_s(response)
        if delay:
            return Overloaded(status, said.error_code, said.sentence(), delay)
        return ServerFault(status, said.error_code, said.sentence())
    if is_about_access(status, said.error_code):
        return AccessError(
            f"Atlas does not let us in: {status} {said.error_code} {said.sentence()}".rstrip(),
            advice="Check the service account or API key, its expiry and its IP access list.",
        )
    return Refused(status, said.error_code, said.sentence(), said.parameters or ())


def silence(error: httpx.TransportError, proxy: str = "") -> Unreachable:
    """What it means that no answer came; `proxy` is the address of the proxy on the way, if there is one.

    Of a connection that failed, and of a sign-in, it is certain that the act was not seen.
    """
    where = error.request.url
    asked = f"{error.request.method} {where.path}"
    if isinstance(error, NEVER_CONNECTED):
        return _no_connection(error, proxy)
    signing_in = where.path == TOKEN_PATH
    if isinstance(error, httpx.TimeoutException):
        late = SignInTimedOut if signing_in else TimedOut
        return late(f"{where.host} took {asked} and gave no answer in time", advice=TIME_ADVICE)
    if isinstance(error, httpx.RemoteProtocolError) and INCOMPLETE in str(error):
        cut = SignInCutShort if signing_in else AnswerCutShort
        return cut(f"the answer of {where.host} to {asked} ended too early: {error}", advice=CUT_ADVICE)
    unseen = NotSent if signing_in else Unreachable
    return unseen(f"no answer from {where.host} to {asked}: {type(error).__name__} {error}", advice=REACH_ADVICE)


def _no_connection(error: httpx.TransportError, proxy: str) -> Unreachable:
    """Through a proxy the only connection that can be refused is the one to it: what lies behind, it tells itself."""
    host, causes = error.request.url.host, tuple(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return UntrustedCertificate(f"the certificate of {host} cannot be trusted: {error}", advice=TRUST_ADVICE)
    in_tls = any(isinstance(cause, ssl.SSLError) for cause in causes)
    if isinstance(error, httpx.ProxyError) or (proxy and not in_tls and not isinstance(error, httpx.PoolTimeout)):
        sentence = f"the proxy{_named(proxy)} does not let us through to {host}: {error}"
        return ProxyDown(sentence, advice=PROXY_ADVICE)
    return NotSent(f"no connection to {host}: {type(error).__name__} {error}", advice=REACH_ADVICE)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it, the outermost first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _named(proxy: str) -> str:
    """Host and port of a proxy, never the user and password that may stand in its address."""
    parts = urlsplit(proxy)
    return f" {parts.hostname}:{parts.port}" if parts.hostname and parts.port else ""


def is_about_access(status: int, code: str) -> bool:
    """Sign-in failed as such, whatever was asked for."""
    return (status == 401 and code not in ROLE_CODES) or (status == 403 and code in ADDRESS_CODES)


def retry_after_s(response: httpx.Response) -> float:
    """Seconds that the answer asks us to wait (a number or an HTTP date), 0 when it does not say."""
    value = response.headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        until, sent = parsedate_to_datetime(value), parsedate_to_datetime(response.headers["date"])
        return max(0.0, (until - sent).total_seconds())
    except (ValueError, TypeError, KeyError):
        return 0.0


def _request_line(response: httpx.Response) -> str:
    return f"{response.request.method} {response.request.url.path}"
