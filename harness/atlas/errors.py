"""Answers of the Atlas Admin API that are not what was asked for, as errors of `harness.errors` (atlas.md 3.3, 3.4)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import msgspec

from harness.errors import AccessError, HarnessError, ProtocolError, Refused, ServerFault, Throttled, Unreachable

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


class NotSent(Unreachable):
    """No connection came about, so the request certainly was not seen."""


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
