"""Writes the files of a bundle that are made from its documents: reports, tables, formats of other tools."""

from __future__ import annotations

from harness.evidence.account import Account
from harness.evidence.bundle import texts
from harness.evidence.writing import write_text


def write_derived(account: Account) -> None:
    """Write them all.

    Raises:
        EvidenceError: one of them cannot be written.
    """
    for name, text in texts.FILES.items():
        write_text(account.directory, name, text(account))
