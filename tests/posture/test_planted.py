"""An audit of the posture finds what is planted: each misconfiguration alone, and all of them at once, no more."""

from __future__ import annotations

import json
import os
import ssl
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.fake.serve import served
from harness.run.exit_codes import ExitCode
from tests.live.conftest import export
from tests.posture.conftest import CHECK_OF, START, Production, faults, undecided
from tests.posture.customer import People
from tests.posture.misconfigurations import MISCONFIGURATIONS, Misconfiguration

TOGETHER = [one for one in MISCONFIGURATIONS if one.combines]


def test_a_project_in_production_is_in_order(production: Production) -> None:
    found = production.audit()
    assert (faults(found), undecided(found)) == (set(), set())
    assert sorted(found) == sorted(CHECK_OF) == [f"AKV-{number:03}" for number in range(1, 26)]


@pytest.mark.parametrize("one", MISCONFIGURATIONS, ids=str)
def test_each_misconfiguration_is_found_exactly(production: Production, one: Misconfiguration) -> None:
    expected = one.plant(production.people)
    found = production.audit()
    assert (faults(found), undecided(found)) == (expected, set(one.undecided))


def test_all_of_them_in_one_world_are_found_by_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(seed=11, speed=0, start=START, project="production") as simulator:
        export(simulator, monkeypatch)
        trusted = ssl.create_default_context(cafile=simulator.ca_file)
        with httpx.Client() as client, httpx.Client(verify=trusted, trust_env=False) as control:
            people = People(os.environ, client, client, lambda *call: controlled(control, simulator.control, *call))
            expected = set().union(*(one.plant(people) for one in TOGETHER))
        said = CliRunner().invoke(app, ["posture", "-p", "observe", "-o", "json", "--reports", str(tmp_path)])
    report = json.loads(said.stdout)
    posture = [one for one in report["checks"] if one["requirements"][0].startswith("AKV")]
    assert {one["outcome"] for one in report["checks"] if one not in posture} == {"MET"}
    found = {(one["requirements"][0], resource) for one in posture for resource in one["resources"]}
    assert len({requirement for requirement, _ in expected}) >= 12
    assert len(TOGETHER) >= 14
    assert found == expected
    assert said.exit_code == report["exit_code"] == ExitCode.NOT_MET
    wrong = [one for one in posture if one["outcome"] == "NOT_MET"]
    assert {one["requirements"][0] for one in wrong} == {requirement for requirement, _ in expected}
    assert all(one["remedy"] and one["expected"] and one["observed"] for one in wrong)
    assert {one["outcome"] for one in posture} == {"MET", "NOT_MET"}


def controlled(client: httpx.Client, base: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    answer = client.request(method, f"{base}{path}", content=body or None)
    return answer.status_code, answer.content
