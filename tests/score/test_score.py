"""Coverage and conformance: never merged, between 0 and 100, from fresh evidence of whole bundles alone."""

from __future__ import annotations

import dataclasses
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from typer.testing import CliRunner

from harness.cli import app
from harness.errors import UsageError
from harness.evidence.account import read_account
from harness.evidence.forms.result import LawForm
from harness.model.verdict import Outcome
from harness.run.score import EXERCISED, Cell, Evidence, Score, Standpoint, cells, score, violated

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FRESH, OLD = NOW - timedelta(days=1), NOW - timedelta(days=91)
SAMPLE = Path(__file__).parents[2] / "reports" / "sample"
NAMES = ["A", "B", "C"]


def found(*evidence: Evidence) -> dict[str, Standpoint]:
    return {one.requirement: one.standpoint for one in cells(evidence, NAMES, NOW - timedelta(days=90))}


def test_what_nobody_exercised_is_only_configured() -> None:
    assert found() == dict.fromkeys(NAMES, Standpoint.UNKNOWN)
    assert found(Evidence("A", Outcome.NOT_TESTED, FRESH, "1"))["A"] is Standpoint.UNKNOWN
    assert found(Evidence("A", Outcome.INCONCLUSIVE, FRESH, "1"))["A"] is Standpoint.UNKNOWN


def test_a_waived_failure_was_exercised_and_did_not_hold() -> None:
    assert found(Evidence("A", Outcome.WAIVED, FRESH, "1"))["A"] is Standpoint.BROKEN


def test_the_later_run_counts_unless_it_tells_nothing() -> None:
    before, after = Evidence("A", Outcome.MET, FRESH, "1"), FRESH + timedelta(hours=1)
    assert found(Evidence("A", Outcome.NOT_MET, after, "2"), before)["A"] is Standpoint.BROKEN
    assert found(before, Evidence("A", Outcome.INCONCLUSIVE, after, "2"))["A"] is Standpoint.HELD


def test_old_evidence_has_expired_whatever_it_said() -> None:
    assert found(Evidence("A", Outcome.MET, OLD, "1"))["A"] is Standpoint.EXPIRED
    assert found(Evidence("A", Outcome.NOT_MET, OLD, "1"))["A"] is Standpoint.EXPIRED
    assert found(Evidence("A", Outcome.MET, NOW - timedelta(days=90), "1"))["A"] is Standpoint.HELD


def test_nothing_exercised_is_no_conformance_and_no_promises_no_coverage() -> None:
    assert Score("real", [Cell("A", Standpoint.UNKNOWN), Cell("B", Standpoint.EXPIRED)]).conformance is None
    assert Score("real", [Cell("A", Standpoint.UNKNOWN)]).coverage == 0
    assert Score("real", []).coverage is None


@given(
    st.lists(
        st.builds(
            Evidence,
            st.sampled_from(NAMES),
            st.sampled_from(Outcome),
            st.integers(0, 150).map(lambda days: NOW - timedelta(days=days)),
            st.text("0123456789", min_size=1, max_size=3),
        )
    )
)
def test_both_numbers_stay_between_nothing_and_all(evidence: list[Evidence]) -> None:
    one = Score("real", list(cells(evidence, NAMES, NOW - timedelta(days=90))))
    assert one.coverage is not None
    assert 0 <= one.coverage <= 100
    assert one.conformance is None or 0 <= one.conformance <= 100
    assert sum(one.count(standpoint) for standpoint in Standpoint) == len(NAMES)
    assert (one.coverage > 0) is (one.conformance is not None)
    told = {one.requirement for one in evidence if one.outcome in EXERCISED}
    assert {cell.requirement for cell in one.cells if cell.standpoint is not Standpoint.UNKNOWN} == told


def test_a_broken_law_is_told_beside_both_numbers() -> None:
    held = Cell("A", Standpoint.HELD)
    assert Score("real", [held], ["some_law"]).conformance == 100


def test_only_fresh_evidence_of_the_same_kind_breaks_a_law(bundle: Path) -> None:
    """A run says itself which laws it found broken."""
    account = read_account(bundle)
    broken = LawForm(name="some_law", invariant=1, sentence="", source="", held=4, undecided=0, broken=1, vacuous=0)
    kept = replace(broken, name="other_law", broken=0)
    account = dataclasses.replace(account, result=replace(account.result, laws=[broken, kept]))
    ended = datetime.fromisoformat(account.run.ended)

    assert violated([account], ended, simulated=True) == ["some_law"]
    assert violated([account], ended, simulated=False) == []
    assert violated([account], ended + timedelta(seconds=1), simulated=True) == []


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    [recorded] = (one for one in SAMPLE.iterdir() if one.is_dir())
    place = tmp_path / "reports" / "sample"
    shutil.copytree(recorded, place)
    return place


def test_simulated_evidence_is_scored_apart(bundle: Path) -> None:
    scored = score([bundle], ["EAR-062", "EAR-055"], datetime.now(UTC), 36_500)
    real, simulated = scored.scores
    assert (real.kind, real.coverage, real.conformance) == ("real", 0, None)
    assert simulated.kind == "simulated"
    assert simulated.coverage


def test_a_bundle_that_was_touched_does_not_count(bundle: Path) -> None:
    with (bundle / "results.jsonl").open("a") as file:
        file.write("\n")
    with pytest.raises(UsageError, match="INTEGRITY INVALID"):
        score([bundle], ["EAR-062"], NOW, 90)


def test_a_bundle_that_was_never_closed_does_not_count(bundle: Path) -> None:
    (bundle / "INCOMPLETE.txt").write_text("CMK502 why")
    with pytest.raises(UsageError, match="no bundle that counts"):
        score([bundle], ["EAR-062"], NOW, 90)


def test_the_command_says_both_numbers_and_what_it_left_out(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bundle.parents[1])
    monkeypatch.setenv("CMKPROOF_EVIDENCE__VALID_DAYS", "36500")
    (bundle.parent / "torn").mkdir()
    (bundle.parent / "torn" / "result.json").write_text("{")
    told = CliRunner().invoke(app, ["score"])
    assert told.exit_code == 1, told.output  # the sample has planted failures
    assert "SIMULATED" in told.stdout
    assert "coverage 0.0 % · conformance none" in told.stdout
    assert "left out: torn" in told.stdout
    said = json.loads(CliRunner().invoke(app, ["score", "--output", "json"]).stdout)
    assert [one["kind"] for one in said["scores"]] == ["real", "simulated"]
    assert set(said["left_out"]) == {"torn"}


def test_what_is_no_directory_is_refused(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["score", str(tmp_path / "nowhere")])
    assert told.exit_code == 2
