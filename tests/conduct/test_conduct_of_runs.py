"""The conduct of a whole run, from its bundle: a sound one, and ones that say something else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.backends.clocks import VirtualClock
from harness.checkers.laws.conduct import CONDUCT
from harness.cli import app
from harness.evidence.account import read_account
from harness.faults.ledger import UndoLedger
from harness.model import layout
from harness.model.verdict import Judgement
from harness.run.conduct import conduct, never

SAMPLE = Path(__file__).parents[2] / "reports" / "sample"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    [sample] = [one for one in SAMPLE.iterdir() if one.is_dir()]
    return Path(shutil.copytree(sample, tmp_path / sample.name))


def broken(bundle: Path) -> list[str]:
    return [one.law.name for one in conduct(read_account(bundle)) if one.judgement is Judgement.BROKEN]


def reword(bundle: Path, before: str, after: str) -> None:
    """Another text in one recording of the bundle that has it."""
    tape = next(one for one in sorted((bundle / "exchanges").iterdir()) if before in one.read_text())
    head, *events = tape.read_text().splitlines(keepends=True)
    at = next(number for number, one in enumerate(events) if before in one)
    events[at] = events[at].replace(before, after)
    tape.write_text(head + "".join(events))


def test_a_sound_run_keeps_every_law_of_conduct(bundle: Path) -> None:
    found = {one.law.name: one for one in conduct(read_account(bundle))}

    assert set(found) == set(CONDUCT)
    assert {one.judgement for one in found.values()} == {Judgement.HOLDS}
    assert found["only_the_target_is_touched"].cases > 100
    assert found["undo_is_closed"].vacuous


def test_a_request_to_somebody_else_is_found(bundle: Path) -> None:
    reword(bundle, "https://cloud.mongodb.com/", "https://example.com/")

    assert broken(bundle) == ["only_the_target_is_touched"]


def test_a_request_that_comes_too_soon_is_found(bundle: Path) -> None:
    """The first answer is turned into one that says when to come back; the same is asked again before."""
    tape = next(one for one in sorted((bundle / "exchanges").iterdir()) if '"kind":"again"' in one.read_text())
    head, *events = tape.read_text().splitlines()
    again = next(event for one in events if (event := json.loads(one))["kind"] == "again")
    first = json.loads(events[again["same_as"] - 1])
    first |= {"status": 429, "response_headers": {"retry-after": "1000000"}}
    again["response_headers"] = {}
    events[again["same_as"] - 1], events[again["n"] - 1] = json.dumps(first), json.dumps(again)
    tape.write_text("\n".join([head, *events]) + "\n")

    assert broken(bundle) == ["throttling_is_respected"]


def test_an_undo_that_is_still_to_do_is_found(bundle: Path) -> None:
    ledger = UndoLedger(bundle / layout.UNDO, VirtualClock(0.0))
    intent = ledger.intend("delete_project", project_id="p")
    assert broken(bundle) == ["undo_is_closed"]

    ledger.undone(intent)
    assert broken(bundle) == []


def test_a_secret_in_a_file_is_found(bundle: Path) -> None:
    (bundle / "notes.txt").write_text("-----BEGIN " + "PRIVATE KEY-----\nMIIE\n")

    assert broken(bundle) == ["no_file_holds_a_secret"]


def test_what_never_occurred_is_named(bundle: Path) -> None:
    left = never(read_account(bundle))

    assert "DELETING" in left.statuses
    assert "PENDING_ACCEPTANCE" not in left.statuses
    assert "endpoints still exist" in left.refusals
    assert "a region comes back" in left.recoveries


def test_the_command_says_it_all(bundle: Path) -> None:
    told = CliRunner().invoke(app, ["laws", str(bundle)])
    document = CliRunner().invoke(app, ["laws", str(bundle), "-o", "json"])

    assert (told.exit_code, document.exit_code) == (1, 1), told.output  # the sample's fake breaks a law of histories
    assert "33 only_the_target_is_touched: HOLDS" in told.output
    assert "NEVER OCCURRED" in told.output
    assert {one["name"] for one in json.loads(document.output)["conduct"]} == set(CONDUCT)

    reword(bundle, "https://cloud.mongodb.com/", "https://example.com/")
    assert "33 only_the_target_is_touched: BROKEN" in CliRunner().invoke(app, ["laws", str(bundle)]).output
