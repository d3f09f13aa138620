"""Key material: the same in every run, and really RSA."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from harness.fake.kernel.arm import Arm
from harness.fake.kernel.key_material import DISTANCES, SIZES, distance, private_key
from harness.fake.kernel.key_vault import KeyVault, durations


@pytest.mark.parametrize("size", SIZES)
def test_tabled_keys_are_valid_and_of_the_right_size(size: int) -> None:
    key = private_key(len(DISTANCES[size]) - 1, size)
    assert key.key_size == size
    checked = key.private_numbers().private_key()
    assert isinstance(checked, rsa.RSAPrivateKey)


def test_every_tabled_key_signs_what_its_public_half_verifies() -> None:
    for index in range(len(DISTANCES[2048])):
        key = private_key(index, 2048)
        signature = key.sign(b"x", padding.PKCS1v15(), hashes.SHA256())
        key.public_key().verify(signature, b"x", padding.PKCS1v15(), hashes.SHA256())


def test_key_beyond_the_table_is_found_by_search() -> None:
    key = private_key(len(DISTANCES[2048]), 2048)
    assert key.key_size == 2048
    key.private_numbers().private_key()


def test_keys_differ() -> None:
    moduli = {private_key(index, 2048).public_key().public_numbers().n for index in range(10)}
    assert len(moduli) == 10


def test_distance_counts_odd_numbers_to_the_next_prime() -> None:
    assert [distance(start) for start in (2003, 2005, 2007, 2009)] == [0, 3, 2, 1]


def test_prime_that_does_not_suit_the_exponent_is_skipped() -> None:
    prime = 65_537 * 14 + 1
    assert all(prime % n for n in range(2, 1500))
    assert distance(prime) > 0


@pytest.mark.parametrize(("text", "days"), [("P30D", 30), ("P1Y", 365), ("P2M", 60), ("P1Y1M1D", 396)])
def test_durations_are_read(text: str, days: int) -> None:
    assert durations.seconds(text) == days * 86_400


@pytest.mark.parametrize("text", ["P", "30D", "PT5H", "", "P-3D", "P1W"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        durations.seconds(text)


@pytest.mark.parametrize("service", [Arm, KeyVault])
def test_no_part_of_a_service_hides_a_name_of_another(service: type) -> None:
    names = [name for part in service.__bases__ for name in vars(part) if not name.startswith("__")]
    names = [name for name in names if name not in ("_world", "_state")]
    assert len(names) == len(set(names))
