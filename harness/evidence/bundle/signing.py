"""Keys that sign a bundle: Ed25519, or ECDSA on P-256 with SHA-256. Both can be checked with openssl alone."""

from __future__ import annotations

from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from harness.errors import ConfigError


class Signer(Protocol):
    """Signs with a key that it may or may not hold itself."""

    def public_key(self) -> bytes:
        """The public key: PEM, SubjectPublicKeyInfo."""

    def sign(self, message: bytes) -> bytes:
        """The signature: 64 bytes of Ed25519, or DER of ECDSA over the SHA-256 of the message."""


class KeyOnHand:
    """A private key that was handed over as PEM. Implements `Signer`; its repr shows nothing of the key."""

    def __init__(self, key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> None:
        self._key = key

    def __repr__(self) -> str:
        return f"<KeyOnHand {fingerprint(self.public_key())}>"

    @classmethod
    def from_pem(cls, pem: str, name: str) -> KeyOnHand:
        """The key in a PEM; `name` is the setting that it comes from, for people.

        Raises:
            ConfigError: it is no private key, or none of a kind that bundles are signed with.
        """
        advice = "Make one: openssl genpkey -algorithm ed25519 -out signing.pem"
        try:
            key = load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ConfigError(
                f"{name} leads to something that is no unencrypted private key in PEM", advice=advice
            ) from None
        if isinstance(key, Ed25519PrivateKey):
            return cls(key)
        if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
            return cls(key)
        raise ConfigError(f"{name} leads to a key that is neither Ed25519 nor of the curve P-256", advice=advice)

    def public_key(self) -> bytes:
        """The public key: PEM, SubjectPublicKeyInfo."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, message: bytes) -> bytes:
        """The signature over a message."""
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(message)
        return self._key.sign(message, ECDSA(SHA256()))


def fingerprint(public_key: bytes) -> str:
    """SHA-256 over a public key's DER: what people compare, on paper or by telephone."""
    key = load_pem_public_key(public_key)
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
