"""Signing in to Entra ID by the injected clock."""

from __future__ import annotations

import subprocess
import sys

import pytest

from harness.azure import ServicePrincipal
from harness.errors import AccessError, Throttled, Unreachable


def test_one_sign_in_serves_many_requests_of_an_audience(service, azure, vault_body):
    azure.answer(200, vault_body)
    azure.answer(200, vault_body)
    service.vault()
    service.vault()
    assert [asked.authorization for asked in azure.requests] == ["Bearer azure-token-1"] * 2
    assert len(azure.sign_ins) == 1


def test_the_vault_and_the_control_plane_get_different_tokens(service, azure, vault_body, key_body):
    azure.answer(200, vault_body)
    azure.answer(200, key_body())
    service.vault()
    service.key("cmk")
    scopes = [asked.raw.decode() for asked in azure.sign_ins]
    assert "scope=https%3A%2F%2Fmanagement.azure.com%2F.default" in scopes[0]
    assert "scope=https%3A%2F%2Fvault.azure.net%2F.default" in scopes[1]


def test_a_token_is_renewed_by_the_injected_clock(service, azure, clock, vault_body):
    for _ in range(3):
        azure.answer(200, vault_body)
    service.vault()
    clock.sleep(3600 - 301)
    service.vault()
    clock.sleep(1)
    service.vault()
    assert [asked.authorization for asked in azure.requests] == [
        "Bearer azure-token-1",
        "Bearer azure-token-1",
        "Bearer azure-token-2",
    ]


def test_the_life_of_a_token_is_what_the_answer_says(service, azure, clock, vault_body):
    azure.token_life_s = 5400
    azure.answer(200, vault_body)
    azure.answer(200, vault_body)
    service.vault()
    clock.sleep(5400 - 301)
    service.vault()
    assert len(azure.sign_ins) == 1


@pytest.mark.parametrize(
    ("status", "code"), [(401, "AADSTS7000222"), (401, "AADSTS7000215"), (400, "AADSTS700016"), (400, "AADSTS53003")]
)
def test_a_refused_sign_in_is_an_access_error_that_names_the_code(service, azure, status, code):
    body = {"error": "invalid_client", "error_description": f"{code}: no.\r\nTrace ID: x", "error_codes": [1]}
    azure.sign_in_answers.append((status, {}, body))
    with pytest.raises(AccessError, match=code) as caught:
        service.vault()
    assert "owner-secret" not in caught.value.diagnostics()


def test_an_outage_of_entra_is_not_taken_for_a_bad_secret(service, azure):
    azure.sign_in_answers.extend([(503, {}, {"message": "down"})] * 5)
    with pytest.raises(Unreachable, match="out of order"):
        service.vault()


def test_silence_of_entra_is_not_taken_for_a_bad_secret(service, azure):
    azure.sign_in_answers.extend([TimeoutError("nobody there")] * 5)
    with pytest.raises(Unreachable, match="out of order"):
        service.vault()


def test_after_a_failed_sign_in_the_next_one_is_really_tried(service, azure, vault_body):
    body = {"error": "invalid_client", "error_description": "AADSTS7000222: expired"}
    azure.sign_in_answers.append((401, {}, body))
    with pytest.raises(AccessError):
        service.vault()
    azure.answer(200, vault_body)
    assert service.vault().name == "acme-kv"


def test_throttled_sign_in_is_not_taken_for_a_bad_secret(service, azure):
    azure.sign_in_answers.extend([(429, {"Retry-After": "9"}, {"message": "slow down"})] * 5)
    with pytest.raises(Throttled):
        service.vault()


def test_the_secret_shows_in_no_repr():
    assert "hush" not in repr(ServicePrincipal("t", "c", "hush"))


def test_importing_the_facade_imports_no_sdk():
    code = "import sys, harness.azure, harness.atlas; print([m for m in sys.modules if m.split('.')[0] == 'azure'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"
