"""Clients that nobody here wrote, through the proxy, with the ready lines in their environment and nothing else."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import requests
from oauthlib.oauth2 import BackendApplicationClient

from harness import __version__
from harness.fake.serve import served
from tests.serve.conftest import STRAY, VERSION, digest, encryption_of

SDKS = Path(__file__).with_name("sdk_clients.py")


@pytest.mark.parametrize("style", ["sync", "async"])
def test_the_azure_sdks_work_unmodified(style, simulator):
    kept = {name: value for name, value in os.environ.items() if name not in STRAY}
    result = subprocess.run(  # noqa: S603 - our own file
        [sys.executable, str(SDKS), style],
        env={**kept, **simulator.environment},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    seen = json.loads(result.stdout)
    assert seen["vault"] == simulator.environment["CMKPROOF_AZURE__VAULT"]
    assert seen["network"] == "runners"
    assert seen["keys"] == ["atlas-cmk"]
    assert seen["unwrapped"] == "proof"
    assert seen["missing"] == "ResourceNotFoundError"


def test_a_digest_client_signs_in_with_the_api_key(client, environment):
    answer = client.get(encryption_of(environment), headers=VERSION, auth=digest(environment))
    assert (answer.status_code, answer.json()["azureKeyVault"]["enabled"]) == (200, False)
    assert [one.status_code for one in answer.history] == [401]


def test_a_wrong_private_key_is_refused(client, environment):
    wrong = httpx.DigestAuth(environment["MONGODB_ATLAS_PUBLIC_API_KEY"], "wrong")
    assert client.get(encryption_of(environment), headers=VERSION, auth=wrong).status_code == 401


def test_an_oauth_client_signs_in_with_the_service_account(environment):
    oauth = BackendApplicationClient(environment["MONGODB_ATLAS_CLIENT_ID"])
    address, headers, form = oauth.prepare_token_request("https://cloud.mongodb.com/api/oauth/token")
    account = (environment["MONGODB_ATLAS_CLIENT_ID"], environment["MONGODB_ATLAS_CLIENT_SECRET"])
    oauth.parse_request_body_response(requests.post(address, form, headers=headers, auth=account, timeout=20).text)
    address, headers, _ = oauth.add_token(encryption_of(environment), headers=VERSION)
    assert requests.get(address, headers=headers, timeout=20).status_code == 200
    wanted = {"name": "second", "orgId": environment["MONGODB_ATLAS_ORG_ID"]}
    made = requests.post(address.partition("/groups/")[0] + "/groups", json=wanted, headers=headers, timeout=20)
    assert (made.ok, made.json()["name"]) == (True, "second")


def test_every_answer_says_that_it_is_simulated(client, environment):
    addresses = [
        encryption_of(environment),
        "https://management.azure.com/subscriptions",
        "https://login.microsoftonline.com/common/discovery/instance",
        f"https://{environment['CMKPROOF_AZURE__VAULT']}.vault.azure.net/keys?api-version=7.6",
        "https://graph.microsoft.com/v1.0/nothing",
        f"{environment['CMKPROOF_SIMULATOR__CONTROL']}/clock",
        f"{environment['CMKPROOF_SIMULATOR__CONTROL']}/nothing",
    ]
    marks = {address: client.get(address).headers.get("x-cmkproof-simulator") for address in addresses}
    assert set(marks.values()) == {__version__}, marks


def test_the_date_is_that_of_the_simulated_world(client, environment):
    for address in (encryption_of(environment), "https://management.azure.com/subscriptions"):
        assert client.get(address).headers.get_list("date") == ["Mon, 01 Jun 2026 08:00:00 GMT"]


def test_what_is_not_simulated_is_501_and_told_of_without_secrets(client, complaints):
    answer = client.post("https://management.azure.com/nowhere?code=hush", headers={"authorization": "Bearer hush"})
    assert answer.status_code == 501
    assert complaints == ["not simulated: POST https://management.azure.com/nowhere"]


def test_an_answer_to_head_tells_the_length_of_a_body_that_it_does_not_carry(client, environment):
    answer = client.head(encryption_of(environment))
    assert (answer.status_code, answer.content) == (405, b"")
    assert int(answer.headers["content-length"]) > 0
    assert client.get(encryption_of(environment)).status_code == 401, "the connection is still good"


def test_twenty_clients_at_once_get_their_own_answers(environment):
    vault = f"https://{environment['CMKPROOF_AZURE__VAULT']}.vault.azure.net/keys"
    context = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
    form = {
        "grant_type": "client_credentials",
        "client_id": environment["AZURE_CLIENT_ID"],
        "client_secret": environment["AZURE_CLIENT_SECRET"],
        "scope": "https://vault.azure.net/.default",
    }

    def work(number: int) -> list[str]:
        with httpx.Client(timeout=60, verify=context) as client:
            address = f"https://login.microsoftonline.com/{environment['AZURE_TENANT_ID']}/oauth2/v2.0/token"
            headers = {"authorization": f"Bearer {client.post(address, data=form).json()['access_token']}"}
            key = f"{vault}/key-{number}"
            made = client.post(f"{key}/create?api-version=7.6", json={"kty": "RSA"}, headers=headers)
            seen = [client.get(f"{key}?api-version=7.6", headers=headers) for _ in range(10)]
            return [answer.json()["key"]["kid"] for answer in (made, *seen)]

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(work, range(20)))
    for number, seen in enumerate(answers):
        assert len(set(seen)) == 1, "one key, whoever else is asking"
        assert f"/keys/key-{number}/" in seen[0]
    assert len({seen[0] for seen in answers}) == 20


def test_two_simulators_with_the_same_seed_answer_the_same_bytes(monkeypatch):
    def look() -> list[tuple[int, bytes, list[tuple[str, str]]]]:
        with served(seed=11, speed=0, start=1_780_300_800.0, project="production") as simulator:
            for name in STRAY:
                monkeypatch.delenv(name, raising=False)
            for name, value in simulator.environment.items():
                monkeypatch.setenv(name, value)
            environment = dict(simulator.environment)
            with httpx.Client(auth=digest(environment)) as client:
                root = encryption_of(environment).removesuffix("/encryptionAtRest")
                paths = ["/encryptionAtRest", "/encryptionAtRest/AZURE/privateEndpoints", "/clusters/production", "/x"]
                version = {"Accept": "application/vnd.atlas.2024-08-05+json"}
                answers = [client.get(root + path, headers=version) for path in paths]
                return [(one.status_code, one.content, one.headers.multi_items()) for one in answers]

    first = look()
    assert first == look()
    assert [status for status, _, _ in first] == [200, 200, 200, 501]
    assert b'"status":"ACTIVE"' in first[1][1]
    assert b'"M30"' in first[2][1]
