"""Who vouches for bundles, as the settings say; settled before a run begins, so that no run is lost to a bad key."""

from __future__ import annotations

from harness.evidence.bundle.signing import KeyOnHand, Signer
from harness.run.sealing.sealing import Vouching
from harness.settings import Settings, resolve

IN_A_VAULT = "azure:"


def vouching_of(settings: Settings) -> Vouching:
    """The signer and the source of timestamps.

    Raises:
        ConfigError: the key is none, or cannot be had.
    """
    key = settings.evidence.key
    return Vouching(signer_for(key, "evidence.key", settings) if key else None, _timestamp(settings))


def signer_for(reference: str, name: str, settings: Settings) -> Signer:
    """The key that a reference leads to; `name` is where the reference stands, for people.

    Raises:
        ConfigError: it leads to none.
    """
    return KeyOnHand.from_pem(resolve(reference, name), name)


def _timestamp(settings: Settings) -> None:
    return None
