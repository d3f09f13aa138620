# ruff: noqa: E501 - a sentence of the wire stands on one line, so that it can be found
"""How Microsoft Graph words its refusals (vendor's reference, resource-specific errors; sentences from memory)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from harness.fake.faces.wire import Reply
from harness.fake.kernel.entra import GraphRefusal

ERRORS: dict[str, tuple[int, str, str]] = {
    "Authorization_RequestDenied": (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
    "Request_ResourceNotFound": (404, "Request_ResourceNotFound", "Resource '{0}' does not exist or one of its queried reference-property objects are not present."),
    "NoBackingApplicationObject": (400, "NoBackingApplicationObject", "The appId '{0}' of the service principal does not reference a valid application object."),
    "Request_MultipleObjectsWithSameKeyValue": (409, "Request_MultipleObjectsWithSameKeyValue", "The service principal cannot be created, updated, or restored because the service principal name {0} is already in use."),
    "KeyNotFound": (400, "Request_BadRequest", "No password credential found with keyId '{0}'."),
    "Request_BadRequest": (400, "Request_BadRequest", "Invalid value specified for the request: {0}."),
    "BadRequest": (400, "BadRequest", "Invalid filter clause: {0}"),
    "InvalidAuthenticationToken/empty": (401, "InvalidAuthenticationToken", "Access token is empty."),
    "InvalidAuthenticationToken/expired": (401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    "InvalidAuthenticationToken/audience": (401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience."),
}  # fmt: skip
"""Kernel code to (status, `error.code`, sentence)."""


def refusal_reply(refusal: GraphRefusal) -> Reply:
    """The answer that Graph gives for a refusal, still without date and request id."""
    status, code, sentence = ERRORS[refusal.code]
    return Reply(status, {"code": code, "message": sentence.format(*refusal.parameters)})


def error_body(error: dict[str, Any], now: float, request_id: str) -> dict[str, Any]:
    """An error body in Graph's shape."""
    date = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {"error": error | {"innerError": {"date": date, "request-id": request_id, "client-request-id": request_id}}}
