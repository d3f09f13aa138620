"""The text of `cmkproof.toml`: on which line a key stands, and no secrets in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from harness.errors import ConfigError

REFERENCE = re.compile(r"(?:env|file|keyring):\S+")
"""`env:NAME`, `file:PATH`, `keyring:service/user`: where a secret is, not what it is."""
IN_A_VAULT = re.compile(r"azure:https://\S+")
"""`azure:` and the identifier of a key in a key vault."""

KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
ASSIGNMENT = re.compile(rf"\s*({KEY}(?:\s*\.\s*{KEY})*)\s*=")

SECRET_NAME = re.compile(
    r"(?i)(secret|password|passwd|private_?key|api_?key|token|credential|connection_?string)(?!.*_(?:file|id|url)$)"
)
SECRET_SHAPES = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\."),  # a JSON web token
    re.compile(r"://[^/\s:@]+:[^/\s@]+@"),  # a user and password in an address
    re.compile(r"\bmdb_sa_sk_\w+"),  # an Atlas service account's secret
    re.compile(r"\b[\w~.-]{3}\dQ~[\w~.-]{31,34}\b"),  # an Entra client secret
    re.compile(r"(?i)\b(?:AccountKey|SharedAccessKey)=[\w+/=]{20,}"),
)


ADVICE = "Say where it is: env:NAME, file:PATH or keyring:service/user. Then replace the secret."


class SecretInFile(ConfigError):
    """A secret stands in the configuration, where a reference belongs; the message does not repeat it."""

    code = "CMK210"


def refuse_secrets(values: Mapping[str, Any], text: str, name: str) -> None:
    """Refuse a file that holds a secret.

    Raises:
        SecretInFile: with file and line.
    """
    for path, value in _leaves(values, ()):
        named = bool(SECRET_NAME.search(path[-1])) and path[0] != "readings" and "readings" not in path[:-1]
        if (named or is_secret(value)) and not REFERENCE.fullmatch(value):
            raise SecretInFile(
                f"{'.'.join(path)} looks like a secret; secrets do not belong in this file",
                where=f"{name}:{line_of(text, path)}",
                advice=ADVICE,
            )


def is_secret(text: str) -> bool:
    """Whether a text has the shape of a secret."""
    return any(shape.search(text) for shape in SECRET_SHAPES)


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    elif isinstance(value, str):
        yield path, value


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line (from 1) on which a key stands; for keys of inline tables the line of the outermost one.

    `tomllib` keeps no positions, so this follows table headers and `key =` by itself.
    """
    best, line_number = 0, 1
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
            table = _parts(header[1])
            here = table
        elif assignment := ASSIGNMENT.match(line):
            here = (*table, *_parts(assignment[1]))
        else:
            continue
        if here == path[: len(here)] and len(here) > best:
            best, line_number = len(here), number
    return line_number


def line_of_error(error: tomllib.TOMLDecodeError) -> int:
    """The line (from 1) that a parser's complaint names; an error at the end of a file names none."""
    named = re.search(r"at line (\d+)", str(error))
    return int(named[1]) if named else 1


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
