"""Keys that are cheap, the same in every run, and never stored.

Each prime of an RSA key is the first suitable one at or after a starting point that a hash gives. Finding it takes many
primality tests, so the distances (halved, since primes are odd) for the first keys of each size are tabled; a key
beyond its table is found by search. On the curve P-256 a hash is a key. A world keeps only the index of a key.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import shake_256

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicNumbers,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)

EXPONENT = 65_537
SIZES = (2048, 3072, 4096)
"""Key sizes in bits that Key Vault offers for RSA."""

DISTANCES: dict[int, tuple[tuple[int, int], ...]] = {
    2048: (
        (184, 233),
        (416, 25),
        (319, 2),
        (24, 95),
        (35, 272),
        (258, 319),
        (834, 38),
        (461, 55),
        (62, 1640),
        (844, 313),
        (96, 392),
        (400, 761),
        (194, 748),
        (319, 411),
        (718, 656),
        (214, 236),
        (10, 114),
        (591, 117),
        (480, 120),
        (657, 69),
        (117, 237),
        (543, 226),
        (441, 1041),
        (443, 458),
        (7, 567),
        (86, 113),
        (33, 163),
        (154, 246),
        (286, 71),
        (179, 155),
        (276, 309),
        (74, 57),
        (291, 489),
        (373, 203),
        (888, 306),
        (91, 720),
        (72, 38),
        (14, 326),
        (324, 250),
        (367, 1009),
        (685, 462),
        (18, 0),
        (111, 872),
        (517, 116),
        (322, 35),
        (344, 654),
        (683, 586),
        (458, 149),
        (179, 231),
        (341, 8),
        (629, 318),
        (622, 149),
        (156, 9),
        (772, 653),
        (108, 1106),
        (2356, 375),
        (493, 227),
        (356, 96),
        (523, 322),
        (2052, 1164),
        (110, 58),
        (114, 9),
        (33, 201),
        (1659, 27),
        (5, 238),
        (140, 297),
        (168, 60),
        (146, 423),
        (428, 355),
        (746, 227),
        (123, 12),
        (657, 420),
        (342, 67),
        (537, 298),
        (235, 41),
        (46, 213),
        (171, 1286),
        (398, 380),
        (63, 478),
        (482, 100),
        (389, 54),
        (63, 182),
        (259, 107),
        (538, 1750),
        (158, 222),
        (2, 176),
        (190, 39),
        (291, 413),
        (364, 66),
        (234, 167),
        (773, 117),
        (75, 57),
        (200, 238),
        (1193, 400),
        (433, 360),
        (137, 83),
    ),
    3072: (
        (661, 530),
        (44, 304),
        (1134, 123),
        (560, 908),
        (782, 622),
        (14, 453),
    ),
    4096: (
        (1922, 109),
        (1542, 193),
        (794, 2287),
        (352, 716),
    ),
}
"""Size in bits to (distance of p, distance of q) of the first keys; distances are halved."""

_SMALL_PRIMES = tuple(n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2)))
_WITNESSES = _SMALL_PRIMES[:24]


@lru_cache(maxsize=64)
def private_key(index: int, size: int) -> RSAPrivateKey:
    """The key with this index among the keys of `size` bits."""
    table = DISTANCES[size]
    first, second = (_start(index, size, role) for role in "pq")
    if index < len(table):
        p, q = first + 2 * table[index][0], second + 2 * table[index][1]
    else:
        p, q = first + 2 * distance(first), second + 2 * distance(second)
    p, q = max(p, q), min(p, q)
    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    public = RSAPublicNumbers(EXPONENT, p * q)
    numbers = RSAPrivateNumbers(p, q, d, rsa_crt_dmp1(d, p), rsa_crt_dmq1(d, q), rsa_crt_iqmp(p, q), public)
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


@lru_cache(maxsize=64)
def curve_key(index: int) -> EllipticCurvePrivateKey:
    """The key with this index among the keys on the curve P-256."""
    # 31 bytes: below the order of the group, and zero only where SHAKE had found a preimage of it.
    return derive_private_key(int.from_bytes(shake_256(f"simulated P-256 {index}".encode()).digest(31)), SECP256R1())


def distance(start: int) -> int:
    """How far, in steps of two, the first prime that suits `EXPONENT` lies from the odd number `start`."""
    steps = 0
    while not _suits(start + 2 * steps):
        steps += 1
    return steps


def _start(index: int, size: int, role: str) -> int:
    bits = size // 2
    raw = int.from_bytes(shake_256(f"simulated RSA {size} {index} {role}".encode()).digest(bits // 8))
    return raw | 3 << (bits - 2) | 1


def _suits(candidate: int) -> bool:
    """Probably prime (Miller-Rabin with fixed witnesses), and no divisor shared between candidate - 1 and exponent."""
    if any(candidate % prime == 0 for prime in _SMALL_PRIMES) or candidate % EXPONENT == 1:
        return False
    twos = (candidate - 1 & 1 - candidate).bit_length() - 1
    odd = candidate - 1 >> twos
    return all(_passes(candidate, witness, odd, twos) for witness in _WITNESSES)


def _passes(candidate: int, witness: int, odd: int, twos: int) -> bool:
    value = pow(witness, odd, candidate)
    if value in (1, candidate - 1):
        return True
    for _ in range(twos - 1):
        value = value * value % candidate
        if value == candidate - 1:
            return True
    return False
