"""Writes the files of a bundle that are made from its documents: reports, tables, formats of other tools."""

from __future__ import annotations

from harness.evidence import export, oscal, page, schemas
from harness.evidence.account import Account
from harness.evidence.bundle import texts
from harness.evidence.writing import write_bytes, write_text
from harness.model import layout


def write_derived(account: Account) -> None:
    """Write them all.

    Raises:
        EvidenceError: one of them cannot be written.
    """
    for name, made in texts.FILES.items():
        write_text(account.directory, name, made(account))
    write_text(account.directory, layout.PAGE, page.render(account))
    for name, form in export.IN_A_BUNDLE.items():
        write_bytes(account.directory, name, form.render(account))
    for name, text in oscal.texts(account).items():
        write_text(account.directory, name, text)
    for name in schemas.names():
        write_text(account.directory, f"{layout.SCHEMAS}/{name}{schemas.SUFFIX}", schemas.text(name))
