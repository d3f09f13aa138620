"""The page about live targets says what the harness goes by."""

from __future__ import annotations

from pathlib import Path

from harness.run.live_setup import with_tables

PAGE = Path(__file__).parents[2] / "docs" / "live-setup.md"


def test_the_tables_of_permissions_are_up_to_date() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert with_tables(text) == text
    assert "`Microsoft.KeyVault/vaults/read`" in text
