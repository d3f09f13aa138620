"""Findings are never too good: OSCAL knows two states, and the better one needs evidence of operation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from harness.evidence.account import Account
from harness.evidence.oscal.risks import deadline
from harness.model.verdict import Outcome
from tests.evidence.oscal.looking import finding_of, prop_of, result_of, with_requirement, with_waiver


def test_a_promise_seen_to_be_kept_is_satisfied(real: Account) -> None:
    assert real.requirements["EAR-090"].outcome is Outcome.MET
    status = finding_of(real, "EAR-090")["target"]["status"]
    assert status == {"state": "satisfied", "reason": "pass"}
    exercised = with_requirement(real, "EAR-090", assurance="exercised")
    assert finding_of(exercised, "EAR-090")["target"]["status"] == status


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        *(({"outcome": one, "reason": "so"}, "other", f"{one.value}: so") for one in Outcome if one.name[0] in "WI"),
        ({"outcome": Outcome.NOT_MET, "reason": "so"}, "fail", "NOT_MET: so"),
        ({"outcome": Outcome.NOT_TESTED, "reason": "so"}, "other", "Not tested. NOT_TESTED: so"),
        ({"assurance": "simulated"}, "other", "Simulated"),
        ({"assurance": "replayed"}, "other", "Replayed"),
        ({"assurance": ""}, "other", "Nobody knows how it was seen"),
        ({"partial": True, "scenarios_in_all": 9}, "other", "of 9 scenarios were selected"),
        ({"waiver": "W-9"}, "other", "waiver"),
        ({"scenarios": []}, "other", "No scenario tested it"),
    ],
)
def test_anything_else_is_not_satisfied(real: Account, changes: dict[str, Any], reason: str, said: str) -> None:
    finding = finding_of(with_requirement(real, "EAR-090", **changes), "EAR-090")
    assert finding["target"]["status"]["state"] == "not-satisfied"
    assert finding["target"]["status"]["reason"] == reason
    assert said in finding["remarks"]
    outcome = changes.get("outcome", Outcome.MET)
    assert prop_of(finding, "outcome") == outcome.value


def test_evidence_that_was_lost_satisfies_nobody(real: Account) -> None:
    scenarios = real.requirements["EAR-090"].scenarios
    lost = [msgspec.structs.replace(one, evidence_error="disk full") for one in scenarios]
    assert finding_of(with_requirement(real, "EAR-090", scenarios=lost), "EAR-090")["target"]["status"]["remarks"]


@pytest.mark.parametrize("field", ["run", "summary"])
def test_a_run_that_is_simulated_or_replayed_satisfies_nothing(real: Account, field: str) -> None:
    if field == "run":
        changed = replace(real, run=msgspec.structs.replace(real.run, simulated=True))
    else:
        summary = msgspec.structs.replace(real.result.run, replays="20260101T000000Z")
        changed = replace(real, result=msgspec.structs.replace(real.result, run=summary))
    states = {one["target"]["status"]["state"] for one in result_of(changed)["findings"]}
    assert states == {"not-satisfied"}


def test_what_was_not_tested_says_so(simulated: Account) -> None:
    finding = finding_of(simulated, "EAR-047")
    assert finding["target"]["status"]["reason"] == "other"
    assert finding["remarks"].startswith("Not tested.")
    row = simulated.rows[0]
    skipped = msgspec.structs.replace(row, outcome=Outcome.NOT_TESTED, reason="not allowed", history="", exchanges="")
    observation = result_of(replace(simulated, rows=[skipped]))["observations"][0]
    assert "Not tested." in observation["description"]
    assert "relevant-evidence" not in observation


def test_a_failure_tells_what_was_expected_and_seen(simulated: Account) -> None:
    assert simulated.requirements["EAR-054"].outcome is Outcome.NOT_MET
    failed = [one for one in result_of(simulated)["observations"] if prop_of(one, "outcome") == "NOT_MET"]
    assert failed
    assert all("expected" in one["description"] and "observed" in one["description"] for one in failed)


@pytest.mark.parametrize(
    ("state", "status"),
    [("in force", "deviation-approved"), ("not approved", "deviation-requested"), ("expired", "open")],
)
def test_a_waiver_is_a_risk(real: Account, state: str, status: str) -> None:
    account = with_waiver(real, state=state)
    (risk,) = result_of(account)["risks"]
    assert risk["status"] == status
    assert risk["deadline"] == "2027-03-31T23:59:59Z"
    assert {prop_of(risk, one) for one in ("owner", "approver", "ticket")} == {"Ada", "Grace", "SEC-1"}
    related = finding_of(account, "EAR-054")["related-risks"]
    assert related == [{"risk-uuid": risk["uuid"]}]
    assert "related-risks" not in finding_of(account, "EAR-090")


def test_a_waiver_with_a_time_ends_at_it() -> None:
    assert deadline("2027-03-31T12:00:00Z") == "2027-03-31T12:00:00Z"
