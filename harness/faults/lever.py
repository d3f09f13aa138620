"""The safety lever: a file that anybody may make to stop everything that runs, and to let nothing else begin."""

from __future__ import annotations

from pathlib import Path

VARIABLE = "CMKPROOF_STOP"
"""The same by the environment, for whoever can set variables but no files."""


def pulled(lever: str, variable: str | None) -> str:
    """Who pulled it, in words; empty: nobody. A file that may not be looked at counts as pulled."""
    if variable:
        return f"the safety lever is on: {VARIABLE} is set"
    if not lever:
        return ""
    try:
        Path(lever).stat()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"the safety lever {lever} cannot be looked at: {error.strerror}"
    return f"the safety lever is on: {lever} exists"
