"""`state/before.json` and `state/after.json`: how everything was when a run first and last looked at it."""

from __future__ import annotations

from typing import Any

from harness.evidence.forms.result import Form


class Sightings(Form, frozen=True, kw_only=True):
    """The whole document."""

    format: int
    run: str
    simulated: bool
    worlds: dict[str, dict[str, dict[str, Any]]]
    """Facts by subject, for each world: a project of Atlas's; on the fake each scenario has one of its own."""
