"""What scenarios do to rights and to access roles on a live target: put back, or gone with the project."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from harness.model.verdict import Outcome
from harness.run.engine import Result
from tests.live.conftest import Behind, Run

IN_PROJECT = ("", "env:MONGODB_ATLAS_PROJECT_ID")


def outcomes(result: Result) -> Mapping[str, Outcome]:
    return {one: record.outcome for one, record in result.records.items()}


def test_rights_given_by_role_and_by_policy_are_put_back(run: Run, behind: Behind) -> None:
    before = behind.what_is_there()
    live, embedded = run("staging", "EAR-014", "EAR-036", allow="active"), run("fake", "EAR-014", "EAR-036")
    assert outcomes(live) == outcomes(embedded)
    assert int(live.exit_code) == 0
    assert behind.what_is_there() == before


@pytest.mark.parametrize("named", IN_PROJECT)
def test_access_roles_go_again(monkeypatch: pytest.MonkeyPatch, run: Run, behind: Behind, named: str) -> None:
    monkeypatch.setenv("CMKPROOF_AZURE__ATLAS_SIGN_IN", "secretless")
    monkeypatch.setenv("CMKPROOF_ATLAS__PROJECT_ID", named)
    before = behind.what_is_there()
    result = run("staging", "EAR-140", "EAR-142", "EAR-143", allow="destructive")
    assert set(outcomes(result).values()) == {Outcome.MET}, [one.reason for one in result.records.values()]
    assert behind.what_is_there() == before


@pytest.mark.parametrize("named", IN_PROJECT)
def test_only_a_project_that_goes_again_is_given_a_compliance_policy(
    monkeypatch: pytest.MonkeyPatch, run: Run, behind: Behind, named: str
) -> None:
    monkeypatch.setenv("CMKPROOF_ATLAS__PROJECT_ID", named)
    before = behind.what_is_there()
    result = run("staging", "EAR-048", allow="active")
    assert set(outcomes(result).values()) == {Outcome.NOT_TESTED if named else Outcome.MET}
    assert behind.what_is_there() == before
