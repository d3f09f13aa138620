"""References to values that stand elsewhere: `env:NAME`, `file:PATH`, `keyring:service/user`; resolved at the edge."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from harness.errors import ConfigError
from harness.settings.text import REFERENCE

SIZE_MAX = 65_536
"""A file with a secret or an identifier is small; anything larger was not meant."""


def resolve(value: str, name: str, environment: Mapping[str, str] | None = None) -> str:
    """What a setting says, or what its reference leads to; `name` is the setting, for people.

    Raises:
        ConfigError: the reference leads nowhere.
    """
    if not REFERENCE.fullmatch(value):
        return value
    kind, _, place = value.partition(":")
    match kind:
        case "env":
            found = (os.environ if environment is None else environment).get(place, "")
            missing = f"the variable {place} is not set"
        case "file":
            found, missing = _file(Path(place).expanduser())
        case _:
            found, missing = _keyring(place)
    if not found:
        raise ConfigError(f"{name} refers to {value}, and {missing}", advice=f"Set it, or give {name} another value.")
    return found


def resolve_if_set(value: str, name: str, environment: Mapping[str, str] | None = None) -> str:
    """The same, but empty where an environment variable is not set: for what can be done without."""
    if value.startswith("env:"):
        return (os.environ if environment is None else environment).get(value.removeprefix("env:"), "")
    return resolve(value, name, environment)


def _file(path: Path) -> tuple[str, str]:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(SIZE_MAX).strip(), "the file is empty"
    except (OSError, UnicodeDecodeError) as error:
        return "", f"the file cannot be read ({type(error).__name__})"


def _keyring(place: str) -> tuple[str, str]:
    service, slash, user = place.rpartition("/")
    if not slash:
        return "", "it is not of the form keyring:service/user"
    try:
        import keyring
    except ImportError:
        return "", "the package keyring is not installed (pip install 'cmkproof[keyring]')"
    try:
        return keyring.get_password(service, user) or "", f"the keyring has no password of {user} for {service}"
    except keyring.errors.KeyringError as error:
        return "", f"the keyring cannot be read ({type(error).__name__})"
