"""What a fault leaves in the tags of a resource, so that it can be undone by whoever finds it, without any ledger.

One tag says in words what it is, whose, and until when; the others hold the undo itself, compressed, in pieces that fit
into a tag's value (Azure Resource Manager: 50 tags, 512 characters a name, 256 a value; azure.md, tags).
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.errors import SafetyError
from harness.faults.ledger import FaultUndo
from harness.faults.lines import digest

PREFIX = "cmkproof-fault-"
PIECE = 250
"""Characters of a tag's value that are used; 256 fit."""
TAGS_MAX = 50
"""As many tags as a resource may have."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A fault, as a resource's tags tell of it."""

    owner: str
    """The run that brought it about."""
    about: FaultUndo
    target: Mapping[str, Any]

    @property
    def words(self) -> str:
        """For people who find the tag."""
        return f"{self.about.fault} by {self.owner} until {_instant(self.about.deadline)}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Tags that ours begin like, and that cannot be read any more."""

    key: str
    words: str


def stamped(tags: Mapping[str, str], stamp: Stamp) -> dict[str, str]:
    """The tags with a fault among them.

    Raises:
        SafetyError: it does not fit; nothing may be brought about whose undo cannot be found again.
    """
    key = stamp.about.key
    text = _packed({"owner": stamp.owner, "target": stamp.target, **_fields(stamp.about)})
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    made = {f"{PREFIX}{key}": stamp.words} | {f"{PREFIX}{key}.{n}": piece for n, piece in enumerate(pieces)}
    if len(whole := {**tags, **made}) > TAGS_MAX:
        raise SafetyError(
            f"the undo of {stamp.about.fault} does not fit into the tags of the target: {len(whole)} of {TAGS_MAX}",
            advice="Undo what is in force already, or take tags off that nobody needs.",
        )
    return whole


def unstamped(tags: Mapping[str, str], key: str) -> dict[str, str]:
    """The tags without those of a fault; all others as they are."""
    return {name: value for name, value in tags.items() if name.removeprefix(PREFIX).partition(".")[0] != key}


def found(tags: Mapping[str, str]) -> Iterator[Stamp | Unreadable]:
    """Every fault that tags tell of."""
    for name, words in sorted(tags.items()):
        if name.startswith(PREFIX) and "." not in name:
            yield _read(tags, name.removeprefix(PREFIX)) or Unreadable(name.removeprefix(PREFIX), words)


def _read(tags: Mapping[str, str], key: str) -> Stamp | None:
    pieces: list[str] = []
    while (name := f"{PREFIX}{key}.{len(pieces)}") in tags:
        pieces.append(tags[name])
    try:
        said = json.loads(zlib.decompress(base64.urlsafe_b64decode("".join(pieces))))
        owner, target = said.pop("owner"), said.pop("target")
        about = FaultUndo(**said)
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError):
        return None
    return Stamp(owner, about, target) if digest(about.image) == about.digest and about.key == key else None


def _packed(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def _fields(about: FaultUndo) -> dict[str, Any]:
    return {name: getattr(about, name) for name in FaultUndo.__slots__}


def _instant(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
