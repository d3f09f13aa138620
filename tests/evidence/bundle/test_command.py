"""`cmkproof bundle`: what people see, and exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from harness.cli import app
from harness.model import layout
from tests.evidence.bundle.conftest import Closed
from tests.evidence.bundle.keys import new_key

LINES = ["INTEGRITY", "AUTHENTICITY", "COMPLETENESS", "REPLAY"]


def cmkproof(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture
def key(bundle: Closed, tmp_path: Path) -> Path:
    path = tmp_path / "trusted.pub"
    path.write_bytes(bundle.trust.keys[0])
    return path


def test_four_lines_each_with_its_own_verdict(bundle: Closed, key: Path) -> None:
    found = cmkproof("bundle", "verify", bundle.directory, "--key", key)
    lines = [line.split() for line in found.stdout.splitlines()]
    assert [line[:2] for line in lines] == [[name, "VALID"] for name in LINES]
    assert found.exit_code == 0


def test_nothing_is_written_into_a_bundle_that_is_verified(bundle: Closed, key: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in bundle.directory.rglob("*")}
    assert cmkproof("bundle", "verify", bundle.directory, "--key", key).exit_code == 0
    assert {path: path.stat().st_mtime_ns for path in bundle.directory.rglob("*")} == before


def test_without_a_trusted_key_nobody_can_tell_who_vouches(bundle: Closed) -> None:
    found = cmkproof("bundle", "verify", bundle.directory, "--only", "authenticity")
    assert found.stdout.split()[:3] == ["AUTHENTICITY", "NOT", "CHECKED"]
    assert found.exit_code == 3


def test_a_line_that_fails_leaves_the_others_alone(bundle: Closed, key: Path) -> None:
    tape = next((bundle.directory / "exchanges").iterdir())
    tape.write_text(tape.read_text().replace('"INITIATING"', '"ACTIVE"'))
    found = cmkproof("bundle", "verify", bundle.directory, "--key", key, "-o", "json")
    standings = {one["line"]: one["standing"] for one in json.loads(found.stdout)["lines"]}
    assert standings == {
        "INTEGRITY": "INVALID",
        "AUTHENTICITY": "VALID",
        "COMPLETENESS": "VALID",
        "REPLAY": "INVALID",
    }
    assert found.exit_code == 6


def test_an_open_bundle_says_so(bundle: Closed) -> None:
    (bundle.directory / layout.INCOMPLETE).write_text("this run has not finished\n")
    found = cmkproof("bundle", "verify", bundle.directory)
    assert found.stdout.startswith("INCOMPLETE")
    assert found.exit_code == 6


def test_python_in_a_bundle_is_not_run(bundle: Closed, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    for name in (
        "conftest.py",
        "spec/conftest.py",
        "spec/features/conftest.py",
        "spec/features/private_endpoints/conftest.py",
    ):
        (bundle.directory / name).write_text(f"open({str(trace)!r}, 'w')\n")
    cmkproof("bundle", "verify", bundle.directory)
    cmkproof("replay", bundle.directory, "--reports", tmp_path / "replayed")
    assert not trace.exists()


@pytest.mark.parametrize("words", [("verify", "nowhere"), ("inspect", "nowhere"), ("diff", "nowhere", "nowhere")])
def test_what_is_no_bundle_is_refused_with_a_sentence(words: tuple[str, ...]) -> None:
    found = cmkproof("bundle", *words)
    assert (found.exit_code, "nowhere" in found.stderr) == (2, True)


def test_a_directory_of_something_else_is_no_bundle(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    assert cmkproof("bundle", "verify", tmp_path).exit_code == 6
    assert cmkproof("bundle", "inspect", tmp_path).exit_code == 2


def test_an_archive_is_the_same_whoever_packs_it(bundle: Closed, key: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.tar", tmp_path / "other.tar"
    copy = tmp_path / "elsewhere" / bundle.directory.name
    shutil.copytree(bundle.directory, copy)
    assert cmkproof("bundle", "make", bundle.directory, "--to", one).exit_code == 0
    assert cmkproof("bundle", "make", copy, "--to", other).exit_code == 0
    assert one.read_bytes() == other.read_bytes()
    assert cmkproof("bundle", "verify", one, "--key", key).exit_code == 0
    assert cmkproof("replay", one, "--reports", tmp_path / "replayed").exit_code == 0
    assert cmkproof("bundle", "diff", one, bundle.directory).stdout.strip() == "no difference"


def test_two_runs_are_compared_by_circumstances_and_outcomes(bundle: Closed, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / bundle.directory.name
    shutil.copytree(bundle.directory, copy)
    for name in (layout.ROWS, layout.RUN):
        text = (copy / name).read_text().replace('"outcome":"MET"', '"outcome":"NOT_MET"', 1)
        (copy / name).write_text(text.replace('"profile": "fake"', '"profile": "other"'))
    found = json.loads(cmkproof("bundle", "diff", bundle.directory, copy, "-o", "json").stdout)
    assert [(one["before"], one["now"]) for one in found] == [("fake", "other"), ("MET", "NOT_MET")]


def test_an_archive_never_lies_in_the_bundle(bundle: Closed) -> None:
    assert cmkproof("bundle", "make", bundle.directory, "--to", bundle.directory / "x.tar").exit_code == 2


def test_nonsense_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"nonsense")
    found = cmkproof("bundle", "verify", tmp_path / "x.tar")
    assert (found.exit_code, "CMK509" in found.stderr) == (6, True)


def test_a_bundle_says_of_itself_what_it_is(bundle: Closed) -> None:
    found = json.loads(cmkproof("bundle", "inspect", bundle.directory, "-o", "json").stdout)
    assert (found["simulated"], found["scenarios"]["MET"], found["sequence"]) == (True, 2, 2)
    assert "signer" in cmkproof("bundle", "inspect", bundle.directory).stdout


def test_somebody_else_can_vouch_but_not_by_accident(bundle: Closed, tmp_path: Path) -> None:
    pem = tmp_path / "mine.pem"
    pem.write_text(new_key("p256"))
    assert cmkproof("bundle", "sign", bundle.directory, "--key", f"file:{pem}").exit_code == 2
    signed = cmkproof("bundle", "sign", bundle.directory, "--key", f"file:{pem}", "--again")
    assert signed.exit_code == 0
    mark = signed.stdout.split()[-1]
    assert cmkproof("bundle", "verify", bundle.directory, "--fingerprint", mark).exit_code == 0


def test_what_was_altered_is_not_signed(bundle: Closed, tmp_path: Path) -> None:
    pem = tmp_path / "mine.pem"
    pem.write_text(new_key("ed25519"))
    (bundle.directory / layout.RUN).write_text("{}")
    found = cmkproof("bundle", "sign", bundle.directory, "--key", f"file:{pem}", "--again")
    assert (found.exit_code, "was altered" in found.stderr) == (2, True)


@pytest.mark.parametrize(("kind", "word"), [("rsa", "P-256"), ("p384", "P-256"), (None, "PEM")])
def test_other_keys_do_not_sign(bundle: Closed, tmp_path: Path, kind: str | None, word: str) -> None:
    pem = tmp_path / "mine.pem"
    pem.write_text(new_key(kind) if kind else "nonsense")  # type: ignore[arg-type]
    found = cmkproof("bundle", "sign", bundle.directory, "--key", f"file:{pem}", "--again")
    assert (found.exit_code, word in found.stderr) == (2, True)
