"""An audit goes on with whatever it may read, and says of the rest what could not be seen and which role is missing."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.errors import Unseen, Unsupported
from harness.fake.serve import served
from harness.fake.serve.production import OWN_ENDPOINT
from harness.model.verdict import Outcome
from harness.run.engine import Request, Result
from harness.run.exit_codes import ExitCode
from harness.run.posture import Check, Posture
from harness.run.records import Record
from harness.settings import Settings
from harness.suite import Suite
from tests.live.conftest import export
from tests.posture.conftest import START, Production
from tests.posture.customer import ROLES, People
from tests.posture.test_planted import controlled

VAULT_READER = "21090545-7ca7-4776-b22c-e363652d74d2"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
DATA_PLANE = {f"AKV-{number:03}" for number in (6, 7, 8, 9, 10)}
SECRET = {"AKV-022"}
ATLAS_ALONE = {"AKV-023", "AKV-024", "AKV-025"}
EVERYTHING = {f"AKV-{number:03}" for number in range(1, 26)}


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Iterator[People]:
    with served(seed=11, speed=0, start=START, project="production") as simulator:
        export(simulator, monkeypatch)
        trusted = ssl.create_default_context(cafile=simulator.ca_file)
        environment = dict(os.environ)
        with httpx.Client() as client, httpx.Client(verify=trusted, trust_env=False) as control:
            yield People(environment, client, client, lambda *call: controlled(control, simulator.control, *call))


def hire_auditor(people: People, monkeypatch: pytest.MonkeyPatch, *roles: str) -> None:
    """From now on a new identity signs in to Azure, with these roles in the subscription and none in the directory."""
    made = people.graph("POST", "/v1.0/applications", {"displayName": "auditor"})
    principal = people.graph("POST", "/v1.0/servicePrincipals", {"appId": made["appId"]})["id"]
    secret = people.graph("POST", f"/v1.0/applications/{made['id']}/addPassword", {})["secretText"]
    for number, role in enumerate(roles):
        definition = f"{people.subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        properties = {"roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal"}
        name = UUID(int=number + 1, version=4)
        path = f"{people.subscription}/providers/Microsoft.Authorization/roleAssignments/{name}"
        people.azure("PUT", path, {"properties": properties}, ROLES)
    people.skip(600)
    monkeypatch.setenv("AZURE_CLIENT_ID", made["appId"])
    monkeypatch.setenv("AZURE_CLIENT_SECRET", secret)


def audit(tmp_path: Path) -> tuple[int, dict[str, Any]]:
    said = CliRunner().invoke(app, ["posture", "-p", "observe", "-o", "json", "--reports", str(tmp_path)])
    assert said.stdout, (said.exception, said.stderr)
    return said.exit_code, json.loads(said.stdout)


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    checks = [one for one in report["checks"] if one["requirements"][0].startswith("AKV")]
    return {one["requirements"][0]: one["outcome"] for one in checks}


def missing(report: dict[str, Any]) -> dict[str, str]:
    return {one["requirements"][0]: one["missing"] for one in report["unseen"]}


def test_a_reader_of_the_subscription_sees_all_but_keys_and_secrets(
    people: People, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hire_auditor(people, monkeypatch, READER)
    code, report = audit(tmp_path)
    assert outcomes(report) == {akv: "NOT_TESTED" if akv in DATA_PLANE | SECRET else "MET" for akv in EVERYTHING}
    assert set(missing(report)) == DATA_PLANE | SECRET
    assert report["summary"]["INCONCLUSIVE"] == 0
    assert all("Microsoft.KeyVault/vaults/keys/read" in missing(report)[akv] for akv in DATA_PLANE)
    assert missing(report)["AKV-022"] == "Missing: Application.Read.All at the tenant."
    assert code == ExitCode.FINE


def test_with_a_reader_of_the_vault_only_the_secret_is_left(
    people: People, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hire_auditor(people, monkeypatch, READER, VAULT_READER)
    _, report = audit(tmp_path)
    assert {akv for akv, outcome in outcomes(report).items() if outcome != "MET"} == set(missing(report)) == SECRET


def test_from_a_network_that_does_not_reach_the_vault_keys_are_not_judged(production: Production) -> None:
    people = production.people
    own = f"{people.group}/providers/Microsoft.Network/privateEndpoints/{OWN_ENDPOINT}"
    people.azure("DELETE", own, version="2026-01-01")
    people.skip(60)
    unseen = {akv: one for akv, one in production.audit().items() if isinstance(one, Unsupported)}
    assert set(unseen) == DATA_PLANE
    assert all(isinstance(one, Unseen) and "private endpoint to the vault" in one.advice for one in unseen.values())


def test_somebody_without_any_role_in_azure_still_judges_what_atlas_shows(
    people: People, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hire_auditor(people, monkeypatch)
    _, report = audit(tmp_path)
    assert {akv for akv, outcome in outcomes(report).items() if outcome == "MET"} == ATLAS_ALONE
    assert {outcome for akv, outcome in outcomes(report).items() if akv not in ATLAS_ALONE} == {"NOT_TESTED"}
    assert (report["summary"]["INCONCLUSIVE"], report["exit_code"]) == (0, ExitCode.FINE)
    wanted = {
        "AKV-001": "Microsoft.KeyVault/vaults/privateEndpointConnections/read at the resource group",
        "AKV-002": "Microsoft.KeyVault/vaults/read at the resource group",
        "AKV-011": "Microsoft.Insights/diagnosticSettings/read at the resource group",
        "AKV-012": "Microsoft.Security/pricings/read at the subscription",
        "AKV-013": "Microsoft.Authorization/roleAssignments/read at the resource group",
        "AKV-021": "Microsoft.Resources/subscriptions/providers/read at the subscription",
        "EAR-013": "Microsoft.Resources/subscriptions/providers/read at the subscription",
    }
    assert {akv: missing(report)[akv] for akv in wanted} == {akv: f"Missing: {need}." for akv, need in wanted.items()}


def test_a_reader_of_the_atlas_project_does_not_see_private_endpoints(
    people: People, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    account = people.atlas(
        "POST",
        "/serviceAccounts",
        {"name": "auditor", "description": "audits", "roles": ["GROUP_READ_ONLY"], "secretExpiresAfterHours": 24},
        "2024-08-05",
    )
    monkeypatch.setenv("MONGODB_ATLAS_CLIENT_ID", account["clientId"])
    monkeypatch.setenv("MONGODB_ATLAS_CLIENT_SECRET", account["secrets"][0]["secret"])
    _, report = audit(tmp_path)
    links = {f"AKV-{number:03}" for number in (15, 16, 17, 18, 20)}
    assert {akv for akv, outcome in outcomes(report).items() if outcome != "MET"} == links
    assert {missing(report)[akv] for akv in links} == {"Missing: the Atlas role Project Owner."}


@pytest.mark.parametrize(
    ("outcome", "expected"), [(Outcome.NOT_TESTED, ExitCode.COULD_NOT_TEST), (Outcome.MET, ExitCode.FINE)]
)
def test_an_audit_that_could_decide_nothing_is_no_pass(outcome: Outcome, expected: ExitCode) -> None:
    checks = (Check("", (), Record(id="a", outcome=Outcome.NOT_TESTED, assurance="")),)
    record = Record(id="b", outcome=outcome, assurance="")
    result = Result(
        id="",
        request=Request(Settings()),
        directory=Path(),
        seconds=0.0,
        outcomes=(),
        records={},
        suite=Suite(),
        selected=frozenset(),
        started=0.0,
        frameworks={},
        exit_code=ExitCode.FINE,
    )
    assert Posture(result, (*checks, Check("", (), record))).exit_code is expected
