"""How each service words an error that nothing in the world explains: throttling and failures of its own.

Sources: Atlas atlas.md 3.3 and 3.6; Resource Manager azure.md 1.2; Key Vault azure.md 1.9; Entra azure.md 1.1.
"""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from harness.fake.faces.atlas.errors import body_of
from harness.fake.faces.services import ATLAS, GRAPH, RESOURCE_MANAGER, SIGN_IN

JSON = "application/json; charset=utf-8"
PLAIN = "text/plain"

GATEWAY_STATUSES = (502, 503, 504)
"""What stands in front of Atlas answers these, in words that are not JSON (atlas.md 3.6)."""

BUCKET = (2000, 1000, 60)
"""Capacity, refill and its period in seconds, of Atlas's buckets for encryption at rest (atlas.md 3.7; RATE)."""


def error_body(host: str, path: str, status: int, retry_after_s: float | None) -> tuple[str, bytes]:
    """Content type and body of an error; `status` is one of `http.HTTPStatus`."""
    if host == ATLAS:
        return _atlas(path, status, retry_after_s)
    if host == SIGN_IN:
        return JSON, _encode(_sign_in(status))
    return JSON, _encode({"error": _azure(host, status)})


def _atlas(path: str, status: int, retry_after_s: float | None) -> tuple[str, bytes]:
    if status in GATEWAY_STATUSES:
        return PLAIN, b"upstream connect error or disconnect/reset before headers"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return JSON, _encode(body_of("RATE_LIMITED_TOKEN_BUCKET", (path, retry_after_s or 1, *BUCKET), status, {}))
    return JSON, _encode(body_of("UNEXPECTED_ERROR", (), status, {}))


def _azure(host: str, status: int) -> dict[str, str]:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        if host == RESOURCE_MANAGER:
            return {"code": "TooManyRequests", "message": "The request is being throttled. Please try again later."}
        if host == GRAPH:
            return {"code": "TooManyRequests", "message": "Too many requests."}
        reason = "too many requests were received. Reason: VaultRequestTypeLimitReached"
        return {"code": "Throttled", "message": f"Request was not processed because {reason}"}
    phrase = HTTPStatus(status).phrase
    return {"code": phrase.title().replace(" ", ""), "message": f"The service answers with {status} {phrase}."}


def _sign_in(status: int) -> dict[str, object]:
    temporary = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return {
        "error": "temporarily_unavailable" if temporary else "invalid_request",
        "error_description": "AADSTS90033: A transient error has occurred. Please try again.",
        "error_codes": [90033],
    }


def _encode(body: object) -> bytes:
    return msgspec.json.encode(body)
