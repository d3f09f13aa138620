"""What a key really does to bytes. Encryption is padded with true chance, as RSA demands, so its results differ."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, AsymmetricPadding, PKCS1v15

from harness.fake.kernel.key_material import private_key
from harness.fake.kernel.key_vault.records import KeyRecord
from harness.fake.kernel.refusal import VaultRefusal


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


def public_numbers(material: int, size: int) -> tuple[int, int]:
    """Modulus and exponent of the key with this index among the keys of `size` bits."""
    numbers = private_key(material, size).public_key().public_numbers()
    return numbers.n, numbers.e


def _padding(algorithm: str) -> AsymmetricPadding:
    if algorithm == "RSA1_5":
        return PKCS1v15()
    if algorithm == "RSA-OAEP":
        return OAEP(MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 - the algorithm's own definition
    if algorithm == "RSA-OAEP-256":
        return OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), None)
    raise VaultRefusal("BadParameter", "alg", algorithm)
