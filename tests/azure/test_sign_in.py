"""Every way to sign in to Entra ID, each through azure-identity's own class."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from harness.azure import (
    AzureAddresses,
    CliLogin,
    FromEnvironment,
    ManagedIdentity,
    ServicePrincipal,
    SignIn,
    WorkloadIdentity,
)
from harness.azure.credential import TokenSource, claims_of, credential
from harness.backends.clocks import VirtualClock
from harness.backends.transport import azure_transport, in_process
from harness.errors import AccessError, SecretExpired

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "33333333-3333-4333-8333-333333333333"
SCOPE = "https://management.azure.com/.default"

Opener = Callable[..., TokenSource]


@pytest.fixture
def open_source(azure: Any, clock: VirtualClock) -> Opener:
    def open_it(sign_in: SignIn, addresses: AzureAddresses | None = None) -> TokenSource:
        ways = in_process(azure, clock, lambda _: None)

        def transport() -> Any:
            made = azure_transport(ways.adapter, clock, use_environment=False)
            made.session.mount("http://", ways.adapter)
            return made

        return credential(sign_in, clock, transport, addresses)

    return open_it


def sent_form(azure: Any, index: int = -1) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(azure.sign_ins[index].raw.decode()).items()}


def token_until(end: float) -> str:
    payload = urlsafe_b64encode(json.dumps({"exp": end, "oid": "o"}).encode()).rstrip(b"=").decode()
    return f"head.{payload}.signature"


def test_a_workload_identity_presents_the_token_in_its_file(azure: Any, open_source: Opener, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("federated-1")
    open_source(WorkloadIdentity(TENANT, CLIENT, str(tmp_path / "token"))).get_token(SCOPE)
    form = sent_form(azure)
    assert (form["client_assertion"], form["client_id"]) == ("federated-1", CLIENT)
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def test_a_renewed_token_file_is_read_again_at_the_next_sign_in(
    azure: Any, open_source: Opener, clock: VirtualClock, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("federated-1")
    source = open_source(WorkloadIdentity(TENANT, CLIENT, str(tmp_path / "token")))
    source.get_token(SCOPE)
    (tmp_path / "token").write_text("federated-2")
    clock.sleep(3600)
    source.get_token(SCOPE)
    assert sent_form(azure)["client_assertion"] == "federated-2"


def test_a_token_file_that_is_missing_is_named(open_source: Opener, tmp_path: Path) -> None:
    with pytest.raises(AccessError) as caught:
        open_source(WorkloadIdentity(TENANT, CLIENT, str(tmp_path / "token"))).get_token(SCOPE)
    assert str(tmp_path / "token") in caught.value.diagnostics()


def test_the_environment_names_who_signs_in(azure: Any, open_source: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("TENANT_ID", TENANT), ("CLIENT_ID", CLIENT), ("CLIENT_SECRET", "hush")):
        monkeypatch.setenv(f"AZURE_{name}", value)
    open_source(FromEnvironment()).get_token(SCOPE)
    assert (sent_form(azure)["client_id"], sent_form(azure)["client_secret"]) == (CLIENT, "hush")


def test_an_environment_that_names_nobody_says_what_to_set(
    open_source: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"AZURE_{name}", raising=False)
    with pytest.raises(AccessError) as caught:
        open_source(FromEnvironment()).get_token(SCOPE)
    assert "AZURE_CLIENT_SECRET" in caught.value.advice


def install_cli(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    (directory / "az").write_text(f"#!/bin/sh\n{script}\n")
    (directory / "az").chmod(0o755)
    monkeypatch.setenv("PATH", f"{directory}:/usr/bin:/bin")


def test_the_cli_is_asked_for_a_token_and_again_when_that_ends(
    open_source: Opener, clock: VirtualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = json.dumps({"accessToken": token_until(clock.now() + 4000), "expires_on": 1})
    install_cli(tmp_path, monkeypatch, f"echo \"$@\" >> {tmp_path}/asked\necho '{answer}'")
    source = open_source(CliLogin(TENANT))
    text = source.get_token(SCOPE).token
    clock.sleep(3600)
    source.get_token(SCOPE)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert claims_of(text)["oid"] == "o"
    assert len(asked) == 1
    assert f"--tenant {TENANT}" in asked[0]
    clock.sleep(101)
    source.get_token(SCOPE)
    assert len((tmp_path / "asked").read_text().splitlines()) == 2


def test_a_cli_without_a_login_says_how_to_log_in(
    open_source: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_cli(tmp_path, monkeypatch, "echo \"Please run 'az login' to setup account.\" >&2; exit 1")
    with pytest.raises(AccessError, match="nobody to sign in as") as caught:
        open_source(CliLogin()).get_token(SCOPE)
    assert "az login" in caught.value.advice


def test_a_machine_without_the_cli_is_told_so(
    open_source: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AccessError, match="CLI not found"):
        open_source(CliLogin()).get_token(SCOPE)


def test_a_managed_identity_is_asked_of_the_machine(azure: Any, open_source: Opener) -> None:
    azure.answer(200, {"access_token": "machine", "expires_in": "3600", "resource": "r", "token_type": "Bearer"})
    assert open_source(ManagedIdentity(CLIENT)).get_token(SCOPE).token == "machine"
    (asked,) = azure.requests
    assert (asked.host, asked.method) == ("169.254.169.254", "GET")
    assert f"client_id={CLIENT}" in asked.query


def test_a_machine_without_an_identity_is_told_so(azure: Any, open_source: Opener) -> None:
    for _ in range(6):
        azure.silence()
    with pytest.raises(AccessError, match="nobody to sign in as") as caught:
        open_source(ManagedIdentity()).get_token(SCOPE)
    assert "managed identity" in caught.value.advice


def test_an_expired_secret_has_an_error_of_its_own(azure: Any, open_source: Opener) -> None:
    said = {"error": "invalid_client", "error_description": "AADSTS7000222: expired.\r\nTrace ID: x"}
    azure.sign_in_answers.append((401, {}, said))
    with pytest.raises(SecretExpired, match="7000222") as caught:
        open_source(ServicePrincipal(TENANT, CLIENT, "hush")).get_token(SCOPE)
    assert "new client secret" in caught.value.advice


def test_a_tenant_that_cannot_be_one_is_an_access_error(open_source: Opener) -> None:
    with pytest.raises(AccessError):
        open_source(ServicePrincipal("not a tenant!", CLIENT, "hush")).get_token(SCOPE)


def test_a_tenant_that_entra_does_not_know_is_an_access_error(azure: Any, open_source: Opener) -> None:
    azure.unknown_tenant = True
    with pytest.raises(AccessError) as caught:
        open_source(ServicePrincipal(TENANT, CLIENT, "hush")).get_token(SCOPE)
    assert "tenant" in caught.value.diagnostics()


def test_another_cloud_is_asked_at_its_own_authority_and_nowhere_else(azure: Any, open_source: Opener) -> None:
    hosts = []
    azure.seen = hosts.append
    there = AzureAddresses(authority="https://login.staging.example")
    open_source(ServicePrincipal(TENANT, CLIENT, "hush"), there).get_token(SCOPE)
    assert set(hosts) == {"login.staging.example"}


@pytest.mark.parametrize("text", ["opaque", "a.b", "a.!!.c", "a.W10.c"])
def test_a_token_that_is_opaque_has_no_claims(text: str) -> None:
    assert claims_of(text) == {}
