"""How the processes of one run tell each other what is secret: in memory, never in files, options or variables."""

from __future__ import annotations

import hmac
from typing import Any

from harness.ports import Secrets
from harness.settings import Settings, resolve, secrets_in_settings

KEY = "cmkproof_commitments"
"""Under this name a worker is told the key of the run's commitments."""

SECRETS = "cmkproof_secrets"
"""Under this name a report carries secrets that a worker has met; whoever leads the run takes it off."""


def owners_key(settings: Settings) -> str:
    """The key that the owner of the run commits with; empty where there is none.

    Raises:
        ConfigError: its reference leads nowhere.
    """
    named = settings.evidence.commitment_key
    return resolve(named, "evidence.commitment_key") if named else ""


def prepare(secrets: Secrets, settings: Settings, owners: str, run_id: str) -> None:
    """Before a run: know what its settings hold, and commit with a key of its own that follows from the owner's."""
    for secret in secrets_in_settings(settings):
        secrets.protect(secret)
    if owners:
        secrets.protect(owners)
        secrets.commit_with(key_of_run(owners, run_id))


def key_of_run(owners: str, run_id: str) -> bytes:
    """The key of one run's commitments: whoever holds the owner's can open those of any run."""
    return hmac.digest(owners.encode(), run_id.encode(), "sha256")


def taken_off(report: Any) -> list[str]:
    """The secrets that a report carries; afterwards it carries none."""
    found: list[str] = vars(report).pop(SECRETS, [])
    return found
