"""The search in a process of its own: finds what the search here finds, keeps the secrets to itself, and may fail."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from harness.evidence.companion import Companion
from harness.evidence.detector import Detector
from harness.evidence.files import names_in
from harness.evidence.scan import Searched, search

SECRETS = ("0123456789abcdef0123456789abcdefcafe", "Hk8Q~canary/with:odd&signs%0123456789")


def here(directory: Path) -> Searched:
    return search(directory, names_in(directory), Detector(SECRETS))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "early.jsonl").write_text(f"{{}}\n{SECRETS[0]}\n")
    (tmp_path / "same.txt").write_text(f"{{}}\n{SECRETS[0]}\n")
    (tmp_path / "clean.txt").write_text("nothing")
    return tmp_path


def test_it_finds_what_was_there_and_what_has_come_since(directory: Path) -> None:
    with Companion(directory, SECRETS) as companion:
        (directory / "late.txt").write_text(f"Bearer 0a1b2c3d4e5f6a7b8c9d0e1f {SECRETS[1]}")
        companion.look_through_the_rest()
        searched = companion.searched()
    assert searched == here(directory)
    assert {one.file for one in searched.findings} == {"history/early.jsonl", "same.txt", "late.txt"}
    assert len(searched.digests) == 4


def test_it_keeps_secrets_to_itself(directory: Path) -> None:
    with Companion(directory, SECRETS) as companion:
        process = companion._process
        assert process
        told = " ".join(map(str, process.args))
        if sys.platform == "linux":
            told += Path(f"/proc/{process.pid}/environ").read_text(errors="replace")
        companion.look_through_the_rest()
        companion.searched()
    assert not any(one in told for one in SECRETS)
    assert names_in(directory) == ["clean.txt", "history/early.jsonl", "same.txt"]


def test_one_that_is_killed_has_searched_nothing(directory: Path) -> None:
    with Companion(directory, SECRETS) as companion:
        assert companion._process
        os.kill(companion._process.pid, signal.SIGKILL)
        companion._process.wait()
        companion.look_through_the_rest()
        assert companion.searched() == Searched()


def test_one_that_cannot_be_started_has_searched_nothing(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(directory / "nothing"))
    with Companion(directory, SECRETS) as companion:
        companion.look_through_the_rest()
        assert companion.searched() == Searched()


def test_one_that_cannot_read_a_file_has_searched_nothing(directory: Path) -> None:
    (directory / "broken.xlsx").write_text("no archive")
    with Companion(directory, SECRETS) as companion:
        companion.look_through_the_rest()
        assert companion.searched() == Searched()


def test_it_ends_with_whoever_started_it(directory: Path) -> None:
    with Companion(directory, SECRETS) as companion:
        process = companion._process
    assert process
    assert process.poll() is not None
