"""A key in a vault signs bundles: through the vendor's own client, against the simulated Key Vault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from harness.azure.clients import AzureClients
from harness.azure.signing import KeyPlace, NotSigned, VaultSigner, der, key_place
from harness.backends.clocks import VirtualClock
from harness.backends.live.wiring import Wiring
from harness.backends.vouching import SIGNING
from harness.errors import AccessError, ConfigError, EvidenceError, ProtocolError, SafetyError, Unreachable
from harness.evidence.verify.authenticity import fits, public_key
from harness.fake.kernel.arm import AccessPolicy, VaultSettings
from harness.settings import Settings
from tests.evidence.signing.authority import openssl
from tests.evidence.signing.conftest import NAME, SigningVault

SUFFIX = "vault.azure.net"


def policies(vault: SigningVault, *permissions: str) -> None:
    """Access policies decide, and give whoever signs just these permissions."""
    policy = AccessPolicy(vault.estate.tenant_id, vault.estate.custodian.principal_id, permissions)
    vault.world.arm.update_vault(vault.vault, VaultSettings(rbac=False, access_policies=(policy,)))


def test_our_verifier_accepts_its_signature_and_no_other(vault: SigningVault) -> None:
    signer = vault.signer()
    key, signature = public_key(signer.public_key()), signer.sign(b"sums")
    assert fits(key, signature, b"sums")
    assert not fits(key, signature, b"other sums")


def test_openssl_accepts_its_signature_as_how_to_verify_says(vault: SigningVault, sums: Path, tmp_path: Path) -> None:
    signer = vault.signer()
    (tmp_path / "signer.pub").write_bytes(signer.public_key())
    (tmp_path / "SHA256SUMS.sig").write_bytes(signer.sign(sums.read_bytes()))
    check = ("pkeyutl", "-verify", "-pubin", "-inkey", "signer.pub", "-rawin", "-in", "SHA256SUMS")
    openssl(tmp_path, *check, "-sigfile", "SHA256SUMS.sig")


def test_get_and_sign_are_all_that_it_needs(vault: SigningVault) -> None:
    policies(vault, "get", "sign")
    vault.signer().sign(b"sums")
    version = f"https://{vault.vault.name}.{SUFFIX}/keys/signing/{vault.key.version}"
    to_the_vault = {one for one in vault.asked if SUFFIX in one}
    latest = f"GET https://{vault.vault.name}.{SUFFIX}/keys/signing/"
    assert to_the_vault == {latest, f"GET {version}", f"POST {version}/sign"}


def test_it_stays_with_the_version_that_it_began_with(vault: SigningVault) -> None:
    signer = vault.signer()
    vault.world.key_vault.rotate(vault.vault, "signing")
    assert fits(public_key(signer.public_key()), signer.sign(b"sums"), b"sums")
    assert vault.signer().public_key() != signer.public_key()
    assert vault.signer(version=vault.key.version).public_key() == signer.public_key()


def test_a_run_may_outlive_its_token(vault: SigningVault) -> None:
    signer = vault.signer()
    vault.clock.sleep(30 * 86_400.0)
    signer.sign(b"sums")


def disable(vault: SigningVault) -> None:
    vault.world.key_vault.set_attributes(vault.vault, "signing", enabled=False)


def expire(vault: SigningVault) -> None:
    vault.world.key_vault.set_attributes(vault.vault, "signing", expires=vault.world.now + 1)
    vault.clock.sleep(2)


def begin_later(vault: SigningVault) -> None:
    vault.world.key_vault.set_attributes(vault.vault, "signing", not_before=vault.world.now + 1000)


def only_verify(vault: SigningVault) -> None:
    vault.world.key_vault.set_attributes(vault.vault, "signing", operations=("verify",))


def replace_by_rsa(vault: SigningVault) -> None:
    vault.world.key_vault.create_key(vault.vault, "signing")


def delete(vault: SigningVault) -> None:
    vault.world.key_vault.delete(vault.vault, "signing")


def close(vault: SigningVault) -> None:
    vault.world.arm.update_vault(vault.vault, VaultSettings(public_network_access="Disabled"))


SPOILT: dict[str, tuple[Callable[[SigningVault], None], str, str]] = {
    "disabled": (disable, "a key that is disabled", "Enable it"),
    "expired": (expire, "Forbidden/KeyExpired", "inside its dates"),
    "not yet": (begin_later, "Forbidden/KeyNotYetValid", "inside its dates"),
    "not for signing": (only_verify, "Forbidden/KeyOperationForbidden", "permits the operation sign"),
    "rsa": (replace_by_rsa, "a key that is RSA, and not on the curve P-256", "--kty EC --curve P-256"),
    "absent": (delete, "404 KeyNotFound", "--kty EC --curve P-256"),
    "no role": (SigningVault.revoke, "Forbidden/ForbiddenByRbac", "Key Vault Crypto User"),
    "no get": (lambda vault: policies(vault, "sign"), "Forbidden/ForbiddenByPolicy", "the permissions get and sign"),
    "no sign": (lambda vault: policies(vault, "get"), "Forbidden/ForbiddenByPolicy", "the permissions get and sign"),
    "closed": (close, "Forbidden/ForbiddenByConnection", "network rules"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_key_that_cannot_sign_is_found_before_the_run(vault: SigningVault, case: str) -> None:
    spoil, reason, advice = SPOILT[case]
    spoil(vault)
    with pytest.raises(ConfigError) as caught:
        vault.signer()
    assert NAME in caught.value.message
    assert reason in caught.value.message
    assert advice in caught.value.advice


@pytest.mark.parametrize("case", [case for case in SPOILT if case not in ("rsa", "no get")])
def test_a_key_that_stops_signing_during_the_run_is_a_matter_of_evidence(vault: SigningVault, case: str) -> None:
    signer = vault.signer()
    spoil, _, _ = SPOILT[case]
    spoil(vault)
    with pytest.raises(NotSigned, match=r"the key signing .* did not sign: refused with 40") as caught:
        signer.sign(b"sums")
    assert isinstance(caught.value, EvidenceError)
    assert caught.value.code == "CMK512"
    assert "cmkproof bundle make" in caught.value.advice


def test_nobody_who_can_sign_in_is_no_matter_of_the_key(vault: SigningVault) -> None:
    for secret in vault.world.state.entra.applications[vault.estate.custodian.client_id].secrets:
        secret.expires = vault.world.now
    with pytest.raises(AccessError):
        vault.signer()


def test_a_vault_that_does_not_answer_is_unreachable_before_and_not_signed_after(vault: SigningVault) -> None:
    signer = vault.signer()
    vault.world.knobs.vault_outage = True
    with pytest.raises(Unreachable):
        vault.signer()
    with pytest.raises(NotSigned):
        signer.sign(b"sums")


def test_a_signature_by_another_key_is_not_passed_on(vault: SigningVault) -> None:
    other = vault.world.key_vault.create_key(vault.vault, "other", kty="EC")
    public = load_pem_public_key(vault.signer().public_key())
    confused = VaultSigner(vault.connect, KeyPlace(vault.vault.name, "other", other.version), public)  # type: ignore[arg-type]
    with pytest.raises(NotSigned, match="does not fit its public key"):
        confused.sign(b"sums")


@pytest.mark.parametrize("length", [0, 63, 65, 96])
def test_a_signature_of_another_length_is_none(length: int) -> None:
    with pytest.raises(ProtocolError, match=f"{length} bytes"):
        der(b"x" * length)


@pytest.mark.parametrize("version", ["", "/" + "a" * 32])
@pytest.mark.parametrize("ending", ["", "/"])
def test_identifiers_are_read(version: str, ending: str) -> None:
    found = key_place(f"https://Acme-KV.vault.azure.net/keys/signing{version}{ending}", SUFFIX, NAME)
    assert found == KeyPlace("acme-kv", "signing", version.removeprefix("/"))


def test_vaults_of_another_cloud_are_where_the_profile_says() -> None:
    identifier = "https://acme-kv.vault.azure.cn/keys/signing"
    assert key_place(identifier, "vault.azure.cn", NAME).vault == "acme-kv"
    with pytest.raises(ConfigError, match="does not name a key"):
        key_place(identifier, SUFFIX, NAME)


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "signing",
        "http://acme-kv.vault.azure.net/keys/signing",
        "https://acme-kv.vault.azure.net/secrets/signing",
        "https://acme-kv.vault.azure.net/keys/",
        "https://acme-kv.vault.azure.net/keys/signing/latest",
        "https://acme-kv.vault.azure.net.evil.example/keys/signing",
        "https://acme-kv.vault-azure.net/keys/signing",
        "https://evil.example/x.vault.azure.net/keys/signing",
        "https://acme-kv.managedhsm.azure.net/keys/signing",
        "https://user:word@acme-kv.vault.azure.net/keys/signing",
    ],
)
def test_what_is_no_identifier_of_a_key_is_refused(identifier: str) -> None:
    with pytest.raises(ConfigError) as caught:
        key_place(identifier, SUFFIX, NAME)
    assert "azure:https://VAULT.vault.azure.net/keys/NAME" in caught.value.advice


def test_nothing_but_signing_can_be_posted_to_the_vault() -> None:
    wiring = Wiring(Settings(), VirtualClock(0.0), reads_only=True, posts={"acme-kv.vault.azure.net": SIGNING})
    admit = wiring.gatekeeper.admit
    admit("POST", "https://acme-kv.vault.azure.net/keys/signing/v/sign?api-version=1")
    admit("POST", "https://login.microsoftonline.com/t/oauth2/v2.0/token")
    admit("GET", "https://acme-kv.vault.azure.net/keys/signing/")
    for method, path in (("POST", "/keys/x/create"), ("POST", "/keys/x/v/unwrapkey"), ("DELETE", "/keys/sign")):
        with pytest.raises(SafetyError):
            admit(method, f"https://acme-kv.vault.azure.net{path}")
    with pytest.raises(SafetyError):
        admit("POST", "https://other-kv.vault.azure.net/keys/signing/v/sign")


def test_clients_are_asked_for_anew_at_each_use(vault: SigningVault) -> None:
    seen: list[AzureClients] = []
    connect = vault.connect

    def noting() -> object:
        opened = connect()
        seen.append(opened)  # type: ignore[arg-type]
        return opened

    signer = VaultSigner.checked(noting, KeyPlace(vault.vault.name, "signing"), NAME)  # type: ignore[arg-type]
    before = len(seen)
    signer.sign(b"sums")
    assert len(seen) == before + 1
