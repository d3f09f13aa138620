"""Whatever is changed after a recording is found: by its digest, and by what it would change."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.evidence.tape import TapeError
from harness.run.exit_codes import ExitCode
from harness.run.replay import open_run
from tests.replay.conftest import kept_by, perform, verify

Altered = Callable[[Callable[[list[str]], None]], Path]


def replaced(pattern: str, by: str) -> Callable[[list[str]], None]:
    """Alters the first line that the pattern is in."""

    def change(lines: list[str]) -> None:
        at = next(n for n, line in enumerate(lines) if re.search(pattern, line))
        lines[at] = re.sub(pattern, by, lines[at], count=1)

    return change


def deleted(lines: list[str]) -> None:
    del lines[4]


def deleted_and_renumbered(lines: list[str]) -> None:
    del lines[4]
    for at in range(4, len(lines)):
        lines[at] = re.sub(r'"n":\d+', f'"n":{at}', lines[at], count=1)


def swapped(lines: list[str]) -> None:
    lines[3], lines[4] = lines[4], lines[3]


def swapped_and_renumbered(lines: list[str]) -> None:
    swapped(lines)
    for at in (3, 4):
        lines[at] = re.sub(r'"n":\d+', f'"n":{at}', lines[at], count=1)


def appended(lines: list[str]) -> None:
    lines.append(re.sub(r'"n":\d+', f'"n":{len(lines)}', lines[-1], count=1))


def cut_short(lines: list[str]) -> None:
    lines[-1] = lines[-1][:-20]


ENDPOINT = replaced(r'("method":"GET".*"status":)"INITIATING"', r'\g<1>"ACTIVE"')

VISIBLE = {
    "a status of an endpoint": ENDPOINT,
    "the status of an answer": replaced(r'("method":"DELETE".*)"status":4..', r'\g<1>"status":204'),
    "a request": replaced(r'"method":"DELETE"', '"method":"GET"'),
    "a request's body": replaced(r'"regionName":"\w+"', '"regionName":"US_WEST"'),
    "a time": replaced(r'"ended":(\d+)\.0', r'"ended":\g<1>.5'),
    "a line that is gone": deleted,
    "a line that is gone, the rest renumbered": deleted_and_renumbered,
    "two lines that changed places": swapped,
    "two lines that changed places, renumbered": swapped_and_renumbered,
    "a line too many": appended,
    "the end of the last line": cut_short,
    "its scenario": replaced(r'"scenario":"[^"]*"', '"scenario":"one/other.feature::Another"'),
}


@pytest.mark.parametrize("change", VISIBLE.values(), ids=VISIBLE.keys())
def test_an_alteration_changes_a_verdict_or_fails_the_replay(
    change: Callable[[list[str]], None], altered: Altered, few: str, tmp_path: Path
) -> None:
    found = verify(altered(change), tmp_path / "replayed", few)
    assert found.exit_code is ExitCode.EVIDENCE
    assert any("was altered since the recording" in trouble for trouble in found.troubles)
    assert found.differences, "the digest alone gave it away"


def test_an_alteration_that_changes_no_verdict_is_given_away_by_the_digest(
    altered: Altered, few: str, tmp_path: Path
) -> None:
    found = verify(altered(replaced(r'"date":"Mon', '"date":"Tue')), tmp_path / "replayed", few)
    assert found.exit_code is ExitCode.EVIDENCE
    assert found.differences == ()
    (trouble,) = found.troubles
    assert "was altered since the recording" in trouble


def test_a_request_that_was_not_recorded_is_named(altered: Altered, few: str, tmp_path: Path) -> None:
    found = verify(altered(replaced(r'"method":"DELETE"', '"method":"GET"')), tmp_path / "replayed", few)
    mismatch = next(trouble for trouble in found.troubles if "the replay asks for" in trouble)
    assert re.search(r"being created.*: recorded is event \d+, GET https://.*asks for DELETE https://cloud", mismatch)


def test_what_nobody_asked_for_is_named(altered: Altered, few: str, tmp_path: Path) -> None:
    found = verify(altered(appended), tmp_path / "replayed", few)
    assert any(re.search(r"recorded is event \d+.*asks for nothing more", trouble) for trouble in found.troubles)


def test_a_missing_tape_fails_the_replay(small: Path, few: str, tmp_path: Path) -> None:
    directory = tmp_path / "recorded"
    shutil.copytree(small, directory)
    kept_by(directory, "stuck", "exchanges").unlink()
    found = verify(directory, tmp_path / "replayed", few)
    assert found.exit_code is ExitCode.EVIDENCE
    assert any("cannot be read" in trouble for trouble in found.troubles)


def test_an_altered_history_is_found(small: Path, few: str, tmp_path: Path) -> None:
    directory = tmp_path / "recorded"
    shutil.copytree(small, directory)
    history = kept_by(directory, "stuck", "evidence")
    history.write_text(history.read_text(encoding="utf-8").replace("INITIATING", "ACTIVE"), encoding="utf-8")
    (trouble,) = verify(directory, tmp_path / "replayed", few).troubles
    assert "its history" in trouble
    assert "was altered" in trouble


def test_an_embellished_result_is_found(small: Path, few: str, tmp_path: Path) -> None:
    directory = tmp_path / "recorded"
    shutil.copytree(small, directory)
    path = directory / "result.json"
    result = json.loads(path.read_text(encoding="utf-8"))
    result["requirements"][0]["outcome"] = "NOT_MET"
    path.write_text(json.dumps(result), encoding="utf-8")
    (difference,) = verify(directory, tmp_path / "replayed", few).differences
    assert (difference.about, difference.what) == ("EAR-062", "outcome")
    assert (difference.recorded, difference.replayed) == ("NOT_MET", "MET")


def test_a_feature_that_changed_since_the_recording_is_reported(own_features: Path, tmp_path: Path) -> None:
    recorded = perform(tmp_path / "recorded", features=str(own_features))
    changed = tmp_path / "changed"
    shutil.copytree(own_features.parent, changed)
    feature = changed / "features" / "one" / "case.feature"
    text = feature.read_text(encoding="utf-8").replace("And the custodian uses the key\n    Then the", "Then the")
    feature.write_text(text, encoding="utf-8")
    found = verify(recorded.directory, tmp_path / "replayed", str(changed / "features"))
    assert found.exit_code is ExitCode.EVIDENCE
    assert {one.what for one in found.differences} >= {"steps", "digest"}
    assert any("asks for nothing more" in trouble for trouble in found.troubles)


def test_a_scenario_that_is_gone_from_the_features_is_reported(own_features: Path, tmp_path: Path) -> None:
    recorded = perform(tmp_path / "recorded", features=str(own_features))
    changed = tmp_path / "changed"
    shutil.copytree(own_features.parent, changed)
    feature = changed / "features" / "one" / "case.feature"
    text = feature.read_text(encoding="utf-8").replace("The vault comes back", "The vault returns")
    feature.write_text(text, encoding="utf-8")
    found = verify(recorded.directory, tmp_path / "replayed", str(changed / "features"))
    gone = [one for one in found.differences if one.about.endswith("::The vault comes back")]
    assert [(one.what, one.replayed) for one in gone] == [("outcome", None)]


def test_a_directory_that_is_no_run_is_a_usage_error(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "nowhere"):
        told = CliRunner().invoke(app, ["replay", str(directory), "--reports", str(tmp_path / "replayed")])
        assert told.exit_code == 2
        assert "is no run" in told.stderr
    (tmp_path / "result.json").write_text("{}", encoding="utf-8")
    told = CliRunner().invoke(app, ["replay", str(tmp_path), "--reports", str(tmp_path / "replayed")])
    assert told.exit_code == 2
    assert "is not the result of a run" in told.stderr


def test_a_run_without_any_tape_cannot_be_verified(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    text = (small / "result.json").read_text(encoding="utf-8")
    path.write_text(re.sub(r'"exchanges": "[^"]*"', '"exchanges": ""', text), encoding="utf-8")
    with pytest.raises(TapeError, match="has no tapes"):
        open_run(tmp_path)


def test_the_command_prints_differences_and_ends_with_six(altered: Altered, few: str, tmp_path: Path) -> None:
    directory, more = altered(ENDPOINT), ["--features", few, "--reports", str(tmp_path / "replayed")]
    told = CliRunner().invoke(app, ["replay", str(directory), *more])
    assert told.exit_code == 6
    assert "VERIFICATION FAILED" in told.stdout
    assert re.search(r"difference .*being created.*: digest\n  recorded \w+\n  replayed \w+", told.stdout)


def test_the_command_is_content_with_an_unaltered_run(small: Path, few: str, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["replay", str(small), "--features", few, "--reports", str(tmp_path / "replayed")])
    assert told.exit_code == 0, told.stdout
    assert "every verdict is as recorded" in told.stdout
    assert "simulated, and so is its replay" in told.stdout
