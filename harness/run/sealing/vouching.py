"""Who vouches for bundles, as the settings say; settled before a run begins, so that no run is lost to a bad key."""

from __future__ import annotations

from collections.abc import Callable

from harness.evidence.bundle.signing import KeyOnHand, Signer
from harness.run.sealing.sealing import Vouching
from harness.settings import Settings, resolve

IN_A_VAULT = "azure:"
"""What stands before the identifier of a key in a key vault."""


def vouching_of(settings: Settings) -> Vouching:
    """The signer and the source of timestamps.

    Raises:
        ConfigError: the key is none or cannot sign, or the authority cannot be asked for timestamps.
        AccessError, TargetError: the key is in a vault, and nobody can be signed in there, or it does not answer.
    """
    key = settings.evidence.key
    return Vouching(signer_for(key, "evidence.key", settings) if key else None, _timestamp(settings))


def signer_for(reference: str, name: str, settings: Settings) -> Signer:
    """The key that a reference leads to: a PEM, or `azure:` and the identifier of a key in a key vault.

    `name` is where the reference stands, for people.

    Raises:
        ConfigError: it leads to no key that signs.
        AccessError, TargetError: as in `vouching_of`.
    """
    found = resolve(reference, name)
    if not found.startswith(IN_A_VAULT):
        return KeyOnHand.from_pem(found, name)
    from harness.backends.vouching import vault_signer

    return vault_signer(found.removeprefix(IN_A_VAULT), name, settings)


def _timestamp(settings: Settings) -> Callable[[bytes], bytes] | None:
    if not settings.evidence.timestamp_url:
        return None
    from harness.backends.vouching import authority

    return authority(settings)
