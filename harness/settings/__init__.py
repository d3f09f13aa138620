"""What a run is told: defaults < `cmkproof.toml` < profile < environment `CMKPROOF_…` < flags.

Each value remembers where it came from. Unknown keys are errors that name the file, the line and the nearest valid key.
Secrets never stand in the file, only references to them.
"""

from harness.settings.merging import Choices, find_file, load, nearest, shown
from harness.settings.references import resolve, resolve_if_set
from harness.settings.schema import Settings
from harness.settings.secrecy import secrets_in_address, secrets_in_settings

__all__ = [
    "Choices",
    "Settings",
    "find_file",
    "load",
    "nearest",
    "resolve",
    "resolve_if_set",
    "secrets_in_address",
    "secrets_in_settings",
    "shown",
]
