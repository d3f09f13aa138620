"""`cmkproof doctor` as it is called."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from harness.cli import app


def call(*words: str):
    return CliRunner().invoke(app, ["doctor", *words])


def test_the_embedded_fake_needs_nothing():
    result = call()
    assert result.exit_code == 0
    assert "nothing is needed" in result.stdout


def test_the_report_for_machines_has_every_check_with_code_and_fix(clinic):
    clinic.environment(MONGODB_ATLAS_CLIENT_SECRET="mdb_sa_sk_wrong")
    result = call("-p", "observe", "-o", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["exit_code"], report["profile"], report["mode"]) == (3, 3, "observe", "observe")
    assert {frozenset(check) for check in report["checks"]} == {frozenset({"name", "status", "detail", "code", "fix"})}
    failed = [check for check in report["checks"] if check["status"] == "failed"]
    assert [(check["name"], check["code"]) for check in failed] == [("Atlas sign-in", "CMK301")]
    assert failed[0]["fix"]


def test_people_get_a_line_for_each_check_and_below_it_what_to_do(clinic):
    clinic.environment(AZURE_CLIENT_SECRET="wrong")
    result = call("-p", "observe")
    assert result.exit_code == 3
    assert re.search(r"^ok   Atlas sign-in +MongoDB Atlas", result.stdout, re.MULTILINE)
    assert re.search(
        r"^FAIL Azure sign-in +CMK301 .*\n +Check tenant, client id and secret", result.stdout, re.MULTILINE
    )
    assert re.search(r"^skip key +not asked: needs Azure sign-in$", result.stdout, re.MULTILINE)
    assert "Traceback" not in result.output
    assert re.search(r"profile observe \(observe\): 1 of \d+ checks failed · exit 3$", result.stdout.rstrip())


def test_no_secret_is_printed(clinic):
    clinic.environment()
    printed = call("-p", "staging", "-o", "json").output
    secrets = [value for name, value in clinic.served.environment.items() if "SECRET" in name or "PRIVATE" in name]
    assert len(secrets) == 4
    assert not any(secret in printed for secret in secrets)


def test_every_reference_that_leads_nowhere_is_named_and_the_exit_code_is_2(clinic):
    clinic.environment(MONGODB_ATLAS_CLIENT_ID=None, AZURE_TENANT_ID=None, AZURE_SUBSCRIPTION_ID=None)
    result = call("-p", "observe", "-o", "json")
    assert result.exit_code == 2
    failed = {one["name"]: one for one in json.loads(result.stdout)["checks"] if one["status"] == "failed"}
    assert set(failed) == {"Atlas settings", "Azure settings"}
    assert "MONGODB_ATLAS_CLIENT_ID" in failed["Atlas settings"]["detail"]
    for name in ("AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID"):
        assert name in failed["Azure settings"]["detail"]


@pytest.mark.parametrize("words", [("-p", "nowhere"), ("-o", "xml")])
def test_nonsense_on_the_command_line_is_exit_2(words):
    assert call(*words).exit_code == 2


def test_certificates_that_cannot_be_read_are_a_bad_configuration(clinic, tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    clinic.environment(CMKPROOF_NETWORK__CA_FILE=str(file))
    result = call("-p", "observe", "-o", "json")
    assert result.exit_code == 2
    assert str(file) in result.stdout
    assert "Traceback" not in result.output


@pytest.mark.parametrize("proxy", ["nonsense", "http://", "ftp://127.0.0.1:1", "http://127.0.0.1:port", "http://[::1"])
def test_a_proxy_that_is_no_address_is_a_bad_configuration(clinic, proxy):
    clinic.environment(HTTPS_PROXY=proxy)
    result = call("-p", "observe", "-o", "json")
    assert result.exit_code == 2, result.output
    failed = {one["name"]: one for one in json.loads(result.stdout)["checks"] if one["status"] == "failed"}
    assert failed["proxy and certificates"]["code"] == "CMK203"


def test_a_live_profile_without_a_mode_is_a_bad_configuration(clinic, tmp_path, monkeypatch):
    clinic.environment()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cmkproof.toml").write_text('[profiles.mine]\nbackend = "live"\n')
    result = call("-p", "mine")
    assert result.exit_code == 2
    assert "mode" in result.output
