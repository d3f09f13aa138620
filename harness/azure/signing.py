"""Signs with a key in a key vault, which it never leaves: ES256, on the curve P-256 (azure.md 1.9)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from re import IGNORECASE, escape, fullmatch
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.azure.clients import AzureClients
from harness.azure.errors import translated
from harness.errors import ConfigError, EvidenceError, HarnessError, ProtocolError, Refused

if TYPE_CHECKING:
    from azure.keyvault.keys import KeyVaultKey
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

HALF = 32
"""Bytes of each of the two numbers that a vault's signature consists of."""
TRIAL = b"cmkproof asks whether this key signs\n"
"""What is signed before a run begins; nothing that a bundle could hold."""

MAKE_ONE = "Make one: az keyvault key create --vault-name VAULT --name NAME --kty EC --curve P-256 --ops sign verify"
GRANT = (
    "Grant the identity that azure.auth signs in as the role Key Vault Crypto User on this key, or the permissions get "
    "and sign where access policies decide; a new grant may take ten minutes."
)
REACH = "Let this machine through the network rules of the vault, or run where the vault can be reached."
ABLE = "A key that signs is enabled, inside its dates, and permits the operation sign."
LATER = "Put that right, then close the bundle with `cmkproof bundle make`."
NOT_PERMITTED = frozenset({"ForbiddenByRbac", "ForbiddenByPolicy", "AccessDenied"})
NOT_REACHED = frozenset({"ForbiddenByFirewall", "ForbiddenByConnection"})


class NotSigned(EvidenceError):
    """A key that signed before the run does not sign now."""

    code = "CMK512"
    usual_advice = LATER


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where a key is; without a version the one that is current when it is first read."""

    vault: str
    name: str
    version: str = ""

    def __str__(self) -> str:
        version = f" (version {self.version})" if self.version else ""
        return f"the key {self.name}{version} in the vault {self.vault}"


Connect = Callable[[], AbstractContextManager[AzureClients]]
"""Opens clients of a vault, signed in anew: a run may outlive connections and tokens."""


def key_place(identifier: str, suffix: str, name: str) -> KeyPlace:
    """Where the key with this identifier is; vaults are at `suffix`, and `name` is the setting, for people.

    Raises:
        ConfigError: it is not the identifier of a key.
    """
    form = rf"https://([a-z0-9-]{{3,24}})\.{escape(suffix)}/keys/([a-z0-9-]{{1,127}})(?:/([0-9a-f]{{32}}))?/?"
    found = fullmatch(form, identifier, IGNORECASE)
    if found is None:
        raise ConfigError(
            f"{name} = azure:{identifier} does not name a key in a key vault",
            advice=f"Write azure:https://VAULT.{suffix}/keys/NAME, and /VERSION after it to stay with one version; "
            "azure.vault_suffix says how vaults are called in another cloud.",
        )
    return KeyPlace(found[1].lower(), found[2], (found[3] or "").lower())


class VaultSigner:
    """A key in a vault that signs bundles. Implements `Signer` of `harness.evidence.bundle.signing`."""

    def __init__(self, connect: Connect, place: KeyPlace, key: EllipticCurvePublicKey) -> None:
        self._connect = connect
        self._place = place
        self._key = key

    @classmethod
    def checked(cls, connect: Connect, place: KeyPlace, name: str) -> VaultSigner:
        """A signer whose key has just signed something; later it stays with the version that it has found.

        Raises:
            ConfigError: there is no such key, it is not on P-256, it does not sign, or not for us.
            AccessError, TargetError: nobody can be signed in, or the vault cannot be asked.
        """
        try:
            with connect() as clients, translated(f"reading {place}"):
                found = clients.keys.get_key(place.name, place.version or None)
            signer = cls(
                connect,
                KeyPlace(place.vault, place.name, found.properties.version or place.version),
                _public(found, name),
            )
            signer._signed(TRIAL)
        except Refused as refusal:
            raise ConfigError(
                f"{name} leads to {place}, and it cannot sign: {refusal}", advice=_advice(refusal)
            ) from None
        return signer

    def public_key(self) -> bytes:
        """The public key: PEM, SubjectPublicKeyInfo."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, message: bytes) -> bytes:
        """The signature over a message, in DER.

        Raises:
            NotSigned: the vault did not sign.
        """
        try:
            return self._signed(message)
        except HarnessError as error:
            help_first = _advice(error) if isinstance(error, Refused) else error.advice
            raise NotSigned(f"{self._place} did not sign: {error}", advice=f"{help_first} {LATER}".strip()) from error

    def _signed(self, message: bytes) -> bytes:
        with self._connect() as clients, translated(f"signing with {self._place}"):
            from azure.keyvault.keys.crypto import SignatureAlgorithm

            cryptography = clients.cryptography(self._place.name, self._place.version)
            raw = cryptography.sign(SignatureAlgorithm.es256, sha256(message).digest()).signature
        signature = der(raw)
        try:
            self._key.verify(signature, message, ECDSA(SHA256()))
        except InvalidSignature:
            raise ProtocolError(f"the signature of {self._place} does not fit its public key") from None
        return signature


def der(raw: bytes) -> bytes:
    """A signature as a vault gives it, two numbers of 32 bytes, in the form that openssl checks.

    Raises:
        ProtocolError: it has another length.
    """
    if len(raw) != 2 * HALF:
        raise ProtocolError(f"the vault signed with {len(raw)} bytes, and ES256 has {2 * HALF}")
    return encode_dss_signature(int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:]))


def _public(found: KeyVaultKey, name: str) -> EllipticCurvePublicKey:
    """The public key, if it is one on P-256 that may be used.

    Raises:
        ConfigError: it is another kind of key, or disabled.
        ProtocolError: the vault gives a point that is not on the curve.
    """
    kind, curve = (str(getattr(one, "value", one) or "") for one in (found.key_type, getattr(found.key, "crv", "")))
    if not kind.startswith("EC") or curve != "P-256":
        raise ConfigError(f"{name} leads to a key that is {curve or kind}, and not on the curve P-256", advice=MAKE_ONE)
    if found.properties.enabled is False:
        raise ConfigError(f"{name} leads to a key that is disabled", advice="Enable it, or name another one.")
    x, y = (int.from_bytes(getattr(found.key, axis)) for axis in "xy")
    try:
        return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    except ValueError as error:
        raise ProtocolError(f"the vault shows a public key that is none: {error}") from error


def _advice(refusal: Refused) -> str:
    """What to do about a refusal of the vault."""
    inner = refusal.reason.rpartition("/")[2]
    if inner in NOT_PERMITTED:
        return GRANT
    if inner in NOT_REACHED:
        return REACH
    return MAKE_ONE if refusal.status == 404 else ABLE
