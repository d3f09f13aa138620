"""Kinds of keys that a vault makes, and what each kind can do: RSA, and the elliptic curve P-256 (azure.md 1.9)."""

from __future__ import annotations

from harness.fake.kernel.key_material import SIZES
from harness.fake.kernel.refusal import VaultRefusal

CURVE_BITS = 256
"""Size in bits of P-256, the one curve that is simulated."""

_RSA = ("encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey")
_CURVE = ("sign", "verify")
OPERATIONS: dict[str, tuple[str, ...]] = {"RSA": _RSA, "RSA-HSM": _RSA, "EC": _CURVE, "EC-HSM": _CURVE}
"""`kty` to the operations that a new key permits, which are all that its kind can do."""


def is_curve(kty: str) -> bool:
    """Whether keys of this type lie on a curve; all others are RSA."""
    return kty in ("EC", "EC-HSM")


def check_kind(kty: str, size: int, sku: str) -> None:
    """Insist that a vault of this SKU makes keys of this kind.

    Raises:
        VaultRefusal: BadParameter (type, size).
    """
    if kty not in OPERATIONS:
        raise VaultRefusal("BadParameter", "kty", kty)
    if kty.endswith("-HSM") and sku != "premium":
        raise VaultRefusal("BadParameter", "kty needs the premium SKU", kty)
    if size not in ((CURVE_BITS,) if is_curve(kty) else SIZES):
        raise VaultRefusal("BadParameter", "key_size", size)


def check_operations(kty: str, operations: tuple[str, ...]) -> None:
    """Insist that a key of this type can do all that it is to permit.

    Raises:
        VaultRefusal: BadParameter.
    """
    for operation in operations:
        if operation not in OPERATIONS[kty]:
            raise VaultRefusal("BadParameter", "key_ops", operation)
