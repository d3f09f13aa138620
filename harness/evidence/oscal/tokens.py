"""Identifiers of controls as OSCAL tokens, and back: tools that read them find the control in its own catalogue."""

from __future__ import annotations

import re

NIST = "nist-800-53"
"""The framework whose catalogue exists in OSCAL; its tokens are those of that catalogue."""
OWN = "cmkproof"
"""Stands for a framework where a requirement answers no control of any."""
BETWEEN = "__"
"""Parts framework and control. An escape is `_` and two hexadecimal digits, so this never is a part of one."""

_NIST = re.compile(r"([A-Z]{2})-([1-9]\d*)(?:\(([1-9]\d*)\))?")
_NIST_TOKEN = re.compile(r"([a-z]{2})-([1-9]\d*)(?:\.([1-9]\d*))?")
_PLAIN = re.compile(r"[A-Za-z0-9.-]")


def token_of(framework: str, control: str) -> str:
    """The token that stands for a control: `SC-28(1)` is `sc-28.1`, `3.5.1` of `pci-dss` is `pci-dss__3.5.1`."""
    if framework == NIST and (found := _NIST.fullmatch(control)):
        family, number, enhancement = found.groups()
        return f"{family.lower()}-{number}" + (f".{enhancement}" if enhancement else "")
    token = f"{_escaped(framework)}{BETWEEN}{_escaped(control)}"
    return token if token[0].isalpha() or token[0] == "_" else f"_{ord(token[0]):02x}{token[1:]}"


def control_of(token: str) -> tuple[str, str]:
    """The framework and the control that a token stands for.

    Raises:
        ValueError: it is none that `token_of` makes.
    """
    if found := _NIST_TOKEN.fullmatch(token):
        family, number, enhancement = found.groups()
        return NIST, f"{family.upper()}-{number}" + (f"({enhancement})" if enhancement else "")
    framework, between, control = token.partition(BETWEEN)
    if not between:
        raise ValueError(f"{token!r} stands for no control")
    return _plain(framework), _plain(control)


def _escaped(text: str) -> str:
    return "".join(one if _PLAIN.match(one) else "".join(f"_{byte:02x}" for byte in one.encode()) for one in text)


def _plain(text: str) -> str:
    return re.sub(r"(?:_[0-9a-f]{2})+", lambda found: bytes.fromhex(found[0].replace("_", "")).decode(), text)
