"""Secrets that stand in settings all the same: a user and a password in an address, whoever put them there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from harness.settings.schema import Settings

CREDENTIALS = re.compile(r"://([^/\s@]+)@")
SHORTEST = 4
"""Shorter passwords would hide innocent text wherever it looks alike."""


def secrets_in_settings(settings: Settings) -> Iterator[str]:
    """Every user and password in an address that a setting holds."""
    for text in _texts(msgspec.to_builtins(settings)):
        yield from secrets_in_address(text)


def secrets_in_address(text: str) -> Iterator[str]:
    """The password in an address, as it is written and as it is meant, and with its user; nothing without one."""
    for found in CREDENTIALS.finditer(text):
        user, colon, password = found[1].partition(":")
        if colon:
            spelt = (password, unquote(password), found[1], f"{unquote(user)}:{unquote(password)}")
            yield from (one for one in dict.fromkeys(spelt) if len(one) >= SHORTEST)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
