"""Who vouches, from the settings to a bundle on disk: a key in a vault behind real sockets, and a real authority."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from azure.identity import EnvironmentCredential
from azure.keyvault.keys import KeyClient
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from harness.azure.signing import VaultSigner
from harness.backends.clocks import RealClock
from harness.errors import ConfigError
from harness.evidence.bundle.signing import KeyOnHand
from harness.evidence.verify import Standing, Trust, authenticity
from harness.fake.serve import Served, served
from harness.model import layout
from harness.run.audit import Audit, audit
from harness.run.engine import Request, Watcher
from harness.run.exit_codes import ExitCode
from harness.run.sealing.vouching import signer_for, vouching_of
from harness.settings import Settings, load
from harness.settings.schema import Evidence, Network
from harness.settings.text import SecretInFile
from harness.suite import features_directory
from tests.evidence.signing.authority import Desk, TimestampAuthority

STRAY = ("CURL_CA_BUNDLE", "HTTP_PROXY", "http_proxy", "https_proxy", "no_proxy", "ALL_PROXY", "SSL_CERT_DIR")


@pytest.fixture(scope="module")
def simulator() -> Served:
    with served(seed=11) as running:
        yield running  # type: ignore[misc]


@pytest.fixture
def key(simulator: Served, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new key on the curve in the served vault, as a setting names it; the environment says how to sign in."""
    for name in STRAY:
        monkeypatch.delenv(name, raising=False)
    for name, value in simulator.environment.items():
        monkeypatch.setenv(name, value)
    url = f"https://{simulator.environment['CMKPROOF_AZURE__VAULT']}.vault.azure.net"
    with EnvironmentCredential() as credential, KeyClient(url, credential) as keys:
        keys.create_ec_key("evidence", curve="P-256")
    return f"azure:{url}/keys/evidence"


@pytest.fixture
def pem() -> str:
    made = Ed25519PrivateKey.generate()
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def audited(place: Path, evidence: Evidence) -> Audit:
    """A small run on the fake, closed as the settings say."""
    features = place / "features" / "private_endpoints"
    features.mkdir(parents=True)
    shutil.copy(features_directory() / "private_endpoints" / "deletion.feature", features)
    settings = Settings(reports=str(place / "reports"), features=str(features.parent), evidence=evidence)
    return audit(Request(settings, ("EAR-062",)), RealClock(), Watcher())


