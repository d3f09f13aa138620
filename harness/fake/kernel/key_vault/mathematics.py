"""What a key really does to bytes.

Encryption is padded with true chance, as RSA demands, so its results differ. Signatures are made without chance
(RFC 6979), so that the same run gives the same bytes.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, AsymmetricPadding, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

from harness.fake.kernel.key_material import curve_key, private_key
from harness.fake.kernel.key_vault.kinds import is_curve
from harness.fake.kernel.key_vault.records import KeyRecord
from harness.fake.kernel.refusal import VaultRefusal

HALF = 32
"""Bytes of each of the two numbers of a signature on P-256; on the wire one follows the other."""
_SHA256 = Prehashed(hashes.SHA256())


def encrypt(record: KeyRecord, algorithm: str, plain: bytes) -> bytes:
    """Encrypt or wrap, which are the same for RSA.

    Raises:
        VaultRefusal: BadParameter, unknown algorithm or too many bytes for the key.
    """
    try:
        return private_key(record.material, record.size).public_key().encrypt(plain, _padding(algorithm))
    except ValueError:
        raise VaultRefusal("BadParameter", "value", len(plain)) from None


def decrypt(record: KeyRecord, algorithm: str, cipher: bytes) -> bytes:
    """Decrypt or unwrap, which are the same for RSA.

    Raises:
        VaultRefusal: BadParameter, unknown algorithm, or bytes that were not made with this key.
    """
    try:
        return private_key(record.material, record.size).decrypt(cipher, _padding(algorithm))
    except ValueError:
        raise VaultRefusal("BadParameter", "value", len(cipher)) from None


def sign(record: KeyRecord, algorithm: str, digest: bytes) -> bytes:
    """Sign a digest with a key on the curve.

    Raises:
        VaultRefusal: BadParameter, another algorithm than ES256, or no SHA-256.
    """
    _check_signing(record, algorithm, digest)
    made = curve_key(record.material).sign(digest, ECDSA(_SHA256, deterministic_signing=True))
    return b"".join(number.to_bytes(HALF) for number in decode_dss_signature(made))


def verify(record: KeyRecord, algorithm: str, digest: bytes, signature: bytes) -> bool:
    """Whether a signature is one of this key over a digest.

    Raises:
        VaultRefusal: BadParameter, as in `sign`.
    """
    _check_signing(record, algorithm, digest)
    if len(signature) != 2 * HALF:
        return False
    halves = (int.from_bytes(half) for half in (signature[:HALF], signature[HALF:]))
    try:
        curve_key(record.material).public_key().verify(encode_dss_signature(*halves), digest, ECDSA(_SHA256))
    except InvalidSignature:
        return False
    return True


def public_point(material: int) -> tuple[int, int]:
    """The public key, as x and y, of the key with this index on the curve."""
    numbers = curve_key(material).public_key().public_numbers()
    return numbers.x, numbers.y


def public_numbers(material: int, size: int) -> tuple[int, int]:
    """Modulus and exponent of the key with this index among the keys of `size` bits."""
    numbers = private_key(material, size).public_key().public_numbers()
    return numbers.n, numbers.e


def _check_signing(record: KeyRecord, algorithm: str, digest: bytes) -> None:
    if not is_curve(record.kty) or algorithm != "ES256":
        raise VaultRefusal("BadParameter", "alg", algorithm)
    if len(digest) != hashes.SHA256.digest_size:
        raise VaultRefusal("BadParameter", "value", len(digest))


def _padding(algorithm: str) -> AsymmetricPadding:
    if algorithm == "RSA1_5":
        return PKCS1v15()
    if algorithm == "RSA-OAEP":
        return OAEP(MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 - the algorithm's own definition
    if algorithm == "RSA-OAEP-256":
        return OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), None)
    raise VaultRefusal("BadParameter", "alg", algorithm)
