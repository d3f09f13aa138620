"""Who vouches for bundles, composed: a key in a vault, and an authority that gives timestamps.

Both work for every backend: a run on the fake, too, can be signed by a real vault.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
from cryptography.x509 import Certificate

from harness.azure.clients import AzureClients, VaultPlace
from harness.azure.credential import credential
from harness.azure.signing import KeyPlace, VaultSigner, key_place
from harness.backends.clocks import RealClock
from harness.backends.live.wiring import Wiring
from harness.errors import ConfigError
from harness.evidence.bundle.timestamp import Authority, authorities, checked_url, require_client
from harness.settings import Settings

SIGNING = "/sign"
"""How the one path ends that is posted to: nothing else of the vault can be changed from here."""


def vault_signer(identifier: str, name: str, settings: Settings) -> VaultSigner:
    """The key with this identifier, signed in to as the profile's [azure] says; `name` is the setting.

    Raises:
        ConfigError: it cannot sign.
        AccessError, TargetError: nobody can be signed in, or the vault cannot be asked.
    """
    place = key_place(identifier, settings.azure.vault_suffix, name)
    return VaultSigner.checked(partial(_connected, settings, place), place, name)


@contextmanager
def _connected(settings: Settings, place: KeyPlace) -> Iterator[AzureClients]:
    """Clients of the vault on the wall's clock, for as long as one use takes."""
    clock = RealClock()
    host = f"{place.vault}.{settings.azure.vault_suffix}".partition(":")[0]
    wiring = Wiring(settings, clock, reads_only=True, posts={host: SIGNING})
    try:
        vault = VaultPlace("", "", place.vault, "", addresses=wiring.addresses())
        transport = wiring.azure_transport()
        tokens = credential(wiring.azure_sign_in(), clock, transport, vault.addresses)
        yield AzureClients(vault, tokens, transport)
    finally:
        wiring.close()


def authority(settings: Settings) -> Authority:
    """The authority of `evidence.timestamp_url`, reached as [network] says.

    Raises:
        ConfigError: the address is none, a certificate cannot be read, or the package for timestamps is missing.
    """
    url = checked_url(settings.evidence.timestamp_url)
    require_client()
    network, clock = settings.network, RealClock()
    wiring = Wiring(settings, clock, reads_only=True)
    timeout = httpx.Timeout(network.read_timeout_s, connect=network.connect_timeout_s)
    trusted, proxy = wiring.trusted, wiring.proxy_to(url) or None

    def client() -> httpx.Client:
        return httpx.Client(verify=trusted, proxy=proxy, timeout=timeout, trust_env=False)

    return Authority(url, client, clock.now, network.read_timeout_s, _roots(settings.evidence.timestamp_ca))


def _roots(file: str) -> tuple[Certificate, ...]:
    if not file:
        return ()
    name = f"evidence.timestamp_ca = {file}"
    try:
        return authorities([Path(file).read_bytes()], name)
    except OSError as error:
        raise ConfigError(f"{name} cannot be read: {error.strerror}") from None
