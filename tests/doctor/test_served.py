"""The doctor against a served world: each thing that can be wrong has its own code, exit 3 and a next step."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from harness.backends.live.connecting import wired
from harness.backends.live.gatekeeper import Gatekeeper
from harness.backends.live.workshop import workshop_of
from harness.run.doctor import Report, Status, examine
from harness.run.exit_codes import ExitCode
from tests.doctor.conftest import Clinic, NoPauses, by_name, clinic_of

NOT_TRUSTED = {"SSL_CERT_FILE": None, "REQUESTS_CA_BUNDLE": None}
WITHOUT_SIMULATOR = {"CMKPROOF_SIMULATOR__CONTROL": None}


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def assert_fails(report: Report, name: str, code: str) -> None:
    """This check fails with this code, every failed check says what to do, and nothing else decides the exit code."""
    found = by_name(report)[name]
    assert (found.status, found.code) == (Status.FAILED, code), found
    assert all(finding.fix for finding in report.checks if finding.status is Status.FAILED)
    assert report.exit_code == ExitCode.COULD_NOT_TEST


@pytest.mark.parametrize(
    ("profile", "auth"), [("observe", "service_account"), ("staging", "service_account"), ("staging", "api_key")]
)
def test_a_world_as_it_is_served_lacks_nothing(examined, profile, auth):
    report = examined(profile, CMKPROOF_ATLAS__AUTH=auth)
    assert [finding for finding in report.checks if finding.status is not Status.OK] == []
    assert report.exit_code == ExitCode.FINE
    assert "declared simulator" in by_name(report)["simulator"].detail


@pytest.mark.parametrize("auth", ["secret", "environment"])
def test_each_way_to_sign_in_to_azure_tells_who_we_are(clinic, examined, auth):
    found = by_name(examined("observe", CMKPROOF_AZURE__AUTH=auth))["Azure sign-in"]
    assert found.status is Status.OK
    assert clinic.served.environment["AZURE_CLIENT_ID"] in found.detail
    assert clinic.served.environment["AZURE_TENANT_ID"] in found.detail


@pytest.mark.parametrize("profile", ["observe", "staging"])
def test_the_doctor_only_reads(clinic, examined, monkeypatch, profile):
    sent: list[tuple[str, str]] = []
    admit = Gatekeeper.admit

    def noted(gatekeeper: Gatekeeper, method: str, url: str) -> None:
        sent.append((method, url))
        admit(gatekeeper, method, url)

    monkeypatch.setattr(Gatekeeper, "admit", noted)
    before = state_of(clinic)
    examined(profile)
    assert {method for method, url in sent if not url.endswith(("/oauth2/v2.0/token", "/api/oauth/token"))} == {"GET"}
    assert state_of(clinic) == before


TRACES_OF_ASKING = ("now", "streams", "buckets", "tokens", "access_tokens", "nonces", "last_used")
"""What reading and signing in leave behind in a world: the time, drawn names, spent rate limits, tokens."""


def state_of(clinic: Clinic) -> Any:
    """The world behind the services, as far as a customer could have changed it."""

    def kept(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: kept(inner) for name, inner in value.items() if name not in TRACES_OF_ASKING}

    return kept(clinic.control("GET", "/world")["state"])


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"MONGODB_ATLAS_CLIENT_SECRET": "mdb_sa_sk_wrong"}, "Atlas sign-in"),
        ({"CMKPROOF_ATLAS__AUTH": "api_key", "MONGODB_ATLAS_PRIVATE_API_KEY": "wrong"}, "Atlas sign-in"),
        ({"AZURE_CLIENT_SECRET": "wrong"}, "Azure sign-in"),
        ({"AZURE_CLIENT_ID": "00000000-0000-4000-8000-000000000000"}, "Azure sign-in"),
        ({"CMKPROOF_AZURE__AUTH": "environment", "AZURE_CLIENT_SECRET": "wrong"}, "Azure sign-in"),
    ],
)
def test_a_wrong_sign_in_is_an_access_error_and_what_needs_it_is_not_asked(examined, changes, check):
    report = examined("staging", **changes)
    assert_fails(report, check, "CMK301")
    side = check.partition(" ")[0]
    later = [one for one in report.checks if one.status is Status.SKIPPED]
    assert later
    assert all(one.detail == f"not asked: needs {check}" for one in later)
    assert all(side in one.name or side == "Azure" for one in later)


def test_an_expired_secret_of_ours_is_told_from_a_wrong_one(monkeypatch, tmp_path):
    with clinic_of(monkeypatch) as clinic:
        body = {"client_id": clinic.served.environment["AZURE_CLIENT_ID"], "after_s": 0}
        clinic.control("POST", "/stage/expire_secret", body)
        report = examine(clinic.settings("staging", tmp_path), NoPauses())
    assert_fails(report, "Azure sign-in", "CMK302")


@pytest.mark.parametrize(("profile", "status"), [("staging", Status.FAILED), ("observe", Status.WARNING)])
def test_an_unregistered_provider_stops_changes_and_is_told_to_observers(monkeypatch, tmp_path, profile, status):
    with clinic_of(monkeypatch) as clinic:
        subscription = clinic.served.environment["AZURE_SUBSCRIPTION_ID"]
        body = {"subscription_id": subscription, "namespace": "Microsoft.Network"}
        clinic.control("POST", "/stage/unregister_provider", body)
        report = examine(clinic.settings(profile, tmp_path), NoPauses())
    found = by_name(report)["provider Microsoft.Network"]
    assert (found.status, found.code) == (status, "CMK304")
    assert found.fix == "Register it: az provider register --namespace Microsoft.Network --wait"
    assert report.exit_code == (ExitCode.COULD_NOT_TEST if status is Status.FAILED else ExitCode.FINE)


def test_identities_without_a_role_are_told_which_one_they_lack_and_one_whose_secret_ran_out_to_look_at_it(
    monkeypatch, tmp_path
):
    with clinic_of(monkeypatch) as clinic:
        settings = clinic.settings("staging", tmp_path)
        project = clinic.served.environment["MONGODB_ATLAS_PROJECT_ID"]
        with wired(settings, reads_only=False) as (wiring, _):
            workshop = workshop_of(wiring, settings.azure.vault)
            reader = workshop.projects.create_service_account(project, "a reader", ["GROUP_READ_ONLY"], hours=24)
            stranger = workshop.azure.create_application("a stranger")
            workshop.close()
        changes = {
            "MONGODB_ATLAS_CLIENT_ID": reader.client_id,
            "MONGODB_ATLAS_CLIENT_SECRET": reader.client_secret,
            "AZURE_CLIENT_ID": stranger.client_id,
            "AZURE_CLIENT_SECRET": stranger.secret,
        }
        named = {**changes, "CMKPROOF_ATLAS__PROJECT_ID": project}
        reports = [
            examine(clinic.settings("observe", tmp_path, **changes), NoPauses()),
            examine(clinic.settings("staging", tmp_path, **named), NoPauses()),
            examine(clinic.settings("staging", tmp_path, **changes), NoPauses()),
        ]
        clinic.control("POST", "/clock", {"advance_s": 25 * 3600})
        expired = examine(clinic.settings("observe", tmp_path, **changes), NoPauses())
    for report in reports:
        assert_fails(report, "Atlas roles", "CMK303")
        assert_fails(report, "Azure subscription", "CMK303")
    assert "Project Owner" in by_name(reports[0])["Atlas roles"].fix
    assert "Organization Project Creator" in by_name(reports[2])["Atlas roles"].fix
    assert_fails(expired, "Atlas sign-in", "CMK301")  # Atlas does not tell an expired secret from a wrong one
    assert "expiry" in by_name(expired)["Atlas sign-in"].fix


@pytest.mark.parametrize("skew", [3600, -3600])
def test_a_server_whose_clock_is_off_is_named(clinic, examined, skew):
    clinic.fault("skew", host="cloud.mongodb.com", skew_s=skew)
    report = examined("observe")
    assert_fails(report, "clocks", "CMK305")
    found = by_name(report)["clocks"]
    assert found.detail.startswith("cloud.mongodb.com is 3")
    assert ("ahead of us" if skew > 0 else "behind us") in found.detail
    assert "management.azure.com" not in found.detail


def test_a_simulated_day_that_is_not_ours_is_no_skew(monkeypatch, tmp_path):
    with clinic_of(monkeypatch) as clinic:
        clinic.control("POST", "/clock", {"advance_s": 86_400})
        report = examine(clinic.settings("observe", tmp_path), NoPauses())
    assert report.exit_code == ExitCode.FINE


WAYS = ("way to Atlas", "way to Entra ID", "way to Azure Resource Manager", "way to the vault")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "status", "status": 429, "retry_after_s": 600}, "CMK403"),
        ({"kind": "status", "status": 503}, "CMK405"),
        ({"kind": "truncate"}, "CMK413"),
        ({"kind": "stuck"}, "CMK412"),
        ({"kind": "reset"}, "CMK402"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["kind"],
)
def test_trouble_on_every_way_is_found_out_at_once(clinic, examined, fault, code):
    clinic.fault(**fault)
    started = time.monotonic()
    report = examined("staging", CMKPROOF_NETWORK__READ_TIMEOUT_S="0.5")
    for way in WAYS if fault["kind"] != "reset" else WAYS[:1]:  # urllib3 blames the proxy for a reset behind it
        assert_fails(report, way, code)
    assert by_name(report)["Azure permissions"].status is Status.SKIPPED
    assert time.monotonic() - started < 15


TOO_MANY, OUT_OF_ORDER = (
    {"kind": "status", "status": 429, "retry_after_s": 600},
    {"kind": "status", "status": 503},
)
SILENT, CUT = {"kind": "stuck"}, {"kind": "truncate"}


@pytest.mark.parametrize(
    ("host", "path", "check", "fault", "code"),
    [
        ("cloud.mongodb.com", "/oauth/token", "Atlas sign-in", TOO_MANY, "CMK403"),
        ("cloud.mongodb.com", "/oauth/token", "Atlas sign-in", SILENT, "CMK412"),
        ("cloud.mongodb.com", "/oauth/token", "Atlas sign-in", CUT, "CMK413"),
        ("cloud.mongodb.com", "/orgs/", "Atlas organisation", OUT_OF_ORDER, "CMK405"),
        ("cloud.mongodb.com", "/orgs/", "Atlas organisation", CUT, "CMK413"),
        ("login.microsoftonline.com", "/oauth2/v2.0/token", "Azure sign-in", TOO_MANY, "CMK403"),
        ("login.microsoftonline.com", "/oauth2/v2.0/token", "Azure sign-in", OUT_OF_ORDER, "CMK402"),
        ("management.azure.com", "Authorization/permissions", "Azure permissions", TOO_MANY, "CMK403"),
        ("management.azure.com", "Authorization/permissions", "Azure permissions", SILENT, "CMK412"),
        ("management.azure.com", "Authorization/permissions", "Azure permissions", CUT, "CMK413"),
    ],
)
def test_trouble_after_the_door_is_not_waited_for(clinic, examined, host, path, check, fault, code):
    clinic.fault(**fault, host=host, path=path)
    started = time.monotonic()
    report = examined("staging", CMKPROOF_NETWORK__READ_TIMEOUT_S="0.3")
    assert_fails(report, check, code)
    assert time.monotonic() - started < 15


def test_an_unknown_authority_is_found_on_every_way(examined):
    report = examined("staging", **NOT_TRUSTED, **WITHOUT_SIMULATOR)
    for way in WAYS:
        assert_fails(report, way, "CMK410")
        assert "SSL_CERT_FILE" in by_name(report)[way].fix or "REQUESTS_CA_BUNDLE" in by_name(report)[way].fix


def test_a_proxy_that_is_down_is_found_on_every_way(examined):
    report = examined("staging", HTTPS_PROXY=f"http://user:hush@127.0.0.1:{closed_port()}")
    for way in WAYS:
        assert_fails(report, way, "CMK411")
    assert "hush" not in str(report.as_json())


def test_a_proxy_that_refuses_a_host_is_in_the_way(examined):
    report = examined("staging", CMKPROOF_ATLAS__BASE_URL="https://cloud.example.com")
    assert_fails(report, "way to Atlas", "CMK411")
    assert by_name(report)["way to Entra ID"].status is Status.OK


def test_an_address_without_a_proxy_where_nobody_listens_is_unreachable(examined):
    report = examined("staging", CMKPROOF_ATLAS__BASE_URL=f"https://127.0.0.1:{closed_port()}")
    assert_fails(report, "way to Atlas", "CMK402")


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"CMKPROOF_ATLAS__PROJECT_ID": "0" * 24}, "Atlas project"),
        ({"CMKPROOF_AZURE__RESOURCE_GROUP": "nowhere"}, "Azure resource group"),
        ({"CMKPROOF_AZURE__KEY": "no-such-key"}, "key"),
    ],
)
def test_what_does_not_exist_is_named_with_the_setting_that_names_it(examined, changes, check):
    report = examined("staging", **changes)
    assert_fails(report, check, "CMK404")
    setting = next(iter(changes)).removeprefix("CMKPROOF_").lower().replace("__", ".")
    assert setting in by_name(report)[check].fix


def test_a_target_without_the_opt_in_tag_is_not_to_be_changed(clinic, examined):
    project = clinic.served.environment["MONGODB_ATLAS_PROJECT_ID"]
    asked = {"CMKPROOF_ATLAS__PROJECT_ID": project, "CMKPROOF_SAFETY__REQUIRE_TAG": "broken=welcome"}
    report = examined("staging", **asked)
    assert_fails(report, "opt-in of the Atlas project", "CMK310")
    assert_fails(report, "opt-in of the resource group", "CMK310")
    observing = by_name(examined("observe", **asked))
    assert "opt-in of the resource group" not in observing


def test_a_target_that_the_profile_does_not_call_simulated_counts_as_real(examined):
    report = examined("staging", **WITHOUT_SIMULATOR)
    assert_fails(report, "allow-list", "CMK310")
    warned = by_name(report)["simulator"]
    assert (warned.status, warned.code) == (Status.WARNING, "CMK310")
    assert "simulator.control" in warned.fix


def test_a_simulator_that_does_not_answer_is_told_and_times_are_not_compared(examined):
    report = examined("staging", CMKPROOF_SIMULATOR__CONTROL=f"https://localhost:{closed_port()}/_cmkproof")
    assert_fails(report, "control of the simulator", "CMK402")
    assert by_name(report)["clocks"].status is Status.SKIPPED
    assert by_name(report)["Atlas sign-in"].status is Status.OK


def test_a_way_to_sign_in_that_this_machine_lacks_is_an_access_error(examined, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    report = examined("observe", CMKPROOF_AZURE__AUTH="cli")
    assert_fails(report, "Azure sign-in", "CMK301")
    assert "az login" in by_name(report)["Azure sign-in"].fix
