"""Whose token it was: what an answer that issued one may tell of it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

CLAIMS = ("iss", "sub", "aud", "tid", "oid", "appid", "azp")
"""Claims that name identities and services; none is secret, and none is of a person (RFC 7519, azure.md 1.1)."""
TOKEN = "access_token"  # noqa: S105 - the name of a field


def identity(url: str, answer: Any, client_id: str) -> dict[str, str]:
    """Whose token an answer holds: claims of a JSON web token, else who signed in where; empty if it holds none."""
    token = answer.get(TOKEN) if isinstance(answer, Mapping) else None
    if not isinstance(token, str):
        return {}
    claims = _claims(token)
    shown = {name: _text(claims[name]) for name in CLAIMS if claims.get(name)}
    return shown or {"client_id": client_id, "issuer": urlsplit(url).hostname or ""}


def _claims(token: str) -> Mapping[str, Any]:
    """What a JSON web token says; empty for a token of another kind."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
