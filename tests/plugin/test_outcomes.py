"""What follows for a scenario from how it ends and from what the judges find."""

from __future__ import annotations

import json

import pytest

from harness.model.verdict import Outcome
from harness.run.records import Record
from tests.plugin.conftest import Audit, feature

MET = "Given an act that succeeds\nThen it was accepted"


def only(records: dict[str, Record]) -> Record:
    (record,) = records.values()
    return record


@pytest.mark.parametrize(
    ("steps", "outcome", "reason", "exit_code"),
    [
        (MET, Outcome.MET, "", 0),
        ("Given an act that succeeds\nThen it was refused", Outcome.NOT_MET, "the request is refused", 1),
        (
            "Given an act that succeeds\nThen nobody notices that it was not refused",
            Outcome.NOT_MET,
            "the request is refused",
            1,
        ),
        (f"{MET}\nAnd it is asserted to be wrong", Outcome.NOT_MET, "this is wrong", 1),
        ("Given an act that succeeds", Outcome.INCONCLUSIVE, "no expectation was put to the test", 3),
        ("Given an act that succeeds\nThen nothing is claimed", Outcome.INCONCLUSIVE, "no claim", 3),
        (f"{MET}\nWhen nobody knows", Outcome.INCONCLUSIVE, "the sky was cloudy", 3),
        (f"{MET}\nWhen the step has a defect", Outcome.INCONCLUSIVE, "KeyError: 'oops'", 3),
        (f"{MET}\nAnd the moon is made of cheese", Outcome.INCONCLUSIVE, "StepDefinitionNotFoundError", 3),
        (f"{MET}\nAnd the judge has a defect", Outcome.INCONCLUSIVE, "the checker crashed", 3),
        (f"{MET}\nWhen it cannot be done here", Outcome.NOT_TESTED, "this backend has no moon", 0),
        (f"{MET}\nWhen the step skips", Outcome.NOT_TESTED, "no reason to go on", 0),
        (
            "Given an act that succeeds\nThen nobody notices that it was not refused\nWhen nobody knows",
            Outcome.NOT_MET,
            "the request is refused",
            1,
        ),
    ],
)
def test_outcome_follows_from_findings_and_ending(
    audit: Audit, steps: str, outcome: Outcome, reason: str, exit_code: int
) -> None:
    result = audit({"one/case.feature": feature(steps)}, requirements=("EAR-062",))
    record = only(dict(result.records))
    assert (record.outcome, int(result.exit_code)) == (outcome, exit_code)
    assert reason in record.reason
    assert record.assurance == "simulated"


def test_a_test_passes_only_when_its_promise_is_met(audit: Audit) -> None:
    unnoticed = "Given an act that succeeds\nThen nobody notices that it was not refused"
    result = audit({"one/case.feature": feature(MET, unnoticed, "Given an act that succeeds")})
    assert "2 failed, 1 passed" in (result.directory / "pytest.log").read_text()


def test_the_sealed_history_is_kept_and_its_digest_reported(audit: Audit) -> None:
    result = audit({"one/case.feature": feature(MET)})
    record = only(dict(result.records))
    lines = [json.loads(line) for line in (result.directory / record.evidence).read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["observed", "acted", "claimed"]
    assert lines[-1]["digest"] == record.digest


def test_seconds_on_the_runs_clock_are_reported(audit: Audit) -> None:
    result = audit({"one/case.feature": feature("Given an act that succeeds\nWhen time passes\nThen it was accepted")})
    assert only(dict(result.records)).clock_seconds == 60.0


def test_the_worst_scenario_decides_for_its_requirement(audit: Audit) -> None:
    broken = "Given an act that succeeds\nThen it was refused"
    result = audit({"one/case.feature": feature(MET, broken, MET)}, requirements=("EAR-062",))
    (outcome,) = result.outcomes
    assert outcome.outcome is Outcome.NOT_MET
    assert len(outcome.records) == 3


def test_workers_give_the_same_result_as_one_process(audit: Audit) -> None:
    files = {"one/case.feature": feature(MET, MET, f"{MET}\nWhen nobody knows")}
    together = audit(files, flags={"workers": 2})
    alone = audit(files)
    assert {one.id: one.outcome for one in together.records.values()} == {
        one.id: one.outcome for one in alone.records.values()
    }
    assert [one.digest for one in together.records.values()] == [one.digest for one in alone.records.values()]


def test_an_interrupted_run_says_so_and_keeps_what_ran(audit: Audit) -> None:
    result = audit({"one/case.feature": feature(MET, "When somebody interrupts\nThen it was accepted", MET)})
    assert int(result.exit_code) == 130
    assert result.failures == ("interrupted: scenarios that had not run are not tested",)
    assert [one.outcome for one in result.records.values()] == [Outcome.MET]


def test_a_run_that_stops_at_its_first_failure_leaves_the_rest_untested(audit: Audit) -> None:
    broken = "Given an act that succeeds\nThen it was refused"
    result = audit({"one/case.feature": feature(broken, MET)}, max_failures=1, requirements=("EAR-062",))
    reasons = [record.reason for record in result.outcomes[0].records]
    assert reasons[1] == "the run ended before it"


def test_evidence_that_cannot_be_written_ends_in_exit_6(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.evidence.histories.FOLDER", "pytest.log")  # a file stands where the folder should
    result = audit({"one/case.feature": feature(MET)})
    assert int(result.exit_code) == 6
