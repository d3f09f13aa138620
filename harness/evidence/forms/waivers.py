"""`waivers.json`: exceptions that somebody approved, and what each did for the run."""

from __future__ import annotations

from harness.evidence.forms.result import Form, WaiverForm


class Waivers(Form, frozen=True, kw_only=True):
    """Every waiver of the file that the run was given, in its order."""

    run: str
    waivers: list[WaiverForm]