def by_hand(bundle: Path, **trusted: Path) -> list[str]:
    """What `HOW-TO-VERIFY.txt` prints."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"} | {name: str(path) for name, path in trusted.items()}
    done = subprocess.run(  # noqa: S603 - the text that is tested
        ["/bin/sh", layout.HOW_TO_VERIFY], cwd=bundle, env=environment, capture_output=True, text=True, check=False
    )
    return [*done.stdout.splitlines(), str(done.returncode)]


def test_a_run_on_the_fake_is_signed_in_a_vault_and_dated_by_an_authority(
    key: str, at_desk: Desk, authority: TimestampAuthority, tmp_path: Path
) -> None:
    done = audited(tmp_path, Evidence(key=key, timestamp_url=at_desk.url, timestamp_ca=str(authority.ca)))
    assert done.sealed is not None, done.trouble
    bundle = done.sealed.directory
    public = bundle / layout.SIGNER
    trust = Trust(fingerprints=(done.sealed.signed_with,), timestamp_roots=(authority.ca.read_bytes(),))
    found = authenticity(bundle, trust)
    assert found.standing is Standing.VALID, found.sentence
    assert "; it existed at " in found.sentence
    trusted = shutil.copy(public, tmp_path / "trusted.pub")
    said = by_hand(bundle, KEY=trusted, TSA_CA=authority.ca)
    stamped = next(line for line in said if line.startswith("Time stamp:"))
    assert [line.split() for line in said if line != stamped] == [
        ["INTEGRITY", "VALID"], ["AUTHENTICITY", "VALID"], ["TIMESTAMP", "VALID"], ["COMPLETENESS", "VALID"], ["0"],
    ]  # fmt: skip
    assert not any(line.startswith("T") for line in by_hand(bundle, KEY=trusted))
    (bundle / layout.TIMESTAMP).write_bytes(authority.answer(question(b"other sums")))
    said = by_hand(bundle, KEY=trusted, TSA_CA=authority.ca)
    assert "TIMESTAMP     INVALID" in said
    assert said[-1] == "1"
    assert authenticity(bundle, trust).standing is Standing.INVALID


def question(message: bytes) -> bytes:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    return TimestampRequestBuilder(message, HashAlgorithm.SHA256).build().as_bytes()


def test_a_timestamp_that_cannot_be_had_leaves_the_bundle_open(pem: str, at_desk: Desk, tmp_path: Path) -> None:
    at_desk.status = 503
    (tmp_path / "key.pem").write_text(pem)
    done = audited(tmp_path, Evidence(key=f"file:{tmp_path / 'key.pem'}", timestamp_url=at_desk.url))
    assert done.sealed is None
    assert done.result.exit_code == ExitCode.EVIDENCE
    assert "CMK508" in done.trouble
    assert "answered 503" in (done.result.directory / layout.INCOMPLETE).read_text()
    assert not (done.result.directory / layout.SUMS).exists()


def test_no_secret_of_the_sign_in_gets_into_the_bundle(key: str, simulator: Served, tmp_path: Path) -> None:
    done = audited(tmp_path, Evidence(key=key))
    assert done.sealed is not None, done.trouble
    secret = simulator.environment["AZURE_CLIENT_SECRET"].encode()
    assert not [path for path in done.sealed.directory.rglob("*") if path.is_file() and secret in path.read_bytes()]


def test_the_reference_may_stand_in_the_environment(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_KEY", key)
    made = vouching_of(Settings(evidence=Evidence(key="env:SIGNING_KEY")))
    assert isinstance(made.signer, VaultSigner)
    assert made.signer.public_key() == signer_for(key, "--key", Settings()).public_key()
    assert made.timestamp is None


def test_a_profile_that_only_reads_signs_too(key: str) -> None:
    settings = Settings(profile="observe", backend="live", mode="observe", evidence=Evidence(key=key))
    assert vouching_of(settings).signer is not None


def test_a_pem_is_still_a_key(pem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_KEY", pem)
    assert isinstance(signer_for("env:SIGNING_KEY", "--key", Settings()), KeyOnHand)


def test_nobody_vouches_unless_the_settings_say_so() -> None:
    assert (vouching_of(Settings()).signer, vouching_of(Settings()).timestamp) == (None, None)


def test_an_absent_key_is_found_before_the_run(key: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"evidence\.key leads to the key absent in the vault .* 404 KeyNotFound"):
        audited(tmp_path, Evidence(key=f"{key.rpartition('/')[0]}/absent"))
    assert not (tmp_path / "reports").exists()


def test_without_an_identity_the_setting_that_lacks_is_named(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_CLIENT_SECRET")
    with pytest.raises(ConfigError, match=r"azure\.client_secret"):
        signer_for(key, "evidence.key", Settings())


def test_a_key_in_a_vault_is_a_setting_and_a_pem_is_not(pem: str, tmp_path: Path) -> None:
    wanted = "azure:https://acme-kv.vault.azure.net/keys/signing"
    environment = {"CMKPROOF_EVIDENCE__KEY": wanted}
    assert load(environment=environment, directory=tmp_path).evidence.key == wanted
    (tmp_path / "cmkproof.toml").write_text(f'[evidence]\nkey = "{wanted}"\n')
    assert load(environment={}, directory=tmp_path).evidence.key == wanted
    for other in (pem, "azure:acme-kv", "signing.pem"):
        with pytest.raises(SecretInFile):
            load(environment={"CMKPROOF_EVIDENCE__KEY": other}, directory=tmp_path)


def test_files_of_certificates_and_keys_count_from_the_file_that_names_them(tmp_path: Path) -> None:
    text = '[evidence]\ntimestamp_ca = "tsa.pem"\ntrusted_keys = ["keys/a.pub", "/etc/b.pub"]\n'
    (tmp_path / "cmkproof.toml").write_text(text)
    (tmp_path / "below").mkdir()
    found = load(environment={}, directory=tmp_path / "below").evidence
    assert found.timestamp_ca == str(tmp_path / "tsa.pem")
    assert found.trusted_keys == [str(tmp_path / "keys/a.pub"), "/etc/b.pub"]


def test_settings_with_a_key_travel_to_workers() -> None:
    settings = Settings(evidence=Evidence(key="azure:https://acme-kv.vault.azure.net/keys/signing"))
    assert Settings.decoded(settings.encoded()) == settings


def test_certificates_of_the_settings_are_trusted_by_the_way_to_the_vault(
    key: str, simulator: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "HTTPS_PROXY"):
        monkeypatch.delenv(name)
    network = Network(ca_file=str(simulator.ca_file), proxy=simulator.environment["HTTPS_PROXY"])
    assert signer_for(key, "evidence.key", Settings(network=network)).sign(b"sums")
