"""An exchange as it went by, and what it shows by its own names to be secret."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from harness.evidence.redaction import form_fields, parsed, secrets_in

Headers = Sequence[tuple[str, str]]

LEARNED_MIN = 8
"""Values shorter than this are hidden where their field says so, but not hunted for in other texts."""

WORTH_READING = re.compile(rb"(?i)secret|token|hint|private|pass|assertion|connection|shared|sig|api.?key")
"""A body without any of this has no field whose name says that it is secret."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came of it. Bodies and headers are raw: nothing of this is kept or printed."""

    method: str
    url: str
    request_headers: Headers = field(repr=False)
    request_body: bytes = field(repr=False)
    status: int | None
    """None when no answer came."""
    response_headers: Headers = field(repr=False)
    response_body: bytes = field(repr=False)
    started: float
    """Unix seconds by the run's clock."""
    ended: float
    reason: str = ""
    """Words of the status line."""
    failure: BaseException | None = field(default=None, repr=False)
    """Why no answer came."""
    monotonic: tuple[float, float] = (0.0, 0.0)
    """Its start and end by the second clock, in seconds."""

    @property
    def error(self) -> str:
        """Why no answer came, in words; empty when one did."""
        return repr(self.failure) if self.failure else ""

    @property
    def is_look(self) -> bool:
        """It changes nothing: a read, or a proof that a key unwraps."""
        return self.method == "GET" or urlsplit(self.url).path.lower().endswith(("/unwrapkey", "/decrypt"))

    def repeats(self, other: Exchange) -> bool:
        """The same question got the same answer; dates and request ids in headers do not count."""
        return (
            self.url == other.url
            and self.status == other.status
            and self.method == other.method
            and self.response_body == other.response_body
            and self.request_body == other.request_body
            and self.error == other.error
        )


def content_type(headers: Headers) -> str:
    """The media type, empty when there is none."""
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def credentials_in(headers: Headers) -> Sequence[str]:
    """What an Authorization header gives away: the token, or the password of Basic."""
    scheme, credential = _authorization(headers)
    if scheme == "bearer":
        return [credential]
    if scheme != "basic":
        return []
    _, colon, password = _pair(credential)
    return [password if colon else credential]


def user_of(headers: Headers) -> str:
    """The user of Basic sign-in, who is no secret; empty when there is none."""
    scheme, credential = _authorization(headers)
    return _pair(credential)[0] if scheme == "basic" else ""


def _authorization(headers: Headers) -> tuple[str, str]:
    value = next((value for name, value in headers if name.lower() == "authorization"), "")
    scheme, _, credential = value.partition(" ")
    return scheme.lower(), credential


def _pair(credential: str) -> tuple[str, str, str]:
    """User, colon and password of Basic; all empty when they cannot be read."""
    try:
        return base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", "", ""


def shown_to_be_secret(exchange: Exchange) -> Iterable[str]:
    """What an exchange shows by its own names to be secret: credentials, tokens, passwords."""
    found = [
        *credentials_in(exchange.request_headers),
        *_secrets_of(exchange.request_body, exchange.request_headers),
        *_secrets_of(exchange.response_body, exchange.response_headers),
    ]
    return [secret for secret in found if len(secret) >= LEARNED_MIN]


def _secrets_of(body: bytes, headers: Headers) -> Iterable[str]:
    return secrets_in(document_of(body, headers)) if WORTH_READING.search(body) else ()


def document_of(body: bytes, headers: Headers) -> Any:
    """What a body says: JSON as data, a form as a mapping; None when it is neither."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return dict(form_fields(text)) if "x-www-form-urlencoded" in content_type(headers) else parsed(text)
