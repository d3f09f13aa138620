"""Which runs have left something undone, by the ledgers in their directories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.faults.ledger import FILE, Intent, read_only


@dataclass(frozen=True, slots=True)
class Residue:
    """A run with something to undo."""

    directory: Path
    profile: str
    """The profile that it had; empty where its ledger does not say."""
    intents: tuple[Intent, ...]

    @property
    def open(self) -> int:
        """How many changes are not undone."""
        return len(self.intents)


def unresolved_in(reports: Path) -> Iterator[Residue]:
    """Every run below a directory that has something to undo, oldest first.

    Raises:
        EvidenceError: a ledger is damaged, so that nobody knows what it has open.
    """
    for path in sorted(reports.glob(f"*/{FILE}")):
        ledger = read_only(path)
        if ledger.unresolved:
            yield Residue(path.parent, ledger.profile, tuple(ledger.unresolved))
