"""Asks an authority for an RFC 3161 timestamp, and keeps only an answer that fits the question.

The nonce, which ties answer to question, is drawn by rfc3161-client. Nothing else of a bundle depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from cryptography.x509 import Certificate, load_pem_x509_certificates

from harness.errors import ConfigError, EvidenceError

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest, TimeStampResponse

HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
SIZE_MAX = 65_536
"""Bytes; an answer with a chain of certificates has a tenth of that."""
SHA256_OID = "2.16.840.1.101.3.4.2.1"
SETTING = "evidence.timestamp_url"


class NoTimestamp(EvidenceError):
    """No timestamp could be had, so the bundle is not closed."""

    code = "CMK508"
    usual_advice = (
        "Close the bundle with `cmkproof bundle make` once the authority answers, or without a timestamp after "
        f"emptying {SETTING}."
    )


@dataclass(frozen=True, slots=True)
class Authority:
    """Gives timestamps over bytes."""

    url: str
    client: Callable[[], httpx.Client]
    """Opens a client with time-outs, proxy and certificates."""
    now: Callable[[], float]
    patience_s: float
    """Longest time for a whole answer."""
    roots: tuple[Certificate, ...] = ()
    """Whose timestamps count; where none are named, that is left to readers."""

    def __call__(self, message: bytes) -> bytes:
        """The authority's response, in DER.

        Raises:
            NoTimestamp: none came, or it does not fit.
        """
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

        request = TimestampRequestBuilder(message, HashAlgorithm.SHA256).build()
        answer = self._post(request.as_bytes())
        problem = _problem(answer, request) or self._distrust(answer, message)
        if problem:
            raise NoTimestamp(f"{self.url}: {problem}")
        return answer

    def _post(self, question: bytes) -> bytes:
        deadline, answer = self.now() + self.patience_s, bytearray()
        try:
            with (
                self.client() as client,
                client.stream("POST", self.url, content=question, headers=HEADERS) as response,
            ):
                if response.status_code != httpx.codes.OK:
                    raise NoTimestamp(f"{self.url} answered {response.status_code} {response.reason_phrase}".strip())
                for chunk in response.iter_bytes():
                    answer += chunk
                    if len(answer) > SIZE_MAX:
                        raise NoTimestamp(f"{self.url} answered with more than {SIZE_MAX} bytes")
                    if self.now() > deadline:
                        raise NoTimestamp(f"{self.url} had not ended its answer after {self.patience_s:g} s")
        except httpx.HTTPError as error:
            raise NoTimestamp(f"{self.url} gave no answer: {error or type(error).__name__}") from error
        return bytes(answer)

    def _distrust(self, answer: bytes, message: bytes) -> str:
        """Why none of the trusted authorities has given this answer; empty where one has, or none is named."""
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

        if not self.roots:
            return ""
        try:
            VerifierBuilder(roots=list(self.roots)).build().verify_message(decode_timestamp_response(answer), message)
        except (VerificationError, ValueError) as error:
            return f"its timestamp does not hold by evidence.timestamp_ca: {error}"
        return ""


def _problem(answer: bytes, request: TimeStampRequest) -> str:
    """Why an answer is none to this question; empty where it is one."""
    from rfc3161_client import PKIStatus, decode_timestamp_response

    try:
        response = decode_timestamp_response(answer)
        if response.status != PKIStatus.GRANTED:
            return f"refused ({PKIStatus(response.status).name}): {'; '.join(response.status_string)}".rstrip(": ")
        return _misfit(response, request)
    except ValueError as error:
        return f"its answer cannot be read as a timestamp in DER: {error}"


def _misfit(response: TimeStampResponse, request: TimeStampRequest) -> str:
    info, asked = response.tst_info, request.message_imprint
    imprint = info.message_imprint
    if (imprint.hash_algorithm.dotted_string, imprint.message) != (SHA256_OID, asked.message):
        return "its timestamp is about other bytes"
    if info.nonce != request.nonce:
        return "its timestamp answers another question (nonce)"
    return ""


def checked_url(url: str) -> str:
    """The address of an authority.

    Raises:
        ConfigError: it is none.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or any(one.isspace() for one in url):
        raise ConfigError(f"{SETTING} is no address", advice="Write http://HOST/PATH or https://HOST/PATH.")
    if parts.username is not None:
        raise ConfigError(
            f"{SETTING} holds a user's name or password", advice="Name an authority that answers without signing in."
        )
    return url


def require_client() -> None:
    """Insist that timestamps can be asked for at all.

    Raises:
        ConfigError: the package for it is not installed.
    """
    try:
        import rfc3161_client  # noqa: F401 - only whether it is there
    except ImportError:
        raise ConfigError(
            f"{SETTING} is set, and the package rfc3161-client is not installed",
            advice="pip install 'cmkproof[timestamp]'",
        ) from None


def authorities(pems: Iterable[bytes], name: str) -> tuple[Certificate, ...]:
    """The certificates in PEM files, each once; `name` is the setting that names them.

    Raises:
        ConfigError: one holds none.
    """
    try:
        return tuple(dict.fromkeys(one for pem in pems for one in load_pem_x509_certificates(pem)))
    except ValueError as error:
        raise ConfigError(f"{name} holds no certificates in PEM: {error}") from None
