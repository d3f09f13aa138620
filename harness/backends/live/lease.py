"""A lease on the target, so that two runs never change the same project or vault at the same time.

It stands as a tag where every run must look: on the Azure resource group, and on the Atlas project where one is named.
Neither service compares before it writes, so after writing the tag is read back: of two runs that write at the same
moment at least one finds the other's name, and goes. A lease that nobody released ends by itself.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from harness.errors import SafetyError
from harness.faults.books import TagHolder
from harness.ports import Clock

TAG = "cmkproof-lease"
SETTLE_S = 3.0
"""Between writing the tag and reading it back: longer than two writes of one moment are apart."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one run to change a target, until `ends` (unix seconds)."""

    holder: str
    ends: float

    def __str__(self) -> str:
        return f"{self.holder} until {datetime.fromtimestamp(self.ends, UTC):%Y-%m-%dT%H:%M:%SZ}"

    @classmethod
    def read(cls, text: str) -> Lease | None:
        """The lease that a tag tells of; None for a text that nobody of ours wrote."""
        holder, _, until = text.partition(" until ")
        try:
            return cls(holder, datetime.strptime(until, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
        except ValueError:
            return None


def holder(run_id: str, directory: Path) -> str:
    """A name for this run that no other run has, on whatever machine it is."""
    where = f"{socket.gethostname()}/{os.getpid()}/{directory.resolve()}"
    return f"{run_id}-{sha256(where.encode()).hexdigest()[:12]}"


def take(place: TagHolder, lease: Lease, clock: Clock) -> None:
    """Take the lease.

    Raises:
        SafetyError: somebody else has it.
    """
    refuse_another(place, lease, clock)
    place.set_tags({**place.tags(), TAG: str(lease)})
    clock.sleep(SETTLE_S)
    refuse_another(place, lease, clock)


def release(place: TagHolder, holder: str) -> None:
    """Give the lease back; one that is not ours any more is left alone."""
    tags = dict(place.tags())
    if TAG in tags and (found := Lease.read(tags[TAG])) and found.holder == holder:
        del tags[TAG]
        place.set_tags(tags)


def refuse_another(place: TagHolder, lease: Lease, clock: Clock) -> None:
    """Look whether the target is free.

    Raises:
        SafetyError: somebody else has it.
    """
    text = place.tags().get(TAG, "")
    found = Lease.read(text)
    if text and (found is None or (found.holder != lease.holder and found.ends > clock.now())):
        raise SafetyError(
            f"{place.name} is in use by another run: {text}",
            advice=f"Wait for it to end. If it is certainly over, `cmkproof recover` it, or remove the tag {TAG}.",
        )
