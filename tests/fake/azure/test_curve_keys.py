"""Keys on the curve P-256: made, used for signing, and refused where Key Vault refuses (azure.md 1.9)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import CryptographyClient, SignatureAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from harness.fake.faces.key_vault.bodies import decode, encode
from harness.fake.kernel.arm import AccessPolicy, VaultSettings
from harness.fake.kernel.key_material import curve_key
from harness.fake.kernel.world import World
from tests.fake.azure.conftest import KEYS, Estate

DIGEST = encode(sha256(b"sums").digest())
ES256 = {"alg": "ES256", "value": DIGEST}


@pytest.fixture
def signing(estate: Estate) -> str:
    """Path of a version of a key on the curve."""
    answer = estate.keys("POST", "/keys/signing/create", {"kty": "EC", "crv": "P-256"})
    assert answer.status == 200
    return str(answer.body["key"]["kid"]).removeprefix(KEYS)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def test_a_signature_fits_the_public_key_that_the_vault_shows(estate: Estate, signing: str) -> None:
    key = estate.keys("GET", signing).body["key"]
    assert (key["kty"], key["crv"], key["key_ops"], set(key) & {"n", "e"}) == ("EC", "P-256", ["sign", "verify"], set())
    answer = estate.keys("POST", f"{signing}/sign", ES256)
    assert answer.body["kid"] == key["kid"]
    made = decode(answer.body["value"])
    assert len(made) == 64
    x, y = (int.from_bytes(decode(key[name])) for name in "xy")
    public = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    der = encode_dss_signature(int.from_bytes(made[:32]), int.from_bytes(made[32:]))
    public.verify(der, b"sums", ECDSA(SHA256()))


def test_the_vault_verifies_what_it_signed_and_nothing_else(estate: Estate, signing: str) -> None:
    made = estate.keys("POST", f"{signing}/sign", ES256).body["value"]

    def verified(digest: str, value: str) -> object:
        body = {"alg": "ES256", "digest": digest, "value": value}
        return estate.keys("POST", f"{signing}/verify", body).body["value"]

    assert verified(DIGEST, made) is True
    assert verified(encode(sha256(b"other").digest()), made) is False
    assert verified(DIGEST, encode(b"\x00" * 64)) is False
    assert verified(DIGEST, encode(b"short")) is False


def test_the_same_world_makes_the_same_signature() -> None:
    made = []
    for _ in range(2):
        estate = Estate(World(7))
        path = estate.keys("POST", "/keys/s/create", {"kty": "EC"}).body["key"]["kid"].removeprefix(KEYS)
        made.append(estate.keys("POST", f"{path}/sign", ES256).content)
    assert made[0] == made[1]


def test_keys_on_the_curve_differ() -> None:
    assert len({curve_key(index).private_numbers().private_value for index in range(50)}) == 50


@pytest.mark.parametrize(
    "body",
    [
        {"alg": "RS256", "value": DIGEST}, {"alg": "ES384", "value": DIGEST}, {"alg": "ES256", "value": "AQID"},
        {"alg": "ES256"}, {"alg": "ES256", "value": "@"},
    ],
)  # fmt: skip
def test_what_a_curve_cannot_sign_is_a_400(estate: Estate, signing: str, body: dict[str, str]) -> None:
    answer = estate.keys("POST", f"{signing}/sign", body)
    assert (answer.status, answer.error) == (400, "BadParameter")


def test_an_rsa_key_does_not_sign_with_the_algorithm_of_a_curve(estate: Estate) -> None:
    path = estate.key.id.removeprefix(KEYS)
    assert estate.keys("POST", f"{path}/sign", ES256).error == "BadParameter"


@pytest.mark.parametrize("operation", ["sign", "verify"])
def test_signatures_of_rsa_are_a_gap_that_says_so(estate: Estate, operation: str) -> None:
    path = estate.key.id.removeprefix(KEYS)
    answer = estate.keys("POST", f"{path}/{operation}", {"alg": "RS256", "value": DIGEST, "digest": DIGEST})
    assert (answer.status, answer.body["missing"]) == (501, "signatures of RSA keys (RS256)")


def test_other_curves_are_a_gap_that_says_so(estate: Estate) -> None:
    answer = estate.keys("POST", "/keys/s/create", {"kty": "EC", "crv": "P-384"})
    assert (answer.status, answer.body["missing"]) == (501, "keys on the curve P-384")


@pytest.mark.parametrize(
    "body",
    [{"kty": "EC", "crv": "P-1"}, {"kty": "EC", "key_ops": ["sign", "wrapKey"]}, {"kty": "EC-HSM"}],
)
def test_bad_keys_on_a_curve_are_not_created(estate: Estate, body: dict[str, Any]) -> None:
    assert estate.keys("POST", "/keys/s/create", body).error == "BadParameter"


def test_a_curve_cannot_be_made_to_wrap(estate: Estate, signing: str) -> None:
    assert estate.keys("PATCH", signing, {"key_ops": ["wrapKey"]}).error == "BadParameter"
    answer = estate.keys("POST", f"{signing}/wrapkey", {"alg": "RSA-OAEP", "value": "AQID"})
    assert answer.error == "Forbidden/KeyOperationForbidden"


def test_a_disabled_key_verifies_and_does_not_sign(estate: Estate, signing: str) -> None:
    made = estate.keys("POST", f"{signing}/sign", ES256).body["value"]
    estate.keys("PATCH", signing, {"attributes": {"enabled": False}})
    assert estate.keys("POST", f"{signing}/sign", ES256).error == "Forbidden/KeyDisabled"
    body = {"alg": "ES256", "digest": DIGEST, "value": made}
    assert estate.keys("POST", f"{signing}/verify", body).body["value"] is True


def test_a_key_outside_its_time_verifies_and_does_not_sign(estate: Estate, signing: str) -> None:
    made = estate.keys("POST", f"{signing}/sign", ES256).body["value"]
    body = {"alg": "ES256", "digest": DIGEST, "value": made}
    estate.keys("PATCH", signing, {"attributes": {"exp": int(estate.clock.now) + 10}})
    estate.wait(10)
    assert estate.keys("POST", f"{signing}/sign", ES256).error == "Forbidden/KeyExpired"
    assert estate.keys("POST", f"{signing}/verify", body).body["value"] is True
    estate.keys("PATCH", signing, {"attributes": {"exp": None, "nbf": int(estate.clock.now) + 10}})
    assert estate.keys("POST", f"{signing}/sign", ES256).error == "Forbidden/KeyNotYetValid"


def test_signing_needs_its_own_permission(estate: Estate, signing: str) -> None:
    worker = estate.person("worker")
    assert estate.keys("POST", f"{signing}/sign", ES256, who=worker).error == "Forbidden/ForbiddenByRbac"
    arm = estate.world.arm
    policy = AccessPolicy(estate.tenant, worker.principal_id, ("get",))
    arm.update_vault(estate.vault, VaultSettings(rbac=False, access_policies=(policy,)))
    assert estate.keys("POST", f"{signing}/sign", ES256, who=worker).error == "Forbidden/ForbiddenByPolicy"
    policy = AccessPolicy(estate.tenant, worker.principal_id, ("sign",))
    arm.update_vault(estate.vault, VaultSettings(access_policies=(policy,)))
    assert estate.keys("POST", f"{signing}/sign", ES256, who=worker).status == 200
    body = {"alg": "ES256", "digest": DIGEST, "value": DIGEST}
    assert estate.keys("POST", f"{signing}/verify", body, who=worker).error == "Forbidden/ForbiddenByPolicy"


def test_rotation_makes_another_key_on_the_curve(estate: Estate, signing: str) -> None:
    before = estate.keys("GET", signing).body["key"]
    after = estate.keys("POST", "/keys/signing/rotate").body["key"]
    assert (after["kty"], after["crv"], after["x"] != before["x"]) == ("EC", "P-256", True)


def test_the_vendors_client_signs_and_verifies(estate: Estate, stack: ExitStack) -> None:
    keys = stack.enter_context(KeyClient(KEYS, estate.owner, transport=estate.transport()))
    key = keys.create_ec_key("s", curve="P-256")
    crypto = stack.enter_context(CryptographyClient(key.id, estate.owner, transport=estate.transport()))
    digest = sha256(b"sums").digest()
    made = crypto.sign(SignatureAlgorithm.es256, digest)
    assert any(sent.startswith("POST") and "/sign?" in sent for sent in estate.wire.sent)
    assert crypto.verify(SignatureAlgorithm.es256, digest, made.signature).is_valid
    assert not crypto.verify(SignatureAlgorithm.es256, sha256(b"other").digest(), made.signature).is_valid
    keys.update_key_properties("s", enabled=False)
    with pytest.raises(HttpResponseError) as caught:
        crypto.sign(SignatureAlgorithm.es256, digest)
    assert caught.value.error.innererror["code"] == "KeyDisabled"
